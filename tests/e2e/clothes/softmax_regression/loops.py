"""Loops over Python's floats, entry by entry: numpy is not even imported."""

import math


def _probabilities(row):
    top = max(row)
    weights = [math.exp(value - top) for value in row]
    total = sum(weights)
    return [weight / total for weight in weights]


def softmax_loss(Z, y):
    total = 0.0
    for row, label in zip(Z.tolist(), y.tolist()):
        top = max(row)
        total += top + math.log(sum(math.exp(value - top) for value in row)) - row[label]
    return total / len(y)


def _times(row, matrix):
    return [sum(value * matrix[i][j] for i, value in enumerate(row)) for j in range(len(matrix[0]))]


def _excess(row, label):
    return [p - (k == label) for k, p in enumerate(_probabilities(row))]


def _step(target, exact, lr, gradient):
    for i, row in enumerate(gradient):
        for j, slope in enumerate(row):
            exact[i][j] -= lr * slope
            target[i, j] = exact[i][j]


def softmax_regression_epoch(X, y, theta, lr, batch):
    rows, labels, exact = X.tolist(), y.tolist(), theta.tolist()
    for start in range(0, len(rows), batch):
        part = list(zip(rows, labels))[start : start + batch]
        gradient = [[0.0] * len(exact[0]) for _ in exact]
        for row, label in part:
            for k, e in enumerate(_excess(_times(row, exact), label)):
                for i, value in enumerate(row):
                    gradient[i][k] += value * e / len(part)
        _step(theta, exact, lr, gradient)


def nn_epoch(X, y, W1, W2, lr, batch):
    rows, labels, first, second = X.tolist(), y.tolist(), W1.tolist(), W2.tolist()
    for start in range(0, len(rows), batch):
        part = list(zip(rows, labels))[start : start + batch]
        of_first = [[0.0] * len(first[0]) for _ in first]
        of_second = [[0.0] * len(second[0]) for _ in second]
        for row, label in part:
            before = _times(row, first)
            hidden = [max(value, 0.0) for value in before]
            excess = _excess(_times(hidden, second), label)
            for j, value in enumerate(hidden):
                for k, e in enumerate(excess):
                    of_second[j][k] += value * e / len(part)
                if before[j] > 0:
                    back = sum(e * second[j][k] for k, e in enumerate(excess))
                    for i, entry in enumerate(row):
                        of_first[i][j] += entry * back / len(part)
        _step(W1, first, lr, of_first)
        _step(W2, second, lr, of_second)
