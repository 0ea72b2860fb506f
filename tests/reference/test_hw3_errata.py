"""Where the published solution errs, its line fails and ours holds: one test an erratum, in the homework's order.

Each test evaluates what is printed, read literally, against the definition or central differences. A docstring
says so where the erratum is one of notation only. The table in `reference/README.md` names every test here.
"""

import re

import numpy as np
import pytest
from hw3_proof import (
    REFERENCE_FOLDER,
    Array,
    binary_cross_entropy,
    close,
    differences,
    draw_network,
    entropy,
    hw3,
    mse,
    nll,
    sigmoid,
    softmax,
    softplus,
)

X: Array = np.array([0.3, -1.1, 2.0, 0.7])
TARGETS: Array = np.array([1.0, 0.0, 0.0, 1.0])
DX_DU: Array = np.array([[1.0, -2.0], [0.5, 0.3], [-1.5, 1.0], [2.0, 0.7]])
NET = draw_network()
H_S = hw3.hidden_activation(hw3.hidden_preactivation(NET.w1, NET.b1, NET.x))
GRAD_OA = hw3.grad_output_preactivation(
    hw3.output_activation(hw3.output_preactivation(NET.w2, NET.b2, H_S)),
    NET.y,
)


def log_softmax_of_u(u: Array, i: int) -> float:
    """log S(x(u))_i for x(u) = X + DX_DU u, whose derivative at u = 0 is DX_DU."""
    return float(np.log(softmax(X + DX_DU @ u)[i]))


def test_1e_the_second_line_has_the_sign_wrong() -> None:
    published = -np.eye(4) * np.exp(-X) / (1 + np.exp(-X)) ** 2
    derivative = differences(sigmoid, X)
    assert not close(published, derivative)
    assert close(-published, derivative)
    assert close(hw3.sigmoid_jacobian(X), derivative)


def test_1e_the_third_line_has_the_sign_wrong() -> None:
    published = -np.eye(4) * (1 + np.exp(-X) - 1) / (1 + np.exp(-X)) ** 2
    derivative = differences(sigmoid, X)
    assert not close(published, derivative)
    assert close(-published, derivative)
    assert close(hw3.sigmoid_jacobian(X), derivative)


def test_1e_the_derivative_by_x_i_is_not_0_but_that_by_x_j_is() -> None:
    derivative = differences(sigmoid, X)
    by_x_i, by_x_j = np.diag(derivative), derivative[~np.eye(4, dtype=bool)]
    assert not close(by_x_i, np.zeros(4))
    assert close(by_x_j, np.zeros(12))
    assert close(np.diag(hw3.sigmoid_jacobian(X)), by_x_i)
    assert close(hw3.sigmoid_jacobian(X)[~np.eye(4, dtype=bool)], by_x_j)


@pytest.mark.parametrize(
    ("x", "c", "published_grows"),
    [([2.0, 3.0, -5.0], 0.5, True), ([0.2, -0.3, 0.9], 3.0, False)],
)
def test_1i_entries_above_1_shrink_and_entries_below_1_grow_as_the_factor_says(
    x: list[float],
    c: float,
    published_grows: bool,
) -> None:
    x_, factor_grows = np.array(x), c > 1
    assert np.all((np.abs(x_) > 1) == published_grows)
    assert np.all((np.abs(c * x_) > np.abs(x_)) == factor_grows)
    # The printed reason describes squaring.
    assert np.all((x_**2 > np.abs(x_)) == published_grows)
    assert factor_grows != published_grows
    assert (entropy(hw3.softmax_scaled(x_, c)) < entropy(softmax(x_))) == factor_grows


def test_1i_the_size_of_the_entries_has_no_say_in_what_a_factor_does() -> None:
    inside = np.array([0.2, -0.3, 0.9])
    outside = inside + 10
    assert np.all(np.abs(inside) < 1)
    assert np.all(np.abs(outside) > 1)
    for c in (0.5, 3.0):
        assert close(hw3.softmax_scaled(outside, c), hw3.softmax_scaled(inside, c), atol=1e-13)


def test_1i_a_factor_does_not_always_sharpen() -> None:
    for c in (0.5, 0.0, -0.5):
        assert entropy(hw3.softmax_scaled(X, c)) > entropy(softmax(X))
    assert entropy(hw3.softmax_scaled(X, 2.0)) < entropy(softmax(X))


def test_1j_the_denominator_off_the_diagonal_lacks_its_square() -> None:
    i, j = 0, 2
    published = -np.exp(X[i]) * np.exp(X[j]) / np.sum(np.exp(X))
    derivative = differences(softmax, X)[i, j]
    assert not close(published, derivative)
    assert close(published / np.sum(np.exp(X)), derivative)
    assert close(hw3.softmax_partial(X, i, j), derivative)


def test_1k_two_columns_have_no_product_without_a_transpose() -> None:
    column = softmax(X)[:, np.newaxis]
    with pytest.raises(ValueError, match="mismatch"):
        column @ column
    derivative = differences(softmax, X)
    elementwise = np.diag(softmax(X)) - np.diag((column * column)[:, 0])
    assert not close(elementwise, derivative)
    assert close(np.diag(softmax(X)) - column @ column.T, derivative)
    assert close(hw3.softmax_jacobian(X), derivative)


def test_1k_the_second_row_has_a_column_too_many_and_ends_in_another_row_s_entry() -> None:
    x = X[:3]
    derivative = differences(softmax, x)
    published = [derivative[1, 0], derivative[1, 1], derivative[1, 1], derivative[2, 2]]
    assert len(published) == x.size + 1
    assert not close(published[-1], derivative[1, 2])
    assert close(hw3.softmax_jacobian(x)[1], derivative[1])


def test_1l_the_expectation_runs_over_j() -> None:
    i = 0
    gradient = differences(lambda u: log_softmax_of_u(u, i), np.zeros(2))
    for j in range(4):
        # Taken over i, the expectation of the gradient of x_j is just that gradient, whichever j is meant.
        expectation_over_i = sum(p * DX_DU[j] for p in softmax(X))
        assert not close(DX_DU[i] - expectation_over_i, gradient)
    expectation_over_j = sum(p * row for p, row in zip(softmax(X), DX_DU, strict=True))
    assert close(DX_DU[i] - expectation_over_j, gradient)
    assert close(hw3.grad_log_softmax(X, DX_DU, i), gradient)


def test_1m_the_sum_runs_over_all_classes_not_to_the_true_one() -> None:
    k = 1
    gradient = differences(lambda u: -log_softmax_of_u(u, k), np.zeros(2))
    y = softmax(X)
    published = sum(y[j] * DX_DU[j] for j in range(k + 1)) - DX_DU[k]
    assert not close(published, gradient)
    assert close(sum(y[j] * DX_DU[j] for j in range(4)) - DX_DU[k], gradient)
    assert close(hw3.grad_cross_entropy(X, DX_DU, k), gradient)


def test_2d_z_is_the_first_entry_less_the_second() -> None:
    x = X[:2]
    published = sigmoid(x[[1]] - x[[0]])[0]
    assert not close([published, 1 - published], softmax(x))
    assert close([1 - published, published], softmax(x))
    assert close(hw3.binary_softmax(x), softmax(x))


def test_2d_one_over_one_plus_exp_z_is_the_sigmoid_of_minus_z() -> None:
    z = X[[1]] - X[[0]]
    assert not close(1 / (1 + np.exp(z)), sigmoid(z))
    assert close(1 / (1 + np.exp(z)), sigmoid(-z))
    assert close(hw3.binary_softmax(X[:2])[:1], sigmoid(-z))


def test_2e_the_gradient_is_not_a_sum_over_the_examples() -> None:
    s = sigmoid(X)
    summands = 2 * (s - TARGETS) * s * (1 - s) / 4
    gradient = differences(lambda o: mse(o, TARGETS), X)
    assert not close(np.sum(summands), gradient)
    assert close(summands, gradient)
    assert close(hw3.mse_grad(X, TARGETS), gradient)


def test_2f_the_gradient_is_not_a_sum_over_the_examples() -> None:
    summands = sigmoid(X) - TARGETS
    gradient = differences(lambda o: binary_cross_entropy(o, TARGETS), X)
    assert not close(np.sum(summands), gradient)
    assert close(summands, gradient)
    assert close(hw3.cross_entropy_grad(X, TARGETS), gradient)


def test_2g_the_factor_between_the_gradients_contains_2_over_n() -> None:
    mse_gradient = differences(lambda o: mse(o, TARGETS), X)
    ce_gradient = differences(lambda o: binary_cross_entropy(o, TARGETS), X)
    published = sigmoid(X) * (1 - sigmoid(X))
    assert not close(ce_gradient * published, mse_gradient)
    assert close(ce_gradient * published * 2 / X.size, mse_gradient)
    assert close(ce_gradient * hw3.mse_to_cross_entropy_ratio(X) * 2 / X.size, mse_gradient)


def test_2h_the_stray_d_o_adds_its_logarithm() -> None:
    y, d_o = 2, X.size
    published = -np.log(np.exp(X[y]) / np.sum(d_o * np.exp(X)))
    assert not close(published, nll(X, y))
    assert close(published, nll(X, y) + np.log(d_o))
    assert close(hw3.nll_loss(X, y), nll(X, y))


def test_2n_the_star_is_a_matrix_product() -> None:
    """Notation only on paper; as the numpy that the line looks like, it fails for the homework's vectors."""
    gradient = differences(lambda w2: NET._replace(w2=w2).loss(), NET.w2)
    with pytest.raises(ValueError, match="broadcast"):
        GRAD_OA * H_S.T
    assert close(GRAD_OA[:, np.newaxis] @ H_S[np.newaxis], gradient)
    assert close(hw3.grad_output_params(GRAD_OA, H_S)[0], gradient)


def test_2p_the_star_is_a_matrix_product() -> None:
    """Notation only on paper; as numpy, the line scales the columns of the matrix and does not add them up."""
    gradient = differences(NET.loss_of_hidden_activation, H_S)
    published = NET.w2.T * GRAD_OA
    assert not close(published, gradient)
    assert close(published.sum(axis=1), gradient)
    assert close(hw3.grad_hidden(GRAD_OA, NET.w2), gradient)


def test_2p_the_stray_index_equates_a_number_with_a_vector() -> None:
    """Notation only: the right side is the whole gradient, the printed left side its entry j."""
    gradient = differences(NET.loss_of_hidden_activation, H_S)
    right_side = hw3.grad_hidden(GRAD_OA, NET.w2)
    for j in range(5):
        assert not close(right_side, gradient[j])
        assert close(right_side[j], gradient[j])
    assert close(right_side, gradient)


def test_2r_a_column_times_a_matrix_does_not_multiply() -> None:
    """Notation only: for the column vectors that the text speaks of, the diagonal matrix must stand first."""
    h_a = hw3.hidden_preactivation(NET.w1, NET.b1, NET.x)
    gradient = differences(NET.loss_of_hidden_preactivation, h_a)
    grad_hs = differences(lambda h: NET.loss_of_hidden_activation(softplus(h_a) + h), np.zeros(5))
    column, diagonal = grad_hs[:, np.newaxis], np.diag(sigmoid(h_a))
    with pytest.raises(ValueError, match="mismatch"):
        column @ diagonal
    assert close((diagonal @ column)[:, 0], gradient)
    assert close(hw3.grad_hidden_preactivation(grad_hs, h_a), gradient)


def test_3a_the_third_layer_is_64_by_32_by_32() -> None:
    published = (32, 64, 64)
    kernel, padding, stride = 3, 1, 1
    # The printed formula, from the printed 32 x 32 x 32 of the second layer.
    size = (32 + 2 * padding - (kernel - 1) - 1) // stride + 1
    assert published[1:] != (size, size)
    # The printed count of 3B has 64 kernels.
    assert kernel * kernel * 32 * published[0] != 18432
    assert kernel * kernel * 32 * hw3.layer_shapes()[-1][0] == 18432 == hw3.last_layer_parameters()
    assert hw3.layer_shapes()[-1] == (64, size, size)


def test_3d_the_kernel_attenuates_besides_smoothing() -> None:
    kernel, constant = np.array([0.25, 0.25, 0.25]), np.full(7, 4.0)
    # What only smoothes leaves a constant signal as it is.
    assert not close(hw3.convolve(constant, kernel, "valid"), constant[1:-1])
    assert close(hw3.convolve(constant, kernel, "valid"), 0.75 * constant[1:-1])
    assert close(hw3.convolve(constant, kernel / kernel.sum(), "valid"), constant[1:-1])
    signal = np.array([1.0, 1.0, 4.0, 4.0, 4.0, 1.0, 1.0])
    smoothed = hw3.convolve(signal, kernel, "valid")
    assert np.max(np.abs(np.diff(signal))) == 3
    assert np.max(np.abs(np.diff(smoothed))) == 0.75
    assert smoothed.max() == 0.75 * signal.max()


def test_the_table_of_errata_names_every_test_here() -> None:
    table = (REFERENCE_FOLDER / "README.md").read_text("utf-8")
    named = re.findall(r"tests/reference/test_hw3_errata\.py::(test_\w+)", table)
    assert sorted(named) == sorted(name for name in globals() if re.match(r"test_[123][a-z]_", name))
