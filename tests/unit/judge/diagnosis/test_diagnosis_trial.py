from __future__ import annotations

from typing import Any

import numpy as np

from grader.judge.compare import Terms
from grader.judge.diagnosis import Sample
from grader.judge.diagnosis.trial import agree, series_of
from grader.wire import Opaque

TERMS = Terms(rtol=1e-6, atol=1e-9)


def sample(expected: Any, got: Any, *, right: bool = False) -> Sample:
    return Sample({}, expected, got, TERMS, right=right, visible=True, after={}, printed="")


def test_an_array_is_one_series_with_the_wrong_trials_first_and_small_ones_before() -> None:
    samples = [
        sample(np.ones(2), np.ones(2), right=True),
        sample(np.ones(9), np.zeros(9)),
        sample(np.ones(3), np.zeros(3)),
    ]
    (series,) = series_of(samples)
    assert [(trial.right, trial.want.size) for trial in series] == [(False, 3), (False, 9), (True, 2)]


def test_a_tuple_is_a_series_for_each_item_and_each_has_its_own_verdict() -> None:
    expected = (np.ones((2, 2)), {"a": 1.0, "b": (2.0, 3.0)})
    series = series_of([sample(expected, [np.ones((2, 2)), {"a": 1.0, "b": (2.0, 4.0)}])])
    assert [column[0].right for column in series] == [True, True, True, False]


def test_a_long_tuple_is_a_vector() -> None:
    (series,) = series_of([sample(tuple(map(float, range(20))), list(range(20)))])
    assert series[0].want.shape == (20,)


def test_there_is_no_series_where_an_answer_is_not_built_as_it_should_be() -> None:
    for got in (None, "text", Opaque("map"), {"a": 1.0}, [[1.0], [1.0, 2.0]]):
        assert series_of([sample(np.ones(2), got)]) == []
    assert series_of([sample((1.0, 2.0), (1.0, 3.0)), sample((1.0, 2.0), np.float64(1.0))]) == []
    assert series_of([sample("same", "other")]) == []
    assert series_of([sample(True, 1)]) == []


def test_texts_that_are_right_do_not_matter() -> None:
    assert len(series_of([sample(("mode", 1.0), ("mode", 2.0))])) == 1


def test_too_much_to_look_at_is_not_looked_at() -> None:
    large = np.zeros(600_000)
    assert series_of([sample(large, large + 1)] * 2) == []


def test_integers_are_compared_nearly_exactly() -> None:
    (series,) = series_of([sample(1_000_000, 1_000_001)])
    assert series[0].differs.all()


def test_imaginary_parts_that_the_judge_overlooks_are_dropped() -> None:
    (series,) = series_of([sample(np.ones(2), np.array([2 + 1e-12j, 3]))])
    assert series[0].have.dtype == np.float64
    (series,) = series_of([sample(np.ones(2), np.array([2 + 1j, 3]))])
    assert series[0].have.dtype == np.complex128


def test_nan_agrees_with_nan_and_infinity_with_itself() -> None:
    odd = np.array([np.nan, np.inf, -np.inf, 1.0])
    with np.errstate(all="ignore"):
        assert agree(odd, odd, TERMS).all()
        assert not agree(odd, odd[::-1], TERMS).any()


def test_a_probe_holds_wrong_entries_first() -> None:
    want = np.zeros(1000)
    have = want.copy()
    have[900:] = 1.0
    (series,) = series_of([sample(want, have)])
    assert (series[0].probe[1] == 1.0).all()
