from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.inputs import MAKERS, Draws, InputError, make
from grader.wire import Opaque, decode, encode

SEEDS = st.integers(0, 1 << 70)
PLACES = st.text(max_size=20).filter(str.isprintable)
DRAWS = st.builds(Draws, SEEDS, PLACES)
SHAPES = st.lists(st.integers(0, 5), max_size=3)
DTYPES = st.sampled_from(
    ["bool", "int8", "int64", "uint16", "float16", "float32", "float64", "complex64", "complex128"]
)
NUMBERS = st.one_of(st.integers(-1000, 1000), st.floats(-1000, 1000))
BOUNDS = st.tuples(NUMBERS, NUMBERS).filter(lambda pair: pair[0] < pair[1])
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just(10**400)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(sorted(MAKERS)), st.text(max_size=5)), inner, max_size=3),
    ),
    max_leaves=8,
)
OPTIONS = st.sampled_from(["dtype", "scale", "shift", "low", "high", "value", "classes", "shape"])


@given(DRAWS, SHAPES, st.sampled_from(["normal", "uniform", "choice", "integers"]))
def test_the_same_seed_and_place_give_the_same_draw(draws: Draws, shape: list[int], maker: str) -> None:
    spec: dict[str, Any] = {maker: shape}
    if maker == "integers":
        spec["high"] = 50
    if maker == "choice":
        spec = {"choice": [1, 2.5, 7], "shape": shape}
    first = make(spec, draws)
    assert encode(first) == encode(make(spec, Draws(draws.seed, draws.place)))
    assert np.shape(first) == tuple(shape)


@given(DRAWS, DRAWS)
def test_another_seed_or_place_gives_another_draw(one: Draws, other: Draws) -> None:
    same = one.bits(4).tolist() == other.bits(4).tolist()
    assert same == (one == other)


@given(DRAWS, st.integers(0, 50))
def test_uniform_numbers_are_between_0_and_1(draws: Draws, count: int) -> None:
    numbers = draws.uniform(count)
    assert numbers.shape == (count,)
    assert ((numbers > 0) & (numbers < 1)).all()


@given(DRAWS, SHAPES)
def test_normal_draws_are_finite_and_have_six_decimals(draws: Draws, shape: list[int]) -> None:
    drawn = make({"normal": shape}, draws)
    assert np.shape(drawn) == tuple(shape)
    assert np.array_equal(np.round(drawn, 6), drawn)
    assert (np.abs(drawn) < 9).all()


@given(DRAWS, BOUNDS)
def test_uniform_draws_stay_inside(draws: Draws, bounds: tuple[float, float]) -> None:
    low, high = bounds
    drawn = make({"uniform": [30], "low": low, "high": high}, draws)
    assert low <= drawn.min() <= drawn.max() <= high
    if high - low >= 0.001:
        assert len(set(drawn.tolist())) > 1


@given(DRAWS, st.floats(-300, 300), st.integers(1, 9))
def test_uniform_draws_of_any_magnitude_stay_inside(draws: Draws, exponent: float, width: int) -> None:
    low = 10.0**exponent
    high = low + width * low / 10
    drawn = make({"uniform": [30], "low": low, "high": high}, draws)
    assert low <= drawn.min() < drawn.max() <= high


@given(DRAWS, st.integers(-(1 << 53), 1 << 53), st.integers(1, 100))
def test_integers_stay_inside(draws: Draws, low: int, count: int) -> None:
    high = min(low + count, 1 << 53)
    if low == high:
        low -= 1
    drawn = make({"integers": [30], "low": low, "high": high}, draws)
    assert drawn.dtype == np.int64
    assert all(low <= entry < high for entry in drawn.tolist())
    single = make({"integers": [], "low": low, "high": high}, draws)
    assert type(single) is int
    assert single == drawn[0]


@given(DRAWS, st.lists(NUMBERS, min_size=1, max_size=5), SHAPES)
def test_a_choice_is_one_of_the_given(draws: Draws, content: list[float], shape: list[int]) -> None:
    drawn = make({"choice": content, "shape": shape}, draws)
    assert np.shape(drawn) == tuple(shape)
    assert all(
        any(math.isclose(entry, item, abs_tol=1e-9) for item in content) for entry in np.ravel(drawn).tolist()
    )


@given(SHAPES, DTYPES, st.sampled_from(["zeros", "ones"]))
def test_shapes_and_types_are_as_asked(shape: list[int], dtype: str, maker: str) -> None:
    got = make({maker: shape, "dtype": dtype}, Draws(0, ""))
    if shape:
        assert got.shape == tuple(shape)
        assert got.dtype == np.dtype(dtype)
    else:
        assert type(got) is type(np.dtype(dtype).type(0).item())
    assert (np.asarray(got) == (maker == "ones")).all()


@given(st.lists(NUMBERS, max_size=5), st.floats(-100, 100), st.floats(-100, 100))
def test_scale_comes_before_shift(content: list[float], scale: float, shift: float) -> None:
    got = make({"array": content, "scale": scale, "shift": shift}, Draws(0, ""))
    assert np.allclose(got, np.array(content, float) * scale + shift, rtol=1e-9, atol=1e-11)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=5))
def test_no_number_is_lost_in_rounding(content: list[float]) -> None:
    plain = make(content, Draws(0, ""))
    assert np.array_equal(plain, content)
    assert np.allclose(make({"array": content}, Draws(0, "")), plain, rtol=1e-8, atol=0)


@given(
    st.lists(st.integers(-(1 << 65), 1 << 65), max_size=4), st.sampled_from(["int8", "uint8", "int64", "uint64"])
)
def test_integers_are_exact_or_refused(content: list[int], dtype: str) -> None:
    bounds = np.iinfo(dtype)
    fits = all(bounds.min <= item <= bounds.max for item in content)
    try:
        got = make({"array": content, "dtype": dtype}, Draws(0, ""))
    except InputError:
        assert not fits or max(map(abs, content)) > 1 << 53
    else:
        assert fits
        if max(map(abs, content), default=0) <= 1 << 53:
            assert got.tolist() == content


def a_value_that_travels_or_refused(spec: Any) -> None:
    try:
        value = make(spec, Draws(1, "x"))
    except InputError:
        return
    assert not isinstance(decode(encode(value)), Opaque)
    assert encode(make(spec, Draws(1, "x"))) == encode(value)


@settings(max_examples=300)
@given(ANYTHING)
def test_anything_written_is_a_value_that_travels_or_refused(spec: Any) -> None:
    a_value_that_travels_or_refused(spec)


@settings(max_examples=300)
@given(st.sampled_from(sorted(MAKERS)), ANYTHING, st.dictionaries(OPTIONS, ANYTHING, max_size=3))
def test_any_options_of_a_maker_give_a_value_that_travels_or_are_refused(
    maker: str, content: Any, options: dict[str, Any]
) -> None:
    a_value_that_travels_or_refused({maker: content, **options})
