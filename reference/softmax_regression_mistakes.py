"""Wrong variants of the softmax-regression homework's answers, as students write them.

Each takes the parameters of the function that it stands for and, unless that is the mistake, updates its weights
in place. The rubric lists them and says what to do about each. `loss_` stands for `softmax_loss`, `epoch_` for
`softmax_regression_epoch`, `nn_` for `nn_epoch`.
"""
# ruff: noqa: ARG001, PLR0913, PLR0917  (the homework's signatures, also where the mistake is to forget a parameter)

from collections.abc import Callable, Iterable
from typing import TypeAlias

import numpy as np
from softmax_regression import (
    Labels,
    Matrix,
    batches,
    network_gradients,
    output_gradient,
    softmax,
    softmax_loss,
    theta_gradient,
)

_Batches: TypeAlias = Iterable[tuple[Matrix, Labels]]
_Weights: TypeAlias = tuple[Matrix, ...]
_Gradients: TypeAlias = Callable[..., _Weights]


def _of_label(A: Matrix, y: Labels) -> Matrix:
    picked: Matrix = A[np.arange(len(y)), y]
    return picked


def _onehot(y: Labels, k: int) -> Matrix:
    labelled: Matrix = (y[:, np.newaxis] == np.arange(k)).astype(np.float64)
    return labelled


def _overflowing_softmax(Z: Matrix) -> Matrix:
    weights = np.exp(Z)
    probabilities: Matrix = weights / weights.sum(axis=1, keepdims=True)
    return probabilities


def _theta_gradient(X: Matrix, y: Labels, theta: Matrix) -> _Weights:
    return (theta_gradient(X, y, theta),)


def _theta_gradient_from(probabilities: Callable[[Matrix], Matrix]) -> _Gradients:
    """Return the gradient of softmax regression with something else in the softmax's place."""

    def gradient(X: Matrix, y: Labels, theta: Matrix) -> _Weights:
        return (X.T @ (probabilities(X @ theta) - _onehot(y, theta.shape[1])) / len(y),)

    return gradient


def _network_gradients_from(
    forward: Callable[[Matrix], Matrix] = lambda before: np.maximum(before, 0.0),
    at_output: Callable[[Matrix, Labels], Matrix] = output_gradient,
    slope: Callable[[Matrix], Matrix] = lambda before: (before > 0).astype(np.float64),
) -> _Gradients:
    """Return the network's gradients with another activation, output gradient, or slope of the ReLU."""

    def gradients(X: Matrix, y: Labels, W1: Matrix, W2: Matrix) -> _Weights:
        before = X @ W1
        hidden = forward(before)
        G = at_output(hidden @ W2, y)
        return X.T @ (slope(before) * (G @ W2.T)), hidden.T @ G

    return gradients


def _times(factor: Callable[[int], float], gradients: _Gradients) -> _Gradients:
    """Return the gradients times a number that depends on how many rows the batch has."""
    return lambda X, y, *weights: tuple(factor(len(y)) * G for G in gradients(X, y, *weights))


def _descend(parts: _Batches, weights: _Weights, lr: float, gradients: _Gradients) -> None:
    for rows, labels in parts:
        for W, G in zip(weights, gradients(rows, labels, *weights), strict=True):
            np.subtract(W, lr * G, out=W)


def _descend_from_the_start(parts: _Batches, weights: _Weights, lr: float, gradients: _Gradients) -> None:
    start = tuple(W.copy() for W in weights)
    _descend(parts, weights, lr, lambda X, y, *_: gradients(X, y, *start))


# softmax_loss


def loss_unstable(Z: Matrix, y: Labels) -> float:
    """Exponentiates the logits as they are: large ones overflow."""
    return float(np.mean(np.log(np.exp(Z).sum(axis=1)) - _of_label(Z, y)))


def loss_unstable_probability(Z: Matrix, y: Labels) -> float:
    """Divides one overflowing exponential by another, then takes the logarithm."""
    return float(np.mean(-np.log(_of_label(_overflowing_softmax(Z), y))))


def loss_log_of_probability(Z: Matrix, y: Labels) -> float:
    """Takes the logarithm of a probability that may have rounded to 0."""
    return float(np.mean(-np.log(_of_label(softmax(Z), y))))


def loss_clipped(Z: Matrix, y: Labels) -> float:
    """Adds a small number to the probability, lest it be 0: the loss is bounded by its logarithm."""
    return float(np.mean(-np.log(_of_label(softmax(Z), y) + 1e-12)))


def loss_summed(Z: Matrix, y: Labels) -> float:
    """Sums over the rows and does not take the mean."""
    return softmax_loss(Z, y) * len(y)


def loss_over_entries(Z: Matrix, y: Labels) -> float:
    """Takes the mean over all entries of an array with zeros beside the label, so divides by n k."""
    return float(softmax_loss(Z, y) / Z.shape[1])


def loss_norm(Z: Matrix, y: Labels) -> float:
    """Takes the rows' L2 norm for their sum."""
    losses = [softmax_loss(Z[i : i + 1], y[i : i + 1]) for i in range(len(y))]
    return float(np.linalg.norm(losses)) / len(y)


def loss_negative(Z: Matrix, y: Labels) -> float:
    """Returns the log-likelihood: the sign is missing."""
    return -softmax_loss(Z, y)


def loss_without_log(Z: Matrix, y: Labels) -> float:
    """Forgets the logarithm of the sum of exponentials."""
    return float(np.mean(np.exp(Z).sum(axis=1) - _of_label(Z, y)))


def loss_of_probability(Z: Matrix, y: Labels) -> float:
    """Takes the label's probability and not its logarithm."""
    return float(np.mean(-_of_label(softmax(Z), y)))


def loss_unnormalised(Z: Matrix, y: Labels) -> float:
    """Forgets to normalise: minus the label's logit remains."""
    return float(np.mean(-_of_label(Z, y)))


def loss_softmax_over_all(Z: Matrix, y: Labels) -> float:
    """Normalises over the whole batch, not row by row."""
    return float(np.mean(np.logaddexp.reduce(Z.ravel()) - _of_label(Z, y)))


def loss_without_onehot(Z: Matrix, y: Labels) -> float:
    """Sums over all classes instead of picking the label's."""
    logits = Z.astype(np.float64)
    return float(np.mean((np.logaddexp.reduce(logits, axis=1)[:, np.newaxis] - logits).sum(axis=1)))


def loss_changes_logits(Z: Matrix, y: Labels) -> float:
    """Gives the right number, and subtracts the largest logit from the caller's array."""
    Z -= Z.max(axis=1, keepdims=True)
    return softmax_loss(Z, y)


# softmax_regression_epoch


def epoch_nominal_batch(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Divides by the nominal size of a batch, also in a last one that is smaller."""
    _descend(batches(X, y, batch), (theta,), lr, _times(lambda m: m / batch, _theta_gradient))


def epoch_drops_last(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Leaves out a last batch that is not full."""
    _descend(batches(X, y, batch)[: len(y) // batch], (theta,), lr, _theta_gradient)


def epoch_unstable(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Exponentiates the logits as they are: large ones overflow."""
    _descend(batches(X, y, batch), (theta,), lr, _theta_gradient_from(_overflowing_softmax))


def epoch_without_lr(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Forgets the learning rate."""
    _descend(batches(X, y, batch), (theta,), 1.0, _theta_gradient)


def epoch_new_theta(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> Matrix:
    """Makes a new theta and returns it: the caller's is as it was."""
    theta = theta.copy()
    _descend(batches(X, y, batch), (theta,), lr, _theta_gradient)
    return theta


def epoch_summed(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Forgets to divide by the number of rows."""
    _descend(batches(X, y, batch), (theta,), lr, _times(float, _theta_gradient))


def epoch_divides_by_all(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Divides each batch by the number of all rows."""
    _descend(batches(X, y, batch), (theta,), lr, _times(lambda m: m / len(y), _theta_gradient))


def epoch_ascent(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Goes up the gradient."""
    _descend(batches(X, y, batch), (theta,), -lr, _theta_gradient)


def epoch_first_batch(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Returns from within the loop, after the first batch."""
    _descend(batches(X, y, batch)[:1], (theta,), lr, _theta_gradient)


def epoch_one_step(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Takes one step on all rows and ignores the batches."""
    _descend([(X, y)], (theta,), lr, _theta_gradient)


def epoch_from_the_start(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Takes every batch's gradient at the theta that the epoch began with."""
    _descend_from_the_start(batches(X, y, batch), (theta,), lr, _theta_gradient)


def epoch_without_onehot(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Does not subtract the labels from the probabilities."""

    def gradient(rows: Matrix, labels: Labels, theta: Matrix) -> _Weights:
        return (rows.T @ softmax(rows @ theta) / len(labels),)

    _descend(batches(X, y, batch), (theta,), lr, gradient)


def epoch_unnormalised(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Takes the exponentials for the probabilities and does not normalise them."""
    _descend(batches(X, y, batch), (theta,), lr, _theta_gradient_from(np.exp))


def epoch_softmax_over_all(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Normalises over the whole batch, not row by row."""
    gradient = _theta_gradient_from(lambda Z: softmax(Z.reshape(1, -1)).reshape(Z.shape))
    _descend(batches(X, y, batch), (theta,), lr, gradient)


def epoch_reversed(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Takes the batches from the last to the first."""
    _descend(batches(X, y, batch)[::-1], (theta,), lr, _theta_gradient)


def epoch_lr_twice(X: Matrix, y: Labels, theta: Matrix, lr: float, batch: int) -> None:
    """Multiplies by the learning rate twice."""
    _descend(batches(X, y, batch), (theta,), lr * lr, _theta_gradient)


# nn_epoch


def nn_nominal_batch(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Divides by the nominal size of a batch, also in a last one that is smaller."""
    _descend(batches(X, y, batch), (W1, W2), lr, _times(lambda m: m / batch, network_gradients))


def nn_drops_last(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Leaves out a last batch that is not full."""
    _descend(batches(X, y, batch)[: len(y) // batch], (W1, W2), lr, network_gradients)


def nn_updated_weights(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Updates W2 first, and takes the gradient of W1 with the new W2."""
    for rows, labels in batches(X, y, batch):
        before = rows @ W1
        hidden = np.maximum(before, 0.0)
        G = output_gradient(hidden @ W2, labels)
        W2 -= lr * hidden.T @ G
        W1 -= lr * rows.T @ ((before > 0) * (G @ W2.T))


def nn_second_forward_pass(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Updates W1 first, and computes everything anew with it for W2."""
    for rows, labels in batches(X, y, batch):
        W1 -= lr * network_gradients(rows, labels, W1, W2)[0]
        W2 -= lr * network_gradients(rows, labels, W1, W2)[1]


def nn_unstable(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Exponentiates the logits as they are: large ones overflow."""
    gradients = _network_gradients_from(
        at_output=lambda Z, labels: (_overflowing_softmax(Z) - _onehot(labels, Z.shape[1])) / len(labels)
    )
    _descend(batches(X, y, batch), (W1, W2), lr, gradients)


def nn_without_mask(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Goes back through the ReLU as if its slope were 1 everywhere."""
    _descend(batches(X, y, batch), (W1, W2), lr, _network_gradients_from(slope=np.ones_like))


def nn_mask_for_activation(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Takes the ReLU's slope, 0 or 1, for the hidden layer's activation."""
    gradients = _network_gradients_from(forward=lambda before: (before > 0).astype(np.float64))
    _descend(batches(X, y, batch), (W1, W2), lr, gradients)


def nn_activation_for_mask(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Takes the hidden layer's activation for the ReLU's slope."""
    gradients = _network_gradients_from(slope=lambda before: np.maximum(before, 0.0))
    _descend(batches(X, y, batch), (W1, W2), lr, gradients)


def nn_without_relu(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Has no ReLU at all."""
    gradients = _network_gradients_from(forward=np.copy, slope=np.ones_like)
    _descend(batches(X, y, batch), (W1, W2), lr, gradients)


def nn_relu_of_gradient(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Applies the ReLU to what comes back, instead of its slope at what went in."""

    def gradients(rows: Matrix, labels: Labels, W1: Matrix, W2: Matrix) -> _Weights:
        hidden = np.maximum(rows @ W1, 0.0)
        G = output_gradient(hidden @ W2, labels)
        return rows.T @ np.maximum(G @ W2.T, 0.0), hidden.T @ G

    _descend(batches(X, y, batch), (W1, W2), lr, gradients)


def nn_relu_at_output(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Applies the ReLU to the logits too."""
    gradients = _network_gradients_from(
        at_output=lambda Z, labels: output_gradient(np.maximum(Z, 0.0), labels) * (Z > 0)
    )
    _descend(batches(X, y, batch), (W1, W2), lr, gradients)


def nn_without_lr(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Forgets the learning rate."""
    _descend(batches(X, y, batch), (W1, W2), 1.0, network_gradients)


def nn_new_weights(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> tuple[Matrix, Matrix]:
    """Makes new weights and returns them: the caller's are as they were."""
    W1, W2 = W1.copy(), W2.copy()
    _descend(batches(X, y, batch), (W1, W2), lr, network_gradients)
    return W1, W2


def nn_only_w2(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Updates W2 only."""
    _descend(batches(X, y, batch), (W1.copy(), W2), lr, _only(1))


def nn_only_w1(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Updates W1 only."""
    _descend(batches(X, y, batch), (W1, W2.copy()), lr, _only(0))


def _only(kept: int) -> _Gradients:
    """Return the network's gradients with zeros for all but one of the weights."""
    return lambda *args: tuple(G * (i == kept) for i, G in enumerate(network_gradients(*args)))


def nn_summed(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Forgets to divide by the number of rows."""
    _descend(batches(X, y, batch), (W1, W2), lr, _times(float, network_gradients))


def nn_divides_by_all(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Divides each batch by the number of all rows."""
    _descend(batches(X, y, batch), (W1, W2), lr, _times(lambda m: m / len(y), network_gradients))


def nn_ascent(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Goes up the gradient."""
    _descend(batches(X, y, batch), (W1, W2), -lr, network_gradients)


def nn_first_batch(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Returns from within the loop, after the first batch."""
    _descend(batches(X, y, batch)[:1], (W1, W2), lr, network_gradients)


def nn_one_step(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Takes one step on all rows and ignores the batches."""
    _descend([(X, y)], (W1, W2), lr, network_gradients)


def nn_from_the_start(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Takes every batch's gradients at the weights that the epoch began with."""
    _descend_from_the_start(batches(X, y, batch), (W1, W2), lr, network_gradients)


def nn_without_onehot(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Does not subtract the labels from the probabilities."""
    gradients = _network_gradients_from(at_output=lambda Z, labels: softmax(Z) / len(labels))
    _descend(batches(X, y, batch), (W1, W2), lr, gradients)


def nn_unnormalised(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Takes the exponentials for the probabilities and does not normalise them."""
    gradients = _network_gradients_from(
        at_output=lambda Z, labels: (np.exp(Z) - _onehot(labels, Z.shape[1])) / len(labels)
    )
    _descend(batches(X, y, batch), (W1, W2), lr, gradients)


def nn_reversed(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Takes the batches from the last to the first."""
    _descend(batches(X, y, batch)[::-1], (W1, W2), lr, network_gradients)


def nn_lr_twice(X: Matrix, y: Labels, W1: Matrix, W2: Matrix, lr: float, batch: int) -> None:
    """Multiplies by the learning rate twice."""
    _descend(batches(X, y, batch), (W1, W2), lr * lr, network_gradients)
