# Devoir 3 - Nguyen Thi Lan
# J'ai tout fait en Python "pur", sans numpy: je viens de la bio et je préfère voir les boucles.
import math


# ---------- petites fonctions utiles ----------

def sigma(t):
    """sigmoide d'un seul nombre"""
    if t >= 0:
        return 1 / (1 + math.exp(-t))
    e = math.exp(t)         # t < 0, pas de débordement
    return e / (1 + e)


def splus(t):
    """softplus d'un seul nombre"""
    if t > 0:
        return t + math.log1p(math.exp(-t))
    return math.log1p(math.exp(t))


def step(t):
    if t > 0:
        return 1.0
    elif t < 0:
        return 0.0
    return 0.5


def dot(u, v):
    total = 0.0
    for a, b in zip(u, v):
        total += a * b
    return total


def column(M, j):
    return [row[j] for row in M]


# ---------- question 1 ----------

def sign(x):
    result = []
    for t in x:
        if t > 0:
            result.append(1)
        elif t < 0:
            result.append(-1)
        else:
            result.append(0)
    return result


def relu_grad(x):
    return [1 if t > 0 else 0 for t in x]


def heaviside(x):
    return [step(t) for t in x]


def relu(x):
    return [t * step(t) for t in x]


def relu_reflected(x):
    return [t - t * step(-t) for t in x]


def scaled_sigmoid(x, k):
    return [sigma(k * t) for t in x]


def sigmoid_grad(x):
    return [sigma(t) * (1 - sigma(t)) for t in x]


def sigmoid_jacobian(x):
    n = len(x)
    J = []
    for i in range(n):
        ligne = [0.0] * n
        ligne[i] = sigma(x[i]) * (1 - sigma(x[i]))
        J.append(ligne)
    return J


def log_sigmoid(x):
    return [-splus(-t) for t in x]


def softplus(x):
    return [splus(t) for t in x]


def softplus_grad(x):
    return tuple(sigma(t) for t in x)


def softmax(x):
    m = max(x)
    exps = [math.exp(t - m) for t in x]
    total = sum(exps)
    return [e / total for e in exps]


def softmax_scaled(x, c):
    return softmax([c * t for t in x])


ANSWER_1I = """
Le softmax ne dépend que des différences x_i - x_j. Ajouter une constante ne les change pas, mais multiplier par
c les multiplie toutes par c, donc le résultat change (sauf si toutes les entrées sont égales).
c > 1 : la distribution devient plus pointue (le maximum gagne presque tout quand c est grand).
0 < c < 1 : elle devient plus plate; c = 0 : uniforme.
c < 0 : l'ordre est renversé.
"""


def softmax_partial(x, i, j):
    S = softmax(x)
    if i == j:
        return S[i] * (1 - S[i])
    return -S[i] * S[j]


def softmax_jacobian(x):
    return [[softmax_partial(x, i, j) for j in range(len(x))] for i in range(len(x))]


def grad_log_softmax(x, dx_du, i):
    S = softmax(x)
    p = len(dx_du[0])
    grad = []
    for q in range(p):
        esperance = 0.0
        for k in range(len(x)):
            esperance += S[k] * dx_du[k][q]
        grad.append(dx_du[i][q] - esperance)
    return grad


def grad_cross_entropy(x, dx_du, k):
    return [-g for g in grad_log_softmax(x, dx_du, k)]


# ---------- question 2 ----------

def hidden_preactivation(W1, b1, x):
    h = []
    for i in range(len(W1)):
        h.append(dot(W1[i], x) + b1[i])
    return h


def hidden_activation(h_a):
    return [splus(t) for t in h_a]


def output_shapes(d_h, m):
    return [(m, d_h), (m,)]


def output_preactivation(W2, b2, h_s):
    o = []
    for k in range(len(W2)):
        o.append(dot(W2[k], h_s) + b2[k])
    return o


def output_activation(o_a):
    return tuple(softmax(o_a))


def binary_softmax(x):
    z = x[0] - x[1]
    return (sigma(z), 1 - sigma(z))


def mse_grad(o_a, y):
    n = len(o_a)
    grad = []
    for o, cible in zip(o_a, y):
        s = sigma(o)
        grad.append(2 / n * (s - cible) * s * (1 - s))
    return grad


def cross_entropy_grad(o_a, y):
    return [sigma(o_a[i]) - y[i] for i in range(len(y))]


def mse_to_cross_entropy_ratio(o_a):
    return sigmoid_grad(o_a)


ANSWER_2G = """
Le gradient de la MSE contient le facteur s(o)(1 - s(o)), qui est presque nul quand la sigmoide sature. Si le
modèle est très sûr de lui mais se trompe, il n'apprend donc presque rien. Avec l'entropie croisée ce facteur
disparait: le gradient est s(o) - y, il est grand exactement quand l'erreur est grande.
"""


def nll_loss(o_a, y):
    m = max(o_a)
    total = 0.0
    for o in o_a:
        total += math.exp(o - m)
    return -o_a[y] + m + math.log(total)


def n_parameters(d, d_h, m):
    return d_h * d + d_h + m * d_h + m


def empirical_risk(W1, b1, W2, b2, X, y):
    risque = 0.0
    for x_i, y_i in zip(X, y):
        h = hidden_activation(hidden_preactivation(W1, b1, x_i))
        risque += nll_loss(output_preactivation(W2, b2, h), y_i)
    return risque


def gd_step(theta, grad, lr):
    nouveau = []
    for t, g in zip(theta, grad):
        nouveau.append(t - lr * g)
    return nouveau


def gd_step_l2(theta, grad, lr, lam):
    return [t - lr * (g + 2 * lam * t) for t, g in zip(theta, grad)]


def grad_output_preactivation(o_s, y):
    grad = list(o_s)      # copie!
    grad[y] = grad[y] - 1
    return grad


def grad_output_elements(grad_oa, h_s, k, j):
    return grad_oa[k] * h_s[j], grad_oa[k]


def grad_output_params(grad_oa, h_s):
    grad_W2 = [[g * h for h in h_s] for g in grad_oa]
    return grad_W2, list(grad_oa)


def grad_hidden_element(grad_oa, W2, j):
    return dot(grad_oa, column(W2, j))


def grad_hidden(grad_oa, W2):
    return [grad_hidden_element(grad_oa, W2, j) for j in range(len(W2[0]))]


def grad_hidden_preactivation_element(grad_hs, h_a, j):
    return grad_hs[j] * sigma(h_a[j])


def grad_hidden_preactivation(grad_hs, h_a):
    return [grad_hidden_preactivation_element(grad_hs, h_a, j) for j in range(len(h_a))]


# ---------- question 3 ----------

def conv_output_size(size, kernel, padding, stride, dilation):
    return math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


def layer_shapes():
    n1 = conv_output_size(128, 8, 3, 2, 1)
    n2 = n1 // 2
    n3 = conv_output_size(n2, 3, 1, 1, 1)
    return [[32, n1, n1], [32, n2, n2], [64, n3, n3]]


def last_layer_parameters():
    noyau = 3 * 3
    return noyau * 32 * 64


def convolve(signal, kernel, mode):
    n = len(signal)
    k = len(kernel)
    # d'abord 'full', le reste est un morceau de celui-ci
    full = []
    for t in range(n + k - 1):
        somme = 0.0
        for i in range(k):
            if 0 <= t - i < n:
                somme += kernel[i] * signal[t - i]
        full.append(somme)
    if mode == 'full':
        return full
    elif mode == 'same':
        debut = (k - 1) // 2
        return full[debut:debut + n]
    elif mode == 'valid':
        return full[k - 1:n]


ANSWER_3D = """
C'est une moyenne mobile sur 3 points: le noyau lisse le signal, les marches deviennent des pentes. Comme la somme
des poids est 3/4 et pas 1, l'amplitude est aussi réduite de 25 % (4 devient 3).
"""


if __name__ == '__main__':
    print(convolve([1, 1, 4, 4, 4, 1, 1], [1/4, 1/4, 1/4], 'full'))
    print(softmax([1.0, 2.0, 3.0]), sum(softmax([1.0, 2.0, 3.0])))
    print(softplus([-1000.0, 0.0, 1000.0]))
    print(layer_shapes())
