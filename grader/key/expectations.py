"""From a case of the rubric's to what its answers must satisfy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from grader import outcome as oc
from grader.deadline import OverdueError, patience, within
from grader.errors import Problem
from grader.inputs import Draws, InputError, make
from grader.judge import Question, Right, Terms, judge_answer
from grader.judge import checks as ch
from grader.judge.answers import reveal
from grader.judge.checker import function_of
from grader.judge.numbers import as_numbers
from grader.judge.properties import central_differences
from grader.key.model import Expectation
from grader.key.trial import TrialError, answered, judged, outcomes
from grader.plan import Call, Case, FunctionAnswer, Source
from grader.plan.layout import displaced, gradient_arguments, transform
from grader.reference import Reference, parameters
from grader.rubric import Case as RubricCase
from grader.rubric import LoadedRubric
from grader.rubric.model import EXACT
from grader.wire import Opaque, Value, encode

_CHECKER_SECONDS = 60.0
_NONFINITE = "NaN or infinity; if that is meant, give the case `nonfinite: true`"
_GRADIENT_RTOL, _GRADIENT_ATOL = 1e-5, 1e-7
"""Central differences with steps of 1e-5 are this exact for functions whose third derivative is moderate."""

_Array: TypeAlias = np.ndarray[Any, Any]


class _FaultError(Exception):
    """A case cannot be judged; `args` are the field and what is wrong."""


class ExpectationMaker:
    """Runs the reference once for each case; what is wrong with a case joins `problems`.

    Args:
        loaded: the rubric.
        folder: the rubric's.
        reference: gives the right answers.
    """

    def __init__(self, loaded: LoadedRubric, folder: Path, reference: Reference) -> None:
        self._loaded, self._folder, self._reference = loaded, folder, reference
        self.problems: list[Problem] = []
        self._overdue: set[str] = set()

    def expectation(self, answer: FunctionAnswer, case: Case, source: Source) -> Expectation | None:
        """Return what `case` should give; None after a complaint."""
        written = source.case
        rtol, atol = self._tolerance(written)
        observe = source.observe
        terms = Terms(rtol, atol, written.nonfinite)
        question = Question(answer.signature, answer.parameters, case.calls, (), terms, observe)
        try:
            checks = tuple(self._checks(question, case, source))
            if written.property is not None:
                self._prove(replace(question, checks=checks))
        except _FaultError as error:
            self._complain(written, *error.args)
            return None
        return Expectation(case.id, checks, observe, rtol, atol, written.nonfinite, written.hint or "")

    def _complain(self, written: RubricCase, field: str, text: str) -> None:
        at = (int(step) if step.isdigit() else step for step in field.split("/"))
        self.problems.append(self._loaded.document.problem((*written.path, *at), text))

    def _tolerance(self, written: RubricCase) -> tuple[float, float]:
        default, own = self._loaded.rubric.tolerance, written.tolerance
        if written.property is not None and written.property.gradient_of is not None:
            return _first(own.rtol, _GRADIENT_RTOL), _first(own.atol, _GRADIENT_ATOL)
        rtol, atol = _first(own.rtol, default.rtol, 1e-6), _first(own.atol, default.atol, 1e-9)
        if not atol and rtol < EXACT:
            self._complain(
                written, "tolerance", f"with the rubric's own this is rtol {rtol:g}, atol 0: no float is so exact"
            )
        return rtol, atol

    def _checks(self, question: Question, case: Case, source: Source) -> Iterator[ch.Check]:
        wanted = source.case.property
        if wanted is None or wanted.value:
            yield ch.Equals(tuple(self._variants(question, case, source.case)))
        for name in wanted.names if wanted else ():
            if name == "gradient_of" and getattr(wanted, name).whose == "reference":
                yield ch.Equals((ch.Variant("", self._gradient(getattr(wanted, name), source)),))
            elif name == "checker":
                yield self._checker(str(wanted.checker if wanted else ""))
            elif name != "value":
                yield _BUILDERS[name](getattr(wanted, name), case, source)

    def _variants(self, question: Question, case: Case, written: RubricCase) -> Iterator[ch.Variant]:
        if written.expect is not None:
            yield ch.Variant("", self._written(question, case.id, written.expect, "expect", written))
        elif not written.expect_any:
            yield ch.Variant("", self._reference_answer(question, case.call.function, written))
        for number, variant in enumerate(written.expect_any):
            if variant.function is not None:
                at = f"expect_any/{number}/function"
                value = self._reference_answer(question, variant.function, written, at)
            else:
                at = f"expect_any/{number}"
                value = self._written(question, case.id, variant.expect, at, written)
            yield ch.Variant(variant.name, value)

    def _written(self, question: Question, place: str, spec: Any, at: str, written: RubricCase) -> Value:
        draws = Draws(self._loaded.rubric.seed, f"{place}/expect")
        try:
            if not isinstance(question.observe, tuple):
                value = make(spec, draws)
            elif isinstance(spec, dict) and set(spec) == set(question.observe):
                value = {name: make(spec[name], draws.inside(name)) for name in question.observe}
            else:
                raise _FaultError(at, f"give a value for each of {', '.join(question.observe)}")
        except InputError as error:
            raise _FaultError(at, str(error)) from error
        if not written.nonfinite and not all(map(_finite, _leaves(value))):
            raise _FaultError(at, f"this holds {_NONFINITE}")
        return value

    def _function(self, name: str, field: str) -> Callable[..., Any]:
        function = self._reference.function(name)
        if function is None:
            raise _FaultError(field, f"{self._reference.file.name} has no function `{name}`")
        return function

    def _reference_answer(self, question: Question, name: str, written: RubricCase, at: str = "args") -> Value:
        """Return what the reference's function `name` gives for the base call."""
        base = question.calls[0]
        call = Call(name, base.args, tuple(range(len(base.args))))
        (found,) = self._try((call,), at)
        if question.observe != "printed":
            sys.stderr.write(found.printed)
        after = answered(found).observed
        changed = [
            parameter
            for parameter, before, value in zip(question.parameters, base.args, after, strict=True)
            if parameter not in question.observe and encode(before) != encode(value)
        ]
        if changed and question.observe != "printed":
            raise _FaultError(at, f"the reference's `{name}` changes its arguments ({', '.join(changed)})")
        (value,) = judged(replace(question, calls=(call,)), (found,))
        fault = _unfit(value, nonfinite=written.nonfinite)
        if question.observe == "printed" and not value.strip():
            fault = "prints nothing"
        if fault:
            raise _FaultError(at, f"the reference's `{name}` {fault}")
        return value

    def _try(self, calls: tuple[Call, ...], field: str) -> tuple[oc.Outcome, ...]:
        functions = {call.function: self._function(call.function, field) for call in calls}
        name = calls[0].function
        seconds = patience(self._loaded.rubric.limits.seconds)
        try:
            # Its author is to be told today, not after as many waits as it has cases.
            return within(0.1 if name in self._overdue else seconds, lambda: outcomes(calls, functions))
        except TrialError as error:
            raise _FaultError(field, f"the reference's `{name}` {error}") from error
        except OverdueError as error:
            self._overdue.add(name)
            text = f"the reference's `{name}` does not come to an end within {seconds:g} s"
            raise _FaultError(field, text) from error

    def _prove(self, question: Question) -> None:
        """See that the reference itself has the property."""
        verdict = judge_answer(question, self._try(question.calls, "property"))
        if not isinstance(verdict, Right):
            raise _FaultError("property", f"the reference itself does not hold to it: {reveal(verdict)}")

    def _gradient(self, wanted: Any, source: Source) -> _Array:
        args, name = gradient_arguments(wanted, source.around)
        names = parameters(self._function(wanted.function, "property/gradient_of"))
        values = []
        for moved in displaced(args[name], wanted.step):
            call = Call(wanted.function, tuple(moved if item == name else args[item] for item in names))
            (found,) = self._try((call,), "property/gradient_of")
            values.append(as_numbers(answered(found).value))
        try:
            return central_differences(values, np.shape(args[name]), wanted.step)
        except ValueError as error:
            text = f"the reference's `{wanted.function}` cannot be differentiated: {error}"
            raise _FaultError("property/gradient_of", text) from error

    def _checker(self, written: str) -> ch.Checked:
        name, _, function = written.partition("::")
        field = "property/checker"
        try:
            source = (self._folder / name).read_text(encoding="utf-8")
            check = ch.Checked(name, function, source)
            within(_CHECKER_SECONDS, lambda: function_of(check))
        except (OSError, ValueError) as error:
            raise _FaultError(field, f"{name} cannot be read: {error}") from error
        except (Exception, SystemExit, OverdueError) as error:
            raise _FaultError(field, f"{name}: {type(error).__name__}: {error}") from error
        return check


_BUILDERS: dict[str, Callable[[Any, Case, Source], ch.Check]] = {
    "same_result": lambda _, __, source: ch.SameResult(source.calls["same_result"]),
    "equivariant": lambda wanted, _, source: ch.Equivariant(
        source.calls["equivariant"][0], wanted.argument, transform(wanted.answer or wanted.by)
    ),
    "split": lambda wanted, case, source: ch.Joins(
        source.calls["split"], wanted.join, _lengths(wanted, case, source)
    ),
    "sums_to": lambda wanted, _, __: ch.SumsTo(wanted.value, wanted.axis),
    "within": lambda wanted, _, __: ch.Within(*wanted),
    "positive": lambda _, __, ___: ch.Holds("positive"),
    "finite": lambda _, __, ___: ch.Holds("finite"),
    "symmetric": lambda _, __, ___: ch.Holds("symmetric"),
    "integer": lambda _, __, ___: ch.Holds("integer"),
    "shape": lambda wanted, _, __: ch.HasShape(tuple(wanted)),
    "monotone": lambda wanted, _, __: ch.Monotone(wanted.direction, wanted.axis),
    "inverse_of": lambda wanted, _, source: _recovers(wanted, source),
    "gradient_of": lambda wanted, _, source: _differentiates(wanted, source),
    "agrees_with": lambda _, __, source: ch.Agrees(source.calls["agrees_with"][0]),
    "leaves_arguments": lambda wanted, _, source: ch.Leaves(
        source.around.parameters if wanted is True else tuple(wanted)
    ),
}


def _lengths(wanted: Any, case: Case, source: Source) -> tuple[int, ...]:
    position = source.around.parameters.index(wanted.arguments[0])
    pieces = (case.calls[number].args[position] for number in source.calls["split"])
    return tuple(len(piece) for piece in pieces if isinstance(piece, np.ndarray))


def _recovers(wanted: Any, source: Source) -> ch.Recovers:
    name = wanted.argument or source.around.parameters[0]
    return ch.Recovers(source.calls["inverse_of"][0], name, source.around.args[name])


def _differentiates(wanted: Any, source: Source) -> ch.Differentiates:
    args, name = gradient_arguments(wanted, source.around)
    return ch.Differentiates(source.calls["gradient_of"], wanted.function, np.shape(args[name]), wanted.step)


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
