from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.judge.compare import Terms
from grader.judge.diagnosis import Sample, diagnose

TERMS = Terms(rtol=1e-6, atol=1e-9)
Kind = Callable[..., "str | None"]


def outer(x: Any) -> Any:
    return np.outer(x, x + 1), x * 3


def test_printed_or_not_returned_or_only_sometimes(kind: Kind, vectors: Any) -> None:
    nothing = lambda _: None  # noqa: E731
    assert kind(np.exp, nothing, vectors, printed="1.0\n") == "printed"
    assert kind(np.exp, nothing, vectors) == "returns_none"
    came = lambda x: np.exp(x) if len(x) > 3 else None  # noqa: E731
    assert kind(np.exp, came, vectors) == "sometimes_none"


def test_none_beside_other_wrong_answers_is_not_all(kind: Kind, vectors: Any) -> None:
    assert kind(np.exp, lambda x: np.sin(x) if len(x) > 3 else None, vectors) is None


def test_an_argument_changed_on_the_way(kind: Kind, steps: Any) -> None:
    def came(x: Any, y: Any, k: float) -> Any:
        x -= k * y
        return x

    def wrong(x: Any, y: Any, k: float) -> Any:
        x -= k * k * y
        return x

    due = lambda x, y, k: x - k * y  # noqa: E731
    assert kind(due, came, steps) == "argument_changed"
    assert kind(due, wrong, steps) is None


def test_complex(kind: Kind, vectors: Any) -> None:
    assert kind(np.exp, lambda x: np.exp(x) + 0.5j, vectors) == "complex"
    assert kind(np.exp, lambda x: np.sin(x) + 0.5j, vectors) is None


def test_items_that_changed_places(kind: Kind, vectors: Any) -> None:
    assert kind(outer, lambda x: outer(x)[::-1], vectors) == "swapped"

    def nested(x: Any) -> Any:
        return (len(x) + 7, 2 * len(x)), (len(x) + 7,)

    assert kind(nested, lambda x: (nested(x)[0][::-1], nested(x)[1]), vectors) == "swapped"
    assert kind(outer, lambda x: (outer(x)[1], outer(x)[1]), vectors) is None


def test_one_exchanged_pair_of_integers_is_chance(kind: Kind) -> None:
    assert kind(lambda a, b: (a, b), lambda a, b: (b, a), [{"a": 1, "b": 2}]) is None


def test_one_of_several(kind: Kind, vectors: Any) -> None:
    assert kind(outer, lambda x: outer(x)[0], vectors) == "one_of_several"
    assert kind(outer, lambda x: np.exp(outer(x)[0]), vectors) is None


def test_printed_in_one_case_alone_is_not_the_reason(ask: Callable[..., list[Sample]], vectors: Any) -> None:
    nothing = lambda _: None  # noqa: E731
    samples = [*ask(np.exp, nothing, vectors, printed="1.0\n"), *ask(np.exp, nothing, vectors)]
    assert diagnose(samples) is None


def test_an_argument_too_deep_to_compare_counts_as_left_alone() -> None:
    deep: list[Any] = []
    for _ in range(40):
        deep = [deep]
    samples = [Sample({"x": deep}, float(n), n + n**3.5, TERMS, False, True, {"x": deep}, "") for n in range(2, 6)]
    assert diagnose(samples) is None


def test_what_is_no_number_is_not_one_of_several(kind: Kind, vectors: Any) -> None:
    assert kind(lambda x: (np.exp(x), x), lambda _: "text", vectors) is None
