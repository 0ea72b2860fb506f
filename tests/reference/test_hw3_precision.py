"""Accuracy for entries up to 1000, against mpmath with 500 digits."""

from collections.abc import Callable, Iterator

import mpmath
import numpy as np
import pytest
from hw3_proof import Array, hw3

X: Array = np.unique(
    np.concatenate(
        [
            np.linspace(-1000, 1000, 81),
            [-745.2, -709.8, -36.7, -1e-8, -1e-17, 1e-17, 1e-8, 36.7, 709.8, 745.2],
            np.random.default_rng(11).normal(scale=10, size=30),
        ],
    ),
)
# Vectors of five entries whose softmax ranges from flat to one that leaves nothing for the others.
VECTORS: list[Array] = [
    np.array([-1000.0, 1000.0, 999.5, 0.0, 990.0]),
    np.array([-1000.0, -1000.0, -999.0, -998.0, -1000.0]),
    np.array([1000.0, 1000.0, 1000.0, 1000.0, 1000.0]),
    *np.random.default_rng(12).uniform(-1000, 1000, size=(5, 5)),
    *np.random.default_rng(13).normal(size=(5, 5)),
]


@pytest.fixture(autouse=True)
def _digits() -> Iterator[None]:
    # exp(-1000) is 1e-435: 500 digits hold 1 + exp(-1000).
    with mpmath.workdps(500):
        yield


def exact(function: Callable[[mpmath.mpf], mpmath.mpf], x: Array) -> Array:
    return np.array([float(function(mpmath.mpf(float(entry)))) for entry in x])


def sigmoid(x: mpmath.mpf) -> mpmath.mpf:
    return 1 / (1 + mpmath.exp(-x))


def softplus(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.log(1 + mpmath.exp(x))


def softmax(x: list[mpmath.mpf]) -> list[mpmath.mpf]:
    total = mpmath.fsum(mpmath.exp(entry) for entry in x)
    return [mpmath.exp(entry) / total for entry in x]


def exact_softmax(x: Array) -> list[mpmath.mpf]:
    return softmax([mpmath.mpf(float(entry)) for entry in x])


def assert_equal_to_rounding(got: object, want: object, rtol: float = 1e-14) -> None:
    # Below 1e-300 float64 has fewer digits, then none.
    np.testing.assert_allclose(np.asarray(got), np.asarray(want), rtol=rtol, atol=1e-300)


@pytest.mark.parametrize(
    ("name", "definition"),
    [
        ("log_sigmoid", lambda x: mpmath.log(sigmoid(x))),
        ("softplus", softplus),
        ("hidden_activation", softplus),
        ("softplus_grad", sigmoid),
        ("sigmoid_grad", lambda x: sigmoid(x) * (1 - sigmoid(x))),
        ("mse_to_cross_entropy_ratio", lambda x: sigmoid(x) * (1 - sigmoid(x))),
    ],
)
def test_elementwise_functions_keep_every_digit(
    name: str,
    definition: Callable[[mpmath.mpf], mpmath.mpf],
) -> None:
    assert_equal_to_rounding(getattr(hw3, name)(X), exact(definition, X))


@pytest.mark.parametrize("k", [-1, 0.001, 1, 1000])
def test_1d_scaled_sigmoid(k: float) -> None:
    # The product k x, up to 745 where the result is not yet 0, is rounded by 1e-16 of itself, and exp turns
    # that into a relative error.
    assert_equal_to_rounding(hw3.scaled_sigmoid(X, k), exact(lambda x: sigmoid(k * x), X), rtol=1e-12)


def test_1e_sigmoid_jacobian() -> None:
    want = np.diag(exact(lambda x: sigmoid(x) * (1 - sigmoid(x)), X))
    assert_equal_to_rounding(hw3.sigmoid_jacobian(X), want)


@pytest.mark.parametrize("x", VECTORS)
@pytest.mark.parametrize("name", ["softmax", "output_activation"])
def test_1h_softmax(name: str, x: Array) -> None:
    # A difference of entries near 1000 is rounded by 1e-13, which exp turns into a relative error.
    want = [float(p) for p in exact_softmax(x)]
    assert_equal_to_rounding(getattr(hw3, name)(x), want, rtol=1e-12)


@pytest.mark.parametrize("x", VECTORS)
@pytest.mark.parametrize("c", [-1000, -0.5, 0, 0.01, 3])
def test_1i_softmax_scaled(x: Array, c: float) -> None:
    want = [float(p) for p in softmax([mpmath.mpf(c) * mpmath.mpf(float(entry)) for entry in x])]
    np.testing.assert_allclose(hw3.softmax_scaled(x, c), want, rtol=0, atol=1e-9)


@pytest.mark.parametrize("x", VECTORS)
def test_1j_1k_softmax_jacobian(x: Array) -> None:
    s = exact_softmax(x)
    want = np.array([[float(s[i] * ((i == j) - s[j])) for j in range(5)] for i in range(5)])
    np.testing.assert_allclose(hw3.softmax_jacobian(x), want, rtol=0, atol=1e-13)
    partials = np.array([[hw3.softmax_partial(x, i, j) for j in range(5)] for i in range(5)])
    np.testing.assert_allclose(partials, want, rtol=0, atol=1e-13)


@pytest.mark.parametrize("x", VECTORS)
def test_1l_1m_gradients_of_the_log(x: Array) -> None:
    dx_du = np.random.default_rng(14).normal(size=(5, 2))
    s = exact_softmax(x)
    mean = np.array([float(mpmath.fsum(s[k] * float(dx_du[k, a]) for k in range(5))) for a in range(2)])
    np.testing.assert_allclose(hw3.grad_log_softmax(x, dx_du, 3), dx_du[3] - mean, rtol=0, atol=1e-12)
    np.testing.assert_allclose(hw3.grad_cross_entropy(x, dx_du, 3), mean - dx_du[3], rtol=0, atol=1e-12)


@pytest.mark.parametrize("x", VECTORS)
def test_2d_binary_softmax(x: Array) -> None:
    want = [float(p) for p in exact_softmax(x[:2])]
    assert_equal_to_rounding(hw3.binary_softmax(x[:2]), want, rtol=1e-12)


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_2e_2f_gradients_of_the_binary_losses(target: float) -> None:
    y = np.full(X.size, target)
    cross_entropy = exact(lambda o: sigmoid(o) - target, X)
    np.testing.assert_allclose(hw3.cross_entropy_grad(X, y), cross_entropy, rtol=0, atol=1e-15)
    mse = exact(lambda o: (sigmoid(o) - target) * sigmoid(o) * (1 - sigmoid(o)) * 2 / X.size, X)
    np.testing.assert_allclose(hw3.mse_grad(X, y), mse, rtol=0, atol=1e-15)


@pytest.mark.parametrize("x", VECTORS)
@pytest.mark.parametrize("y", range(5))
def test_2h_nll_loss(x: Array, y: int) -> None:
    assert_equal_to_rounding(hw3.nll_loss(x, y), float(-mpmath.log(exact_softmax(x)[y])), rtol=1e-12)


def test_2i_empirical_risk_of_large_inputs() -> None:
    rng = np.random.default_rng(15)
    w1, b1, w2, b2 = (rng.normal(size=shape) for shape in [(4, 3), (4,), (2, 4), (2,)])
    xs = np.array([[1000.0, -1000.0, 1000.0], [-1000.0, -1000.0, 500.0], [1e-3, 1000.0, -1.0]])
    ys = np.array([0, 1, 1])
    total = mpmath.mpf(0)
    for x, y in zip(xs, ys, strict=True):
        hidden = [softplus(z) for z in affine(w1, b1, list(x))]
        total -= mpmath.log(softmax(affine(w2, b2, hidden))[y])
    assert_equal_to_rounding(hw3.empirical_risk(w1, b1, w2, b2, xs, ys), float(total), rtol=1e-12)


def affine(weights: Array, biases: Array, x: list[mpmath.mpf]) -> list[mpmath.mpf]:
    return [
        mpmath.mpf(float(bias)) + mpmath.fsum(mpmath.mpf(float(w)) * v for w, v in zip(row, x, strict=True))
        for row, bias in zip(weights, biases, strict=True)
    ]
