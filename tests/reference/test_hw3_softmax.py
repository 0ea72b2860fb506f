"""1H to 1M: softmax, its Jacobian and the gradients of its logarithm, against central differences."""

import numpy as np
import pytest
from hw3_proof import Array, close, differences, entropy, hw3, nll, softmax

X: Array = np.array([0.3, -1.1, 2.0, 0.7, -0.2])
ENTRIES = range(X.size)
LARGE: Array = np.array([-1000.0, 1000.0, 999.0, 0.0, 500.0])


def test_1h_softmax_by_its_definition() -> None:
    assert close(hw3.softmax(X), softmax(X), atol=1e-15)


def test_1h_it_is_a_distribution_that_keeps_the_order() -> None:
    probabilities = hw3.softmax(X)
    assert np.all(probabilities > 0)
    assert close(probabilities.sum(), 1.0, atol=1e-15)
    np.testing.assert_array_equal(np.argsort(probabilities), np.argsort(X))


@pytest.mark.parametrize("shift", [-1e4, -1000.0, -0.1, 0.1, 1000.0, 1e4])
def test_1h_a_shift_changes_nothing(shift: float) -> None:
    for x in (X, LARGE):
        np.testing.assert_allclose(hw3.softmax(x + shift), hw3.softmax(x), rtol=0, atol=1e-11)


@pytest.mark.parametrize("c", [-2.5, -1, 0, 0.3, 1, 3.0])
def test_1i_softmax_scaled_by_its_definition(c: float) -> None:
    assert close(hw3.softmax_scaled(X, c), softmax(c * X), atol=1e-15)


def test_1i_a_factor_sharpens_above_1_and_flattens_below() -> None:
    entropies = [entropy(hw3.softmax_scaled(X, c)) for c in np.linspace(0, 20, 81)]
    assert all(np.diff(entropies) < 0)


def test_1i_the_factor_0_gives_the_uniform_distribution() -> None:
    np.testing.assert_array_equal(hw3.softmax_scaled(LARGE, 0), np.full(5, 0.2))


@pytest.mark.parametrize("c", [-0.1, -1.0, -7.0])
def test_1i_a_negative_factor_reverses_the_order(c: float) -> None:
    np.testing.assert_array_equal(np.argsort(hw3.softmax_scaled(X, c)), np.argsort(X)[::-1])


@pytest.mark.parametrize("c", [-3.0, 0.5, 1000.0])
def test_1i_equal_entries_stay_uniform(c: float) -> None:
    np.testing.assert_array_equal(hw3.softmax_scaled(np.full(4, 7.0), c), np.full(4, 0.25))


def test_1i_the_factor_scales_the_log_odds() -> None:
    log_odds = np.log(hw3.softmax(X)) - np.log(hw3.softmax(X)[0])
    scaled = np.log(hw3.softmax_scaled(X, 3.0)) - np.log(hw3.softmax_scaled(X, 3.0)[0])
    assert close(scaled, 3 * log_odds, atol=1e-13)


@pytest.mark.parametrize("i", ENTRIES)
@pytest.mark.parametrize("j", ENTRIES)
def test_1j_softmax_partial_is_the_derivative(i: int, j: int) -> None:
    assert close(hw3.softmax_partial(X, i, j), differences(softmax, X)[i, j])


def test_1k_softmax_jacobian_is_the_derivative() -> None:
    assert close(hw3.softmax_jacobian(X), differences(softmax, X))


def test_1k_softmax_jacobian_holds_the_partials() -> None:
    partials = [[hw3.softmax_partial(X, i, j) for j in ENTRIES] for i in ENTRIES]
    assert close(hw3.softmax_jacobian(X), partials, atol=1e-16)


@pytest.mark.parametrize("x", [X, LARGE])
def test_1k_softmax_jacobian_is_symmetric_with_rows_that_sum_to_0(x: Array) -> None:
    jacobian = hw3.softmax_jacobian(x)
    np.testing.assert_array_equal(jacobian, jacobian.T)
    assert close(jacobian.sum(axis=1), np.zeros(x.size), atol=1e-15)


def test_1k_softmax_jacobian_is_positive_semidefinite_and_flat_along_ones() -> None:
    eigenvalues = np.linalg.eigvalsh(hw3.softmax_jacobian(X))
    assert close(eigenvalues[0], 0.0, atol=1e-15)
    assert eigenvalues[1] > 1e-3


class Curved:
    """A curved x(u) from 3 parameters to 5 entries, whose derivative is known: x(u) = sin(A u) + B u."""

    rng = np.random.default_rng(5)
    a, b, u = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), rng.normal(size=3)

    @classmethod
    def x(cls, u: Array) -> Array:
        value: Array = np.sin(cls.a @ u) + cls.b @ u
        return value

    @classmethod
    def dx_du(cls) -> Array:
        return np.cos(cls.a @ cls.u)[:, np.newaxis] * cls.a + cls.b


@pytest.mark.parametrize("i", ENTRIES)
def test_1l_grad_log_softmax_is_the_gradient_through_x_of_u(i: int) -> None:
    got = hw3.grad_log_softmax(Curved.x(Curved.u), Curved.dx_du(), i)
    assert close(got, differences(lambda u: np.log(softmax(Curved.x(u))[i]), Curved.u))


def test_1l_the_score_has_expectation_0() -> None:
    x, dx_du = Curved.x(Curved.u), Curved.dx_du()
    scores = np.array([hw3.grad_log_softmax(x, dx_du, i) for i in ENTRIES])
    assert close(softmax(x) @ scores, np.zeros(3), atol=1e-14)


@pytest.mark.parametrize("k", ENTRIES)
def test_1m_grad_cross_entropy_is_the_gradient_through_x_of_u(k: int) -> None:
    got = hw3.grad_cross_entropy(Curved.x(Curved.u), Curved.dx_du(), k)
    assert close(got, differences(lambda u: nll(Curved.x(u), k), Curved.u))
