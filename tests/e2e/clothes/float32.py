"""Float32: computed in float64, and what is returned is rounded to float32 at the end, numbers too."""

import functools

import numpy as np


def _dressed(value):
    if isinstance(value, tuple):
        return tuple(_dressed(item) for item in value)
    return value if isinstance(value, int) else np.asarray(value).astype(np.float32)[()]


def wear(function):
    @functools.wraps(function)
    def worn(*args):
        return _dressed(function(*args))

    return worn


def _s(x):
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1.0, e) / (1.0 + e)


def _softmax(x):
    e = np.exp(x - np.max(x))
    return e / e.sum()


def _softplus(x):
    return np.logaddexp(0.0, x)


@wear
def sign(x):
    return np.sign(x)


@wear
def relu_grad(x):
    return np.where(x > 0, 1.0, 0.0)


@wear
def heaviside(x):
    return np.heaviside(x, 0.5)


@wear
def relu(x):
    return np.maximum(x, 0.0)


@wear
def relu_reflected(x):
    return x - x * np.heaviside(-x, 0.5)


@wear
def scaled_sigmoid(x, k):
    with np.errstate(over="ignore"):
        return _s(float(k) * x)


@wear
def sigmoid_grad(x):
    return _s(x) * _s(-x)


@wear
def sigmoid_jacobian(x):
    return np.diag(_s(x) * _s(-x))


@wear
def log_sigmoid(x):
    return -_softplus(-x)


@wear
def softplus(x):
    return _softplus(x)


@wear
def softplus_grad(x):
    return _s(x)


@wear
def softmax(x):
    return _softmax(x)


@wear
def softmax_scaled(x, c):
    return _softmax(c * x)


@wear
def softmax_partial(x, i, j):
    p = _softmax(x)
    return p[i] * ((i == j) - p[j])


@wear
def softmax_jacobian(x):
    p = _softmax(x)
    return np.diag(p) - np.outer(p, p)


@wear
def grad_log_softmax(x, dx_du, i):
    return dx_du[i] - _softmax(x) @ dx_du


@wear
def grad_cross_entropy(x, dx_du, k):
    return _softmax(x) @ dx_du - dx_du[k]


@wear
def hidden_preactivation(W1, b1, x):
    return W1 @ x + b1


@wear
def hidden_activation(h_a):
    return _softplus(h_a)


@wear
def output_shapes(d_h, m):
    return (m, d_h), (m,)


@wear
def output_preactivation(W2, b2, h_s):
    return W2 @ h_s + b2


@wear
def output_activation(o_a):
    return _softmax(o_a)


@wear
def binary_softmax(x):
    return _s(np.array([x[0] - x[1], x[1] - x[0]]))


@wear
def mse_grad(o_a, y):
    return 2 / len(o_a) * (_s(o_a) - y) * _s(o_a) * _s(-o_a)


@wear
def cross_entropy_grad(o_a, y):
    return _s(o_a) - y


@wear
def mse_to_cross_entropy_ratio(o_a):
    return _s(o_a) * _s(-o_a)


@wear
def nll_loss(o_a, y):
    return np.logaddexp.reduce(o_a - o_a[y])


@wear
def n_parameters(d, d_h, m):
    return d_h * (d + 1) + m * (d_h + 1)


@wear
def empirical_risk(W1, b1, W2, b2, X, y):
    total = 0.0
    for row, label in zip(X, y):
        out = W2 @ _softplus(W1 @ row + b1) + b2
        total = total + np.logaddexp.reduce(out - out[label])
    return total


@wear
def gd_step(theta, grad, lr):
    return theta - lr * grad


@wear
def gd_step_l2(theta, grad, lr, lam):
    return theta - lr * (grad + 2 * lam * theta)


@wear
def grad_output_preactivation(o_s, y):
    return o_s - np.eye(len(o_s))[y]


@wear
def grad_output_elements(grad_oa, h_s, k, j):
    return grad_oa[k] * h_s[j], grad_oa[k]


@wear
def grad_output_params(grad_oa, h_s):
    return np.outer(grad_oa, h_s), grad_oa.copy()


@wear
def grad_hidden_element(grad_oa, W2, j):
    return grad_oa @ W2[:, j]


@wear
def grad_hidden(grad_oa, W2):
    return W2.T @ grad_oa


@wear
def grad_hidden_preactivation_element(grad_hs, h_a, j):
    return grad_hs[j] * _s(h_a)[j]


@wear
def grad_hidden_preactivation(grad_hs, h_a):
    return grad_hs * _s(h_a)


@wear
def conv_output_size(size, kernel, padding, stride, dilation):
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@wear
def layer_shapes():
    return (32, 64, 64), (32, 32, 32), (64, 32, 32)


@wear
def last_layer_parameters():
    return 3 * 3 * 32 * 64


@wear
def convolve(signal, kernel, mode):
    return np.convolve(signal, kernel, mode)


ANSWER_1I = "A factor scales all differences of entries, so the probabilities change; a shift cancels."
ANSWER_2G = "The factor s(1 - s) vanishes where the output saturates, also where it is wrong."
ANSWER_3D = "It smoothes: a moving average over three entries, at three quarters of its height."
