from __future__ import annotations

import numpy as np

from grader.judge.compare import Terms
from grader.judge.diagnosis.evidence import THRESHOLD, diagnosis, distinct, fits, index_of, magnitude

TERMS = Terms(rtol=1e-6, atol=1e-9)


def test_one_entry_is_not_enough_and_two_are() -> None:
    one, two = diagnosis("kind", "says", 1), diagnosis("kind", "says", 2)
    assert one
    assert two
    assert one.sure < THRESHOLD <= two.sure


def test_nothing_for_it_or_something_against_it_says_nothing() -> None:
    assert diagnosis("kind", "says", 0) is None
    assert diagnosis("kind", "says", -1) is None
    assert diagnosis("kind", "says", None) is None


def test_different_numbers_count_once_zeros_not_and_small_integers_half() -> None:
    assert distinct(np.array([0.25, 0.25, 0.25 + 1e-12, 0.75])) == 2
    assert distinct(np.zeros(5)) == 0
    assert distinct(np.array([1.0, -1.0, 3.0])) == 1.5
    assert distinct(np.array([1e6, np.nan, np.inf, 1e-12]), least=1e-7) == 1


def test_fitting_needs_the_shape_and_something_to_fit() -> None:
    assert fits(np.ones(3), np.ones(3), TERMS)
    assert not fits(np.ones(3), np.ones((3, 1)), TERMS)
    assert not fits(np.ones(0), np.ones(0), TERMS)
    large = np.ones(5000)
    late = large.copy()
    late[-1] = 2.0
    assert fits(large, large, TERMS)
    assert not fits(large, late, TERMS)


def test_the_size_of_arguments_is_that_of_real_numbers() -> None:
    assert magnitude({"x": np.array([1.0, -40.0, np.nan]), "k": 3.0, "y": 1000, "mode": "valid"}) == 40.0
    assert magnitude({"x": np.zeros(0), "y": np.array([500])}) == 0.0
    assert magnitude({"k": float("inf")}) == np.inf


def test_an_index_is_one_integer() -> None:
    assert (index_of(3), index_of(np.int64(2))) == (3, 2)
    assert index_of(True) is index_of(2.0) is index_of(None) is None
