"""From a property to the calls that it compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from grader.plan.model import Call, Earlier
from grader.rubric import Property
from grader.transforms import Transform
from grader.wire import Value

MAX_ENTRIES = 200
"""Entries of an argument that a student's function is differentiated by: each costs two calls."""

Arguments: TypeAlias = dict[str, Any]


class LayoutError(ValueError):
    """A property asks for calls that cannot be made.

    Attributes:
        at: the field below `property`.
    """

    def __init__(self, text: str, *at: str | int) -> None:
        super().__init__(text)
        self.at = at


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a property's calls are made from.

    Attributes:
        function: the name of the answer's.
        parameters: its parameters.
        observe: positions of its arguments that are looked at after the call.
        args: of the base call, by name.
        make: makes the arguments of a function from what the rubric writes: (function, written, at, left out).
        parameters_of: the parameters of another function of the reference.
    """

    function: str
    parameters: tuple[str, ...]
    observe: tuple[int, ...]
    args: Arguments
    make: Callable[[str, Any, tuple[str | int, ...], frozenset[str]], Arguments]
    parameters_of: Callable[[str, tuple[str | int, ...]], tuple[str, ...]]

    def call(self, args: Mapping[str, Value]) -> Call:
        """Return a call of the answer's own function."""
        return Call(self.function, tuple(args[name] for name in self.parameters), self.observe)

    def argument(self, name: str, *at: str | int) -> Any:
        """Return an argument of the base call.

        Raises:
            LayoutError: there is none of this name.
        """
        if name not in self.args:
            raise LayoutError(f"`{self.function}` has the parameters {', '.join(self.parameters) or 'none'}", *at)
        return self.args[name]


def lay_out(wanted: Property, around: Surroundings) -> tuple[tuple[Call, ...], dict[str, tuple[int, ...]]]:
    """Return the calls beside the base call, and the numbers of those that each property looks at.

    Raises:
        LayoutError: the property does not fit the function.
    """
    calls: list[Call] = []
    numbers: dict[str, tuple[int, ...]] = {}
    for name, maker in _MAKERS.items():
        if getattr(wanted, name) is not None:
            made = maker(getattr(wanted, name), around)
            numbers[name] = tuple(range(len(calls) + 1, len(calls) + 1 + len(made)))
            calls += made
    return tuple(calls), numbers


def _same_result(sets: Sequence[Any], around: Surroundings) -> list[Call]:
    calls = []
    for number, written in enumerate(sets):
        # Beside `args`, a set need only say what is different.
        rest = around.args.keys() - written.keys() if isinstance(written, dict) else set()
        made = around.make(around.function, written, ("same_result", number), frozenset(rest))
        calls.append(around.call({**around.args, **made}))
    return calls


def _equivariant(wanted: Any, around: Surroundings) -> list[Call]:
    value = around.argument(wanted.argument, "equivariant", "argument")
    try:
        changed = transform(wanted.by).apply(np.asarray(value))
    except (ValueError, TypeError, IndexError) as error:
        raise LayoutError(f"`{wanted.argument}` cannot be changed so: {error}", "equivariant", "by") from error
    plain = changed.item() if changed.ndim == 0 else changed
    return [around.call({**around.args, wanted.argument: plain})]


def transform(written: Any) -> Transform:
    """Return what a rubric's transform does."""
    ((kind, by),) = written.change.items()
    return Transform(kind, by, written.axis)


def _split(wanted: Any, around: Surroundings) -> list[Call]:
    pieces: dict[str, list[Any]] = {}
    for number, name in enumerate(wanted.arguments):
        value = around.argument(name, "split", "arguments", number)
        if not isinstance(value, np.ndarray) or not value.ndim or wanted.at != sorted(set(wanted.at)):
            raise LayoutError(f"`{name}` is no array to be cut, or `at` is not increasing", "split")
        if wanted.at[-1] >= len(value):
            raise LayoutError(f"`{name}` has {len(value)} rows; cut it before its end", "split", "at")
        pieces[name] = np.split(value, wanted.at)
    return [
        around.call({**around.args, **{name: items[number] for name, items in pieces.items()}})
        for number in range(len(wanted.at) + 1)
    ]


def _inverse_of(wanted: Any, around: Surroundings) -> list[Call]:
    around.argument(wanted.argument or next(iter(around.parameters), ""), "inverse_of", "argument")
    first, *others = around.parameters_of(wanted.function, ("inverse_of", "function")) or [""]
    missing = [name for name in others if name not in around.args]
    if not first or missing:
        text = f"`{wanted.function}` also takes {', '.join(missing)}, which this case does not give"
        raise LayoutError(text if first else f"`{wanted.function}` takes no argument", "inverse_of")
    return [Call(wanted.function, (Earlier(0), *(around.args[name] for name in others)))]


def _gradient_of(wanted: Any, around: Surroundings) -> list[Call]:
    args, name = gradient_arguments(wanted, around)
    if wanted.whose == "reference":
        return []
    names = around.parameters_of(wanted.function, ("gradient_of", "function"))
    moved = displaced(args[name], wanted.step)
    if len(moved) > 2 * MAX_ENTRIES:
        raise LayoutError(f"`{name}` has more than {MAX_ENTRIES} entries to differentiate by", "gradient_of")
    return [
        Call(wanted.function, tuple(value if parameter == name else args[parameter] for parameter in names))
        for value in moved
    ]


def gradient_arguments(wanted: Any, around: Surroundings) -> tuple[Arguments, str]:
    """Return the arguments of the function that is differentiated, and which one of them is varied.

    Raises:
        LayoutError: they cannot be made.
    """
    args = _other_arguments(wanted, around, "gradient_of")
    name = wanted.argument or next(iter(args), "")
    if name not in args or not _is_differentiable(args[name]):
        raise LayoutError(
            f"`{wanted.function}` has no argument `{name}` of real numbers", "gradient_of", "argument"
        )
    return args, name


def _is_differentiable(value: Value) -> bool:
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return False
    return array.dtype.kind in "fiu" and array.size > 0


def displaced(value: Value, step: float) -> list[Value]:
    """Return `value` with each entry moved up by `step`, then down: two values for an entry, in C order."""
    middle = np.asarray(value, dtype=np.float64)
    moved: list[Value] = []
    for index in np.ndindex(middle.shape):
        for by in (step, -step):
            copy = middle.copy()
            copy[index] += by
            moved.append(copy if copy.ndim else copy.item())
    return moved


def _agrees_with(wanted: Any, around: Surroundings) -> list[Call]:
    args = _other_arguments(wanted, around, "agrees_with")
    return [Call(wanted.function, tuple(args.values()))]


def _other_arguments(wanted: Any, around: Surroundings, field: str) -> Arguments:
    """Return the arguments of another function: as written, or those of the same names here."""
    if wanted.args is not None:
        return around.make(wanted.function, wanted.args, (field, "args"), frozenset())
    names = around.parameters_of(wanted.function, (field, "function"))
    missing = [name for name in names if name not in around.args]
    if missing:
        text = f"`{wanted.function}` also takes {', '.join(missing)}; give its arguments under `args:`"
        raise LayoutError(text, field)
    return {name: around.args[name] for name in names}


_MAKERS: dict[str, Callable[[Any, Surroundings], list[Call]]] = {
    "same_result": _same_result,
    "equivariant": _equivariant,
    "split": _split,
    "inverse_of": _inverse_of,
    "gradient_of": _gradient_of,
    "agrees_with": _agrees_with,
}
