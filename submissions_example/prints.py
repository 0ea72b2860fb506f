#!/usr/bin/env python3
# HW3, Bastien L.
# (sorry for all the prints, I don't know how to use the debugger)
import sys
import numpy as np
np.set_printoptions(threshold=sys.maxsize, suppress=True)

print("=" * 80)
print("starting hw3 ... numpy version", np.__version__)
print("été, modèle, dérivée ->", "les accents marchent")

DEBUG = True

def dbg(*args):
    if DEBUG:
        print("[DEBUG]", *args)

def sigm(z):
    # clip, sinon overflow encountered in exp
    z = np.clip(z, -500, 500)
    r = 1 / (1 + np.exp(-z))
    dbg("sigm", r)
    return r

# what does a grid of values look like?
grid = np.linspace(-10, 10, 20000)
print("grid =", grid)
print("sigmoid of grid =", sigm(grid))
print(np.arange(90000).reshape(300, 300))

######### Q1 #########

def sign(x):
    print("sign called with", x)
    res = (x > 0).astype(int) - (x < 0).astype(int)
    print("result:", res)
    return res

def relu_grad(x):
    print("relu_grad", x.shape, x.dtype)
    return (x > 0).astype(float)

def heaviside(x):
    res = np.where(x == 0, 0.5, (x > 0) * 1.0)
    print("H(x) =", res)
    return res

def relu(x):
    print("relu!!")
    return x * heaviside(x)

def relu_reflected(x):
    a = x - x * heaviside(-x)
    print("reflected vs max:", a, np.maximum(x, 0))
    return a

def scaled_sigmoid(x, k):
    print("k =", k)
    return sigm(k * x)

def sigmoid_grad(x):
    s = sigm(x)
    print("s =", s, file=sys.stderr)
    return s * (1 - s)

def sigmoid_jacobian(x):
    J = np.diag(sigm(x)) @ (np.eye(len(x)) - np.diag(sigm(x)))
    print("J =")
    print(J)
    return J

def softplus(x):
    # where x is big, softplus(x) = x (exactly, in float64)
    out = np.where(x > 35, x, np.log1p(np.exp(np.minimum(x, 35))))
    print("softplus:", list(zip(x, out)))
    return out

def log_sigmoid(x):
    r = -softplus(-x)
    print("log sigmoid:", r)
    return r

def softplus_grad(x):
    print("softplus' = sigmoid")
    return sigm(x)

def softmax(x):
    print("x     =", x)
    m = x.max(); print("max   =", m)
    e = np.exp(x - m); print("exp   =", e)
    S = e / e.sum(); print("S     =", S); print("sum   =", S.sum())
    return S

def softmax_scaled(x, c):
    print("*** scaled by", c)
    return softmax(x * c)

ANSWER_1I = """The softmax depends on differences of the entries only. A factor c multiplies all the differences so
the probabilities change: sharper if c>1, flatter if 0<c<1 (uniform for c=0), reversed order if c<0."""

def softmax_partial(x, i, j):
    print("i, j =", i, j)
    S = softmax(x)
    kron = int(i == j)
    print("kronecker delta:", kron)
    return S[i] * (kron - S[j])

def softmax_jacobian(x):
    S = softmax(x)
    J = np.diag(S) - np.outer(S, S)
    print("row sums (should be 0):", J.sum(axis=1))
    print(J)
    return J

def grad_log_softmax(x, dx_du, i):
    print("dx_du:", dx_du.shape); print(dx_du)
    S = softmax(x)
    E = np.einsum("k,kp->p", S, dx_du)
    print("E =", E)
    return dx_du[i, :] - E

def grad_cross_entropy(x, dx_du, k):
    y = softmax(x)
    g = np.einsum("k,kp->p", y, dx_du) - dx_du[k, :]
    print("grad CE =", g)
    return g

######### Q2 #########

def hidden_preactivation(W1, b1, x):
    print("W1", W1.shape, "b1", b1.shape, "x", x.shape)
    print(W1)
    return W1.dot(x) + b1

def hidden_activation(h_a):
    print("activation cachée:", h_a)
    return softplus(h_a)

def output_shapes(d_h, m):
    print("d_h", d_h, "m", m)
    return (m, d_h), (m,)

def output_preactivation(W2, b2, h_s):
    print("W2", W2.shape, "b2", b2.shape, "h_s", h_s.shape)
    return W2.dot(h_s) + b2

def output_activation(o_a):
    return softmax(o_a)

def binary_softmax(x):
    z = x[0] - x[1]
    print("z =", z)
    s = sigm(z)
    return np.array([s, 1 - s])

def mse_grad(o_a, y):
    s = sigm(o_a)
    print("pred", s, "target", y, "error", s - y)
    return (2 / o_a.size) * (s - y) * s * (1 - s)

def cross_entropy_grad(o_a, y):
    s = sigm(o_a)
    print("pred", s, "target", y)
    return s - y

def mse_to_cross_entropy_ratio(o_a):
    r = sigmoid_grad(o_a)
    print("ratio max", r.max(), "(must be <= 0.25)")
    return r

ANSWER_2G = """With the MSE the gradient is multiplied by s(1-s) <= 1/4, that vanishes when the sigmoid is saturated, also
when it is saturated on the wrong side. With cross entropy it is s - y, so learning is fast when we are wrong."""

def nll_loss(o_a, y):
    mx = np.max(o_a)
    L = -o_a[y] + mx + np.log(np.exp(o_a - mx).sum())
    print(f"loss for class {y}: {L:.6f}")
    return L

def n_parameters(d, d_h, m):
    print("W1:", d_h * d, " b1:", d_h, " W2:", m * d_h, " b2:", m)
    return d_h * d + d_h + m * d_h + m

def empirical_risk(W1, b1, W2, b2, X, y):
    print("dataset of", X.shape, y.shape)
    print(X)
    losses = []
    for idx in range(len(y)):
        h_s = hidden_activation(hidden_preactivation(W1, b1, X[idx, :]))
        losses.append(nll_loss(output_preactivation(W2, b2, h_s), y[idx]))
        print("-----> example", idx, "loss", losses[-1])
    print("total", np.sum(losses))
    return np.sum(losses)

def gd_step(theta, grad, lr):
    print("before", theta)
    new = theta - lr * grad
    print("after ", new)
    return new

def gd_step_l2(theta, grad, lr, lam):
    print("lambda", lam)
    return theta - lr * grad - lr * 2 * lam * theta

def grad_output_preactivation(o_s, y):
    onehot = np.zeros(o_s.shape); onehot[y] = 1
    print("onehot", onehot)
    return o_s - onehot

def grad_output_elements(grad_oa, h_s, k, j):
    print("k", k, "j", j)
    return grad_oa[k] * h_s[j], grad_oa[k]

def grad_output_params(grad_oa, h_s):
    gW = grad_oa[:, np.newaxis] * h_s[np.newaxis, :]
    print("gW2", gW)
    return gW, grad_oa

def grad_hidden_element(grad_oa, W2, j):
    r = sum(grad_oa[k] * W2[k, j] for k in range(len(grad_oa)))
    print("dL/dh_s[%d] = %f" % (j, r))
    return r

def grad_hidden(grad_oa, W2):
    print("W2^T", W2.T)
    return W2.T.dot(grad_oa)

def grad_hidden_preactivation_element(grad_hs, h_a, j):
    r = grad_hs[j] * sigm(h_a[j])
    print(r)
    return r

def grad_hidden_preactivation(grad_hs, h_a):
    r = grad_hs * sigm(h_a)
    print(r)
    return r

######### Q3 #########

def conv_output_size(size, kernel, padding, stride, dilation):
    num = size + 2 * padding - dilation * (kernel - 1) - 1
    print(num, "/", stride, "+ 1")
    return num // stride + 1

def layer_shapes():
    shapes = ((32, 64, 64), (32, 32, 32), (64, 32, 32))
    for s in shapes:
        print("layer:", s)
    return shapes

def last_layer_parameters():
    print("3*3*32*64")
    return 3 * 3 * 32 * 64

def convolve(signal, kernel, mode):
    print("convolve", mode)
    print("signal", signal)
    print("kernel", kernel, "flipped", kernel[::-1])
    r = np.convolve(signal, kernel, mode)
    print("result", r)
    return r

ANSWER_3D = "Smoothing (average of 3 neighbours), and it also reduces the amplitude because the sum of the kernel is 3/4."

######### tests #########
print("TESTS")
test = np.array([-1000.0, -1.0, 0.0, 1.0, 1000.0])
print(sign(test), relu(test), softplus(test), log_sigmoid(test))
print(softmax(test))
print(softmax_jacobian(np.linspace(-1, 1, 60)))
print(convolve(np.array([1, 1, 4, 4, 4, 1, 1.0]), np.array([.25, .25, .25]), "same"))
print("DONE!!!!!!")
