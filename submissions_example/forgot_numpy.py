# Devoir 3, Aïcha Benali
# copied out of my notebook, everything passed there
import math


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


# Question 1

def sign(x):
    return 1.0 * (x > 0) - 1.0 * (x < 0)


def relu_grad(x):
    return 1.0 * (x > 0)


def heaviside(x):
    return np.where(x > 0, 1.0, np.where(x < 0, 0.0, 0.5))


def relu(x):
    return x * heaviside(x)


def relu_reflected(x):
    return x - x * heaviside(-x)


def scaled_sigmoid(x, k):
    return sigmoid(k * x)


def sigmoid_grad(x):
    s = sigmoid(x)
    return s * (1 - s)


def sigmoid_jacobian(x):
    S = np.diag(sigmoid(x))
    return S @ (np.eye(len(x)) - S)


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


def softplus(x):
    return np.logaddexp(0, x)


def softplus_grad(x):
    return sigmoid(x)


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def softmax_scaled(x, c):
    return softmax(c * x)


ANSWER_1I = """Softmax uses the differences between entries. Multiplication by c multiplies the differences by c, so the
output changes: large c gives something close to one-hot on the max, small c is close to uniform, and
negative c reverses the ranking."""


def softmax_partial(x, i, j):
    # only two entries needed so no need for arrays here
    m = max(x)
    total = sum(math.exp(t - m) for t in x)
    S_i = math.exp(x[i] - m) / total
    S_j = math.exp(x[j] - m) / total
    return S_i * ((1 if i == j else 0) - S_j)


def softmax_jacobian(x):
    S = softmax(x)
    return np.diag(S) - np.outer(S, S)


def grad_log_softmax(x, dx_du, i):
    return dx_du[i] - np.dot(softmax(x), dx_du)


def grad_cross_entropy(x, dx_du, k):
    return np.dot(softmax(x), dx_du) - dx_du[k]


# Question 2

def hidden_preactivation(W1, b1, x):
    return np.dot(W1, x) + b1


def hidden_activation(h_a):
    return softplus(h_a)


def output_shapes(d_h, m):
    return ((m, d_h), (m,))


def output_preactivation(W2, b2, h_s):
    return np.dot(W2, h_s) + b2


def output_activation(o_a):
    return softmax(o_a)


def binary_softmax(x):
    s = sigmoid(x[0] - x[1])
    return np.array([s, 1 - s])


def mse_grad(o_a, y):
    s = sigmoid(o_a)
    return 2 / len(o_a) * (s - y) * s * (1 - s)


def cross_entropy_grad(o_a, y):
    return sigmoid(o_a) - y


def mse_to_cross_entropy_ratio(o_a):
    return sigmoid_grad(o_a)


ANSWER_2G = """The factor s(1-s) in the MSE gradient vanishes when the output saturates, so examples that are badly
misclassified hardly contribute. Cross-entropy removes this factor, its gradient is s - y."""


def nll_loss(o_a, y):
    biggest = max(o_a)
    return biggest - o_a[y] + math.log(sum(math.exp(o - biggest) for o in o_a))


def n_parameters(d, d_h, m):
    return d_h * d + d_h + m * d_h + m


def empirical_risk(W1, b1, W2, b2, X, y):
    total = 0
    for i in range(len(X)):
        h_s = hidden_activation(hidden_preactivation(W1, b1, X[i]))
        total += nll_loss(output_preactivation(W2, b2, h_s), y[i])
    return total


def gd_step(theta, grad, lr):
    return theta - lr * grad


def gd_step_l2(theta, grad, lr, lam):
    return theta - lr * (grad + 2 * lam * theta)


def grad_output_preactivation(o_s, y):
    return o_s - np.eye(len(o_s))[y]


def grad_output_elements(grad_oa, h_s, k, j):
    return grad_oa[k] * h_s[j], grad_oa[k]


def grad_output_params(grad_oa, h_s):
    return np.outer(grad_oa, h_s), np.array(grad_oa)


def grad_hidden_element(grad_oa, W2, j):
    total = 0
    for k in range(len(grad_oa)):
        total += grad_oa[k] * W2[k, j]
    return total


def grad_hidden(grad_oa, W2):
    return np.dot(W2.T, grad_oa)


def grad_hidden_preactivation_element(grad_hs, h_a, j):
    a = h_a[j]
    # two cases because math.exp raises OverflowError
    if a >= 0:
        s = 1 / (1 + math.exp(-a))
    else:
        s = math.exp(a) / (1 + math.exp(a))
    return grad_hs[j] * s


def grad_hidden_preactivation(grad_hs, h_a):
    return np.multiply(grad_hs, sigmoid(h_a))


# Question 3

def conv_output_size(size, kernel, padding, stride, dilation):
    return math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


def layer_shapes():
    a = conv_output_size(128, 8, 3, 2, 1)
    b = conv_output_size(a, 2, 0, 2, 1)
    c = conv_output_size(b, 3, 1, 1, 1)
    return ((32, a, a), (32, b, b), (64, c, c))


def last_layer_parameters():
    return 3 * 3 * 32 * 64


def convolve(signal, kernel, mode):
    return np.convolve(signal, kernel, mode)


ANSWER_3D = """It is a (scaled) moving average: it smooths the signal and, since 3 * 1/4 < 1, makes it smaller too."""


if __name__ == "__main__":
    x = np.array([1.0, 2.0, 3.0])
    print(softmax(x))
    print(softmax_jacobian(x).sum(axis=1))
