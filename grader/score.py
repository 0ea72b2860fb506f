"""Outcomes and the key to points: each part's score, with a case for all that was asked."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader import outcome as oc
from grader.feedback import (
    followed_message,
    sentence_of,
    staff_message,
    student_message,
    unwritten_message,
    wrong_callees,
)
from grader.findings import Finding, Judged, find
from grader.follow import Again, again, wrong_helpers
from grader.judge import NeedsReview, NoAnswer, Right, Verdict, Wrong, judge_answer, judge_text
from grader.judge.answers import reveal
from grader.key import Key
from grader.plainly import told
from grader.plan import FunctionAnswer, Part, PartAnswer, Plan, WrittenAnswer
from grader.report import CaseReport, CaseStatus, FindingReport, PartReport, PartStatus, points
from grader.sheets import Sheets, milliseconds

_FULL = (Fraction(1), Fraction(0))


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer's cases, the share of its points that it earned, and the share that a person must still give."""

    cases: tuple[CaseReport, ...]
    credit: Fraction
    pending: Fraction = Fraction(0)
    findings: tuple[FindingReport, ...] = ()


class Marking:
    """The verdicts on one sitting, and what follows from them.

    Args:
        plan: what was asked; may be a selection of the parts that the key knows.
        key: what should have come.
        sitting: what came.
        sheets: those of a plan that this one is part of, and of its key; by default they are made.

    Raises:
        KeyError: the key does not belong to the plan.
    """

    def __init__(self, plan: Plan, key: Key, sitting: oc.Sitting, sheets: Sheets | None = None) -> None:
        self._plan, self._key, self._sitting = plan, key, sitting
        self._sheets = Sheets(plan, key) if sheets is None else sheets
        self._right: dict[tuple[str, str], tuple[CaseReport, ...]] = {}
        self._judged: dict[tuple[str, str], tuple[Judged, ...]] = {}
        for part, answer in plan.functions():
            self._judge(part.id, answer)
        self._expectations = {item.case: item for item in key.expectations} if self._judged else {}
        self._findings = {place: self._find(*place) for place in self._judged}
        self._credits = {
            (part.id, answer.function): self._credit(part, answer) for part, answer in plan.functions()
        }
        self._wrong = {place[1] for place, cases in self._judged.items() if any(map(_was_wrong, cases))}

    def again(self) -> list[Again]:
        """Return what to ask again, with right helpers in the place of wrong ones."""
        imperfect = {
            part.id
            for part, answer in self._plan.functions()
            if self._credits[part.id, answer.function][0] < 1 and part.points
        }
        return list(again(self._plan, self._wrong, imperfect))

    def parts(self, followed: Iterable[Marking] = ()) -> tuple[PartReport, ...]:
        """Return every part of the plan with its points.

        Args:
            followed: markings of the sittings that `again` asked for.
        """
        # Of this paper's part: the other sitting's may lack its texts, and each answer would be worth more.
        own = {part.id: part for part in self._plan.parts()}
        better = {part.id: other._earned(own[part.id]) for other in followed for part in other._plan.parts()}  # noqa: SLF001  (its own class's)
        return tuple(
            self._right_part(question.id, part) or self._part(question.id, part, better.get(part.id))
            for question in self._plan.questions
            for part in question.parts
        )

    def _right_part(self, question: str, part: Part) -> PartReport | None:
        """Return the report on a part of which everything is right beyond doubt; None for any other."""
        right = [self._right.get((part.id, getattr(answer, "function", ""))) for answer in part.answers]
        cases = tuple(itertools.chain.from_iterable(each for each in right if each is not None))
        if None in right:
            return None
        if part.id not in self._sheets.whole:
            self._sheets.whole[part.id] = self._part(question, part, None)
        return self._sheets.whole[part.id].model_copy(update={"cases": cases})

    def _judge(self, part: str, answer: FunctionAnswer) -> None:
        sheet = self._sheets.of[part, answer.function]
        outcomes = [self._sitting.outcomes[case.id] for case in answer.cases]
        right = sheet.right_cases(outcomes)
        if right is not None:
            self._right[part, answer.function] = right
            return
        cases = zip(answer.cases, sheet.questions, outcomes, strict=True)
        self._judged[part, answer.function] = tuple(
            Judged(case, question, calls, judge_answer(question, calls)) for case, question, calls in cases
        )

    def _find(self, part: str, function: str) -> Finding | None:
        known = (item for item in self._key.mistakes if (item.part, item.answer) == (part, function))
        return find(self._judged[part, function], known)

    def _earned(self, part: Part) -> Fraction:
        """Return the exact points of a part's functions."""
        share = part.points / len(part.answers)
        return share * sum(
            (
                self._credits[part.id, answer.function][0]
                for answer in part.answers
                if isinstance(answer, FunctionAnswer)
            ),
            Fraction(0),
        )

    def _credit(self, part: Part, answer: FunctionAnswer) -> tuple[Fraction, Fraction]:
        """Return the share of an answer's points that it earned, and that a person may still give."""
        if (part.id, answer.function) in self._right:
            return _FULL
        judged = self._judged[part.id, answer.function]
        if all(isinstance(item.verdict, Right) for item in judged):
            return _FULL
        earned = _combined(answer, [_credit(item.verdict) for item in judged])
        possible = _combined(answer, [_possible(item.verdict) for item in judged])
        finding = self._findings[part.id, answer.function]
        earned = max(earned, finding.credit if finding else Fraction(0))
        return earned, max(possible - earned, Fraction(0))

    def _part(self, question: str, part: Part, followed: Fraction | None) -> PartReport:
        marked = [self._answer(part, answer) for answer in part.answers]
        share = part.points / len(marked)
        exact = share * sum(item.credit for item in marked)
        by_function = sum(isinstance(answer, FunctionAnswer) for answer in part.answers)
        capped = min(followed or Fraction(0), share * by_function * part.follow_through)
        findings = [finding for item in marked for finding in item.findings]
        if capped > exact:
            helpers = wrong_helpers(self._plan, part, self._wrong)
            findings.append(_followed(helpers, capped))
        earned = points(max(exact, capped))
        # The rest up to the rounded sum: rounded by itself it could lift the part above its points.
        open_ = share * sum(item.pending for item in marked)
        pending = points(min(max(exact, capped) + open_, part.points)) - earned
        cases = tuple(case for item in marked for case in item.cases)
        return PartReport(
            question=question,
            id=part.id,
            title=part.title,
            score=earned,
            max_score=points(part.points),
            pending_points=pending,
            status=_part_status(marked, cases, followed=capped > exact),
            findings=tuple(findings),
            cases=cases,
        )

    def _answer(self, part: Part, answer: PartAnswer) -> Marked:
        return self._written(answer) if isinstance(answer, WrittenAnswer) else self._function(part, answer)

    def _function(self, part: Part, answer: FunctionAnswer) -> Marked:
        right = self._right.get((part.id, answer.function))
        if right is not None:
            return Marked(right, *_FULL)
        uses: Mapping[str, tuple[str, ...]] = getattr(self._sitting.loading, "uses", {})
        called = wrong_callees(answer.function, uses, self._wrong)
        judged = self._judged[part.id, answer.function]
        unwritten = "" if called else unwritten_message(answer.function, judged)
        cases = tuple(self._case(answer, item, called, unwritten) for item in judged)
        found = self._findings[part.id, answer.function]
        # What a wrong helper does to a function is not the function's own mistake.
        findings = (_finding(answer.function, found),) if found and not called else ()
        return Marked(cases, *self._credits[part.id, answer.function], findings)

    def _case(self, answer: FunctionAnswer, item: Judged, called: tuple[str, ...], unwritten: str) -> CaseReport:
        expectation = self._expectations[item.case.id]
        return CaseReport(
            answer=answer.function,
            name=item.case.name,
            visibility=item.case.visibility,
            status=_status(item.verdict),
            credit=float(_credit(item.verdict)),
            message=unwritten or student_message(item.case, expectation, item.verdict, called),
            staff_message=staff_message(item, expectation),
            seconds=milliseconds(item.outcomes),
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
            seconds=milliseconds([outcome]),
        )
        return Marked((case,), Fraction(0), Fraction(int(pending)))


def score(plan: Plan, key: Key, sitting: oc.Sitting) -> tuple[PartReport, ...]:
    """Return every part of the plan with its points, as `Marking.parts` does, without follow-through."""
    return Marking(plan, key, sitting).parts()


def _was_wrong(item: Judged) -> bool:
    asked = not any(isinstance(outcome.result, oc.NotAsked) for outcome in item.outcomes)
    return asked and not isinstance(item.verdict, (Right, NeedsReview))


def _finding(function: str, found: Finding) -> FindingReport:
    return FindingReport(
        answer=function, kind=found.kind, name=found.name, message=sentence_of(_sentence(found.says))
    )


def _followed(helpers: tuple[str, ...], exact: Fraction) -> FindingReport:
    message = followed_message(helpers, points(exact))
    return FindingReport(answer="", kind="follow_through", name="", message=message)


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


def _possible(verdict: Verdict) -> Fraction:
    """Return the credit that a case may have once a person has looked."""
    return Fraction(1) if isinstance(verdict, NeedsReview) else _credit(verdict)


def _status(verdict: Verdict) -> CaseStatus:
    match verdict:
        case Right():
            return "right"
        case Wrong():
            return "wrong"
        case NoAnswer():
            return "no_answer"
    return "needs_review"


def _part_status(marked: list[Marked], cases: tuple[CaseReport, ...], *, followed: bool) -> PartStatus:
    if any(item.pending for item in marked):
        return "needs_review"
    if all(item.credit == 1 for item in marked):
        return "right"
    if followed or any(item.credit for item in marked):
        return "partial"
    return "no_answer" if all(case.status == "no_answer" for case in cases) else "wrong"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
