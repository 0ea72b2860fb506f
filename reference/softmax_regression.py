"""The softmax-regression homework's answers: the loss, an epoch of softmax regression, an epoch of a network.

The functions stand in the order of the homework and each docstring opens with the part that it answers; what they
share comes first. `n` examples in rows, `d` features, `h` hidden units, `k` classes, counted from 0; logarithms
are natural. Arrays of numbers are float32 in the homework and may be float64. Products are formed in float64;
what is written into a weight takes the weight's own type.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]


def batches(X: Matrix, y: Labels, batch: int) -> list[tuple[Matrix, Labels]]:
    """Cut rows and labels into batches, in order; the last one holds what is left: (n, d), (n,)."""
    rows = X.astype(np.float64)
    return [(rows[start : start + batch], y[start : start + batch]) for start in range(0, len(y), batch)]


def softmax(Z: Matrix) -> Matrix:
    """Return the probabilities of the classes, row by row: (n, k) -> (n, k)."""
    # Less the largest logit of its row no exponential overflows, and the sum is at least 1.
    weights = np.exp(Z - Z.max(axis=1, keepdims=True))
    probabilities: Matrix = weights / weights.sum(axis=1, keepdims=True)
    return probabilities


def output_gradient(Z: Matrix, y: Labels) -> Matrix:
    """Return the gradient of the mean loss with respect to the logits: (n, k), (n,) -> (n, k)."""
    excess = softmax(Z)
    excess[np.arange(len(y)), y] -= 1.0
    return excess / len(y)


def theta_gradient(X: Matrix, y: Labels, theta: Matrix) -> Matrix:
    """Return the gradient of a batch's mean loss with respect to theta: (m, d), (m,), (d, k) -> (d, k)."""
    return X.T @ output_gradient(X @ theta, y)


def network_gradients(X: Matrix, y: Labels, W1: Matrix, W2: Matrix) -> tuple[Matrix, Matrix]:
    """Return the gradients of a batch's mean loss with respect to W1 and W2: (d, h) and (h, k)."""
    before = X @ W1
    hidden = np.maximum(before, 0.0)
    G = output_gradient(hidden @ W2, y)
    return X.T @ ((before > 0) * (G @ W2.T)), hidden.T @ G


def softmax_loss(Z: Matrix, y: Labels) -> float:
    """1A: The mean over the rows of `log sum_j exp(Z_ij) - Z_i,y_i`: (n, k), (n,) -> a number."""
    # With the label's logit inside the sum nothing cancels where the loss is small; logaddexp cannot overflow.
    logits = Z.astype(np.float64)
    of_label = logits[np.arange(len(y)), y]
    return float(np.mean(np.logaddexp.reduce(logits - of_label[:, np.newaxis], axis=1)))


def softmax_regression_epoch(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """1B: One pass over the data, a step of gradient descent on theta for each batch.

    Args:
        X: (n, d), one example a row.
        y: (n,), the class of each example.
        theta: (d, k), updated in place.
        lr: The learning rate.
        batch: Rows of a batch; the last batch may have fewer, and its loss is the mean over its own rows.
    """
    for rows, labels in batches(X, y, batch):
        theta -= lr * theta_gradient(rows, labels, theta)


def nn_epoch(  # noqa: PLR0913, PLR0917 - the homework's signature
    X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int
) -> None:
    """2A: One pass over the data, a step on the weights of `relu(X W1) W2` for each batch.

    Args:
        X: (n, d), one example a row.
        y: (n,), the class of each example.
        W1: (d, h), updated in place.
        W2: (h, k), updated in place.
        lr: The learning rate.
        batch: Rows of a batch, as in 1B.
    """
    for rows, labels in batches(X, y, batch):
        # Both gradients belong to the weights before the step.
        of_W1, of_W2 = network_gradients(rows, labels, W1, W2)
        W1 -= lr * of_W1
        W2 -= lr * of_W2
