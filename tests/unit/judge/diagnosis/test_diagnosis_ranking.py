from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import grader.judge.diagnosis as package
from grader.judge.compare import Terms
from grader.judge.diagnosis import Diagnosis, Sample, diagnose
from grader.judge.diagnosis.evidence import THRESHOLD
from grader.wire import Opaque

TERMS = Terms(rtol=1e-6, atol=1e-9)
Found = Callable[..., "Diagnosis | None"]


def test_nothing_wrong_is_nothing_to_say(found: Found, vectors: Any) -> None:
    assert found(np.exp, np.exp, vectors) is None
    assert diagnose([]) is None


def test_a_right_answer_that_did_not_travel_says_nothing() -> None:
    for expected in (Opaque("map"), [Opaque("map")], {"a": (1.0, Opaque("map"))}):
        sample = Sample({}, expected, 0, TERMS, right=False, visible=True, after={}, printed="")
        assert diagnose([sample]) is None


def test_all_that_is_said_is_sure_enough(found: Found, vectors: Any) -> None:
    diagnosis = found(np.exp, lambda x: -np.exp(x), vectors)
    assert diagnosis
    assert THRESHOLD <= diagnosis.sure <= 1


def test_one_case_that_is_not_explained_silences_all(found: Found, vectors: Any) -> None:
    assert found(np.exp, lambda x: -np.exp(x) if len(x) < 12 else np.sin(x), vectors) is None


def test_items_that_are_wrong_in_different_ways_say_nothing(found: Found, vectors: Any) -> None:
    due = lambda x: (np.exp(x), np.sinh(x))  # noqa: E731
    both = found(due, lambda x: (-np.exp(x), -np.sinh(x)), vectors)
    assert both
    assert (both.kind, both.says.startswith("every value")) == ("negated", True)
    one = found(due, lambda x: (np.exp(x), -np.sinh(x)), vectors)
    assert one
    assert (one.kind, one.says.startswith("in the part of the answer that is wrong, ")) == ("negated", True)
    assert found(due, lambda x: (2 * np.exp(x), -np.sinh(x)), vectors) is None


def test_an_overflow_on_top_of_another_mistake_leaves_the_other_to_be_named(found: Found, vectors: Any) -> None:
    softplus = lambda x: np.logaddexp(0, x)  # noqa: E731
    asked = [*vectors, {"x": np.array([1.0, 900.0])}]
    diagnosis = found(softplus, lambda x: -np.log(1 + np.exp(x)), asked)
    assert diagnosis
    assert diagnosis.kind == "negated"
    assert "besides, large entries give NaN or infinity" in diagnosis.says


def test_sentences_hold_no_numbers_of_a_sample_s() -> None:
    for file in Path(package.__path__[0]).glob("*.py"):
        for sentence in re.findall(r'"([a-z][^"\n]{30,})"', file.read_text(encoding="utf-8")):
            plain = re.sub(r"1/2|2/n|log10|log2|\b(the|a) 1|float64|32 or 16 bits", "", sentence)
            numbers = set(re.findall(r"\d+(?:\.\d+)?", plain))
            assert numbers <= {"0", "1", "2"}, f"{file.name}: {sentence}"


@pytest.mark.parametrize("transform", [np.sin, np.negative, np.zeros_like, np.sort, lambda x: x[:-1], np.diag])
def test_large_answers_are_diagnosed_or_not_without_a_word(transform: Any) -> None:
    size = 300 if transform is np.diag else 100_000
    draw = np.random.default_rng(15)
    samples = [
        Sample({"x": want}, want, transform(want), TERMS, right=False, visible=True, after={}, printed="")
        for want in (draw.normal(size=size) for _ in range(3))
    ]
    diagnosis = diagnose(samples)
    assert diagnosis is None or diagnosis.sure > THRESHOLD


_numbers = st.one_of(
    st.integers(-3, 3),
    st.integers(min_value=-(10**400), max_value=10**400),
    st.floats(),
    st.complex_numbers(),
    st.booleans(),
)
_dtypes = st.sampled_from("?bhiqBHIQefdFD")


@st.composite
def _arrays(draw: st.DrawFn) -> Any:
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    size = int(np.prod(shape, dtype=int))
    entries = draw(st.lists(st.one_of(st.integers(0, 2), st.floats(width=16)), min_size=size, max_size=size))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # What a cast out of range gives does not matter, as long as it is sent.
        warnings.simplefilter("ignore")
        return np.array(entries, dtype=np.float64).astype(draw(_dtypes)).reshape(shape)


_leaves = st.one_of(_numbers, _arrays(), st.none(), st.text(max_size=3), st.just(Opaque("map")))
_values = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=1), inner, max_size=2),
    ),
    max_leaves=5,
)
_args = st.dictionaries(st.sampled_from("xyk"), _values, max_size=3)


@st.composite
def _samples(draw: st.DrawFn) -> Sample:
    expected = draw(_values)
    got = draw(st.one_of(_values, st.just(expected)))
    terms = Terms(1e-6, 1e-9, nonfinite=draw(st.booleans()))
    flags = draw(st.tuples(st.booleans(), st.booleans()))
    return Sample(draw(_args), expected, got, terms, *flags, draw(_args), draw(st.sampled_from(["", "1\n"])))


@given(st.lists(_samples(), max_size=5))
def test_nothing_that_comes_off_the_wire_raises(samples: list[Sample]) -> None:
    diagnosis = diagnose(samples)
    assert diagnosis is None or diagnosis.sure >= THRESHOLD


@given(_arrays(), st.lists(_arrays(), min_size=1, max_size=4), st.booleans())
def test_arrays_of_all_kinds_do_not_raise(want: Any, answers: list[Any], visible: bool) -> None:
    args = {"x": want, "y": 1, "k": 0.0}
    diagnose(
        [Sample(args, want, got, TERMS, right=False, visible=visible, after={}, printed="") for got in answers]
    )


def test_a_right_answer_that_is_another_variant_makes_a_series_no_evidence(
    ask: Callable[..., list[Sample]], vectors: Any
) -> None:
    samples = ask(np.exp, lambda x: -np.exp(x), vectors)
    assert diagnose(samples) is not None
    assert diagnose([replace(samples[0], right=True), *samples[1:]]) is None
