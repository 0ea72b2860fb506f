"""
Softmax regression & two-layer net, by hand
Ingrid Valdez-Oyelaran
"""
import numpy as np


def log_softmax(Z):
    """row-wise, shifted by the row max so exp never overflows"""
    Z = Z - np.max(Z, axis=1, keepdims=True)
    return Z - np.log(np.sum(np.exp(Z), axis=1, keepdims=True))


def softmax_loss(Z, y):
    # every row: -log p(correct class)
    return -np.mean(log_softmax(Z)[np.arange(y.shape[0]), y])


def _probs_minus_labels(Z, y):
    P = np.exp(log_softmax(Z))
    P[np.arange(y.shape[0]), y] -= 1
    return P


def softmax_regression_epoch(X, y, theta, lr, batch):
    for start in range(0, X.shape[0], batch):
        xb, yb = X[start:start + batch], y[start:start + batch]
        # xb can be shorter than batch at the end -> its own length!
        grad = xb.T @ _probs_minus_labels(xb @ theta, yb) / xb.shape[0]
        theta -= lr * grad


def nn_epoch(X, y, W1, W2, lr, batch):
    for start in range(0, X.shape[0], batch):
        xb, yb = X[start:start + batch], y[start:start + batch]
        m = xb.shape[0]
        Z1 = np.maximum(xb @ W1, 0)
        G2 = _probs_minus_labels(Z1 @ W2, yb)
        G1 = (G2 @ W2.T) * (Z1 > 0)
        # both grads first, then both updates
        dW1 = xb.T @ G1 / m
        dW2 = Z1.T @ G2 / m
        W1 -= lr * dW1
        W2 -= lr * dW2
