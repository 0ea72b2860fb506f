"""The visible part of an exam: what students may have at home, with nothing in it that comes from the rest.

Rules
-----
1. Of the plan: every part, with its points. An answer keeps its visible cases, numbered anew, so that neither an
   id nor a name says how many others there are. One that keeps none is asked whether it is there.
2. What is about more than the visible cases stays at home: digests, helpers that are lent, follow-through, known
   mistakes and what they answer, the course's checkers, criteria of written answers, the late policy. The seed is
   in no plan.
3. `selfcheck:` of the case, or else of its function, part or rubric, says what is kept of a case. By default an
   exact answer is sealed and any other kept; `value` keeps both, and a checker; `sealed` refuses what is not
   exact; `properties` keeps the properties, and of the answer its form; `none` leaves the case out.
4. A salt must be the same in every kit that is made of a rubric, and tell nothing: it is a digest of the visible
   plan, which is in the kit, and of the case's id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from grader.errors import AuthorError, Problem
from grader.judge import checks as ch
from grader.judge.forms import form_of
from grader.judge.sealed import COST, is_exact, seal
from grader.key import Expectation, Key
from grader.plan import Call, Case, Part, PartAnswer, Plan, Question, WrittenAnswer
from grader.rubric import Answer, LoadedRubric, Selfcheck
from grader.rubric import Case as RubricCase
from grader.rubric import Part as RubricPart

NOTE = "visible cases only"
_SALT = 16


def visible_part(loaded: LoadedRubric, plan: Plan, key: Key, *, cost: int = COST) -> tuple[Plan, Key]:
    """Return the plan and the key of the visible cases.

    Args:
        loaded: the rubric.
        plan: that it compiles to.
        key: that it compiles to.
        cost: of a guess at a sealed answer, as `seal` takes it.

    Raises:
        AuthorError: the rubric would seal what cannot be sealed.
    """
    maker = _Maker(loaded, key)
    questions = tuple(
        Question(question.id, question.title, tuple(map(maker.part, question.parts, written.parts)))
        for question, written in zip(plan.questions, loaded.rubric.questions, strict=True)
    )
    if maker.problems:
        raise AuthorError(maker.problems)
    shown = Plan(plan.assignment, f"{plan.title} ({NOTE})", "", plan.limits, questions)
    kept = tuple(_sealed(item, _salt(shown, item.expectation.case), cost) for item in maker.kept)
    return shown, Key(shown.digest, "", key.shape_credit, kept)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A case's expectation, and whether its right answer is to be sealed."""

    expectation: Expectation
    sealed: bool = False


class _Maker:
    def __init__(self, loaded: LoadedRubric, key: Key) -> None:
        self._loaded = loaded
        self._expectations = {item.case: item for item in key.expectations}
        self.kept: list[_Kept] = []
        self.problems: list[Problem] = []

    def part(self, part: Part, written: RubricPart) -> Part:
        answers = (
            self._answer(part.id, pair, written) for pair in zip(part.answers, written.all_answers, strict=True)
        )
        return Part(part.id, part.title, part.points, tuple(answers))

    def _answer(self, part: str, pair: tuple[PartAnswer, Answer], holder: RubricPart) -> PartAnswer:
        answer, written = pair
        if isinstance(answer, WrittenAnswer):
            # What the person who marks it looks for is no business of the kit's.
            return replace(answer, criteria=())
        place = f"{part}/{answer.function}"
        cases: list[Case] = []
        for case, source in zip(answer.cases, written.cases, strict=True):
            mode = source.selfcheck or written.selfcheck or holder.selfcheck or self._loaded.rubric.selfcheck
            found = self._kept(case, source, mode) if case.visibility == "visible" else None
            if found is not None:
                number = len(cases) + 1
                cases.append(replace(case, id=f"{place}/{number}", name=source.name or f"case {number}"))
                self.kept.append(replace(found, expectation=replace(found.expectation, case=cases[-1].id)))
        if not cases:
            # No arguments: they would be those of a case that is not shown.
            call = Call(answer.function, ())
            cases.append(
                Case(f"{place}/written", "written", "visible", Fraction(1), essential=False, calls=(call,))
            )
            self.kept.append(
                _Kept(Expectation(cases[0].id, (ch.Present(),), "return", 0.0, 0.0, nonfinite=False, hint=""))
            )
        return replace(answer, cases=tuple(cases))

    def _kept(self, case: Case, source: RubricCase, mode: Selfcheck | None) -> _Kept | None:
        """Return what is kept of a visible case; None when nothing is."""
        expectation = self._expectations[case.id]
        exact = _is_exact(expectation)
        if mode == "sealed" and exact is False:
            text = "only exact answers can be sealed (integers, booleans, texts); use `value` or `properties`"
            self.problems.append(self._loaded.document.problem(source.path, text))
        checks = tuple(_checks(expectation, mode)) if mode != "none" else ()
        if not checks:
            return None
        sealed = mode in {None, "sealed"} and exact is True
        return _Kept(replace(expectation, checks=checks), sealed)


def _checks(expectation: Expectation, mode: Selfcheck | None) -> Iterator[ch.Check]:
    for check in expectation.checks:
        if isinstance(check, ch.Equals) and mode == "properties":
            yield from _form(check)
        elif not isinstance(check, ch.Checked) or mode == "value":
            yield check


def _form(check: ch.Equals) -> Iterator[ch.Formed]:
    """Yield the form that all right answers have, if there is one."""
    first, *others = (form_of(variant.value) for variant in check.variants)
    if first is not None and all(form == first for form in others):
        yield ch.Formed(first)


def _is_exact(expectation: Expectation) -> bool | None:
    """Whether a case's right answers are exact; None when there are none."""
    printed = expectation.observe == "printed"
    values = [
        variant.value for check in expectation.checks if isinstance(check, ch.Equals) for variant in check.variants
    ]
    return all(is_exact(value, printed=printed) for value in values) if values else None


def _salt(plan: Plan, case: str) -> bytes:
    return hashlib.sha256(f"{plan.digest}\n{case}".encode()).digest()[:_SALT]


def _sealed(item: _Kept, salt: bytes, cost: int) -> Expectation:
    if not item.sealed:
        return item.expectation
    printed = item.expectation.observe == "printed"
    checks = (
        seal(tuple(variant.value for variant in check.variants), salt, printed=printed, cost=cost)
        if isinstance(check, ch.Equals)
        else check
        for check in item.expectation.checks
    )
    return replace(item.expectation, checks=tuple(checks))
