"""
IFT3395 / IFT6390 - Devoir 3
Maëlle Trudel-Okafor

I derived everything on paper first, then coded it. Whenever there is an exp() somewhere I tried to
make sure that its argument is never positive, so that nothing can overflow.
"""

from __future__ import annotations

import numpy as np

# ----------------------------------------------------------------------------------------------
# small tools used everywhere
# ----------------------------------------------------------------------------------------------


def _expneg(t):
    """exp(-|t|): always in (0, 1], the building block of all the stable formulas below."""
    return np.exp(-np.abs(t))


def _s(t):
    """Logistic sigmoid. Same trick on both sides: multiply top and bottom by e^t when t < 0."""
    e = _expneg(t)
    return np.where(t >= 0, 1.0, e) / (1.0 + e)


def _lse(v):
    """log sum exp"""
    top = v.max()
    return top + np.log(np.exp(v - top).sum())


def _onehot(k, size):
    out = np.zeros(size)
    out[k] = 1.0
    return out


# ----------------------------------------------------------------------------------------------
# Question 1
# ----------------------------------------------------------------------------------------------


# 1A
def sign(x):
    # 1[x>0] - 1[x<0], NOT np.sign: the question asks for indicator functions
    positive = (x > 0).astype(float)
    negative = (x < 0).astype(float)
    return positive - negative


# 1B
def heaviside(x):
    # sign is -1, 0, 1  ->  0, 1/2, 1
    return (1.0 + sign(x)) / 2.0


def relu_grad(x):
    # equals H(x) except at 0, where there is no derivative anyway
    return heaviside(x)


# 1C
def relu(x):
    return x * heaviside(x)


def relu_reflected(x):
    return x - x * heaviside(-x)


# 1D
def scaled_sigmoid(x, k):
    return _s(k * x)


# 1E
def sigmoid_grad(x):
    # s(x) * s(-x): better than s * (1 - s), 1 - s is 0 in floating point as soon as x > 37
    return _s(x) * _s(-x)


def sigmoid_jacobian(x):
    s = np.diag(_s(x))
    return s @ (np.eye(len(x)) - s)


# 1F
def log_sigmoid(x):
    return -softplus(-x)


# 1G
def softplus(x):
    # ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)
    return np.maximum(x, 0.0) + np.log1p(_expneg(x))


def softplus_grad(x):
    return _s(x)


# 1H
def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


# 1I
def softmax_scaled(x, c):
    return softmax(c * x)


ANSWER_1I = """
Softmax depends only on the differences between the entries: S(x)_i / S(x)_j = exp(x_i - x_j). Adding
the same constant to every entry leaves all the differences as they were, which is why softmax is
invariant under translation. Multiplying by c does not: every difference becomes c (x_i - x_j), so the
ratio S_i / S_j is raised to the power c. Unless all the entries are equal (all differences are 0, and
softmax stays uniform) or c = 1, the result changes.

What it does: c is an inverse temperature.
  - c > 1: the differences grow and the distribution gets sharper (its entropy falls). When c goes to
    infinity all the mass goes to the largest entry: a one-hot argmax (shared equally if there are ties).
  - 0 < c < 1: the differences shrink and the distribution gets flatter.
  - c = 0: all entries are equal, the distribution is uniform (1/n).
  - c < 0: the order is reversed, the smallest entry gets the highest probability.
"""


# 1J
def softmax_partial(x, i, j):
    S = softmax(x)
    return S[i] * (float(i == j) - S[j])


# 1K
def softmax_jacobian(x):
    S = softmax(x)
    return np.diag(S) - np.outer(S, S)


# 1L
def grad_log_softmax(x, dx_du, i):
    # gradient of entry i, minus the expected gradient when k ~ S(x)
    return dx_du[i] - softmax(x) @ dx_du


# 1M
def grad_cross_entropy(x, dx_du, k):
    # the loss is -log softmax(x)_k
    return -grad_log_softmax(x, dx_du, k)


# ----------------------------------------------------------------------------------------------
# Question 2
# ----------------------------------------------------------------------------------------------


# 2A
def hidden_preactivation(W1, b1, x):
    return W1 @ x + b1


def hidden_activation(h_a):
    return softplus(h_a)


# 2B
def output_shapes(d_h, m):
    return (m, d_h), (m,)


def output_preactivation(W2, b2, h_s):
    return W2 @ h_s + b2


# 2C
def output_activation(o_a):
    return softmax(o_a)


# 2D
def binary_softmax(x):
    # e^x1 / (e^x1 + e^x2) = 1 / (1 + e^-(x1 - x2)), so z must be x1 - x2 (checked against softmax below)
    z = x[0] - x[1]
    return np.array([_s(z), _s(-z)])


# 2E
def mse_grad(o_a, y):
    s = _s(o_a)
    return 2.0 / len(o_a) * (s - y) * sigmoid_grad(o_a)


# 2F
def cross_entropy_grad(o_a, y):
    return _s(o_a) - y


# 2G
def mse_to_cross_entropy_ratio(o_a):
    return sigmoid_grad(o_a)


ANSWER_2G = """
Component by component, the MSE gradient is the cross-entropy gradient s(o) - y times s(o)(1 - s(o))
(and a constant 2/n). That factor is at most 1/4 and goes to 0 exponentially when |o| grows. So if the
network is very sure AND wrong (y = 1 but o = -20) the MSE gradient is nearly 0: precisely where it should
learn the most it hardly learns at all, because the sigmoid saturates. With the cross-entropy the log
cancels the exponential of the sigmoid; the gradient is s(o) - y, about -1 in that example, i.e. it is
proportional to the error and never dies while the prediction is wrong.

There are two other reasons. Cross-entropy is the negative log-likelihood of a Bernoulli variable, so
minimising it is maximum likelihood for a binary label, whereas the MSE corresponds to Gaussian noise. And
it is convex as a function of o, while the MSE after a sigmoid is not.
"""


# 2H
def nll_loss(o_a, y):
    return _lse(o_a) - o_a[y]


# 2I
def n_parameters(d, d_h, m):
    first = d_h * (d + 1)
    second = m * (d_h + 1)
    return first + second


def forward(W1, b1, W2, b2, x):
    h_s = hidden_activation(hidden_preactivation(W1, b1, x))
    return output_preactivation(W2, b2, h_s)


def empirical_risk(W1, b1, W2, b2, X, y):
    return sum(nll_loss(forward(W1, b1, W2, b2, row), label) for row, label in zip(X, y))


# 2J
def gd_step(theta, grad, lr):
    return theta - lr * grad


# 2K
def gd_step_l2(theta, grad, lr, lam):
    # gradient of lam * ||theta||^2 is 2 lam theta
    return gd_step(theta, grad + 2 * lam * theta, lr)


# 2L
def grad_output_preactivation(o_s, y):
    return o_s - _onehot(y, len(o_s))


# 2M
def grad_output_elements(grad_oa, h_s, k, j):
    return grad_oa[k] * h_s[j], grad_oa[k]


# 2N
def grad_output_params(grad_oa, h_s):
    return np.outer(grad_oa, h_s), grad_oa.copy()


# 2O
def grad_hidden_element(grad_oa, W2, j):
    return grad_oa @ W2[:, j]


# 2P
def grad_hidden(grad_oa, W2):
    return W2.T @ grad_oa


# 2Q
def grad_hidden_preactivation_element(grad_hs, h_a, j):
    return grad_hs[j] * _s(h_a[j])


# 2R
def grad_hidden_preactivation(grad_hs, h_a):
    # a product with a diagonal matrix is a product entry by entry
    return grad_hs * _s(h_a)


# ----------------------------------------------------------------------------------------------
# Question 3
# ----------------------------------------------------------------------------------------------


# 3A
def conv_output_size(size, kernel, padding, stride, dilation):
    span = dilation * (kernel - 1) + 1  # what a dilated kernel covers
    return (size + 2 * padding - span) // stride + 1


def layer_shapes():
    c1 = conv_output_size(128, 8, 3, 2, 1)
    p = conv_output_size(c1, 2, 0, 2, 1)
    c2 = conv_output_size(p, 3, 1, 1, 1)
    return (32, c1, c1), (32, p, p), (64, c2, c2)


# 3B
def last_layer_parameters():
    return 64 * 32 * 3 * 3


# 3C
def convolve(signal, kernel, mode):
    n, k = len(signal), len(kernel)
    full = np.zeros(n + k - 1)
    for i, weight in enumerate(kernel):  # each tap adds a shifted copy of the signal: no flip to forget
        full[i : i + n] += weight * signal
    if mode == "full":
        return full
    if mode == "same":
        start = (k - 1) // 2
        return full[start : start + n]
    if mode == "valid":
        return full[k - 1 : n]
    raise ValueError(f"unknown mode {mode!r}")


# 3D
ANSWER_3D = """
Up to a factor, [1/4, 1/4, 1/4] is a moving average over three neighbours: a low-pass filter. It smooths the
signal: the sharp steps 1 -> 4 and 4 -> 1 become ramps (3/2, 9/4, 3), and noise that changes sign from a
sample to the next would be reduced. But its weights sum to 3/4 and not to 1, so it also attenuates: a
constant region of height 4 comes out at height 3. To smooth only, the kernel should be [1/3, 1/3, 1/3].
(With padding, 'same' and 'full' are attenuated further at the borders, because zeros enter the average.)
"""


if __name__ == "__main__":
    rng = np.random.default_rng(3395)

    def numeric(f, v, h=1e-6):
        """Finite differences, to check all the gradients."""
        return np.array([(f(v + h * e) - f(v - h * e)) / (2 * h) for e in np.eye(len(v))]).T

    v = rng.normal(size=5)
    assert np.allclose(numeric(softmax, v), softmax_jacobian(v), atol=1e-6)
    assert np.allclose(numeric(softplus, v), np.diag(softplus_grad(v)), atol=1e-6)
    assert np.allclose(numeric(lambda o: nll_loss(o, 2), v), grad_output_preactivation(softmax(v), 2), atol=1e-6)
    assert np.allclose(binary_softmax(v[:2]), softmax(v[:2]))
    assert np.allclose(softmax(v + 1e4), softmax(v))
    for m in ("valid", "same", "full"):
        assert np.allclose(convolve(v, np.array([1.0, 2.0, -1.0]), m), np.convolve(v, [1, 2, -1], m))
    assert layer_shapes() == ((32, 64, 64), (32, 32, 32), (64, 32, 32))
    print("ok")
