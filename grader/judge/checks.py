"""What must hold of a case's answers, as data: the judge's half of a property."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from grader.transforms import Transform
from grader.wire import Value


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several right answers, and what it is called."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Equals:
    """The answer is one of these; the first is shown as the expected one."""

    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class SameResult:
    """Other calls, by number, give the same answer."""

    calls: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Equivariant:
    """Another call, for a changed argument, gives the answer changed in this way."""

    call: int
    argument: str
    answer: Transform


@dataclass(frozen=True, slots=True)
class Joins:
    """The calls for the pieces give, joined, the whole's answer; `lengths` are the pieces' numbers of rows."""

    calls: tuple[int, ...]
    how: Literal["concatenate", "sum", "mean"]
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SumsTo:
    """The entries sum to `total`, along an axis or all together."""

    total: float
    axis: int | None


@dataclass(frozen=True, slots=True)
class Within:
    """Every entry is from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Holds:
    """Every entry is `positive`, `finite` or `integer`; or the matrix is `symmetric`."""

    what: Literal["positive", "finite", "integer", "symmetric"]


@dataclass(frozen=True, slots=True)
class HasShape:
    """The answer's shape; () for a single number."""

    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Monotone:
    """Each entry against the next one along an axis."""

    direction: Literal["increasing", "decreasing", "nondecreasing", "nonincreasing"]
    axis: int


@dataclass(frozen=True, slots=True)
class Recovers:
    """Another call, given the answer, gives this argument back."""

    call: int
    argument: str
    value: Value


@dataclass(frozen=True, slots=True)
class Differentiates:
    """The answer is what central differences of other calls give: two calls for an entry, moved up and down.

    Attributes:
        calls: their numbers, in C order of the argument's entries.
        function: that was called.
        shape: of the argument.
        step: how far each entry was moved.
    """

    calls: tuple[int, ...]
    function: str
    shape: tuple[int, ...]
    step: float


@dataclass(frozen=True, slots=True)
class Agrees:
    """Another call, of another function, gives the same."""

    call: int


@dataclass(frozen=True, slots=True)
class Leaves:
    """These arguments are after the call what they were before."""

    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A function of the course's decides.

    Attributes:
        file: its file's name, for messages.
        name: the function's.
        source: the file's content.
    """

    file: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """The answer is one that is not told: salted slow hashes recognise it.

    Attributes:
        salt: of this case alone.
        cost: scrypt's, as a power of two.
        is_array: a numpy array is due, to which True is 1.
        digests: of the right answers' forms.
        squeezed: of the same without axes of length 1, for the shape credit; none where shape means nothing.
    """

    salt: bytes
    cost: int
    is_array: bool
    digests: tuple[bytes, ...]
    squeezed: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Formed:
    """The answer has this form: a list is a shape, a tuple is as many values, a mapping has these keys."""

    form: Value


@dataclass(frozen=True, slots=True)
class Present:
    """The function is there and written; nothing is said of its answer."""


Check: TypeAlias = (
    Equals
    | SameResult
    | Equivariant
    | Joins
    | SumsTo
    | Within
    | Holds
    | HasShape
    | Monotone
    | Recovers
    | Differentiates
    | Agrees
    | Leaves
    | Checked
    | Sealed
    | Formed
    | Present
)

CHECKS: tuple[type, ...] = (
    Equals,
    SameResult,
    Equivariant,
    Joins,
    SumsTo,
    Within,
    Holds,
    HasShape,
    Monotone,
    Recovers,
    Differentiates,
    Agrees,
    Leaves,
    Checked,
    Sealed,
    Formed,
    Present,
    Variant,
    Transform,
)
"""What a key's file may hold of these."""
