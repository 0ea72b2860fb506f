"""2A to 2R: the network, its loss and every gradient on the way back, against central differences."""

from typing import Any

import numpy as np
import pytest
from hw3_proof import (
    Array,
    binary_cross_entropy,
    close,
    differences,
    draw_network,
    hw3,
    mse,
    nll,
    sigmoid,
    softmax,
    softplus,
)

NET = draw_network()
HIDDEN = range(5)
CLASSES = range(3)
O_A: Array = np.array([-2.1, 0.4, 1.3, -0.2, 3.0])
TARGETS: Array = np.array([0.0, 1.0, 0.0, 1.0, 1.0])


class Forward:
    """The reference's forward pass through NET, and its gradients on the way back."""

    h_a = hw3.hidden_preactivation(NET.w1, NET.b1, NET.x)
    h_s = hw3.hidden_activation(h_a)
    o_a = hw3.output_preactivation(NET.w2, NET.b2, h_s)
    o_s = hw3.output_activation(o_a)
    grad_oa = hw3.grad_output_preactivation(o_s, NET.y)
    grad_hs = hw3.grad_hidden(grad_oa, NET.w2)
    grad_ha = hw3.grad_hidden_preactivation(grad_hs, h_a)


def product(matrix: Array, vector: Array) -> list[float]:
    """Multiply entry by entry, in loops."""
    return [sum(matrix[i, j] * vector[j] for j in range(len(vector))) for i in range(len(matrix))]


def test_2a_hidden_preactivation_in_loops() -> None:
    want = [b + z for b, z in zip(NET.b1, product(NET.w1, NET.x), strict=True)]
    assert close(Forward.h_a, want, atol=1e-14)


def test_2a_hidden_activation_is_softplus() -> None:
    assert close(Forward.h_s, softplus(Forward.h_a), atol=1e-14)


def test_2b_output_shapes_are_those_that_fit() -> None:
    assert hw3.output_shapes(5, 3) == ((3, 5), (3,))
    assert hw3.output_shapes(5, 3) == (NET.w2.shape, NET.b2.shape)


def test_2b_output_preactivation_in_loops() -> None:
    want = [b + z for b, z in zip(NET.b2, product(NET.w2, Forward.h_s), strict=True)]
    assert close(Forward.o_a, want, atol=1e-14)


def test_2c_output_activation_is_softmax() -> None:
    assert close(Forward.o_s, softmax(Forward.o_a), atol=1e-15)
    assert np.all(Forward.o_s > 0)
    assert close(Forward.o_s.sum(), 1.0, atol=1e-15)


@pytest.mark.parametrize("x", [[0.0, 0.0], [1.0, -2.0], [-3.0, 0.5], [1000.0, -1000.0], [-1000.0, 999.0]])
def test_2d_binary_softmax_is_softmax(x: list[float]) -> None:
    assert close(hw3.binary_softmax(np.array(x)), hw3.softmax(np.array(x)), atol=1e-15)


def test_2d_binary_softmax_by_its_formula() -> None:
    s = sigmoid(np.array([0.8 - -0.3]))[0]
    assert close(hw3.binary_softmax(np.array([0.8, -0.3])), [s, 1 - s], atol=1e-15)


def test_2e_mse_grad_is_the_gradient_of_the_mse() -> None:
    assert close(hw3.mse_grad(O_A, TARGETS), differences(lambda o: mse(o, TARGETS), O_A))


def test_2f_cross_entropy_grad_is_the_gradient_of_the_cross_entropy() -> None:
    got = hw3.cross_entropy_grad(O_A, TARGETS)
    assert close(got, differences(lambda o: binary_cross_entropy(o, TARGETS), O_A))


def test_2g_the_ratio_is_the_derivative_of_the_sigmoid() -> None:
    assert close(hw3.mse_to_cross_entropy_ratio(O_A), np.diag(differences(sigmoid, O_A)))


def test_2g_the_mse_gradient_vanishes_for_a_confident_mistake_but_the_other_does_not() -> None:
    o_a, y = np.array([-30.0]), np.array([1.0])
    assert abs(hw3.mse_grad(o_a, y)) < 1e-12
    assert close(hw3.cross_entropy_grad(o_a, y), [-1.0], atol=1e-12)


@pytest.mark.parametrize("y", range(5))
def test_2h_nll_loss_by_its_definition(y: int) -> None:
    assert close(hw3.nll_loss(O_A, y), nll(O_A, y), atol=1e-14)


def test_2i_n_parameters_counts_the_entries() -> None:
    want = NET.w1.size + NET.b1.size + NET.w2.size + NET.b2.size
    assert hw3.n_parameters(4, 5, 3) == want == 43


def test_2i_empirical_risk_sums_the_loss_over_the_rows() -> None:
    rng = np.random.default_rng(9)
    xs, ys = rng.normal(size=(7, 4)), rng.integers(0, 3, size=7)
    want = sum(NET._replace(x=x, y=int(y)).loss() for x, y in zip(xs, ys, strict=True))
    assert close(hw3.empirical_risk(NET.w1, NET.b1, NET.w2, NET.b2, xs, ys), want, atol=1e-12)


def test_2i_empirical_risk_of_one_row_is_the_loss_of_the_forward_pass() -> None:
    risk = hw3.empirical_risk(NET.w1, NET.b1, NET.w2, NET.b2, NET.x[np.newaxis], np.array([NET.y]))
    assert close(risk, hw3.nll_loss(Forward.o_a, NET.y), atol=1e-14)


class Quadratic:
    """A risk whose gradient descent is easy to follow: R(theta) = theta^T A theta / 2 - b^T theta."""

    a = np.array([[2.0, 0.5, 0.0], [0.5, 1.0, -0.3], [0.0, -0.3, 1.5]])
    b = np.array([1.0, -2.0, 0.5])
    theta = np.array([0.7, -1.1, 2.2])

    @classmethod
    def risk(cls, theta: Array) -> float:
        return float(theta @ cls.a @ theta) / 2 - float(cls.b @ theta)

    @classmethod
    def ridge(cls, theta: Array, lam: float) -> float:
        return cls.risk(theta) + lam * float(sum(entry**2 for entry in theta))


def test_2j_gd_step_goes_against_the_gradient() -> None:
    theta = Quadratic.theta
    grad = differences(Quadratic.risk, theta)
    got = hw3.gd_step(theta, grad, 0.1)
    assert close(got, [t - 0.1 * g for t, g in zip(theta, grad, strict=True)], atol=1e-15)
    assert Quadratic.risk(got) < Quadratic.risk(theta)


@pytest.mark.parametrize("lam", [0.0, 0.5, 3.0])
def test_2k_gd_step_l2_goes_against_the_gradient_of_the_ridge_penalty(lam: float) -> None:
    theta = Quadratic.theta
    grad = differences(Quadratic.risk, theta)
    grad_ridge = differences(lambda t: Quadratic.ridge(t, lam), theta)
    assert close(hw3.gd_step_l2(theta, grad, 0.1, lam), theta - 0.1 * grad_ridge)


def test_2k_descent_ends_at_the_ridge_solution() -> None:
    theta = Quadratic.theta
    for _ in range(300):
        theta = hw3.gd_step_l2(theta, Quadratic.a @ theta - Quadratic.b, 0.1, 0.5)
    assert close(theta, np.linalg.solve(Quadratic.a + 2 * 0.5 * np.eye(3), Quadratic.b), atol=1e-12)


@pytest.mark.parametrize("y", CLASSES)
def test_2l_grad_output_preactivation_is_the_gradient_of_the_loss(y: int) -> None:
    got = hw3.grad_output_preactivation(Forward.o_s, y)
    assert close(got, differences(lambda o_a: nll(o_a, y), Forward.o_a))


def loss_gradient(parameter: str) -> Array:
    """Return the gradient of NET's loss with respect to one of its arrays."""

    def loss(value: Array) -> float:
        change: dict[str, Any] = {parameter: value}
        return NET._replace(**change).loss()

    return differences(loss, getattr(NET, parameter))


@pytest.mark.parametrize("k", CLASSES)
@pytest.mark.parametrize("j", HIDDEN)
def test_2m_grad_output_elements_are_the_loss_s_derivatives(k: int, j: int) -> None:
    want = (loss_gradient("w2")[k, j], loss_gradient("b2")[k])
    assert close(hw3.grad_output_elements(Forward.grad_oa, Forward.h_s, k, j), want)


def test_2n_grad_output_params_are_the_loss_s_gradients() -> None:
    grad_w2, grad_b2 = hw3.grad_output_params(Forward.grad_oa, Forward.h_s)
    assert close(grad_w2, loss_gradient("w2"))
    assert close(grad_b2, loss_gradient("b2"))


@pytest.mark.parametrize("j", HIDDEN)
def test_2o_grad_hidden_element_is_the_loss_s_derivative(j: int) -> None:
    want = differences(NET.loss_of_hidden_activation, Forward.h_s)[j]
    assert close(hw3.grad_hidden_element(Forward.grad_oa, NET.w2, j), want)


def test_2p_grad_hidden_is_the_loss_s_gradient() -> None:
    assert close(Forward.grad_hs, differences(NET.loss_of_hidden_activation, Forward.h_s))
    assert close(Forward.grad_hs, product(NET.w2.T, Forward.grad_oa), atol=1e-14)


@pytest.mark.parametrize("j", HIDDEN)
def test_2q_grad_hidden_preactivation_element_is_the_loss_s_derivative(j: int) -> None:
    want = differences(NET.loss_of_hidden_preactivation, Forward.h_a)[j]
    assert close(hw3.grad_hidden_preactivation_element(Forward.grad_hs, Forward.h_a, j), want)


def test_2r_grad_hidden_preactivation_is_the_loss_s_gradient() -> None:
    assert close(Forward.grad_ha, differences(NET.loss_of_hidden_preactivation, Forward.h_a))


def test_2r_grad_hidden_preactivation_by_its_matrix_formula() -> None:
    want = product(np.diag(sigmoid(Forward.h_a)), Forward.grad_hs)
    assert close(Forward.grad_ha, want, atol=1e-14)


def test_2r_the_chain_ends_in_the_gradients_of_the_first_layer() -> None:
    assert close(Forward.grad_ha, loss_gradient("b1"))
    assert close(np.outer(Forward.grad_ha, NET.x), loss_gradient("w1"))
    assert close(NET.w1.T @ Forward.grad_ha, loss_gradient("x"))


def test_2l_to_2r_steps_down_the_chain_lower_the_risk() -> None:
    grad_w2, grad_b2 = hw3.grad_output_params(Forward.grad_oa, Forward.h_s)
    grads = {"w1": np.outer(Forward.grad_ha, NET.x), "b1": Forward.grad_ha, "w2": grad_w2, "b2": grad_b2}
    stepped: dict[str, Any] = {name: hw3.gd_step(getattr(NET, name), grad, 0.01) for name, grad in grads.items()}
    fall = NET.loss() - NET._replace(**stepped).loss()
    squared_norm = sum(float(np.sum(grad**2)) for grad in grads.values())
    assert 0.8 < fall / (0.01 * squared_norm) < 1.0
