"""1A to 1G: activations, against their definitions, central differences and identities."""

import numpy as np
import pytest
from hw3_proof import Array, close, differences, hw3, sigmoid, softplus

# Entries of order 1, none of which is near 0, where ReLU has no derivative.
X: Array = np.array([-3.0, -1.2, -0.4, -0.01, 0.02, 0.5, 1.7, 2.9])
LARGE: Array = np.array([-1000.0, -745.2, -710.0, -37.0, -1e-300, 0.0, 1e-300, 37.0, 710.0, 745.2, 1000.0])


@pytest.mark.parametrize(("entry", "want"), [(-1000, -1), (-1e-300, -1), (0, 0), (1e-300, 1), (1000, 1)])
def test_1a_sign_by_cases(entry: float, want: float) -> None:
    assert hw3.sign(np.array([entry])) == want


def test_1b_relu_grad_is_the_derivative_of_max_of_0_and_x() -> None:
    derivative = np.diag(differences(lambda x: np.maximum(0.0, x), X))
    assert close(hw3.relu_grad(X), derivative)


def test_1b_relu_grad_does_not_exist_at_0() -> None:
    assert np.isnan(hw3.relu_grad(np.array([0.0]))).all()


def test_1b_relu_grad_is_the_step_away_from_0() -> None:
    np.testing.assert_array_equal(hw3.relu_grad(X), hw3.heaviside(X))


@pytest.mark.parametrize(("entry", "want"), [(-1000, 0), (-1e-300, 0), (0, 0.5), (1e-300, 1), (1000, 1)])
def test_1b_heaviside_by_cases(entry: float, want: float) -> None:
    assert hw3.heaviside(np.array([entry])) == want


def test_1b_heaviside_is_the_shifted_sign() -> None:
    np.testing.assert_array_equal(hw3.heaviside(LARGE), (1 + hw3.sign(LARGE)) / 2)


@pytest.mark.parametrize("form", ["relu", "relu_reflected"])
def test_1c_both_forms_are_max_of_0_and_x(form: str) -> None:
    for x in (X, LARGE):
        np.testing.assert_array_equal(getattr(hw3, form)(x), [max(0.0, entry) for entry in x])


def test_1c_relu_is_the_integral_of_the_step() -> None:
    midpoints = (np.arange(4000) + 0.5) / 1000 - 2
    integral = np.cumsum(hw3.heaviside(midpoints)) / 1000
    assert close(integral, hw3.relu((np.arange(4000) + 1) / 1000 - 2), atol=1e-12)


@pytest.mark.parametrize("k", [-3.0, 0, 1, 0.5, 20.0])
def test_1d_scaled_sigmoid_by_its_definition(k: float) -> None:
    assert close(hw3.scaled_sigmoid(X, k), sigmoid(k * X), atol=1e-15)


def test_1d_it_tends_to_the_step() -> None:
    errors = [np.max(np.abs(hw3.scaled_sigmoid(X, k) - hw3.heaviside(X))) for k in (1, 10, 100, 1000, 10_000)]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-15
    assert hw3.scaled_sigmoid(np.array([0.0]), 1e308) == 0.5


@pytest.mark.parametrize("k", [1e308, -1e308, 10**300], ids=["1e308", "-1e308", "an int"])
def test_1d_it_is_finite_where_the_product_overflows(k: float) -> None:
    x = np.array([-1e308, -1e10, 0.0, 1e10, 1e308])
    np.testing.assert_array_equal(hw3.scaled_sigmoid(x, k), hw3.heaviside(np.copysign(1.0, float(k)) * x))


def test_1e_sigmoid_jacobian_is_the_derivative_of_the_sigmoid() -> None:
    assert close(hw3.sigmoid_jacobian(X), differences(sigmoid, X))


def test_1e_sigmoid_grad_is_the_jacobian_s_diagonal() -> None:
    assert close(hw3.sigmoid_grad(X), np.diag(differences(sigmoid, X)))


def test_1e_sigmoid_jacobian_by_its_matrix_formula() -> None:
    s = np.diag(sigmoid(X))
    assert close(hw3.sigmoid_jacobian(X), s @ (np.eye(X.size) - s), atol=1e-15)


def test_1e_sigmoid_grad_is_even_and_peaks_at_a_quarter() -> None:
    np.testing.assert_array_equal(hw3.sigmoid_grad(LARGE), hw3.sigmoid_grad(-LARGE))
    assert hw3.sigmoid_grad(np.array([0.0])) == 0.25
    assert np.all(hw3.sigmoid_grad(LARGE) <= 0.25)


def test_1f_log_sigmoid_by_its_definition() -> None:
    assert close(hw3.log_sigmoid(X), np.log(sigmoid(X)), atol=1e-14)


def test_1f_log_sigmoid_is_the_reflected_softplus() -> None:
    np.testing.assert_array_equal(hw3.log_sigmoid(LARGE), -hw3.softplus(-LARGE))


def test_1f_log_sigmoid_of_minus_1000_is_minus_1000() -> None:
    assert hw3.log_sigmoid(np.array([-1000.0])) == -1000


def test_1f_its_derivative_is_the_sigmoid_of_minus_x() -> None:
    assert close(np.diag(differences(hw3.log_sigmoid, X)), sigmoid(-X))


def test_1g_softplus_by_its_definition() -> None:
    assert close(hw3.softplus(X), softplus(X), atol=1e-14)


def test_1g_softplus_grad_is_the_derivative_of_softplus() -> None:
    assert close(hw3.softplus_grad(X), np.diag(differences(softplus, X)))


def test_1g_softplus_of_x_less_softplus_of_minus_x_is_x() -> None:
    x = np.concatenate([X, LARGE, np.random.default_rng(7).uniform(-1000, 1000, 1000)])
    np.testing.assert_allclose(hw3.softplus(x) - hw3.softplus(-x), x, rtol=1e-15, atol=1e-15)


def test_1g_softplus_lies_above_relu_by_at_most_ln_2() -> None:
    gap = hw3.softplus(LARGE) - hw3.relu(LARGE)
    assert np.all(gap >= 0)
    assert np.all(gap <= np.log(2))
