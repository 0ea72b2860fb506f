"""What students get wrong in homework 3: each function here stands for one of `hw3.py` and has one mistake.

They stand in the order of the homework, take the parameters of the function that they stand for, and are as
unstable, as transposed or as rude to their arguments as what students hand in; so some of them overflow, and
the transposed products raise ValueError unless a matrix is square. `rubrics/hw3.yaml` says which function each
one stands for, what to tell the student, and what it is worth.
"""

import math
from typing import Literal

import numpy as np
from hw3 import (
    Labels,
    Matrix,
    Vector,
    conv_output_size,
    convolve,
    gd_step,
    grad_cross_entropy,
    grad_log_softmax,
    grad_output_preactivation,
    heaviside,
    layer_shapes,
    mse_grad,
    n_parameters,
    nll_loss,
    relu,
    sigmoid_grad,
    softmax,
    softmax_jacobian,
    softplus,
)
from hw3 import softplus_grad as sigmoid

Mode = Literal["valid", "full", "same"]


def _softmax_overflows(x: Vector) -> Vector:
    weights: Vector = np.exp(x)
    return weights / np.sum(weights)


def _sigmoid_overflows(x: Vector) -> Vector:
    return np.exp(x) / (1.0 + np.exp(x))


def _sigmoid_grad_overflows(x: Vector) -> Vector:
    return np.exp(-x) / (1.0 + np.exp(-x)) ** 2


def _softplus_overflows(x: Vector) -> Vector:
    return np.log(1.0 + np.exp(x))


# Question 1: activations and softmax


def sign_one_at_zero(x: Vector) -> Vector:
    """Counts zero among the positive numbers."""
    return np.where(x >= 0, 1.0, -1.0)


def sign_minus_one_at_zero(x: Vector) -> Vector:
    """Counts zero among the negative numbers."""
    return np.where(x > 0, 1.0, -1.0)


def sign_by_division(x: Vector) -> Vector:
    """Divides by the absolute value, also at zero."""
    return x / np.abs(x)


def sign_positive_only(x: Vector) -> Vector:
    """Keeps the first indicator alone."""
    return np.where(x > 0, 1.0, 0.0)


def relu_grad_of_absolute_value(x: Vector) -> Vector:
    """Gives the slope -1 on the flat side."""
    return np.sign(x)


def relu_grad_not_differentiated(x: Vector) -> Vector:
    """Gives ReLU itself."""
    return relu(x)


def relu_grad_wrong_side(x: Vector) -> Vector:
    """Compares the wrong way round."""
    return np.where(x < 0, 1.0, 0.0)


def heaviside_one_at_zero(x: Vector) -> Vector:
    """Writes the step as x >= 0."""
    return np.where(x >= 0, 1.0, 0.0)


def heaviside_zero_at_zero(x: Vector) -> Vector:
    """Writes the step as x > 0."""
    return np.where(x > 0, 1.0, 0.0)


def heaviside_as_sign(x: Vector) -> Vector:
    """Steps from -1 to 1."""
    return np.sign(x)


def relu_as_step(x: Vector) -> Vector:
    """Forgets the factor x."""
    return heaviside(x)


def relu_as_absolute_value(x: Vector) -> Vector:
    """Turns negative entries round."""
    return np.abs(x)


def relu_wrong_side(x: Vector) -> Vector:
    """Keeps the negative entries."""
    return np.minimum(x, 0.0)


def relu_reflected_negative_part(x: Vector) -> Vector:
    """Gives x H(-x), what was to be subtracted from x."""
    return np.minimum(x, 0.0)


def relu_reflected_plus(x: Vector) -> Vector:
    """Adds the second term."""
    return x + x * heaviside(-x)


def relu_reflected_without_factor(x: Vector) -> Vector:
    """Subtracts the step without its factor x."""
    return x - heaviside(-x)


def scaled_sigmoid_overflows(x: Vector, k: float) -> Vector:
    """Divides exp(k x) by 1 + exp(k x)."""
    return _sigmoid_overflows(k * x)


def scaled_sigmoid_split_by_x(x: Vector, k: float) -> Vector:
    """Chooses the stable formula by the sign of x, as if k were positive."""
    return np.where(x >= 0, 1.0 / (1.0 + np.exp(-k * x)), _sigmoid_overflows(k * x))


def scaled_sigmoid_without_k(x: Vector, k: float) -> Vector:  # noqa: ARG001 - the mistake
    """Leaves out k."""
    return sigmoid(x)


def scaled_sigmoid_k_outside(x: Vector, k: float) -> Vector:
    """Multiplies the sigmoid by k instead of its argument."""
    return k * sigmoid(x)


def scaled_sigmoid_downwards(x: Vector, k: float) -> Vector:
    """Has the sign of the exponent wrong."""
    return sigmoid(-k * x)


def scaled_sigmoid_divided(x: Vector, k: float) -> Vector:
    """Takes k for a temperature."""
    return sigmoid(x / k)


def sigmoid_grad_overflows(x: Vector) -> Vector:
    """Divides exp(-x) by (1 + exp(-x))^2."""
    return _sigmoid_grad_overflows(x)


def sigmoid_grad_overflows_above(x: Vector) -> Vector:
    """Divides exp(x) by (1 + exp(x))^2."""
    return _sigmoid_grad_overflows(-x)


def sigmoid_grad_of_output(x: Vector) -> Vector:
    """Gives x (1 - x), as if x were the sigmoid already."""
    return x * (1.0 - x)


def sigmoid_grad_plus(x: Vector) -> Vector:
    """Gives s (1 + s)."""
    return sigmoid(x) * (1.0 + sigmoid(x))


def sigmoid_grad_negative(x: Vector) -> Vector:
    """Forgets the minus sign of the inner derivative."""
    return -sigmoid_grad(x)


def sigmoid_grad_not_differentiated(x: Vector) -> Vector:
    """Gives the sigmoid itself."""
    return sigmoid(x)


def sigmoid_jacobian_as_vector(x: Vector) -> Vector:
    """Gives the diagonal alone."""
    return sigmoid_grad(x)


def sigmoid_jacobian_outer(x: Vector) -> Matrix:
    """Takes the outer product of s and 1 - s, without a delta."""
    return np.outer(sigmoid(x), sigmoid(-x))


def sigmoid_jacobian_one_for_identity(x: Vector) -> Matrix:
    """Writes D @ (1 - D), where numpy subtracts D from 1 in every entry."""
    diagonal: Matrix = np.diag(sigmoid(x))
    return diagonal @ (1.0 - diagonal)


def sigmoid_jacobian_of_softmax(x: Vector) -> Matrix:
    """Takes diag(s) - s s^T over from softmax."""
    return np.diag(sigmoid(x)) - np.outer(sigmoid(x), sigmoid(x))


def sigmoid_jacobian_negative(x: Vector) -> Matrix:
    """Has the sign of the published second line."""
    return -np.diag(sigmoid_grad(x))


def sigmoid_jacobian_overflows(x: Vector) -> Matrix:
    """Divides exp(-x) by (1 + exp(-x))^2 on the diagonal."""
    return np.diag(_sigmoid_grad_overflows(x))


def log_sigmoid_overflows(x: Vector) -> Vector:
    """Takes the logarithm of a sigmoid that has rounded to 0."""
    return np.log(1.0 / (1.0 + np.exp(-x)))


def log_sigmoid_overflows_above(x: Vector) -> Vector:
    """Gives x - ln(1 + exp(x))."""
    return x - _softplus_overflows(x)


def log_sigmoid_of_quotient(x: Vector) -> Vector:
    """Takes the logarithm of exp(x) / (1 + exp(x))."""
    return np.log(_sigmoid_overflows(x))


def log_sigmoid_negative(x: Vector) -> Vector:
    """Forgets the minus sign before softplus."""
    return softplus(-x)


def log_sigmoid_of_minus_x(x: Vector) -> Vector:
    """Forgets the minus sign inside softplus."""
    return -softplus(x)


def softplus_overflows(x: Vector) -> Vector:
    """Gives ln(1 + exp(x)) as it is written."""
    return _softplus_overflows(x)


def softplus_overflows_below(x: Vector) -> Vector:
    """Gives x + ln(1 + exp(-x)) for all x."""
    return x + _softplus_overflows(-x)


def softplus_clipped(x: Vector) -> Vector:
    """Clips x so that exp does not overflow."""
    return _softplus_overflows(np.clip(x, -500.0, 500.0))


def softplus_of_minus_x(x: Vector) -> Vector:
    """Has the sign of the sigmoid's exponent."""
    return softplus(-x)


def softplus_as_relu(x: Vector) -> Vector:
    """Gives ReLU, which softplus only tends to."""
    return relu(x)


def softplus_grad_overflows(x: Vector) -> Vector:
    """Divides exp(x) by 1 + exp(x)."""
    return _sigmoid_overflows(x)


def softplus_grad_of_minus_x(x: Vector) -> Vector:
    """Has the sign of the exponent wrong, or forgets the inner derivative."""
    return sigmoid(-x)


def softplus_grad_not_differentiated(x: Vector) -> Vector:
    """Gives softplus itself."""
    return softplus(x)


def softplus_grad_twice(x: Vector) -> Vector:
    """Gives the second derivative."""
    return sigmoid_grad(x)


def softplus_grad_of_relu(x: Vector) -> Vector:
    """Gives the step, the derivative of ReLU."""
    return heaviside(x)


def softmax_without_shift(x: Vector) -> Vector:
    """Exponentiates x as it is."""
    return _softmax_overflows(x)


def softmax_shifted_by_mean(x: Vector) -> Vector:
    """Subtracts the mean where the maximum was due."""
    return _softmax_overflows(x - np.mean(x))


def softmax_shifted_by_magnitude(x: Vector) -> Vector:
    """Subtracts the largest absolute value where the largest entry was due."""
    return _softmax_overflows(x - np.max(np.abs(x)))


def softmax_shifted_above_only(x: Vector) -> Vector:
    """Shifts x in the numerator and forgets the denominator."""
    shifted: Vector = np.exp(x - np.max(x))
    return shifted / float(np.sum(np.exp(x)))


def softmax_over_largest(x: Vector) -> Vector:
    """Shifts, and does not divide by the sum: the largest entry becomes 1."""
    return np.exp(x - np.max(x))


def softmax_scaled_outside(x: Vector, c: float) -> Vector:
    """Multiplies the probabilities by c."""
    return c * softmax(x)


def softmax_scaled_divided(x: Vector, c: float) -> Vector:
    """Takes c for a temperature."""
    return softmax(x / c)


def softmax_scaled_power(x: Vector, c: float) -> Vector:
    """Raises the probabilities to the power c and does not divide by the sum again."""
    return softmax(x) ** c


def softmax_scaled_without_c(x: Vector, c: float) -> Vector:  # noqa: ARG001 - the mistake
    """Leaves out c."""
    return softmax(x)


def softmax_scaled_overflows(x: Vector, c: float) -> Vector:
    """Exponentiates c x as it is."""
    return _softmax_overflows(c * x)


def softmax_scaled_shifted_too_early(x: Vector, c: float) -> Vector:
    """Subtracts the maximum of x and then multiplies, also by a negative c."""
    return _softmax_overflows(c * (x - np.max(x)))


def softmax_partial_without_delta(x: Vector, i: int, j: int) -> float:
    """Uses the off-diagonal formula everywhere."""
    S = softmax(x)
    return float(-S[i] * S[j])


def softmax_partial_one_for_delta(x: Vector, i: int, j: int) -> float:
    """Uses the diagonal formula everywhere, with S_j inside."""
    S = softmax(x)
    return float(S[i] * (1.0 - S[j]))


def softmax_partial_i_for_j(x: Vector, i: int, j: int) -> float:
    """Has S_i where S_j belongs."""
    S = softmax(x)
    return float(S[i] * ((i == j) - S[i]))


def softmax_partial_zero_off_diagonal(x: Vector, i: int, j: int) -> float:
    """Treats softmax as elementwise."""
    S = softmax(x)
    return float(S[i] * (1.0 - S[i])) if i == j else 0.0


def softmax_partial_positive_off_diagonal(x: Vector, i: int, j: int) -> float:
    """Loses the minus sign off the diagonal."""
    S = softmax(x)
    return float(S[i] * (1.0 - S[i]) if i == j else S[i] * S[j])


def softmax_partial_as_published(x: Vector, i: int, j: int) -> float:
    """Lacks the square of the denominator off the diagonal, as the published text does."""
    weights = np.exp(x)
    S = weights / np.sum(weights)
    return float(S[i] * (1.0 - S[i]) if i == j else -weights[i] * weights[j] / np.sum(weights))


def softmax_partial_negative(x: Vector, i: int, j: int) -> float:
    """Has the sign of the whole wrong."""
    S = softmax(x)
    return float(S[i] * (S[j] - (i == j)))


def softmax_partial_overflows(x: Vector, i: int, j: int) -> float:
    """Exponentiates x as it is."""
    S = _softmax_overflows(x)
    return float(S[i] * ((i == j) - S[j]))


def softmax_jacobian_inner_product(x: Vector) -> Matrix:
    """Writes S @ S.T, which is a number for a 1-D array."""
    S = softmax(x)
    return np.diag(S) - S @ S.T


def softmax_jacobian_diagonal(x: Vector) -> Matrix:
    """Treats softmax as elementwise."""
    S = softmax(x)
    return np.diag(S * (1.0 - S))


def softmax_jacobian_without_diagonal(x: Vector) -> Matrix:
    """Gives -S S^T alone."""
    S = softmax(x)
    return -np.outer(S, S)


def softmax_jacobian_one_for_delta(x: Vector) -> Matrix:
    """Takes the outer product of S and 1 - S."""
    S = softmax(x)
    return np.outer(S, 1.0 - S)


def softmax_jacobian_negative(x: Vector) -> Matrix:
    """Has the sign of the whole wrong."""
    return -softmax_jacobian(x)


def softmax_jacobian_overflows(x: Vector) -> Matrix:
    """Exponentiates x as it is."""
    S = _softmax_overflows(x)
    return np.diag(S) - np.outer(S, S)


def grad_log_softmax_negative(x: Vector, dx_du: Matrix, i: int) -> Vector:
    """Gives the gradient of -log S_i."""
    return -grad_log_softmax(x, dx_du, i)


def grad_log_softmax_without_expectation(x: Vector, dx_du: Matrix, i: int) -> Vector:  # noqa: ARG001 - the mistake
    """Forgets that the logarithm of the sum depends on u."""
    row: Vector = dx_du[i]
    return row.copy()


def grad_log_softmax_own_term_only(x: Vector, dx_du: Matrix, i: int) -> Vector:
    """Keeps the i-th term of the sum alone."""
    row: Vector = dx_du[i]
    return row * (1.0 - float(softmax(x)[i]))


def grad_log_softmax_mean(x: Vector, dx_du: Matrix, i: int) -> Vector:  # noqa: ARG001 - the mistake
    """Takes the plain mean for the expectation."""
    row: Vector = dx_du[i]
    mean: Vector = np.mean(dx_du, axis=0)
    return row - mean


def grad_log_softmax_without_log(x: Vector, dx_du: Matrix, i: int) -> Vector:
    """Differentiates S_i and not its logarithm."""
    return float(softmax(x)[i]) * grad_log_softmax(x, dx_du, i)


def grad_log_softmax_transposed(x: Vector, dx_du: Matrix, i: int) -> Vector:
    """Takes the columns of dx_du for the entries' gradients."""
    return grad_log_softmax(x, dx_du.T, i)


def grad_log_softmax_overflows(x: Vector, dx_du: Matrix, i: int) -> Vector:
    """Exponentiates x as it is."""
    row: Vector = dx_du[i]
    return row - _softmax_overflows(x) @ dx_du


def grad_cross_entropy_negative(x: Vector, dx_du: Matrix, k: int) -> Vector:
    """Gives the gradient of the log-likelihood."""
    return -grad_cross_entropy(x, dx_du, k)


def grad_cross_entropy_without_onehot(x: Vector, dx_du: Matrix, k: int) -> Vector:  # noqa: ARG001 - the mistake
    """Forgets the true class."""
    return softmax(x) @ dx_du


def grad_cross_entropy_own_term_only(x: Vector, dx_du: Matrix, k: int) -> Vector:
    """Keeps the k-th term of the sum alone."""
    row: Vector = dx_du[k]
    return row * (float(softmax(x)[k]) - 1.0)


def grad_cross_entropy_mean(x: Vector, dx_du: Matrix, k: int) -> Vector:  # noqa: ARG001 - the mistake
    """Takes the plain mean for the expectation."""
    row: Vector = dx_du[k]
    mean: Vector = np.mean(dx_du, axis=0)
    return mean - row


def grad_cross_entropy_transposed(x: Vector, dx_du: Matrix, k: int) -> Vector:
    """Takes the columns of dx_du for the entries' gradients."""
    return grad_cross_entropy(x, dx_du.T, k)


def grad_cross_entropy_overflows(x: Vector, dx_du: Matrix, k: int) -> Vector:
    """Exponentiates x as it is."""
    row: Vector = dx_du[k]
    return _softmax_overflows(x) @ dx_du - row


# Question 2: a one-hidden-layer network


def hidden_preactivation_without_bias(W1: Matrix, b1: Vector, x: Vector) -> Vector:  # noqa: ARG001 - the mistake
    """Forgets b1."""
    return W1 @ x


def hidden_preactivation_transposed(W1: Matrix, b1: Vector, x: Vector) -> Vector:
    """Multiplies by the transpose of W1."""
    return W1.T @ x + b1


def hidden_preactivation_activated(W1: Matrix, b1: Vector, x: Vector) -> Vector:
    """Gives the hidden layer after its activation."""
    return softplus(W1 @ x + b1)


def hidden_activation_overflows(h_a: Vector) -> Vector:
    """Gives ln(1 + exp(h_a)) as it is written."""
    return _softplus_overflows(h_a)


def hidden_activation_sigmoid(h_a: Vector) -> Vector:
    """Activates with the sigmoid."""
    return sigmoid(h_a)


def hidden_activation_relu(h_a: Vector) -> Vector:
    """Activates with ReLU."""
    return relu(h_a)


def output_shapes_transposed(d_h: int, m: int) -> tuple[tuple[int, int], tuple[int]]:
    """Has W2 the other way round."""
    return (d_h, m), (m,)


def output_shapes_bare_bias(d_h: int, m: int) -> tuple[tuple[int, int], int]:
    """Writes (m), which is a number."""
    return (m, d_h), m


def output_shapes_column_bias(d_h: int, m: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Makes b2 a column."""
    return (m, d_h), (m, 1)


def output_shapes_hidden_bias(d_h: int, m: int) -> tuple[tuple[int, int], tuple[int]]:
    """Gives b2 an entry for each hidden unit."""
    return (m, d_h), (d_h,)


def output_preactivation_without_bias(W2: Matrix, b2: Vector, h_s: Vector) -> Vector:  # noqa: ARG001 - the mistake
    """Forgets b2."""
    return W2 @ h_s


def output_preactivation_transposed(W2: Matrix, b2: Vector, h_s: Vector) -> Vector:
    """Multiplies by the transpose of W2."""
    return W2.T @ h_s + b2


def output_preactivation_activated_twice(W2: Matrix, b2: Vector, h_s: Vector) -> Vector:
    """Applies softplus to h_s once more."""
    return W2 @ softplus(h_s) + b2


def output_preactivation_with_softmax(W2: Matrix, b2: Vector, h_s: Vector) -> Vector:
    """Gives the output layer after its activation."""
    return softmax(W2 @ h_s + b2)


def output_activation_without_shift(o_a: Vector) -> Vector:
    """Exponentiates o_a as it is."""
    return _softmax_overflows(o_a)


def output_activation_sigmoid(o_a: Vector) -> Vector:
    """Applies the sigmoid to each output."""
    return sigmoid(o_a)


def output_activation_log(o_a: Vector) -> Vector:
    """Gives the logarithms of the probabilities."""
    return o_a - float(np.logaddexp.reduce(o_a))


def output_activation_over_largest(o_a: Vector) -> Vector:
    """Shifts, and does not divide by the sum: the largest entry becomes 1."""
    return np.exp(o_a - np.max(o_a))


def binary_softmax_swapped(x: Vector) -> Vector:
    """Takes z = x[1] - x[0], as the published text does."""
    return sigmoid(x[::-1] - x)


def binary_softmax_overflows(x: Vector) -> Vector:
    """Divides exp(z) by 1 + exp(z)."""
    first = _sigmoid_overflows(x[:1] - x[1:])
    return np.concatenate([first, 1.0 - first])


def binary_softmax_without_shift(x: Vector) -> Vector:
    """Exponentiates both entries as they are."""
    return _softmax_overflows(x)


def binary_softmax_separate(x: Vector) -> Vector:
    """Applies the sigmoid to each entry."""
    return sigmoid(x)


def mse_grad_without_factor_2(o_a: Vector, y: Vector) -> Vector:
    """Forgets the 2 of the square's derivative."""
    return mse_grad(o_a, y) / 2.0


def mse_grad_without_mean(o_a: Vector, y: Vector) -> Vector:
    """Takes the sum for the mean."""
    return o_a.size * mse_grad(o_a, y)


def mse_grad_without_constants(o_a: Vector, y: Vector) -> Vector:
    """Forgets both the 2 and the mean."""
    return o_a.size * mse_grad(o_a, y) / 2.0


def mse_grad_without_chain_rule(o_a: Vector, y: Vector) -> Vector:
    """Stops at the derivative with respect to the sigmoid's output."""
    return 2.0 / o_a.size * (sigmoid(o_a) - y)


def mse_grad_without_sigmoid(o_a: Vector, y: Vector) -> Vector:
    """Compares the target with o_a itself."""
    return 2.0 / o_a.size * (o_a - y)


def mse_grad_negative(o_a: Vector, y: Vector) -> Vector:
    """Subtracts the output from the target."""
    return -mse_grad(o_a, y)


def mse_grad_overflows(o_a: Vector, y: Vector) -> Vector:
    """Divides exp(-o) by (1 + exp(-o))^2."""
    return 2.0 / o_a.size * (sigmoid(o_a) - y) * _sigmoid_grad_overflows(o_a)


def cross_entropy_grad_negative(o_a: Vector, y: Vector) -> Vector:
    """Subtracts the output from the target."""
    return y - sigmoid(o_a)


def cross_entropy_grad_mean(o_a: Vector, y: Vector) -> Vector:
    """Takes the mean for the sum."""
    return (sigmoid(o_a) - y) / o_a.size


def cross_entropy_grad_of_mse(o_a: Vector, y: Vector) -> Vector:
    """Multiplies by the derivative of the sigmoid once too often."""
    return (sigmoid(o_a) - y) * sigmoid_grad(o_a)


def cross_entropy_grad_without_chain_rule(o_a: Vector, y: Vector) -> Vector:
    """Stops at the derivative with respect to the sigmoid's output."""
    s = sigmoid(o_a)
    return (s - y) / (s * (1.0 - s))


def cross_entropy_grad_without_sigmoid(o_a: Vector, y: Vector) -> Vector:
    """Compares the target with o_a itself."""
    return o_a - y


def cross_entropy_grad_overflows(o_a: Vector, y: Vector) -> Vector:
    """Divides exp(o) by 1 + exp(o)."""
    return _sigmoid_overflows(o_a) - y


def cross_entropy_grad_not_simplified(o_a: Vector, y: Vector) -> Vector:
    """Divides by a probability that has rounded to 0, and multiplies by it again."""
    s = sigmoid(o_a)
    return (-y / s + (1.0 - y) / (1.0 - s)) * s * (1.0 - s)


def mse_to_cross_entropy_ratio_with_constant(o_a: Vector) -> Vector:
    """Keeps the constant 2/n."""
    return 2.0 / o_a.size * sigmoid_grad(o_a)


def mse_to_cross_entropy_ratio_inverted(o_a: Vector) -> Vector:
    """Divides the wrong way round."""
    return 1.0 / (sigmoid(o_a) * (1.0 - sigmoid(o_a)))


def mse_to_cross_entropy_ratio_sigmoid(o_a: Vector) -> Vector:
    """Gives s(o), without the second factor."""
    return sigmoid(o_a)


def mse_to_cross_entropy_ratio_overflows(o_a: Vector) -> Vector:
    """Divides exp(-o) by (1 + exp(-o))^2."""
    return _sigmoid_grad_overflows(o_a)


def nll_loss_log_of_softmax(o_a: Vector, y: int) -> float:
    """Takes the logarithm of a probability that has rounded to 0."""
    return float(-np.log(softmax(o_a)[y]))


def nll_loss_overflows(o_a: Vector, y: int) -> float:
    """Sums exp(o_a) as it is."""
    return float(-o_a[y] + np.log(np.sum(np.exp(o_a))))


def nll_loss_log_of_quotient(o_a: Vector, y: int) -> float:
    """Takes the logarithm of a softmax that overflows."""
    return float(-np.log(_softmax_overflows(o_a)[y]))


def nll_loss_negative(o_a: Vector, y: int) -> float:
    """Gives the log-likelihood."""
    return -nll_loss(o_a, y)


def nll_loss_without_log(o_a: Vector, y: int) -> float:
    """Gives minus the probability."""
    return float(-softmax(o_a)[y])


def nll_loss_label_from_one(o_a: Vector, y: int) -> float:
    """Counts the labels from 1."""
    return nll_loss(o_a, y - 1)


def nll_loss_of_all_classes(o_a: Vector, y: int) -> Vector:  # noqa: ARG001 - the mistake
    """Does not pick the label's entry."""
    return float(np.logaddexp.reduce(o_a)) - o_a


def n_parameters_without_biases(d: int, d_h: int, m: int) -> int:
    """Counts the weights alone."""
    return d_h * d + m * d_h


def n_parameters_without_output_bias(d: int, d_h: int, m: int) -> int:
    """Forgets b2."""
    return n_parameters(d, d_h, m) - m


def n_parameters_one_bias_a_layer(d: int, d_h: int, m: int) -> int:
    """Counts one bias for each layer."""
    return d_h * d + 1 + m * d_h + 1


def _risk(X: Matrix, W2: Matrix, b2: Vector, hidden: Matrix, y: Labels) -> float:
    outputs = hidden @ W2.T + b2
    return sum(nll_loss(outputs[row], int(y[row])) for row in range(len(X)))


def empirical_risk_mean(  # noqa: PLR0913, PLR0917 - the homework's signature
    W1: Matrix, b1: Vector, W2: Matrix, b2: Vector, X: Matrix, y: Labels
) -> float:
    """Takes the mean for the sum."""
    return _risk(X, W2, b2, softplus(X @ W1.T + b1), y) / len(X)


def empirical_risk_overflows(  # noqa: PLR0913, PLR0917 - the homework's signature
    W1: Matrix, b1: Vector, W2: Matrix, b2: Vector, X: Matrix, y: Labels
) -> float:
    """Has a softplus that overflows."""
    return _risk(X, W2, b2, _softplus_overflows(X @ W1.T + b1), y)


def empirical_risk_log_of_softmax(  # noqa: PLR0913, PLR0917 - the homework's signature
    W1: Matrix, b1: Vector, W2: Matrix, b2: Vector, X: Matrix, y: Labels
) -> float:
    """Takes the logarithm of a probability that has rounded to 0."""
    outputs = softplus(X @ W1.T + b1) @ W2.T + b2
    return sum(nll_loss_log_of_softmax(outputs[row], int(y[row])) for row in range(len(X)))


def empirical_risk_relu(  # noqa: PLR0913, PLR0917 - the homework's signature
    W1: Matrix, b1: Vector, W2: Matrix, b2: Vector, X: Matrix, y: Labels
) -> float:
    """Activates the hidden layer with ReLU."""
    return _risk(X, W2, b2, relu(X @ W1.T + b1), y)


def empirical_risk_sigmoid(  # noqa: PLR0913, PLR0917 - the homework's signature
    W1: Matrix, b1: Vector, W2: Matrix, b2: Vector, X: Matrix, y: Labels
) -> float:
    """Activates the hidden layer with the sigmoid."""
    return _risk(X, W2, b2, sigmoid(X @ W1.T + b1), y)


def empirical_risk_linear(  # noqa: PLR0913, PLR0917 - the homework's signature
    W1: Matrix, b1: Vector, W2: Matrix, b2: Vector, X: Matrix, y: Labels
) -> float:
    """Leaves out the hidden activation."""
    return _risk(X, W2, b2, X @ W1.T + b1, y)


def gd_step_in_place(theta: Vector, grad: Vector, lr: float) -> Vector:
    """Writes theta -= lr * grad."""
    theta -= lr * grad
    return theta


def gd_step_ascent(theta: Vector, grad: Vector, lr: float) -> Vector:
    """Goes uphill."""
    return theta + lr * grad


def gd_step_without_rate(theta: Vector, grad: Vector, lr: float) -> Vector:  # noqa: ARG001 - the mistake
    """Forgets the learning rate."""
    return theta - grad


def gd_step_alone(theta: Vector, grad: Vector, lr: float) -> Vector:  # noqa: ARG001 - the mistake
    """Gives the change and not where it leads."""
    return -lr * grad


def gd_step_l2_without_factor_2(theta: Vector, grad: Vector, lr: float, lam: float) -> Vector:
    """Adds lam theta, the gradient of half the penalty."""
    return theta - lr * (grad + lam * theta)


def gd_step_l2_in_place(theta: Vector, grad: Vector, lr: float, lam: float) -> Vector:
    """Writes theta -= ..."""
    theta -= lr * (grad + 2.0 * lam * theta)
    return theta


def gd_step_l2_decay_without_rate(theta: Vector, grad: Vector, lr: float, lam: float) -> Vector:
    """Does not multiply the penalty's gradient by the learning rate."""
    return theta - lr * grad - 2.0 * lam * theta


def gd_step_l2_decoupled(theta: Vector, grad: Vector, lr: float, lam: float) -> Vector:
    """Multiplies theta by 1 - lam, without the learning rate and the 2."""
    return (1.0 - lam) * theta - lr * grad


def gd_step_l2_growth(theta: Vector, grad: Vector, lr: float, lam: float) -> Vector:
    """Subtracts the penalty's gradient from the gradient."""
    return theta - lr * (grad - 2.0 * lam * theta)


def gd_step_l2_penalty_itself(theta: Vector, grad: Vector, lr: float, lam: float) -> Vector:
    """Adds lam theta^2, which is not differentiated."""
    return theta - lr * (grad + lam * theta**2)


def gd_step_l2_without_penalty(theta: Vector, grad: Vector, lr: float, lam: float) -> Vector:  # noqa: ARG001 - the mistake
    """Takes the plain step."""
    return gd_step(theta, grad, lr)


def grad_output_preactivation_negative(o_s: Vector, y: int) -> Vector:
    """Subtracts the probabilities from the one-hot vector."""
    return -grad_output_preactivation(o_s, y)


def grad_output_preactivation_minus_label(o_s: Vector, y: int) -> Vector:
    """Subtracts the label's number from every entry."""
    return o_s - y


def grad_output_preactivation_without_onehot(o_s: Vector, y: int) -> Vector:  # noqa: ARG001 - the mistake
    """Gives the probabilities."""
    return o_s.copy()


def grad_output_preactivation_label_from_one(o_s: Vector, y: int) -> Vector:
    """Counts the labels from 1."""
    return grad_output_preactivation(o_s, y - 1)


def grad_output_preactivation_own_entry_only(o_s: Vector, y: int) -> Vector:
    """Leaves the other classes at 0."""
    gradient = np.zeros_like(o_s)
    gradient[y] = o_s[y] - 1.0
    return gradient


def grad_output_elements_swapped(grad_oa: Vector, h_s: Vector, k: int, j: int) -> tuple[float, float]:
    """Gives the bias first."""
    return float(grad_oa[k]), float(grad_oa[k] * h_s[j])


def grad_output_elements_one_for_bias(grad_oa: Vector, h_s: Vector, k: int, j: int) -> tuple[float, float]:
    """Gives the bias the local derivative alone."""
    return float(grad_oa[k] * h_s[j]), 1.0


def grad_output_elements_alike(grad_oa: Vector, h_s: Vector, k: int, j: int) -> tuple[float, float]:
    """Multiplies the bias by the hidden unit too."""
    return float(grad_oa[k] * h_s[j]), float(grad_oa[k] * h_s[j])


def grad_output_elements_wrong_unit(grad_oa: Vector, h_s: Vector, k: int, j: int) -> tuple[float, float]:  # noqa: ARG001 - the mistake
    """Takes the hidden unit k for j."""
    return float(grad_oa[k] * h_s[k]), float(grad_oa[k])


def grad_output_elements_without_chain_rule(grad_oa: Vector, h_s: Vector, k: int, j: int) -> tuple[float, float]:
    """Gives the weight the local derivative alone."""
    return float(h_s[j]), float(grad_oa[k])


def grad_output_params_transposed(grad_oa: Vector, h_s: Vector) -> tuple[Matrix, Vector]:
    """Has the outer product the other way round."""
    return np.outer(h_s, grad_oa), grad_oa.copy()


def grad_output_params_swapped(grad_oa: Vector, h_s: Vector) -> tuple[Vector, Matrix]:
    """Gives the biases first."""
    return grad_oa.copy(), np.outer(grad_oa, h_s)


def grad_output_params_ones_for_bias(grad_oa: Vector, h_s: Vector) -> tuple[Matrix, Vector]:
    """Gives the biases the local derivative alone."""
    return np.outer(grad_oa, h_s), np.ones_like(grad_oa)


def grad_output_params_bias_summed(grad_oa: Vector, h_s: Vector) -> tuple[Matrix, float]:
    """Sums the biases' gradient, as over a batch."""
    return np.outer(grad_oa, h_s), float(np.sum(grad_oa))


def grad_hidden_element_transposed(grad_oa: Vector, W2: Matrix, j: int) -> float:
    """Takes row j of W2, or raises where there is none that fits."""
    return float(grad_oa @ W2[j])


def grad_hidden_element_not_summed(grad_oa: Vector, W2: Matrix, j: int) -> Vector:
    """Forgets the sum over the classes."""
    return grad_oa * W2[:, j]


def grad_hidden_element_weights_only(grad_oa: Vector, W2: Matrix, j: int) -> float:  # noqa: ARG001 - the mistake
    """Sums the local derivatives alone."""
    return float(np.sum(W2[:, j]))


def grad_hidden_transposed(grad_oa: Vector, W2: Matrix) -> Vector:
    """Forgets the transpose."""
    return W2 @ grad_oa


def grad_hidden_not_summed(grad_oa: Vector, W2: Matrix) -> Matrix:
    """Forgets the sum over the classes."""
    return grad_oa[:, np.newaxis] * W2


def grad_hidden_wrong_axis(grad_oa: Vector, W2: Matrix) -> Vector:
    """Sums over the hidden units."""
    terms: Matrix = grad_oa[:, np.newaxis] * W2
    total: Vector = np.sum(terms, axis=1)
    return total


def grad_hidden_weights_only(grad_oa: Vector, W2: Matrix) -> Vector:  # noqa: ARG001 - the mistake
    """Sums the local derivatives alone."""
    total: Vector = np.sum(W2, axis=0)
    return total


def grad_hidden_preactivation_element_twice(grad_hs: Vector, h_a: Vector, j: int) -> float:
    """Takes the activation for the sigmoid and differentiates that."""
    return float(grad_hs[j] * sigmoid_grad(h_a)[j])


def grad_hidden_preactivation_element_relu(grad_hs: Vector, h_a: Vector, j: int) -> float:
    """Takes the activation for ReLU."""
    return float(grad_hs[j] * (h_a[j] > 0))


def grad_hidden_preactivation_element_not_differentiated(grad_hs: Vector, h_a: Vector, j: int) -> float:
    """Multiplies by the activation itself."""
    return float(grad_hs[j] * softplus(h_a)[j])


def grad_hidden_preactivation_element_alone(grad_hs: Vector, h_a: Vector, j: int) -> float:  # noqa: ARG001 - the mistake
    """Gives the local derivative alone."""
    return float(sigmoid(h_a)[j])


def grad_hidden_preactivation_element_overflows(grad_hs: Vector, h_a: Vector, j: int) -> float:
    """Divides exp(h) by 1 + exp(h)."""
    return float(grad_hs[j] * _sigmoid_overflows(h_a)[j])


def grad_hidden_preactivation_twice(grad_hs: Vector, h_a: Vector) -> Vector:
    """Takes the activation for the sigmoid and differentiates that."""
    return grad_hs * sigmoid_grad(h_a)


def grad_hidden_preactivation_as_matrix(grad_hs: Vector, h_a: Vector) -> Matrix:
    """Multiplies by the diagonal matrix entry by entry, with * for @."""
    return grad_hs * np.diag(sigmoid(h_a))


def grad_hidden_preactivation_relu(grad_hs: Vector, h_a: Vector) -> Vector:
    """Takes the activation for ReLU."""
    return grad_hs * (h_a > 0)


def grad_hidden_preactivation_not_differentiated(grad_hs: Vector, h_a: Vector) -> Vector:
    """Multiplies by the activation itself."""
    return grad_hs * softplus(h_a)


def grad_hidden_preactivation_summed(grad_hs: Vector, h_a: Vector) -> float:
    """Takes the inner product of the two vectors."""
    return float(grad_hs @ sigmoid(h_a))


def grad_hidden_preactivation_overflows(grad_hs: Vector, h_a: Vector) -> Vector:
    """Divides exp(h) by 1 + exp(h)."""
    return grad_hs * _sigmoid_overflows(h_a)


# Question 3: convolution


def conv_output_size_one_less(size: int, kernel: int, padding: int, stride: int, dilation: int) -> int:
    """Forgets the + 1 at the end."""
    return conv_output_size(size, kernel, padding, stride, dilation) - 1


def conv_output_size_one_more(size: int, kernel: int, padding: int, stride: int, dilation: int) -> int:
    """Forgets the - 1 before the division."""
    return (size + 2 * padding - dilation * (kernel - 1)) // stride + 1


def conv_output_size_padding_once(size: int, kernel: int, padding: int, stride: int, dilation: int) -> int:
    """Pads one end only."""
    return (size + padding - dilation * (kernel - 1) - 1) // stride + 1


def conv_output_size_without_dilation(size: int, kernel: int, padding: int, stride: int, dilation: int) -> int:  # noqa: ARG001 - the mistake
    """Leaves out the dilation."""
    return conv_output_size(size, kernel, padding, stride, 1)


def conv_output_size_kernel_times_dilation(
    size: int, kernel: int, padding: int, stride: int, dilation: int
) -> int:
    """Takes the span of the dilated kernel for dilation times kernel."""
    return (size + 2 * padding - dilation * kernel) // stride + 1


def conv_output_size_ceil(size: int, kernel: int, padding: int, stride: int, dilation: int) -> int:
    """Rounds up."""
    return math.ceil((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


def conv_output_size_not_rounded(size: int, kernel: int, padding: int, stride: int, dilation: int) -> float:
    """Divides with / and does not round."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1


Shapes = tuple[tuple[int, int, int], ...]


def layer_shapes_as_published() -> Shapes:
    """Gives the third layer the shape of the first, as the published text does."""
    first, second, _ = layer_shapes()
    return first, second, first


def layer_shapes_channels_last() -> Shapes:
    """Gives the channels last."""
    return tuple((height, width, channels) for channels, height, width in layer_shapes())


def layer_shapes_without_padding() -> Shapes:
    """Forgets the padding of the last layer."""
    first, second, (channels, height, width) = layer_shapes()
    return first, second, (channels, height - 2, width - 2)


def layer_shapes_without_pooling() -> Shapes:
    """Lets the pooling keep the size."""
    first, _, (channels, _, _) = layer_shapes()
    _, height, width = first
    return first, first, (channels, height, width)


def layer_shapes_same_channels() -> Shapes:
    """Lets the last layer keep the number of channels."""
    first, second, _ = layer_shapes()
    return first, second, second


def last_layer_parameters_with_biases() -> int:
    """Counts a bias for each kernel."""
    return 3 * 3 * 32 * 64 + 64


def last_layer_parameters_without_input_channels() -> int:
    """Counts flat kernels."""
    return 3 * 3 * 64


def last_layer_parameters_of_image() -> int:
    """Takes the image's three channels for the last layer's input."""
    return 3 * 3 * 3 * 64


def last_layer_parameters_one_kernel() -> int:
    """Counts a single kernel."""
    return 3 * 3 * 32


def convolve_without_flip(signal: Vector, kernel: Vector, mode: Mode) -> Vector:
    """Correlates: the kernel is not flipped."""
    return convolve(signal, kernel[::-1], mode)


def convolve_same_from_start(signal: Vector, kernel: Vector, mode: Mode) -> Vector:
    """Cuts `same` from the start of `full`."""
    return convolve(signal, kernel, "full")[: signal.size] if mode == "same" else convolve(signal, kernel, mode)


def convolve_same_from_end(signal: Vector, kernel: Vector, mode: Mode) -> Vector:
    """Cuts `same` from the end of `full`."""
    return convolve(signal, kernel, "full")[-signal.size :] if mode == "same" else convolve(signal, kernel, mode)


def convolve_always_valid(signal: Vector, kernel: Vector, mode: Mode) -> Vector:  # noqa: ARG001 - the mistake
    """Leaves out the mode and the padding."""
    return convolve(signal, kernel, "valid")


def convolve_always_full(signal: Vector, kernel: Vector, mode: Mode) -> Vector:  # noqa: ARG001 - the mistake
    """Leaves out the mode, as np.convolve does by default."""
    return convolve(signal, kernel, "full")


def convolve_without_last(signal: Vector, kernel: Vector, mode: Mode) -> Vector:
    """Stops the loop one position too early."""
    return convolve(signal, kernel, mode)[:-1]


def convolve_edge_padding(signal: Vector, kernel: Vector, mode: Mode) -> Vector:
    """Repeats the signal's ends instead of zeros."""
    pad = {"valid": 0, "same": kernel.size // 2, "full": kernel.size - 1}[mode]
    return convolve(np.pad(signal, pad, mode="edge"), kernel, "valid")


def convolve_normalised(signal: Vector, kernel: Vector, mode: Mode) -> Vector:
    """Divides the kernel by its sum."""
    return convolve(signal, kernel / np.sum(kernel), mode)
