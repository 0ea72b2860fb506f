"""Right numbers in a wrong shape."""

from __future__ import annotations

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, distinct, fits, weigh
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial

_MAX_SIDE = 300
"""Rows of a diagonal matrix that is built to compare with."""


def _transposed(series: Series) -> Diagnosis | None:
    says = (
        "the matrix is transposed, its rows are the columns that are due: "
        "check the order of the factors, or put a .T where it belongs"
    )
    return diagnosis(
        "transposed", says, weigh(series, lambda trial: trial.want.T if trial.want.ndim > 1 else None)
    )


def _long(array: Array) -> tuple[int, ...]:
    return tuple(length for length in array.shape if length != 1)


def _only_axes(series: Series) -> bool:
    """Whether every wrong trial has the right numbers, and axes of length 1 too many or too few."""
    return all(
        trial.right
        or (
            not trial.alike
            and _long(trial.want) == _long(trial.have)
            and fits(trial.want, trial.have.reshape(trial.want.shape), trial.terms)
        )
        for trial in series
    )


_AXES = {
    "column_for_vector": (
        "the numbers are right, but stand in a column, a matrix with one column, where a vector is due: "
        "return it with one axis, for instance with .ravel()"
    ),
    "row_for_vector": (
        "the numbers are right, but stand in a row, a matrix with one row, where a vector is due: "
        "return it with one axis, for instance with .ravel()"
    ),
    "extra_axis": (
        "the numbers are right, but the answer has an axis of length 1 too many: "
        "take the entry out of it, or remove the axis with .squeeze() or an index"
    ),
    "missing_axis": (
        "the numbers are right, but an axis of length 1 is missing: "
        "an array keeps its number of axes even where a length is 1"
    ),
}


def _axis_kinds(trial: Trial) -> set[str]:
    """Return the names that fit; a column of one entry is a row as well."""
    want, have = trial.want, trial.have
    if have.ndim < want.ndim:
        return {"missing_axis"}
    kinds = {"extra_axis"} if have.ndim > want.ndim else set()
    if want.ndim == 1 and have.ndim == 2:
        kinds |= {"column_for_vector"} if have.shape[1] == 1 else set()
        kinds |= {"row_for_vector"} if have.shape[0] == 1 else set()
    return kinds


def _axes(series: Series) -> Diagnosis | None:
    if not _only_axes(series):
        return None
    common = set.intersection(*(_axis_kinds(trial) for trial in series if not trial.right))
    kind = next((kind for kind in _AXES if kind in common), None)
    both = {"column_for_vector", "row_for_vector"} <= common
    kind = "extra_axis" if both else kind
    # That the judge found all the numbers right is evidence enough, be it of one case.
    return diagnosis(kind, _AXES[kind], 8) if kind else None


def _broadcast(series: Series) -> Diagnosis | None:
    says = (
        "a matrix comes where a vector is due, and its diagonal is right: a column met a row, "
        "and broadcasting filled a table; give both operands one axis"
    )
    weight = 0.0
    for trial in series:
        count = trial.want.size
        if trial.right:
            continue
        if trial.want.ndim != 1 or trial.have.shape != (count, count):
            return None
        if not fits(trial.want, np.diagonal(trial.have), trial.terms):
            return None
        weight += distinct(trial.want) if count > 1 else 0
    return diagnosis("broadcast", says, weight)


def _diagonal(series: Series) -> Diagnosis | None:
    says = (
        "only the diagonal comes, where the whole matrix is due: "
        "put the vector on the diagonal of a matrix, for instance with np.diag"
    )
    square = all(trial.want.ndim == 2 and len(set(trial.want.shape)) == 1 for trial in series)
    weight = weigh(series, lambda trial: np.diagonal(trial.want)) if square else None
    return diagnosis("diagonal_for_matrix", says, weight)


def _diagonal_matrix(series: Series) -> Diagnosis | None:
    says = (
        "a matrix with the values on its diagonal comes where they are due as a vector: "
        "multiply matrices with @ and not with *, or leave the matrix out"
    )
    vectors = all(trial.want.ndim == 1 and trial.want.size <= _MAX_SIDE for trial in series)
    weight = weigh(series, lambda trial: np.diag(trial.want)) if vectors else None
    return diagnosis("diagonal_matrix", says, weight)


def _reshaped(series: Series) -> Diagnosis | None:
    says = (
        "the numbers are right and in order, but the array has another shape than is due: "
        "check the axes, or give it its shape with .reshape"
    )
    weight = 0.0
    for trial in series:
        if trial.right:
            continue
        if trial.alike or not fits(trial.want.reshape(-1), trial.have.reshape(-1), trial.terms):
            return None
        weight += distinct(trial.want)
    return diagnosis("reshaped", says, weight)


EXPLAINERS: tuple[Explainer, ...] = (_axes, _transposed, _diagonal, _diagonal_matrix, _broadcast, _reshaped)
