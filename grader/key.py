"""The answer key: what each case should give, made by running the reference once."""

from __future__ import annotations

import contextlib
import hashlib
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from grader import records
from grader.errors import AuthorError, Problem
from grader.inputs import Draws, InputError, make
from grader.plan import Case, Plan, compile_plan
from grader.reference import Reference, load_reference, parameters
from grader.rubric import Case as RubricCase
from grader.rubric import LoadedRubric
from grader.rubric.model import EXACT
from grader.wire import Opaque, Value, WireError, decode, encode

_MAGIC = b"grader key 1\n"
_NONFINITE = "NaN or infinity; if that is meant, give the case `nonfinite: true`"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one case should give.

    Attributes:
        case: the case's id.
        value: the right answer.
        rtol: relative tolerance.
        atol: absolute tolerance.
        nonfinite: NaN and infinity are part of the right answer.
        hint: shown when the case is not right.
        unchanged: names of the arguments that the call must leave as they were, in the order of `Call.observe`.
    """

    case: str
    value: Value
    rtol: float
    atol: float
    nonfinite: bool
    hint: str
    unchanged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """The answer key of one plan.

    Attributes:
        plan_digest: of the plan that it belongs to.
        reference_digest: SHA-256 of the reference's source.
        shape_credit: of a case whose values are right and only axes of length 1 are wrong.
        expectations: one for each case of the plan, in its order.
    """

    plan_digest: str
    reference_digest: str
    shape_credit: Fraction
    expectations: tuple[Expectation, ...]

    def dump(self) -> bytes:
        """Return the key as a file's content."""
        return records.dump(self, _MAGIC)

    @property
    def digest(self) -> str:
        """SHA-256 of what the key says, floats taken to seven digits.

        Libraries and processors differ in a float's last bits; that does not make another key.
        """
        return hashlib.sha256(repr(list(_essence(self))).encode()).hexdigest()


def _essence(key: Key) -> Iterator[Any]:
    yield key.plan_digest, key.reference_digest, key.shape_credit
    for item in key.expectations:
        yield item.case, _rounded(item.value), item.rtol, item.atol, item.nonfinite, item.hint, item.unchanged


def _rounded(value: Value) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.kind, [_rounded(item) for item in value.ravel().tolist()]
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    # A numpy scalar's own repr differs between versions.
    number = value.item() if isinstance(value, np.generic) else value
    if isinstance(number, complex):
        return _rounded(number.real), _rounded(number.imag)
    if isinstance(number, float):
        return "0" if abs(number) < 1e-9 else f"{number:.6e}"
    return repr(number)


def load_key(content: bytes) -> Key:
    """Read the key that `Key.dump` wrote.

    Raises:
        RecordError: the content is not a key of this version.
    """
    key = records.load(content, (Key, Expectation), _MAGIC)
    if not isinstance(key, Key):
        raise records.RecordError("this file is damaged: it holds no key")
    return key


def compile_rubric(loaded: LoadedRubric, folder: Path) -> tuple[Plan, Key]:
    """Turn a rubric into the exam paper and the answer key.

    What the reference prints goes to standard error: standard output may be a report's.

    Args:
        loaded: the rubric.
        folder: the folder that the reference's path is relative to.

    Raises:
        AuthorError: the rubric, or the reference, is at fault; with every problem found.
    """
    with contextlib.redirect_stdout(sys.stderr):
        return _compile(loaded, load_reference(folder / loaded.rubric.reference))


def _compile(loaded: LoadedRubric, reference: Reference | Problem) -> tuple[Plan, Key]:
    problems = list(loaded.problems)
    if isinstance(reference, Problem):
        where = loaded.document.problem(("reference",), "this reference cannot be used; see the next line")
        raise AuthorError([*problems, where, reference])
    compiled = compile_plan(loaded, reference)
    maker = _KeyMaker(loaded, reference, problems + compiled.problems)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        expectations = tuple(maker.expectation(case, compiled.sources[case.id]) for case in compiled.plan.cases())
    try:
        plan_digest = compiled.plan.digest
    except records.RecordError as error:
        text = f"all these arguments together are too large, or one is nested too deep: {error}"
        raise AuthorError([*maker.problems, loaded.document.problem(("questions",), text)]) from error
    if maker.problems:
        raise AuthorError(maker.problems)
    shape_credit = Fraction(loaded.rubric.shape_credit)
    return compiled.plan, Key(plan_digest, reference.digest, shape_credit, expectations)


class _KeyMaker:
    def __init__(self, loaded: LoadedRubric, reference: Reference, problems: list[Problem]) -> None:
        self._loaded = loaded
        self._reference = reference
        self.problems = problems

    def expectation(self, case: Case, source: RubricCase) -> Expectation:
        default, own = self._loaded.rubric.tolerance, source.tolerance
        value = self._expected(case, source) if source.expect is None else self._written(case, source)
        rtol, atol = _first(own.rtol, default.rtol, 1e-6), _first(own.atol, default.atol, 1e-9)
        if not atol and rtol < EXACT:
            self._complain(
                source, "tolerance", f"with the rubric's own this is rtol {rtol:g}, atol 0: no float is so exact"
            )
        return Expectation(
            case=case.id,
            value=value,
            rtol=rtol,
            atol=atol,
            nonfinite=source.nonfinite,
            hint=source.hint or "",
            unchanged=tuple(name for name in self._parameters(case) if name in source.unchanged),
        )

    def _parameters(self, case: Case) -> tuple[str, ...]:
        function = self._reference.function(case.call.function)
        return parameters(function) if function and case.call.observe else ()

    def _written(self, case: Case, source: RubricCase) -> Value:
        try:
            value = make(source.expect, Draws(self._loaded.rubric.seed, f"{case.id}/expect"))
        except InputError as error:
            return self._complain(source, "expect", str(error))
        if not source.nonfinite and not all(map(_finite, _leaves(value))):
            return self._complain(source, "expect", f"this holds {_NONFINITE}")
        return value

    def _expected(self, case: Case, source: RubricCase) -> Value:
        name = case.call.function
        function = self._reference.function(name)
        try:
            before = encode(case.call.args)
            args = decode(before, writable=True)
        except WireError as error:
            return self._complain(source, "args", f"these cannot be sent: {error}")
        try:
            value = function(*args) if function else None
            changed = not _is_encoded(args, before)
            value = decode(encode(value))
        except WireError as error:
            return self._complain(source, "args", f"the reference's `{name}` returns what cannot be kept: {error}")
        except (Exception, SystemExit) as error:  # noqa: BLE001  (an author's code may raise anything)
            return self._complain(
                source, "args", f"the reference's `{name}` raises {type(error).__name__}: {error}"
            )
        if changed:
            return self._complain(source, "args", f"the reference's `{name}` changes its arguments")
        fault = _unfit(value, nonfinite=source.nonfinite)
        return self._complain(source, "args", f"the reference's `{name}` {fault}") if fault else value

    def _complain(self, source: RubricCase, field: str, text: str) -> None:
        at = (*source.path, field)
        self.problems.append(self._loaded.document.problem(at, text))


def _is_encoded(value: Value, content: bytes) -> bool:
    try:
        return encode(value) == content
    except WireError:
        return False


def _unfit(value: Value, *, nonfinite: bool) -> str:
    """Say why `value` cannot be a right answer; empty when it can."""
    for leaf in _leaves(value):
        if leaf is None or isinstance(leaf, Opaque):
            return f"returns {'None' if leaf is None else f'a value of type {leaf.type_name}'}"
        if not nonfinite and not _finite(leaf):
            return f"returns {_NONFINITE}"
    return ""


def _leaves(value: Value) -> Iterator[Value]:
    if isinstance(value, (list, tuple, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    else:
        yield value


def _finite(value: Value) -> bool:
    # A Python integer may be too large for numpy, and is finite.
    return not isinstance(value, (float, complex, np.ndarray, np.generic)) or bool(np.isfinite(value).all())


def _first(*candidates: float | None) -> float:
    return next(item for item in candidates if item is not None)
