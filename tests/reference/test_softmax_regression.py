"""The softmax-regression reference against loops in float64 and central differences; its known mistakes differ.

The definitions below are written as naively as the homework does and share no code with the reference.
"""
# ruff: noqa: N803, N806  (the homework's names)

import copy
import importlib.util
import inspect
import math
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hw3_proof import REFERENCE_FOLDER, Array, close, differences

Rows = list[list[float]]
Weights = tuple[Array, ...]

LR = 0.7
FUNCTIONS = {"loss_": "softmax_loss", "epoch_": "softmax_regression_epoch", "nn_": "nn_epoch"}


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, REFERENCE_FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_mistakes() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "softmax_regression", reference)
        return load("softmax_regression_mistakes")


reference = load("softmax_regression")
mistakes = load_mistakes()
VARIANTS = sorted(name for name in vars(mistakes) if name.startswith(tuple(FUNCTIONS)))


def original(variant: str) -> str:
    return next(function for prefix, function in FUNCTIONS.items() if variant.startswith(prefix))


# The definitions, in loops


def loss(Z: Rows, y: list[int]) -> float:
    of_rows = [math.log(sum(map(math.exp, row))) - row[label] for row, label in zip(Z, y, strict=True)]
    return sum(of_rows) / len(of_rows)


def product(A: Rows, B: Rows) -> Rows:
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*B, strict=True)] for row in A]


def network(X: Rows, W1: Rows, W2: Rows) -> Rows:
    return product([[max(entry, 0.0) for entry in row] for row in product(X, W1)], W2)


def theta_slope(X: Array, y: Array, theta: Array) -> Weights:
    return (differences(lambda t: loss(product(X.tolist(), t.tolist()), y.tolist()), theta),)


def network_slopes(X: Array, y: Array, W1: Array, W2: Array) -> Weights:
    return (
        differences(lambda W: loss(network(X.tolist(), W.tolist(), W2.tolist()), y.tolist()), W1),
        differences(lambda W: loss(network(X.tolist(), W1.tolist(), W.tolist()), y.tolist()), W2),
    )


def descended(X: Array, y: Array, weights: Weights, batch: int, slopes: Callable[..., Weights]) -> Weights:
    """Return the weights after an epoch, each batch's gradients measured by central differences."""
    start = 0
    while start < len(y):
        rows = range(start, min(start + batch, len(y)))
        of_batch = slopes(X[rows], y[rows], *weights)
        weights = tuple(W - LR * slope for W, slope in zip(weights, of_batch, strict=True))
        start += batch
    return weights


# Calls


def draw(n: int, d: int, h: int, k: int, dtype: type = np.float64) -> dict[str, Any]:
    rng = np.random.default_rng(7)
    y = np.concatenate([np.arange(k), rng.integers(k, size=n)])[-n:]
    shapes = {"X": (n, d), "Z": (n, k), "theta": (d, k), "W1": (d, h), "W2": (h, k)}
    return {"y": y, **{name: rng.normal(size=shape).astype(dtype) for name, shape in shapes.items()}}


def arguments(function: str, drawn: dict[str, Any], batch: int = 4) -> list[Any]:
    values = {**drawn, "lr": LR, "batch": batch}
    return copy.deepcopy([values[name] for name in inspect.signature(getattr(reference, function)).parameters])


def after(function: Callable[..., Any], args: list[Any]) -> list[Array]:
    """Return what a call returns and what its arguments are afterwards, as arrays of float64."""
    given = copy.deepcopy(args)
    with np.errstate(all="ignore"):
        result = function(*given)
    numbers = [] if result is None else result if isinstance(result, tuple) else [result]
    return [np.asarray(value, dtype=np.float64) for value in (*numbers, *given)]


# The reference


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        ("softmax_loss", ["Z", "y"]),
        ("softmax_regression_epoch", ["X", "y", "theta", "lr", "batch"]),
        ("nn_epoch", ["X", "y", "W1", "W2", "lr", "batch"]),
    ],
)
def test_the_homework_s_names(function: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(reference, function)).parameters) == parameters


@pytest.mark.parametrize("n", [1, 2, 9])
def test_the_loss_is_the_mean_of_the_rows_losses(n: int) -> None:
    drawn = draw(n, 3, 4, 5)
    assert close(reference.softmax_loss(drawn["Z"], drawn["y"]), loss(drawn["Z"].tolist(), drawn["y"].tolist()))
    assert type(reference.softmax_loss(drawn["Z"], drawn["y"])) is float


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_loss_of_large_logits_has_no_overflow_and_no_cancellation(dtype: type) -> None:
    Z: Array = np.array([[1000, 999, 998.5], [0, -1000, 1000], [-1000, 0, 20]], dtype=dtype)
    of_rows = [1 + math.log1p(math.exp(-1) + math.exp(-1.5)), 2000.0, math.log1p(math.exp(-20))]
    for row, want in enumerate(of_rows):
        label = np.array([1, 1, 2])[row : row + 1]
        assert reference.softmax_loss(Z[row : row + 1], label) == pytest.approx(want, rel=1e-12)


def test_the_output_gradient_is_the_loss_s() -> None:
    drawn = draw(5, 3, 4, 3)
    Z, y = drawn["Z"], drawn["y"]
    assert close(reference.output_gradient(Z, y), differences(lambda A: loss(A.tolist(), y.tolist()), Z))


@pytest.mark.parametrize("batch", [1, 2, 3, 4, 7, 50])
def test_an_epoch_of_softmax_regression_against_central_differences(batch: int) -> None:
    drawn = draw(7, 3, 4, 3)
    args = arguments("softmax_regression_epoch", drawn, batch=batch)
    assert reference.softmax_regression_epoch(*args) is None
    (want,) = descended(drawn["X"], drawn["y"], (drawn["theta"],), batch, theta_slope)
    assert close(args[2], want)


@pytest.mark.parametrize("batch", [1, 2, 3, 4, 7, 50])
def test_an_epoch_of_the_network_against_central_differences(batch: int) -> None:
    drawn = draw(7, 3, 4, 3)
    args = arguments("nn_epoch", drawn, batch=batch)
    assert reference.nn_epoch(*args) is None
    wanted = descended(drawn["X"], drawn["y"], (drawn["W1"], drawn["W2"]), batch, network_slopes)
    for got, want in zip(args[2:4], wanted, strict=True):
        assert close(got, want)


@pytest.mark.parametrize("function", ["softmax_regression_epoch", "nn_epoch"])
class TestEpochs:
    def test_only_weights_change_and_they_keep_their_type(self, function: str) -> None:
        args = arguments(function, draw(7, 3, 4, 3, np.float32))
        before = copy.deepcopy(args)
        getattr(reference, function)(*args)
        for name, old, new in zip(
            inspect.signature(getattr(reference, function)).parameters, before, args, strict=True
        ):
            assert np.array_equal(old, new) == (name in {"X", "y", "lr", "batch"})
            assert np.asarray(old).dtype == np.asarray(new).dtype

    def test_float32_gives_what_float64_gives(self, function: str) -> None:
        single = after(getattr(reference, function), arguments(function, draw(9, 5, 6, 4, np.float32)))
        wide = {
            name: value.astype(np.float64) if value.dtype == np.float32 else value
            for name, value in draw(9, 5, 6, 4, np.float32).items()
        }
        for got, want in zip(single, after(getattr(reference, function), arguments(function, wide)), strict=True):
            assert close(got, want, atol=2e-6)

    def test_batches_one_after_the_other_are_an_epoch(self, function: str) -> None:
        drawn = draw(7, 3, 4, 3)
        whole, piecewise = arguments(function, drawn), arguments(function, drawn)
        getattr(reference, function)(*whole)
        for rows in (slice(0, 4), slice(4, 7)):
            getattr(reference, function)(drawn["X"][rows], drawn["y"][rows], *piecewise[2:])
        for got, want in zip(whole[2:-2], piecewise[2:-2], strict=True):
            assert np.array_equal(got, want)

    def test_a_class_that_does_not_occur_is_learnt_about_too(self, function: str) -> None:
        args = arguments(function, {**draw(6, 3, 4, 5), "y": np.array([0, 2, 2, 0, 0, 2])})
        before = copy.deepcopy(args)
        getattr(reference, function)(*args)
        assert (args[-3] != before[-3]).any(axis=0).all()

    def test_large_logits_stay_finite(self, function: str) -> None:
        drawn = {name: value if name == "y" else 1000 * value for name, value in draw(6, 3, 4, 3).items()}
        assert all(
            np.isfinite(value).all() for value in after(getattr(reference, function), arguments(function, drawn))
        )


# The mistakes


def test_there_are_mistakes_of_each_function() -> None:
    assert {original(variant) for variant in VARIANTS} == set(FUNCTIONS.values())
    assert len(VARIANTS) == 55


@pytest.mark.parametrize("variant", VARIANTS)
class TestMistakes:
    def calls(self, function: str) -> list[list[Any]]:
        """Return an ordinary call whose last batch is smaller, and calls with large logits."""
        drawn = draw(11, 4, 5, 3)
        large = {name: value if name == "y" else 1000 * value for name, value in drawn.items()}
        shifted = {**drawn, "Z": drawn["Z"] + 1000}
        return [arguments(function, values) for values in (drawn, large, shifted)]

    def test_it_takes_the_homework_s_parameters_and_says_what_is_wrong(self, variant: str) -> None:
        function, wanted = getattr(mistakes, variant), getattr(reference, original(variant))
        assert list(inspect.signature(function).parameters) == list(inspect.signature(wanted).parameters)
        assert (function.__doc__ or "").count("\n") == 0
        assert (function.__doc__ or "").endswith(".")

    def test_it_differs_from_the_reference(self, variant: str) -> None:
        function, wanted = getattr(mistakes, variant), getattr(reference, original(variant))
        calls = self.calls(original(variant))
        assert not all(same(after(function, args), after(wanted, args)) for args in calls)

    def test_it_differs_from_all_others(self, variant: str) -> None:
        function = getattr(mistakes, variant)
        calls = self.calls(original(variant))
        mine = [after(function, args) for args in calls]
        for other in VARIANTS:
            if original(other) == original(variant) and other != variant:
                theirs = [after(getattr(mistakes, other), args) for args in calls]
                assert not all(map(same, mine, theirs)), other

    def test_it_does_the_same_each_time_and_leaves_the_data(self, variant: str) -> None:
        function = getattr(mistakes, variant)
        for args in self.calls(original(variant)):
            first, again = after(function, args), after(function, args)
            assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(first, again, strict=True))
            given = copy.deepcopy(args)
            with np.errstate(all="ignore"):
                function(*given)
            assert variant == "loss_changes_logits" or np.array_equal(given[0], args[0])
            assert np.array_equal(given[1], args[1])


def same(some: list[Array], others: list[Array]) -> bool:
    return len(some) == len(others) and all(
        np.allclose(a, b, rtol=1e-6, atol=1e-6, equal_nan=True) for a, b in zip(some, others, strict=True)
    )
