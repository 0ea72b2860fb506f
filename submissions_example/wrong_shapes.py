"""
Devoir 3
Étienne Roy & Priya Raman

Convention: as in the course notes, a vector is a COLUMN (n x 1) and a gradient with respect to parameters is
a ROW (1 x p).
"""
import numpy as np


def col(v):
    """n numbers -> n x 1 matrix"""
    return np.reshape(v, (-1, 1))


def row(v):
    return np.reshape(v, (1, -1))


def sigmoid(z):
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


# =============================== 1 ===============================

# 1A-1B: elementwise, no vector algebra
def sign(x):
    return np.sign(x)


def relu_grad(x):
    return np.where(x > 0, 1., 0.)


def heaviside(x):
    return np.heaviside(x, .5)


# 1C
def relu(x):
    x = col(x)
    return x * heaviside(x)


def relu_reflected(x):
    x = col(x)
    return x - x * heaviside(-x)


# 1D
def scaled_sigmoid(x, k):
    return sigmoid(k * x)


# 1E
def sigmoid_grad(x):
    return sigmoid(x) * sigmoid(-x)


def sigmoid_jacobian(x):
    s = sigmoid(x)
    return np.diag(s) @ (np.eye(len(s)) - np.diag(s))


# 1F
def log_sigmoid(x):
    return -softplus(-x)


# 1G
def softplus(x):
    x = col(x)
    return np.maximum(x, 0) + np.log1p(np.exp(-abs(x)))


def softplus_grad(x):
    return sigmoid(x)


# 1H
def softmax(x):
    x = col(x)
    e = np.exp(x - np.max(x, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


# 1I
def softmax_scaled(x, c):
    return softmax(c * x)


ANSWER_1I = """
softmax(cx): each difference between two components is multiplied by c, and the softmax is a function of those
differences, hence it is not invariant (while adding a constant does not change any difference).
Effect: c > 1 increases the contrast, 0 < c < 1 decreases it, c = 0 gives 1/n everywhere, c < 0 reverses the order.
"""


# 1J
def softmax_partial(x, i, j):
    S = softmax(x)
    return S[i, 0] * ((i == j) - S[j, 0])


# 1K
def softmax_jacobian(x):
    S = softmax(x)
    return np.diagflat(S) - S @ S.T


# 1L: rows, these are gradients
def grad_log_softmax(x, dx_du, i):
    return row(dx_du[i]) - softmax(x).T @ dx_du


# 1M
def grad_cross_entropy(x, dx_du, k):
    return softmax(x).T @ dx_du - row(dx_du[k])


# =============================== 2 ===============================

# 2A
def hidden_preactivation(W1, b1, x):
    return W1 @ col(x) + col(b1)


def hidden_activation(h_a):
    return softplus(h_a)


# 2B
def output_shapes(d_h, m):
    return (m, d_h), (m,)


def output_preactivation(W2, b2, h_s):
    return W2 @ col(h_s) + col(b2)


# 2C
def output_activation(o_a):
    return softmax(o_a)


# 2D
def binary_softmax(x):
    z = x[0] - x[1]
    return np.array([[sigmoid(z)],
                     [1 - sigmoid(z)]])


# 2E: sums over examples, so examples are not a "vector" here
def mse_grad(o_a, y):
    s = sigmoid(o_a)
    n = o_a.shape[0]
    return 2 / n * (s - y) * s * (1 - s)


# 2F
def cross_entropy_grad(o_a, y):
    return sigmoid(o_a) - y


# 2G
def mse_to_cross_entropy_ratio(o_a):
    return sigmoid_grad(o_a)


ANSWER_2G = """
In the MSE gradient there is s(o)(1 - s(o)), which is nearly zero as soon as |o| is large. A confident mistake then has
no gradient. The cross-entropy gradient s(o) - y does not have this problem, it is close to 1 in absolute value for a
confident mistake.
"""


# 2H
def nll_loss(o_a, y):
    o_a = col(o_a)
    m = o_a.max()
    return -o_a[y] + m + np.log(np.sum(np.exp(o_a - m)))


# 2I
def n_parameters(d, d_h, m):
    return d_h * d + d_h + m * d_h + m


def empirical_risk(W1, b1, W2, b2, X, y):
    R = np.zeros(1)
    for i in range(len(y)):
        h_s = hidden_activation(hidden_preactivation(W1, b1, X[i]))
        R = R + nll_loss(output_preactivation(W2, b2, h_s), y[i])
    return R


# 2J
def gd_step(theta, grad, lr):
    return theta - lr * grad


# 2K
def gd_step_l2(theta, grad, lr, lam):
    return theta - lr * (grad + 2 * lam * theta)


# 2L
def grad_output_preactivation(o_s, y):
    onehot = np.zeros((len(o_s), 1))
    onehot[y] = 1
    return col(o_s) - onehot


# 2M
def grad_output_elements(grad_oa, h_s, k, j):
    return grad_oa[k] * h_s[j], col(grad_oa)[k]


# 2N
def grad_output_params(grad_oa, h_s):
    grad_oa = col(grad_oa)
    return grad_oa @ row(h_s), grad_oa


# 2O
def grad_hidden_element(grad_oa, W2, j):
    return row(grad_oa) @ W2[:, j]


# 2P
def grad_hidden(grad_oa, W2):
    return W2.T @ col(grad_oa)


# 2Q
def grad_hidden_preactivation_element(grad_hs, h_a, j):
    return col(grad_hs)[j] * sigmoid(col(h_a)[j])


# 2R
def grad_hidden_preactivation(grad_hs, h_a):
    return np.diag(sigmoid(h_a)) @ col(grad_hs)


# =============================== 3 ===============================

# 3A
def conv_output_size(size, kernel, padding, stride, dilation):
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def layer_shapes():
    return (32, 64, 64), (32, 32, 32), (64, 32, 32)


# 3B
def last_layer_parameters():
    return 3 ** 2 * 32 * 64


# 3C: a signal in time is a row
def convolve(signal, kernel, mode):
    return row(np.convolve(signal, kernel, mode))


# 3D
ANSWER_3D = """
Averages neighbouring values: smoothing (blur). The kernel sums to 3/4 so a constant signal c becomes 3c/4: it also
attenuates.
"""


if __name__ == "__main__":
    x = np.array([1., 2., 3.])
    print("softmax", softmax(x))
    assert softmax(x).shape == (3, 1)
    assert np.isclose(softmax(x).sum(), 1)
    print("conv", convolve(np.array([1, 1, 4, 4, 4, 1, 1]), np.array([.25, .25, .25]), "same"))
