"""Outcomes and the key to points: each part's score, with a case for all that was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader import outcome as oc
from grader.feedback import staff_message, student_message, wrong_callees
from grader.judge import NeedsReview, NoAnswer, Right, Verdict, Wrong, judge_answer, judge_text
from grader.judge.answers import Question, reveal
from grader.judge.compare import Terms
from grader.key import Key
from grader.plainly import told
from grader.plan import Case, FunctionAnswer, Part, Plan, WrittenAnswer
from grader.report import CaseReport, CaseStatus, PartReport, PartStatus, points


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer's cases, the share of its points that it earned, and the share that a person must still give."""

    cases: tuple[CaseReport, ...]
    credit: Fraction
    pending: Fraction = Fraction(0)


def score(plan: Plan, key: Key, sitting: oc.Sitting) -> tuple[PartReport, ...]:
    """Return every part of the plan with its points.

    Args:
        plan: what was asked; may be a selection of the parts that the key knows.
        key: what should have come.
        sitting: what came.

    Raises:
        KeyError: the key does not belong to the plan.
    """
    return _Scorer(plan, key, sitting).parts()


class _Scorer:
    def __init__(self, plan: Plan, key: Key, sitting: oc.Sitting) -> None:
        self._plan, self._sitting = plan, sitting
        self._shape_credit = key.shape_credit
        self._expectations = {item.case: item for item in key.expectations}
        answers = [a for part in plan.parts() for a in part.answers if isinstance(a, FunctionAnswer)]
        self._verdicts = {
            case.id: self._judge(answer, case, sitting.outcomes[case.id])
            for answer in answers
            for case in answer.cases
        }
        self._wrong = {
            answer.function for answer in answers if any(self._was_wrong(case) for case in answer.cases)
        }

    def _was_wrong(self, case: Case) -> bool:
        asked = not isinstance(self._sitting.outcomes[case.id].result, oc.NotAsked)
        return asked and not isinstance(self._verdicts[case.id], Right)

    def parts(self) -> tuple[PartReport, ...]:
        return tuple(self._part(question.id, part) for question in self._plan.questions for part in question.parts)

    def _judge(self, answer: FunctionAnswer, case: Case, outcome: oc.Outcome) -> Right | Wrong | NoAnswer:
        item = self._expectations[case.id]
        terms = Terms(item.rtol, item.atol, item.nonfinite, self._shape_credit)
        before = tuple(case.call.args[position] for position in case.call.observe)
        unchanged = tuple(zip(item.unchanged, before, strict=True))
        question = Question(answer.function, answer.signature, item.value, terms, unchanged)
        return judge_answer(question, outcome)

    def _part(self, question: str, part: Part) -> PartReport:
        marked = [
            self._function(answer) if isinstance(answer, FunctionAnswer) else self._written(answer)
            for answer in part.answers
        ]
        share = part.points / len(marked)
        earned = points(share * sum(item.credit for item in marked))
        # The rest up to the rounded sum: rounded by itself it could lift the part above its points.
        pending = points(share * sum(item.credit + item.pending for item in marked)) - earned
        cases = tuple(case for item in marked for case in item.cases)
        return PartReport(
            question=question,
            id=part.id,
            title=part.title,
            score=earned,
            max_score=points(part.points),
            pending_points=pending,
            status=_part_status(marked, cases),
            cases=cases,
        )

    def _function(self, answer: FunctionAnswer) -> Marked:
        uses: Mapping[str, tuple[str, ...]] = getattr(self._sitting.loading, "uses", {})
        called = wrong_callees(answer.function, uses, self._wrong)
        cases = tuple(self._case(answer, case, called) for case in answer.cases)
        credits_ = [_credit(self._verdicts[case.id]) for case in answer.cases]
        return Marked(cases, _combined(answer, credits_))

    def _case(self, answer: FunctionAnswer, case: Case, called: tuple[str, ...]) -> CaseReport:
        expectation, verdict = self._expectations[case.id], self._verdicts[case.id]
        outcome = self._sitting.outcomes[case.id]
        return CaseReport(
            answer=answer.function,
            name=case.name,
            visibility=case.visibility,
            status=_status(verdict),
            credit=float(_credit(verdict)),
            message=student_message(case, expectation, verdict, called),
            staff_message=staff_message(case, expectation, outcome, verdict),
            seconds=round(outcome.seconds, 6),
        )

    def _written(self, answer: WrittenAnswer) -> Marked:
        outcome = self._sitting.texts[answer.variable]
        verdict = judge_text(answer.variable, outcome)
        pending = isinstance(verdict, NeedsReview)
        text = outcome.result.value if pending and isinstance(outcome.result, oc.Answered) else ""
        criteria = "".join(f"\n- {item}" for item in answer.criteria)
        case = CaseReport(
            answer=answer.variable,
            name="written answer",
            visibility="visible",
            status=_status(verdict),
            credit=0.0,
            message=f"{_sentence(reveal(verdict))}.",
            staff_message=told(f"{text}\n\nLook for:{criteria}" if pending else "", 25_000),
            seconds=round(outcome.seconds, 6),
        )
        return Marked((case,), Fraction(0), Fraction(int(pending)))


def _combined(answer: FunctionAnswer, credits_: list[Fraction]) -> Fraction:
    """Return a function's credit from its cases'."""
    pairs = list(zip(answer.cases, credits_, strict=True))
    if any(case.essential and not credit for case, credit in pairs):
        return Fraction(0)
    if answer.scoring == "all":
        return min(credits_)
    return sum((case.weight * credit for case, credit in pairs), Fraction(0)) / sum(
        case.weight for case, _ in pairs
    )


def _credit(verdict: Verdict) -> Fraction:
    match verdict:
        case Right():
            return Fraction(1)
        case Wrong(credit=credit):
            return credit
    return Fraction(0)


def _status(verdict: Verdict) -> CaseStatus:
    match verdict:
        case Right():
            return "right"
        case Wrong():
            return "wrong"
        case NoAnswer():
            return "no_answer"
    return "needs_review"


def _part_status(marked: list[Marked], cases: tuple[CaseReport, ...]) -> PartStatus:
    if any(item.pending for item in marked):
        return "needs_review"
    if all(item.credit == 1 for item in marked):
        return "right"
    if any(item.credit for item in marked):
        return "partial"
    return "no_answer" if all(case.status == "no_answer" for case in cases) else "wrong"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def blank(plan: Plan, reason: str) -> oc.Sitting:
    """Return the sitting of a submission that nothing could be asked of."""
    silence = oc.Outcome(oc.NotAsked(reason))
    return oc.Sitting(
        loading=oc.Unreadable(reason),
        import_seconds=0.0,
        import_printed="",
        outcomes={case.id: silence for case in plan.cases()},
        texts=dict.fromkeys(plan.variables(), silence),
    )
