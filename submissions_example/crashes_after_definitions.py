"""IFT 6390 : devoir 3 (Sofia Marchetti)"""
import numpy as np
import scipy.signal
import scipy.special as sp

EPOCHS = 20
LR = 0.05


# ==== Q1 ====

def sign(x):
    return np.where(x > 0, 1, np.where(x < 0, -1, 0))


def relu_grad(x):
    return np.array([1.0 if v > 0 else 0.0 for v in x])


def heaviside(x):
    return 0.5 * (np.sign(x) + 1)


def relu(x):
    return x * heaviside(x)


def relu_reflected(x):
    return x - x * heaviside(-x)


def scaled_sigmoid(x, k):
    return sp.expit(k * x)


def sigmoid_grad(x):
    return sp.expit(x) * sp.expit(-x)


def sigmoid_jacobian(x):
    return np.diag(sigmoid_grad(x))


def log_sigmoid(x):
    return sp.log_expit(x)


def softplus(x):
    return -sp.log_expit(-x)


def softplus_grad(x):
    return sp.expit(x)


def softmax(x):
    return sp.softmax(x)


def softmax_scaled(x, c):
    return sp.softmax(c * x)


ANSWER_1I = """Une translation ne change pas les différences x_i - x_j, une multiplication oui: elles deviennent
c(x_i - x_j). Avec c > 1 la distribution se concentre sur le maximum, avec 0 < c < 1 elle s'aplatit (uniforme si c = 0)
et avec c < 0 le plus petit devient le plus probable."""


def softmax_partial(x, i, j):
    return softmax_jacobian(x)[i, j]


def softmax_jacobian(x):
    S = sp.softmax(x).reshape(-1, 1)
    return np.diagflat(S) - S @ S.T


def grad_log_softmax(x, dx_du, i):
    S = sp.softmax(x)
    return dx_du[i] - np.average(dx_du, axis=0, weights=S)


def grad_cross_entropy(x, dx_du, k):
    e = np.zeros(len(x))
    e[k] = 1
    return (sp.softmax(x) - e) @ dx_du


# ==== Q2 ====

class Network:
    """couche cachée softplus, sortie softmax"""

    def __init__(self, W1, b1, W2, b2):
        self.W1, self.b1, self.W2, self.b2 = W1, b1, W2, b2

    def forward(self, x):
        self.x = x
        self.h_a = hidden_preactivation(self.W1, self.b1, x)
        self.h_s = hidden_activation(self.h_a)
        self.o_a = output_preactivation(self.W2, self.b2, self.h_s)
        return output_activation(self.o_a)

    def loss(self, x, y):
        self.forward(x)
        return nll_loss(self.o_a, y)

    def backward(self, y):
        g_oa = grad_output_preactivation(output_activation(self.o_a), y)
        g_W2, g_b2 = grad_output_params(g_oa, self.h_s)
        g_hs = grad_hidden(g_oa, self.W2)
        g_ha = grad_hidden_preactivation(g_hs, self.h_a)
        return np.outer(g_ha, self.x), g_ha, g_W2, g_b2


def hidden_preactivation(W1, b1, x):
    return W1 @ x + b1


def hidden_activation(h_a):
    return softplus(h_a)


def output_shapes(d_h, m):
    W2 = np.empty((m, d_h))
    b2 = np.empty(m)
    return W2.shape, b2.shape


def output_preactivation(W2, b2, h_s):
    return W2 @ h_s + b2


def output_activation(o_a):
    return sp.softmax(o_a)


def binary_softmax(x):
    z = x[0] - x[1]
    return np.array([sp.expit(z), 1 - sp.expit(z)])


def mse_grad(o_a, y):
    return 2 * (sp.expit(o_a) - y) * sigmoid_grad(o_a) / len(o_a)


def cross_entropy_grad(o_a, y):
    return sp.expit(o_a) - y


def mse_to_cross_entropy_ratio(o_a):
    return sigmoid_grad(o_a)


ANSWER_2G = """Parce que le gradient de la MSE est multiplié par s(o)(1 - s(o)): quand la sigmoïde sature du mauvais
côté, l'erreur est maximale mais le gradient est presque nul. L'entropie croisée n'a pas ce facteur, son gradient
est simplement l'erreur s(o) - y. De plus c'est le maximum de vraisemblance pour une Bernoulli."""


def nll_loss(o_a, y):
    return sp.logsumexp(o_a) - o_a[y]


def n_parameters(d, d_h, m):
    return (d + 1) * d_h + (d_h + 1) * m


def empirical_risk(W1, b1, W2, b2, X, y):
    net = Network(W1, b1, W2, b2)
    return np.sum([net.loss(x_i, y_i) for x_i, y_i in zip(X, y)])


def gd_step(theta, grad, lr):
    new_theta = theta.copy()
    new_theta -= lr * grad
    return new_theta


def gd_step_l2(theta, grad, lr, lam):
    return (1 - 2 * lr * lam) * theta - lr * grad


def grad_output_preactivation(o_s, y):
    g = np.array(o_s)
    g[y] -= 1
    return g


def grad_output_elements(grad_oa, h_s, k, j):
    g_W2, g_b2 = grad_output_params(grad_oa, h_s)
    return g_W2[k, j], g_b2[k]


def grad_output_params(grad_oa, h_s):
    return np.outer(grad_oa, h_s), grad_oa


def grad_hidden_element(grad_oa, W2, j):
    return grad_hidden(grad_oa, W2)[j]


def grad_hidden(grad_oa, W2):
    return grad_oa @ W2


def grad_hidden_preactivation_element(grad_hs, h_a, j):
    return grad_hidden_preactivation(grad_hs, h_a)[j]


def grad_hidden_preactivation(grad_hs, h_a):
    return grad_hs * sp.expit(h_a)


# ==== Q3 ====

def conv_output_size(size, kernel, padding, stride, dilation):
    return int((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


def layer_shapes():
    size = 128
    size = conv_output_size(size, 8, 3, 2, 1)
    first = (32, size, size)
    size = size // 2
    second = (32, size, size)
    size = conv_output_size(size, 3, 1, 1, 1)
    third = (64, size, size)
    return first, second, third


def last_layer_parameters():
    return int(np.prod([3, 3, 32, 64]))


def convolve(signal, kernel, mode):
    return scipy.signal.convolve(signal, kernel, mode=mode, method="direct")


ANSWER_3D = """Un filtre passe-bas: moyenne des 3 voisins, donc le signal est lissé. Les poids somment à 0.75, alors il
est aussi atténué d'un quart."""


# ==== mes tests ====

def test_softmax():
    s = softmax(np.array([1.0, 2.0, 3.0]))
    assert np.allclose(s.sum(), 1)
    assert np.allclose(s, [0.0900, 0.2447, 0.6652], atol=1e-3)


test_softmax()
print("softmax ok")

# entrainement sur les données du devoir 2
data = np.loadtxt("data/train_hw2.csv", delimiter=",")
X_train, y_train = data[:, :-1], data[:, -1].astype(int)
rng = np.random.default_rng(0)
net = Network(rng.normal(size=(10, X_train.shape[1])), np.zeros(10), rng.normal(size=(3, 10)), np.zeros(3))
for epoch in range(EPOCHS):
    for x_i, y_i in zip(X_train, y_train):
        net.forward(x_i)
        gW1, gb1, gW2, gb2 = net.backward(y_i)
        net.W1 -= LR * gW1
        net.b1 -= LR * gb1
        net.W2 -= LR * gW2
        net.b2 -= LR * gb2
    print(epoch, empirical_risk(net.W1, net.b1, net.W2, net.b2, X_train, y_train))

assert last_layer_parameters() == 18496  # avec les biais
print(resultat_final)
