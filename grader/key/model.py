"""The answer key as data: what each case should give, and what known mistakes give."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np

from grader import records
from grader.judge import Question, Terms
from grader.judge.checks import CHECKS, Check
from grader.plan import Case, FunctionAnswer
from grader.wire import Value

_MAGIC = b"grader key 2\n"

Observe: TypeAlias = tuple[str, ...] | Literal["return", "printed"]
"""What is judged of a call: what it returns, what it prints, or these arguments after it."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one case should give.

    Attributes:
        case: the case's id.
        checks: what must hold of its answers.
        observe: what is judged of a call.
        rtol: relative tolerance.
        atol: absolute tolerance.
        nonfinite: NaN and infinity are part of the right answer.
        hint: shown when the case is not right.
    """

    case: str
    checks: tuple[Check, ...]
    observe: Observe
    rtol: float
    atol: float
    nonfinite: bool
    hint: str

    def question(self, answer: FunctionAnswer, case: Case, shape_credit: Fraction) -> Question:
        """Return what the judge needs to know of the case."""
        terms = Terms(self.rtol, self.atol, self.nonfinite, shape_credit)
        return Question(answer.signature, answer.parameters, case.calls, self.checks, terms, self.observe)


@dataclass(frozen=True, slots=True)
class Trace:
    """What a known mistake gives for one case.

    Attributes:
        case: the case's id.
        answers: what is judged of each call.
        caught: they are not right.
    """

    case: str
    answers: tuple[Value, ...]
    caught: bool


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong variant that students are known to write.

    Attributes:
        part: the id of the part that it belongs to.
        answer: the function that it stands for.
        name: the variant's.
        says: what to do about it.
        credit: share of the function's points for an answer like this.
        traces: of the cases in which it does not fail.
    """

    part: str
    answer: str
    name: str
    says: str
    credit: Fraction
    traces: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """The answer key of one plan.

    Attributes:
        plan_digest: of the plan that it belongs to.
        reference_digest: SHA-256 of the reference's source.
        shape_credit: of a case whose values are right and only axes of length 1 are wrong.
        expectations: one for each case of the plan, in its order.
        mistakes: in the order of the paper, the likeliest of a function first.
    """

    plan_digest: str
    reference_digest: str
    shape_credit: Fraction
    expectations: tuple[Expectation, ...]
    mistakes: tuple[Mistake, ...] = ()

    def dump(self) -> bytes:
        """Return the key as a file's content."""
        return records.dump(self, _MAGIC)

    @property
    def digest(self) -> str:
        """SHA-256 of what the key says, floats taken to seven digits.

        Libraries and processors differ in a float's last bits; that does not make another key.
        """
        return hashlib.sha256(repr(list(_essence(self))).encode()).hexdigest()


def load_key(content: bytes) -> Key:
    """Read the key that `Key.dump` wrote.

    Raises:
        RecordError: the content is not a key of this version.
    """
    key = records.load(content, (Key, Expectation, Mistake, Trace, *CHECKS), _MAGIC)
    if not isinstance(key, Key):
        raise records.RecordError("this file is damaged: it holds no key")
    return key


def _essence(key: Key) -> Iterator[Any]:
    yield key.plan_digest, key.reference_digest, key.shape_credit
    for item in key.expectations:
        yield item.case, item.observe, item.rtol, item.atol, item.nonfinite, item.hint
        yield [_rounded(check) for check in item.checks]
    for mistake in key.mistakes:
        yield mistake.part, mistake.answer, mistake.name, mistake.says, mistake.credit
        yield [(trace.case, _rounded(trace.answers), trace.caught) for trace in mistake.traces]


def _rounded(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            return value.shape, "f", list(map(_seven_digits, value.ravel().tolist()))
        return value.shape, value.dtype.kind, [_rounded(item) for item in value.ravel().tolist()]
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, [_rounded(getattr(value, item.name)) for item in dataclasses.fields(value)]
    # A numpy scalar's own repr differs between versions.
    number = value.item() if isinstance(value, np.generic) else value
    if isinstance(number, complex):
        return _rounded(number.real), _rounded(number.imag)
    if isinstance(number, float):
        return _seven_digits(number)
    return repr(number)


def _seven_digits(number: float) -> str:
    return "0" if abs(number) < 1e-9 else f"{number:.6e}"
