"""What a call did instead of returning its answer: printed it, returned nothing, changed its arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from grader.judge.compare import compare
from grader.judge.diagnosis.sample import Diagnosis, Sample
from grader.judge.diagnosis.trial import is_sequence, is_several
from grader.judge.numbers import Unfit, as_numbers
from grader.judge.verdict import Right
from grader.wire import Value, WireError, encode

Observer: TypeAlias = Callable[[Sequence[Sample]], "Diagnosis | None"]


def _nothing(samples: Sequence[Sample]) -> Diagnosis | None:
    wrong = [sample for sample in samples if not sample.right]
    if any(sample.got is not None or sample.expected is None for sample in wrong):
        return None
    if len(wrong) < len(samples):
        says = "in some cases nothing is returned: a branch or loop ends without a return"
        return Diagnosis("sometimes_none", says, 0.98)
    if all(sample.printed.strip() for sample in wrong):
        return Diagnosis("printed", "the answer is printed and not returned: write return instead of print", 0.98)
    if any(sample.printed.strip() for sample in wrong):
        return None
    return Diagnosis("returns_none", "nothing is returned: end the function with return and the answer", 0.98)


def _changed(samples: Sequence[Sample]) -> Diagnosis | None:
    says = (
        "the answer is right, but an argument is changed on the way: "
        "work on a copy, and not with +=, -= or [...] ="
    )
    wrong = [sample for sample in samples if not sample.right]
    if not all(_changes(sample) and _is_right(sample) for sample in wrong):
        return None
    return Diagnosis("argument_changed", says, 0.98)


def _is_right(sample: Sample) -> bool:
    return isinstance(compare(sample.expected, sample.got, sample.terms), Right)


def _changes(sample: Sample) -> bool:
    return any(name in sample.args and not _same(sample.args[name], value) for name, value in sample.after.items())


def _same(before: Value, after: Value) -> bool:
    try:
        return encode(before) == encode(after)
    except WireError:
        return True


def _complex(samples: Sequence[Sample]) -> Diagnosis | None:
    says = (
        "the values are right, but have an imaginary part, where real numbers are due: "
        "look for a root or logarithm of a negative number, or return the real part"
    )
    wrong = [sample for sample in samples if not sample.right]
    return Diagnosis("complex", says, 0.95) if all(map(_real_part_is_right, wrong)) else None


def _real_part_is_right(sample: Sample) -> bool:
    want, have = as_numbers(sample.expected), as_numbers(sample.got)
    if isinstance(want, Unfit) or isinstance(have, Unfit) or want.dtype.kind == "c" or have.dtype.kind != "c":
        return False
    return isinstance(compare(sample.expected, have.real, sample.terms), Right)


def _swapped(samples: Sequence[Sample]) -> Diagnosis | None:
    says = (
        "the values are right, but come in the wrong order: return them in the order in which they are asked for"
    )
    wrong = [sample for sample in samples if not sample.right]
    weight = sum(
        _exchanged(sample.expected, sample.got, sample) for sample in wrong if is_several(sample.expected)
    )
    if not all(is_several(s.expected) and _exchanged(s.expected, s.got, s) for s in wrong):
        return None
    # A pair of integers is another pair's reverse once in a while.
    return Diagnosis("swapped", says, 0.95) if weight >= 3 else None


def _exchanged(expected: Value, got: Value, sample: Sample) -> int:
    """Return how many items changed places; 0 when that is not what is wrong."""
    if not is_sequence(got) or len(got) != len(expected):
        return 0
    items = list(got)
    wrong = [place for place, item in enumerate(items) if not _fits(expected[place], item, sample)]
    moved = [place for place in wrong if not is_several(expected[place]) or not is_sequence(items[place])]
    deep = [place for place in wrong if place not in moved]
    inner = [_exchanged(expected[place], items[place], sample) for place in deep]
    if deep and not moved and all(inner):
        return sum(inner)
    left = list(wrong)
    for place in wrong:
        match = next((other for other in left if _fits(expected[other], items[place], sample)), None)
        if match is None:
            return 0
        left.remove(match)
    return len(wrong)


def _fits(expected: Value, got: Value, sample: Sample) -> bool:
    return isinstance(compare(expected, got, sample.terms), Right)


def _one_of_several(samples: Sequence[Sample]) -> Diagnosis | None:
    says = "only one of the values comes: return all that are due, as a tuple"
    wrong = [sample for sample in samples if not sample.right]
    if not all(is_several(sample.expected) and len(sample.expected) > 1 for sample in wrong):
        return None
    for place in range(min(len(sample.expected) for sample in wrong)):
        if all(_alone(sample, place) for sample in wrong):
            return Diagnosis("one_of_several", says, 0.95 if len(wrong) > 1 else 0.7)
    return None


def _alone(sample: Sample, place: int) -> bool:
    if not isinstance(sample.got, (int, float, np.ndarray, np.generic, tuple, list)):
        return False
    item = sample.expected[place]
    return not isinstance(as_numbers(item), Unfit) and _fits(item, sample.got, sample)


OBSERVERS: tuple[Observer, ...] = (_nothing, _changed, _complex, _swapped, _one_of_several)
