"""What the proofs of the reference rest on: its file, the homework's definitions, central differences.

The definitions are written as naively as the homework does and share no code with the reference.
"""

import importlib.util
import math
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REFERENCE_FOLDER = Path(__file__).parents[2] / "reference"


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hw3 = _load(REFERENCE_FOLDER / "hw3.py")


def differences(function: Callable[[Array], Array | float], at: Array, step: float = 1e-5) -> Array:
    """Return the derivative by central differences, of shape `function(at).shape + at.shape`.

    With this step, truncation and rounding are both near 1e-10 for functions and arguments of order 1.
    """
    columns = []
    for index in np.ndindex(at.shape):
        offset = np.zeros_like(at)
        offset[index] = step
        rise = np.asarray(function(at + offset)) - np.asarray(function(at - offset))
        columns.append(rise / (2 * step))
    derivative = np.stack(columns, axis=-1)
    return derivative.reshape(derivative.shape[:-1] + at.shape)


def close(got: object, want: object, atol: float = 1e-8) -> bool:
    """Whether two results have one shape and agree in every entry; the default suits `differences`."""
    got, want = np.asarray(got), np.asarray(want)
    return got.shape == want.shape and np.allclose(got, want, rtol=0, atol=atol)


def sigmoid(x: Array) -> Array:
    return np.array([1 / (1 + math.exp(-entry)) for entry in x])


def softplus(x: Array) -> Array:
    return np.array([math.log(1 + math.exp(entry)) for entry in x])


def softmax(x: Array) -> Array:
    total = sum(math.exp(entry) for entry in x)
    return np.array([math.exp(entry) / total for entry in x])


def nll(o_a: Array, y: int) -> float:
    return -math.log(softmax(o_a)[y])


def mse(o_a: Array, y: Array) -> float:
    squares = [(s - target) ** 2 for s, target in zip(sigmoid(o_a), y, strict=True)]
    return float(sum(squares)) / len(y)


def binary_cross_entropy(o_a: Array, y: Array) -> float:
    log_likelihoods = [
        target * math.log(s) + (1 - target) * math.log(1 - s) for s, target in zip(sigmoid(o_a), y, strict=True)
    ]
    return -float(sum(log_likelihoods))


def entropy(distribution: Array) -> float:
    return -float(sum(p * math.log(p) for p in distribution if p > 0))


class Network(NamedTuple):
    """A small network, one example and its class: d = 4, d_h = 5, m = 3."""

    w1: Array
    b1: Array
    w2: Array
    b2: Array
    x: Array
    y: int

    def loss(self) -> float:
        h_a = [
            bias + sum(w * x for w, x in zip(row, self.x, strict=True))
            for row, bias in zip(self.w1, self.b1, strict=True)
        ]
        return self.loss_of_hidden_preactivation(np.array(h_a))

    def loss_of_hidden_preactivation(self, h_a: Array) -> float:
        return self.loss_of_hidden_activation(softplus(h_a))

    def loss_of_hidden_activation(self, h_s: Array) -> float:
        o_a = [
            bias + sum(w * h for w, h in zip(row, h_s, strict=True))
            for row, bias in zip(self.w2, self.b2, strict=True)
        ]
        return nll(np.array(o_a), self.y)


def draw_network(seed: int = 2) -> Network:
    rng = np.random.default_rng(seed)
    return Network(
        w1=rng.normal(size=(5, 4)),
        b1=rng.normal(size=5),
        w2=rng.normal(size=(3, 5)),
        b2=rng.normal(size=3),
        x=rng.normal(size=4),
        y=1,
    )
