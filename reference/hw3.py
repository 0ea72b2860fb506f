"""Homework 3's answers: activations and softmax, a one-hidden-layer network, convolution.

The functions stand in the order of the homework and each docstring opens with the part that it answers.
Vectors are 1-D float64 arrays, and a function leaves its arguments as they were. `n`, `p`, `d`, `d_h`, `m`
and `N` are sizes; `s` is the sigmoid and `S` the softmax. Indices and classes count from 0, logarithms are
natural, so losses are in nats. Everything is accurate for entries up to 1000 in absolute value.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]


def _sigmoid(x: Vector) -> Vector:
    """The sigmoid `s(x) = 1 / (1 + exp(-x))`, elementwise: (n,) -> (n,)."""
    # exp(-x) overflows for x < -709. exp(-|x|) is at most 1, and s(x) = exp(x) / (1 + exp(x)) for x < 0.
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, decay) / (1.0 + decay)


# Question 1: activations and softmax


def sign(x: Vector) -> Vector:
    """1A: `1[x > 0] - 1[x < 0]`, elementwise, so 0 at 0: (n,) -> (n,)."""
    return np.where(x > 0, 1.0, 0.0) - np.where(x < 0, 1.0, 0.0)


def relu_grad(x: Vector) -> Vector:
    """1B: The derivative of ReLU, 1 for x > 0 and 0 for x < 0, elementwise: (n,) -> (n,).

    It does not exist at 0. The answer there is NaN, so that a case that tests 0 by mistake is noticed.
    """
    return np.where(x == 0, np.nan, heaviside(x))


def heaviside(x: Vector) -> Vector:
    """1B: The step `H(x)`: 0 for x < 0, 1/2 at 0, 1 for x > 0, elementwise: (n,) -> (n,)."""
    return np.heaviside(x, 0.5)


def relu(x: Vector) -> Vector:
    """1C: `x H(x)`, elementwise: (n,) -> (n,)."""
    return x * heaviside(x)


def relu_reflected(x: Vector) -> Vector:
    """1C: `x - x H(-x)`, the same function as `relu` by way of `H(x) = 1 - H(-x)`: (n,) -> (n,)."""
    return x - x * heaviside(-x)


def scaled_sigmoid(x: Vector, k: float) -> Vector:
    """1D: `1 / (1 + exp(-k x))`, elementwise: `x` is (n,) -> (n,). Tends to `heaviside(x)` as k grows."""
    # k x may overflow to infinity, where the sigmoid has its limits, 0 and 1. numpy 1 would make an array of
    # objects from a k beyond int64, hence float(k).
    with np.errstate(over="ignore"):
        return _sigmoid(float(k) * x)


def sigmoid_grad(x: Vector) -> Vector:
    """1E: `s(x) (1 - s(x))`, elementwise: (n,) -> (n,)."""
    # s(-x) is 1 - s(x) without its cancellation for large x.
    return _sigmoid(x) * _sigmoid(-x)


def sigmoid_jacobian(x: Vector) -> Matrix:
    """1E: `diag(s) (I - diag(s))`, entry (i, j) is `ds(x)_i / dx_j`: (n,) -> (n, n)."""
    return np.diag(sigmoid_grad(x))


def log_sigmoid(x: Vector) -> Vector:
    """1F: `ln s(x) = -softplus(-x)`, elementwise: (n,) -> (n,)."""
    return -softplus(-x)


def softplus(x: Vector) -> Vector:
    """1G: `ln(1 + exp(x))`, elementwise: (n,) -> (n,)."""
    # logaddexp(0, x) is ln(exp(0) + exp(x)); it never forms exp of a positive number.
    return np.logaddexp(0.0, x)


def softplus_grad(x: Vector) -> Vector:
    """1G: The derivative of softplus, `s(x)`, elementwise: (n,) -> (n,)."""
    return _sigmoid(x)


def softmax(x: Vector) -> Vector:
    """1H: `S_i = exp(x_i) / sum_j exp(x_j)`: (n,) -> (n,), positive entries that sum to 1."""
    # S(x) = S(x - c) for any number c; with c = max(x) no exponential overflows and the sum is at least 1.
    weights: Vector = np.exp(x - x.max())
    return weights / np.sum(weights)


def softmax_scaled(x: Vector, c: float) -> Vector:
    """1I: `S(c x)`: `x` is (n,) -> (n,)."""
    return softmax(c * x)


ANSWER_1I = """\
The ratio of two probabilities is S(c x)_i / S(c x)_j = exp(c (x_i - x_j)). A constant added to x cancels in
the difference x_i - x_j, but a factor c stays: it scales all differences, so softmax is not invariant under
it (unless all entries are equal, or c = 1). For c > 1 the differences grow and the distribution sharpens:
its entropy falls, and the largest entry takes all as c grows. For 0 < c < 1 they shrink and it flattens;
c = 0 gives the uniform distribution, and c < 0 reverses the order. Whether the entries themselves are above
or below 1 does not matter.
"""


def softmax_partial(x: Vector, i: int, j: int) -> float:
    """1J: `dS_i / dx_j = S_i (1[i = j] - S_j)`: `x` is (n,) -> a number."""
    S = softmax(x)
    return float(S[i] * ((i == j) - S[j]))


def softmax_jacobian(x: Vector) -> Matrix:
    """1K: `diag(S) - S S^T`, entry (i, j) is `dS_i / dx_j`: (n,) -> (n, n)."""
    S = softmax(x)
    return np.diag(S) - np.outer(S, S)


def grad_log_softmax(x: Vector, dx_du: Matrix, i: int) -> Vector:
    """1L: The gradient of `log S(x(u))_i` with respect to u, `dx_du[i] - sum_k S_k dx_du[k]`.

    Args:
        x: (n,), the value of x(u).
        dx_du: (n, p), row k is the gradient of x_k with respect to u.
        i: The entry of the softmax.

    Returns:
        (p,).
    """
    grad_x_i: Vector = dx_du[i]
    return grad_x_i - softmax(x) @ dx_du


def grad_cross_entropy(x: Vector, dx_du: Matrix, k: int) -> Vector:
    """1M: The gradient of the cross-entropy with respect to u, `sum_j S_j dx_du[j] - dx_du[k]`.

    Args:
        x: (n,), the value of x(u).
        dx_du: (n, p), row j is the gradient of x_j with respect to u.
        k: The true class.

    Returns:
        (p,).
    """
    grad_x_k: Vector = dx_du[k]
    return softmax(x) @ dx_du - grad_x_k


# Question 2: a one-hidden-layer network, x -> h_a -> h_s -> o_a -> o_s


def hidden_preactivation(W1: Matrix, b1: Vector, x: Vector) -> Vector:
    """2A: `h_a = W1 x + b1`: (d_h, d), (d_h,), (d,) -> (d_h,)."""
    return W1 @ x + b1


def hidden_activation(h_a: Vector) -> Vector:
    """2A: `h_s = softplus(h_a)`, elementwise: (d_h,) -> (d_h,)."""
    return softplus(h_a)


def output_shapes(d_h: int, m: int) -> tuple[tuple[int, int], tuple[int]]:
    """2B: The shapes of W2 and b2, `((m, d_h), (m,))`."""
    return (m, d_h), (m,)


def output_preactivation(W2: Matrix, b2: Vector, h_s: Vector) -> Vector:
    """2B: `o_a = W2 h_s + b2`: (m, d_h), (m,), (d_h,) -> (m,)."""
    return W2 @ h_s + b2


def output_activation(o_a: Vector) -> Vector:
    """2C: `o_s = softmax(o_a)`: (m,) -> (m,), positive entries that sum to 1."""
    return softmax(o_a)


def binary_softmax(x: Vector) -> Vector:
    """2D: `[s(z), 1 - s(z)]` with `z = x[0] - x[1]`, which is `softmax(x)`: (2,) -> (2,)."""
    # 1 - s(z) is s(-z), and -z is x[1] - x[0].
    return _sigmoid(x - x[::-1])


def mse_grad(o_a: Vector, y: Vector) -> Vector:
    """2E: The gradient of `1/n sum_i (s(o_i) - y_i)^2` with respect to o_a.

    Component i is `(2/n) (s(o_i) - y_i) s(o_i) (1 - s(o_i))`.

    Args:
        o_a: (n,), one output before its sigmoid for each of n examples.
        y: (n,), targets, 0 or 1.

    Returns:
        (n,).
    """
    return 2.0 / o_a.size * (_sigmoid(o_a) - y) * sigmoid_grad(o_a)


def cross_entropy_grad(o_a: Vector, y: Vector) -> Vector:
    """2F: The gradient of the summed binary cross-entropy with respect to o_a; component i is `s(o_i) - y_i`.

    Args:
        o_a: (n,), one output before its sigmoid for each of n examples.
        y: (n,), targets, 0 or 1.

    Returns:
        (n,).
    """
    return _sigmoid(o_a) - y


def mse_to_cross_entropy_ratio(o_a: Vector) -> Vector:
    """2G: `s(o) (1 - s(o))`; 2E's gradient is 2F's times this factor and times 2/n: (n,) -> (n,)."""
    return sigmoid_grad(o_a)


ANSWER_2G = """\
The gradient of the MSE is the one of the cross-entropy, s(o) - y, multiplied by (2/n) s(o) (1 - s(o)). This
factor does not depend on the target, is at most 1/4 (apart from 2/n), and vanishes as the output s(o) nears
0 or 1: also where the output is confidently wrong, so that the network learns least where it errs most. The
gradient of the cross-entropy has no such factor. It is the error s(o) - y itself and stays near 1 in absolute
value for a confident mistake, hence cross-entropy suits binary classification better.
"""


def nll_loss(o_a: Vector, y: int) -> float:
    """2H: `-o_a[y] + log sum_i exp(o_a[i])`, in nats: `o_a` is (m,), `y` a class -> a number."""
    # With o_a[y] inside the sum nothing cancels where the loss is small; logaddexp cannot overflow.
    return float(np.logaddexp.reduce(o_a - o_a[y]))


def n_parameters(d: int, d_h: int, m: int) -> int:
    """2I: The number of entries in W1, b1, W2 and b2, `d_h d + d_h + m d_h + m`."""
    return d_h * d + d_h + m * d_h + m


def empirical_risk(  # noqa: PLR0913, PLR0917 - the homework's signature
    W1: Matrix, b1: Vector, W2: Matrix, b2: Vector, X: Matrix, y: Labels
) -> float:
    """2I: The sum of the loss 2H over N examples, in nats.

    Args:
        W1: (d_h, d).
        b1: (d_h,).
        W2: (m, d_h).
        b2: (m,).
        X: (N, d), one example a row.
        y: (N,), the class of each example.

    Returns:
        A number; the sum, not the mean.
    """
    outputs = softplus(X @ W1.T + b1) @ W2.T + b2
    of_true_class = np.take_along_axis(outputs, y[:, np.newaxis], axis=1)
    return float(np.sum(np.logaddexp.reduce(outputs - of_true_class, axis=1)))


def gd_step(theta: Vector, grad: Vector, lr: float) -> Vector:
    """2J: `theta - lr grad`: (p,), (p,) -> a new (p,)."""
    return theta - lr * grad


def gd_step_l2(theta: Vector, grad: Vector, lr: float, lam: float) -> Vector:
    """2K: `theta - lr (grad + 2 lam theta)`, a step on risk + lam |theta|^2: (p,), (p,) -> a new (p,)."""
    return theta - lr * (grad + 2.0 * lam * theta)


def grad_output_preactivation(o_s: Vector, y: int) -> Vector:
    """2L: `dL/do_a = o_s - onehot_m(y)`: `o_s` is (m,), `y` a class -> (m,)."""
    onehot = np.zeros_like(o_s)
    onehot[y] = 1.0
    return o_s - onehot


def grad_output_elements(grad_oa: Vector, h_s: Vector, k: int, j: int) -> tuple[float, float]:
    """2M: `(dL/dW2[k, j], dL/db2[k]) = (grad_oa[k] h_s[j], grad_oa[k])`: (m,), (d_h,) -> two numbers."""
    return float(grad_oa[k] * h_s[j]), float(grad_oa[k])


def grad_output_params(grad_oa: Vector, h_s: Vector) -> tuple[Matrix, Vector]:
    """2N: `(dL/dW2, dL/db2) = (grad_oa h_s^T, grad_oa)`: (m,), (d_h,) -> (m, d_h), (m,)."""
    # A copy, lest a caller who updates one of the two gradients changes both.
    return np.outer(grad_oa, h_s), grad_oa.copy()


def grad_hidden_element(grad_oa: Vector, W2: Matrix, j: int) -> float:
    """2O: `dL/dh_s[j] = sum_k grad_oa[k] W2[k, j]`: (m,), (m, d_h) -> a number."""
    return float(grad_oa @ W2[:, j])


def grad_hidden(grad_oa: Vector, W2: Matrix) -> Vector:
    """2P: `dL/dh_s = W2^T grad_oa`: (m,), (m, d_h) -> (d_h,)."""
    return W2.T @ grad_oa


def grad_hidden_preactivation_element(grad_hs: Vector, h_a: Vector, j: int) -> float:
    """2Q: `dL/dh_a[j] = grad_hs[j] s(h_a[j])`: (d_h,), (d_h,) -> a number."""
    return float(grad_hs[j] * softplus_grad(h_a)[j])


def grad_hidden_preactivation(grad_hs: Vector, h_a: Vector) -> Vector:
    """2R: `dL/dh_a = diag(s(h_a)) grad_hs`: (d_h,), (d_h,) -> (d_h,)."""
    return grad_hs * softplus_grad(h_a)


# Question 3: convolution


def conv_output_size(size: int, kernel: int, padding: int, stride: int, dilation: int) -> int:
    """3A: `floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1`.

    Args:
        size: Pixels of the input along one axis.
        kernel: Entries of the kernel along that axis.
        padding: Pixels added at each of the two ends.
        stride: Pixels from one position of the kernel to the next.
        dilation: Pixels from one entry of the kernel to the next.

    Returns:
        Pixels of the output along that axis.
    """
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


class _Layer(NamedTuple):
    """A square window that slides over the image, and the number of channels that come out."""

    channels: int
    kernel: int
    stride: int
    padding: int


_IMAGE_SIZE = 128
_LAYERS = (
    _Layer(channels=32, kernel=8, stride=2, padding=3),
    _Layer(channels=32, kernel=2, stride=2, padding=0),  # max pooling: channels as they come, no parameters
    _Layer(channels=64, kernel=3, stride=1, padding=1),
)


def layer_shapes() -> tuple[tuple[int, int, int], ...]:
    """3A: Channels, height and width (in pixels) after each of the three layers, for a 3x128x128 image."""
    shapes = []
    size = _IMAGE_SIZE
    for layer in _LAYERS:
        size = conv_output_size(size, layer.kernel, layer.padding, layer.stride, dilation=1)
        shapes.append((layer.channels, size, size))
    return tuple(shapes)


def last_layer_parameters() -> int:
    """3B: The weights of the last layer, `kernel * kernel * channels in * channels out`; it has no biases."""
    before, last = _LAYERS[-2:]
    return last.kernel * last.kernel * before.channels * last.channels


def convolve(signal: Vector, kernel: Vector, mode: Literal["valid", "full", "same"]) -> Vector:
    """3C: The 1-D convolution `sum_m signal[m] kernel[t - m]`, with the kernel flipped.

    Args:
        signal: (n,).
        kernel: (k,), k odd and at most n.
        mode: Which t to keep: `valid`, where the kernel fits inside the signal; `full`, where they overlap;
            `same`, the n central ones. Beyond its ends the signal counts as 0.

    Returns:
        (n - k + 1,) for `valid`, (n + k - 1,) for `full`, (n,) for `same`.
    """
    return np.convolve(signal, kernel, mode)


ANSWER_3D = """\
The kernel [1/4, 1/4, 1/4] replaces each entry by 3/4 of the mean of itself and its two neighbours. It
smoothes: the jumps by 3 of the input become ramps with steps of 3/4, and fast changes are damped more than
slow ones (a low-pass filter). It also attenuates, since its entries sum to 3/4 and not to 1: a constant
signal comes out at 3/4 of its height, the plateau of 4 at 3. A plain moving average would be
[1/3, 1/3, 1/3]. With zero padding (full, same) the borders are damped further.
"""
