# Homework 3 -- IFT6390
# Julien Abergel, 20187766
import numpy as np
from scipy.special import expit, logsumexp

###############
# QUESTION 1  #
###############

def sign(x):
    return 1.0 * (x > 0) - 1.0 * (x < 0)

def relu_grad(x):
    return np.where(x > 0, 1.0, 0.0)

def heaviside(x):
    return np.heaviside(x, 0.5)

def relu(x):
    return x * heaviside(x)

def relu_reflected(x):
    return x - x * heaviside(-x)

def scaled_sigmoid(x, k):
    return expit(k * x)     # expit = sigmoid from scipy

def sigmoid_grad(x):
    s = expit(x)
    return s * (1 - s)

def sigmoid_jacobian(x):
    s = expit(x)
    D = np.diag(s)
    I = np.eye(x.shape[0])
    return D @ (I - D)

def log_sigmoid(x):
    # log(expit(x)) gives -inf at -1000 !!!  pull the linear part out
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))

def softplus(x):
    return np.log(1 + np.exp(x))

def softplus_grad(x):
    return expit(x)

def softmax(x):
    z = x - np.max(x)
    return np.exp(z) / np.sum(np.exp(z))

def softmax_scaled(x, c):
    return softmax(c * x)

ANSWER_1I = (
    "When we multiply x by c, every difference x_i - x_j is multiplied by c as well, and softmax only "
    "looks at these differences: S_i/S_j = exp(x_i - x_j) becomes exp(c(x_i - x_j)). So it is not "
    "invariant. With c > 1 the gaps are larger and the biggest entry takes more of the probability (sharper), "
    "with 0 < c < 1 it is flatter, with c = 0 we have the uniform distribution. If c is negative the order is "
    "inverted."
)

def softmax_partial(x, i, j):
    S = softmax(x)
    if i == j:
        return S[i] * (1 - S[i])
    else:
        return -S[i] * S[j]

def softmax_jacobian(x):
    S = softmax(x)
    return np.diag(S) - S[:, None] * S[None, :]

def grad_log_softmax(x, dx_du, i):
    S = softmax(x)
    expectation = np.sum(S[:, None] * dx_du, axis=0)
    return dx_du[i] - expectation

def grad_cross_entropy(x, dx_du, k):
    y = softmax(x)
    y[k] -= 1          # y - onehot(k)
    return dx_du.T @ y


###############
# QUESTION 2  #
###############

def hidden_preactivation(W1, b1, x):
    return np.dot(W1, x) + b1

def hidden_activation(h_a):
    # numerically careful version for the network
    return np.logaddexp(0, h_a)

def output_shapes(d_h, m):
    return ((m, d_h), (m,))

def output_preactivation(W2, b2, h_s):
    return np.dot(W2, h_s) + b2

def output_activation(o_a):
    return softmax(o_a)

def binary_softmax(x):
    z = x[0] - x[1]
    return np.array([expit(z), 1 - expit(z)])

def mse_grad(o_a, y):
    n = len(y)
    s = expit(o_a)
    return 2 / n * (s - y) * s * (1 - s)

def cross_entropy_grad(o_a, y):
    return expit(o_a) - y

def mse_to_cross_entropy_ratio(o_a):
    return sigmoid_grad(o_a)

ANSWER_2G = (
    "The MSE gradient has the extra factor s(o)(1-s(o)). It is tiny if the neuron is saturated, even if it is "
    "saturated on the wrong side, so a very wrong example gives almost no gradient and learning is slow. For "
    "cross entropy the gradient is just s(o) - y: big error -> big gradient. It is also the maximum likelihood "
    "loss for a Bernoulli output."
)

def nll_loss(o_a, y):
    return -o_a[y] + logsumexp(o_a)

def n_parameters(d, d_h, m):
    return d_h * d + d_h + m * d_h + m

def empirical_risk(W1, b1, W2, b2, X, y):
    R = 0.0
    for i in range(X.shape[0]):
        h = hidden_activation(hidden_preactivation(W1, b1, X[i]))
        o = output_preactivation(W2, b2, h)
        R += nll_loss(o, y[i])
    return R

def gd_step(theta, grad, lr):
    return theta - lr * grad

def gd_step_l2(theta, grad, lr, lam):
    # weight decay
    return theta - lr * (grad + lam * theta)

def grad_output_preactivation(o_s, y):
    onehot = np.eye(len(o_s))[y]
    return o_s - onehot

def grad_output_elements(grad_oa, h_s, k, j):
    return (grad_oa[k] * h_s[j], grad_oa[k])

def grad_output_params(grad_oa, h_s):
    grad_W2 = np.outer(grad_oa, h_s)
    grad_b2 = grad_oa
    return grad_W2, grad_b2

def grad_hidden_element(grad_oa, W2, j):
    return np.sum(grad_oa * W2[:, j])

def grad_hidden(grad_oa, W2):
    return np.dot(W2.T, grad_oa)

def grad_hidden_preactivation_element(grad_hs, h_a, j):
    return grad_hs[j] * expit(h_a[j])

def grad_hidden_preactivation(grad_hs, h_a):
    return np.diag(expit(h_a)) @ grad_hs


###############
# QUESTION 3  #
###############

def conv_output_size(size, kernel, padding, stride, dilation):
    return int(np.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride))

def layer_shapes():
    # done by hand:
    #   conv1 : (128 + 6 - 8)/2 + 1 = 64   -> 32 x 64 x 64
    #   pool  : 64 / 2 = 32                -> 32 x 32 x 32
    #   conv2 : 3x3 with padding 1 = same  -> 64 x 32 x 32
    return ((32, 64, 64), (32, 32, 32), (64, 32, 32))

def last_layer_parameters():
    return 3 * 3 * 32 * 64

def convolve(signal, kernel, mode):
    n = len(signal)
    k = len(kernel)
    if mode == "valid":
        pad = 0
    elif mode == "same":
        pad = k // 2
    else:  # full
        pad = k - 1
    s = np.pad(signal, pad)
    return np.array([np.dot(s[i:i + k], kernel) for i in range(n + 2 * pad - k + 1)])

ANSWER_3D = (
    "It averages each value with its two neighbours, so the signal gets smoother (edges become slopes). As the "
    "coefficients sum to 0.75 it also scales everything down by a quarter (the 4s become 3)."
)

if __name__ == "__main__":
    sig = np.array([1, 1, 4, 4, 4, 1, 1.])
    ker = np.ones(3) / 4
    for mode in ["valid", "full", "same"]:
        print(mode, convolve(sig, ker, mode))
    print(softmax(np.array([1., 2., 3.])).sum())
