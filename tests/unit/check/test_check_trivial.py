from __future__ import annotations

import math

import numpy as np
import pytest

from grader.check.subject import Subject
from grader.check.trivial import trivial_sources


def _double(subject: Subject, name: str) -> object:
    module: dict[str, object] = {}
    exec(trivial_sources(subject.exam.plan)[name], module)
    return module.get("double")


def test_the_names(subject: Subject) -> None:
    assert list(trivial_sources(subject.exam.plan)) == [
        "is empty",
        "returns its first argument",
        "returns zeros",
        "returns NaN",
        "returns None",
    ]
    assert _double(subject, "is empty") is None


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("returns its first argument", (3, 4), 3),
        ("returns its first argument", (), None),
        ("returns zeros", (), 0.0),
        ("returns None", (1,), None),
    ],
)
def test_what_they_return(subject: Subject, name: str, args: tuple[object, ...], expected: object) -> None:
    function = _double(subject, name)
    assert callable(function)
    assert function(*args) == expected


def test_arrays_have_the_shape_of_the_first_one(subject: Subject) -> None:
    zeros, nans = _double(subject, "returns zeros"), _double(subject, "returns NaN")
    assert callable(zeros)
    assert callable(nans)
    np.testing.assert_array_equal(zeros(1.0, np.ones((2, 3)), np.ones(4)), np.zeros((2, 3)))
    assert np.isnan(nans(np.ones(2))).all()
    assert math.isnan(nans(1))
