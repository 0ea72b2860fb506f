"""What is wrong with a function as a whole: a known mistake that fits all its answers, or else a diagnosis."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader import outcome as oc
from grader.judge import Question, Right, Verdict
from grader.judge.answers import seen
from grader.judge.checks import Equals, Sealed
from grader.judge.diagnosis import Diagnosis, Failure, Sample, diagnose, numbers_only
from grader.judge.likeness import alike
from grader.key import Mistake
from grader.plan import Case
from grader.wire import Value

# What these say to do about an answer is no advice for arguments that are to be changed in place.
_OF_RETURNED_VALUES = frozenset(
    {"argument_returned", "constant_answer", "one_of_several", "printed", "returns_none", "sometimes_none"}
)

# Facts about what was returned, whatever other calls raised. Any other kind is read off the values, and would be
# said of all cases, those that raised included.
_BESIDE_EXCEPTIONS = frozenset({"printed", "returns_none"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One case of a function: what was asked, what came, and the verdict."""

    case: Case
    question: Question
    outcomes: tuple[oc.Outcome, ...]
    verdict: Verdict

    @property
    def is_answered(self) -> bool:
        """Whether every call came back with something."""
        return all(isinstance(outcome.result, oc.Answered) for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a function, and what to do about it.

    Attributes:
        kind: `mistake` for one that the rubric knows, else the diagnosis's own.
        name: the known mistake's; empty for a diagnosis.
        says: to the student; holds nothing of any case.
        credit: what the rubric gives for the known mistake.
    """

    kind: str
    name: str
    says: str
    credit: Fraction = Fraction(0)


def find(cases: Sequence[Judged], mistakes: Iterable[Mistake]) -> Finding | None:
    """Return what explains all wrong answers of a function; None when nothing does, or nothing is wrong.

    Args:
        cases: all of the function's.
        mistakes: that the rubric knows of it, likeliest first.
    """
    answered = [item for item in cases if item.is_answered]
    diagnosis = _of_exceptions(answered, [item for item in cases if not item.is_answered])
    if diagnosis:
        return Finding(diagnosis.kind, "", diagnosis.says)
    if all(isinstance(item.verdict, Right) for item in answered):
        return None
    found = list(_explanation(answered, list(mistakes)))
    if found and _contradicted(found, cases):
        return None
    if found:
        says = " ".join(dict.fromkeys(item.says for item in found))
        whole = all(item.is_answered for item in cases)
        credit = math.prod((item.credit for item in found), start=Fraction(1)) if whole else Fraction(0)
        return Finding("mistake", ", ".join(item.name for item in found), says, credit)
    if any(isinstance(check, Sealed) for item in cases for check in item.question.checks):
        # What is said of a sealed answer could tell what it is.
        return None
    diagnosis = diagnose(list(_samples(answered)))
    in_place = isinstance(cases[0].question.observe, tuple)
    if diagnosis is None or (in_place and diagnosis.kind in _OF_RETURNED_VALUES):
        return None
    if any(map(_has_raised, cases)) and not _stands(diagnosis, cases):
        return None
    return Finding(diagnosis.kind, "", diagnosis.says)


def _of_exceptions(answered: Iterable[Judged], unanswered: Iterable[Judged]) -> Diagnosis | None:
    """Return what explains why every case that was not answered raised."""
    failures = list[Failure]()
    for item in unanswered:
        found = list(_failures(item))
        if item.question.observe != "return" or not found:
            return None
        failures += found
    return numbers_only((call.args for item in answered for call in item.question.calls), failures)


def _failures(item: Judged) -> Iterator[Failure]:
    """Yield each call of a case that raised; nothing where one was not answered for another reason."""
    calls = [
        (call, outcome.result)
        for call, outcome in zip(item.question.calls, item.outcomes, strict=True)
        if not isinstance(outcome.result, oc.Answered)
    ]
    if not all(isinstance(result, oc.Raised) for _, result in calls):
        return
    due = next((check.variants[0].value for check in item.question.checks if isinstance(check, Equals)), None)
    for call, result in calls:
        assert isinstance(result, oc.Raised)
        expected = due if call is item.question.calls[0] else None
        yield Failure(call.args, expected, result.type_name, result.text, result.source)


def _has_raised(item: Judged) -> bool:
    return any(isinstance(outcome.result, oc.Raised) for outcome in item.outcomes)


def _contradicted(found: Sequence[Mistake], cases: Sequence[Judged]) -> bool:
    """Whether calls raised, where these mistakes answer, in more cases than wrong answers are explained."""
    answering = {trace.case for mistake in found for trace in mistake.traces}
    against = sum(item.case.id in answering and _has_raised(item) for item in cases)
    return against > sum(item.is_answered and not isinstance(item.verdict, Right) for item in cases)


def _stands(diagnosis: Diagnosis, cases: Iterable[Judged]) -> bool:
    """Whether a diagnosis holds beside the exceptions that calls have raised."""
    if diagnosis.kind in _BESIDE_EXCEPTIONS:
        return True
    results = [outcome.result for item in cases for outcome in item.outcomes]
    kinds = {result.type_name for result in results if isinstance(result, oc.Raised)}
    # Python's own numbers raise where numpy's become infinite.
    return diagnosis.kind == "overflow" and kinds == {"OverflowError"}


def _explanation(answered: Sequence[Judged], mistakes: Sequence[Mistake]) -> Iterator[Mistake]:
    """Yield the mistake that all answers are those of, or else two that together explain every wrong one.

    Where two are made at once, a case that catches one of them gives that one's answer, and a case that catches
    both may give neither's.
    """
    suspects = [suspect for suspect in (_Suspect.of(mistake, answered) for mistake in mistakes) if suspect]
    wrong = {item.case.id for item in answered if not isinstance(item.verdict, Right)}
    for suspect in suspects:
        if suspect.explains >= wrong & suspect.asked:
            yield suspect.mistake
            return
    for first, second in itertools.combinations(suspects, 2):
        explained = first.explains | second.explains | (first.catches & second.catches)
        if explained >= wrong and first.explains - second.catches and second.explains - first.catches:
            yield from (first.mistake, second.mistake)
            return


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A mistake that may have been made.

    Attributes:
        mistake: the mistake.
        asked: the cases in which both it and the student gave an answer.
        catches: those in which its answer is wrong.
        explains: those in which the student's wrong answer is its own.
    """

    mistake: Mistake
    asked: frozenset[str]
    catches: frozenset[str]
    explains: frozenset[str]

    @classmethod
    def of(cls, mistake: Mistake, answered: Iterable[Judged]) -> _Suspect | None:
        """Return the suspect; None when a right answer, or no wrong one, speaks against it."""
        traces = {trace.case: trace.answers for trace in mistake.traces}
        shared = [item for item in answered if item.case.id in traces]
        equal = {item.case.id for item in shared if alike(item.question, traces[item.case.id], judged(item))}
        right = {item.case.id for item in shared if isinstance(item.verdict, Right)}
        explains = frozenset(equal - right)
        if right - equal or not explains:
            return None
        asked = frozenset(item.case.id for item in shared)
        catches = asked & {trace.case for trace in mistake.traces if trace.caught}
        return cls(mistake, asked, catches, explains)


def judged(item: Judged) -> tuple[Value, ...]:
    """Return what is judged of each call of a case."""
    return tuple(seen(item.question, *pair) for pair in zip(item.question.calls, item.outcomes, strict=True))


def _samples(answered: Iterable[Judged]) -> Iterator[Sample]:
    for item in answered:
        equals = [check for check in item.question.checks if isinstance(check, Equals)]
        result = item.outcomes[0].result
        if not equals or item.question.observe == "printed" or not isinstance(result, oc.Answered):
            continue
        call, parameters = item.case.call, item.question.parameters
        expected, got = equals[0].variants[0].value, judged(item)[0]
        if isinstance(item.question.observe, tuple):
            expected, got = (_in_order(value, item.question.observe) for value in (expected, got))
        yield Sample(
            args=dict(zip(parameters, call.args, strict=True)),
            expected=expected,
            got=got,
            terms=item.question.terms,
            right=isinstance(item.verdict, Right),
            visible=item.case.visibility == "visible",
            after=dict(zip((parameters[position] for position in call.observe), result.observed, strict=False)),
            printed=item.outcomes[0].printed,
        )


def _in_order(arguments: Value, names: tuple[str, ...]) -> Value:
    """Return arguments by name as a diagnosis takes several values: one alone, or a tuple."""
    values = tuple(arguments[name] for name in names)
    return values if len(values) > 1 else values[0]
