from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pytest

from grader.judge.compare import Terms, compare
from grader.judge.diagnosis import Diagnosis, Sample, diagnose
from grader.judge.verdict import Right
from grader.wire import decode, encode

TERMS = Terms(rtol=1e-6, atol=1e-9)
Asked = Iterable[Mapping[str, Any]]


def _samples(
    due: Callable[..., Any], came: Callable[..., Any], asked: Asked, visible: int, printed: str
) -> list[Sample]:
    """Ask a right and a wrong function the same, and send all over the wire as the worker does."""
    samples = []
    for number, args in enumerate(asked):
        with np.errstate(all="ignore"):
            expected = decode(encode(due(*args.values())))
            after = decode(encode(dict(args)), writable=True)
            got = decode(encode(came(*after.values())))
        right = isinstance(compare(expected, got, TERMS), Right) and encode(after) == encode(dict(args))
        samples.append(Sample(args, expected, got, TERMS, right, number < visible, after, printed))
    return samples


@pytest.fixture
def ask() -> Callable[..., list[Sample]]:
    def asked(
        due: Callable[..., Any], came: Callable[..., Any], asked: Asked, visible: int = 2, printed: str = ""
    ) -> list[Sample]:
        return _samples(due, came, asked, visible, printed)

    return asked


@pytest.fixture
def found() -> Callable[..., Diagnosis | None]:
    """Diagnose `came`, which should be `due`."""

    def diagnosed(
        due: Callable[..., Any], came: Callable[..., Any], asked: Asked, visible: int = 2, printed: str = ""
    ) -> Diagnosis | None:
        return diagnose(_samples(due, came, asked, visible, printed))

    return diagnosed


@pytest.fixture
def kind(found: Callable[..., Diagnosis | None]) -> Callable[..., str | None]:
    """Give the kind of what was diagnosed; None where nothing is said."""

    def named(*args: Any, **keywords: Any) -> str | None:
        diagnosis = found(*args, **keywords)
        return diagnosis.kind if diagnosis else None

    return named


@pytest.fixture
def vectors() -> list[dict[str, Any]]:
    draw = np.random.default_rng(1)
    return [{"x": draw.normal(size=count) * 2} for count in (3, 4, 7, 1, 12)]


@pytest.fixture
def matrices() -> list[dict[str, Any]]:
    draw = np.random.default_rng(2)
    return [{"x": draw.normal(size=shape)} for shape in ((2, 3), (3, 3), (4, 2), (1, 3), (5, 1))]


@pytest.fixture
def steps() -> list[dict[str, Any]]:
    """Two vectors and a number, as a step of descent takes them."""
    draw = np.random.default_rng(3)
    return [{"x": draw.normal(size=n), "y": draw.normal(size=n), "k": 0.1 * n + 0.7} for n in (3, 5, 2, 8)]
