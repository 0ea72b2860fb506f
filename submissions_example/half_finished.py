# devoir 3
# TODO: finir la question 2 avant vendredi!!!
import numpy as np
import matplotlib.pyplot as plt


def sigmoid(x):
    # version stable vue en démo
    out = np.zeros_like(x)
    pos = x >= 0
    out[pos] = 1 / (1 + np.exp(-x[pos]))
    ex = np.exp(x[~pos])
    out[~pos] = ex / (1 + ex)
    return out


# --- 1 ---

def sign(x):
    return np.sign(x)


def relu_grad(x):
    g = np.zeros(len(x))
    g[x > 0] = 1
    return g


def heaviside(x):
    h = np.zeros(len(x))
    h[x > 0] = 1
    h[x == 0] = 0.5
    return h


def relu(x):
    return x * heaviside(x)


def relu_reflected(x):
    return x - x * heaviside(-x)


def scaled_sigmoid(x, k):
    return sigmoid(k * x)


def sigmoid_grad(x):
    return sigmoid(x) * (1 - sigmoid(x))


def sigmoid_jacobian(x):
    # la jacobienne est diagonale
    return np.diag(sigmoid_grad(x))


def softplus(x):
    return np.logaddexp(0, x)


def log_sigmoid(x):
    return -softplus(-x)


def softplus_grad(x):
    return sigmoid(x)


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def softmax_scaled(x, c):
    return softmax(c * x)


ANSWER_1I = """Multiplier par c change les ecarts entre les x_i (ils sont multipliés par c), donc le softmax
change. Grand c: presque tout sur le max. Petit c (proche de 0): presque uniforme."""


def softmax_partial(x, i, j):
    s = softmax(x)
    delta = 1 if i == j else 0
    return s[i] * (delta - s[j])


def softmax_jacobian(x):
    n = len(x)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            J[i, j] = softmax_partial(x, i, j)
    return J


def grad_log_softmax(x, dx_du, i):
    # pas compris la notation E_j, demander à l'auxiliaire
    raise NotImplementedError


# 1M: ???


# --- 2 ---

def hidden_preactivation(W1, b1, x):
    return W1 @ x + b1


def hidden_activation(h_a):
    return softplus(h_a)


def output_shapes(d_h, m):
    return (m, d_h), (m,)


def output_preactivation(W2, b2, h_s):
    return W2 @ h_s + b2


def output_activation(o_a):
    return softmax(o_a)


def binary_softmax(x):
    pass


def mse_grad(o_a, y):
    # TODO
    return None


def cross_entropy_grad(o_a, y):
    s = sigmoid(o_a)
    return s - y


def mse_to_cross_entropy_ratio(o_a):
    pass


# ANSWER_2G = ""


def nll_loss(o_a, y):
    m = np.max(o_a)
    return -o_a[y] + m + np.log(np.sum(np.exp(o_a - m)))


def n_parameters(d, d_h, m):
    return d * d_h + d_h + d_h * m + m


def empirical_risk(W1, b1, W2, b2, X, y):
    raise NotImplementedError("pas encore")


def gd_step(theta, grad, lr):
    return theta - lr * grad


def gd_step_l2(theta, grad, lr, lam):
    pass


def grad_output_preactivation(o_s, y):
    grad = o_s.copy()
    grad[y] -= 1
    return grad


def grad_output_elements(grad_oa, h_s, k, j):
    return None


def grad_output_params(grad_oa, h_s):
    raise NotImplementedError()


def grad_hidden_element(grad_oa, W2, j):
    ...


# 2P, 2Q, 2R à faire

# --- 3 ---
