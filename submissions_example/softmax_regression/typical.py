# homework: softmax regression / 2 layer network
# Tomasz Brankov
import numpy as np


def softmax_loss(Z, y):
    correct = Z[np.arange(len(y)), y]
    return np.mean(np.log(np.sum(np.exp(Z), axis=1)) - correct)


def softmax_regression_epoch(X, y, theta, lr, batch):
    k = theta.shape[1]
    for i in range(0, X.shape[0], batch):
        Xb = X[i:i + batch]
        yb = y[i:i + batch]
        logits = Xb @ theta
        logits = logits - logits.max(axis=1, keepdims=True)
        P = np.exp(logits)
        P = P / P.sum(axis=1, keepdims=True)
        Y = np.eye(k)[yb]
        theta -= lr / batch * (Xb.T @ (P - Y))


def nn_epoch(X, y, W1, W2, lr, batch):
    k = W2.shape[1]
    for i in range(0, X.shape[0], batch):
        Xb = X[i:i + batch]
        yb = y[i:i + batch]
        Z = np.maximum(0, Xb @ W1)
        logits = Z @ W2
        logits = logits - logits.max(axis=1, keepdims=True)
        P = np.exp(logits)
        P = P / P.sum(axis=1, keepdims=True)
        G2 = P - np.eye(k)[yb]
        # update the last layer, then go back through it
        W2 -= lr / len(yb) * (Z.T @ G2)
        G1 = (Z > 0) * (G2 @ W2.T)
        W1 -= lr / len(yb) * (Xb.T @ G1)
