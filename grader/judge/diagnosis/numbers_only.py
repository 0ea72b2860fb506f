"""A function that is written for one number, and raises wherever it is given an array of several."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from grader.judge.diagnosis.sample import Diagnosis, Failure
from grader.judge.numbers import Unfit, as_numbers
from grader.wire import Value

_DECIDES: Final = ("ValueError", re.compile(r"truth value of an (empty )?array"))
# By version of numpy: of size 1, of length 1, without axes.
_CONVERTS: Final = ("TypeError", re.compile(r"^only (size-1|length-1|0-dimensional) arrays can be converted"))

# An order, or a comparison with a number. Not whether a text is empty, an argument was left out or is in a list.
# Where `and` or `or` joins two outside of an `if`, something else is to be written.
_COMPARES: Final = re.compile(
    r"\bif\b.*([<>]|[!=]=\s*[-+.\d])|(?<![\w.])(max|min)\(|^(?!.*\b(and|or|not)\b).*([<>]|[!=]=\s*[-+.\d])"
)
_ASKS_SOMETHING_ELSE: Final = re.compile(r"\b(None|in|while|assert|len|shape|size|ndim|isinstance|where)\b")
_FUNCTIONS: Final = "|".join(name for name in dir(math) if not name.startswith("_"))
_OF_ONE_NUMBER: Final = re.compile(rf"(?<![\w.])((?!np\.|numpy\.)\w+\.)?({_FUNCTIONS})\(|(?<![\w.])(float|int)\(")

_BRANCH: Final = (
    "`if`, max() and min() decide once for a whole array, and not for each entry: "
    "use np.where, np.maximum or another vectorised operation"
)
_MATH: Final = (
    "functions of `math`, float() and int() take one number: "
    "use np.exp and the like, or .astype(float), which take arrays"
)


def numbers_only(answered: Iterable[Sequence[Value]], failures: Sequence[Failure]) -> Diagnosis | None:
    """Return that a function is written for one number only, if that explains why calls of it raised; else None.

    Args:
        answered: the arguments of each call that came back.
        failures: all calls that did not.
    """
    # A vector that it took speaks against it, whatever was answered.
    if not failures or any(_several(value) for args in answered for value in args):
        return None
    kinds = {_kind(failure) for failure in failures}
    entrywise = [failure for failure in failures if _entrywise(failure)]
    if "" in kinds or not any(map(_is_vector, entrywise)) or any(map(_speaks_against, failures)):
        return None
    means = [says for kind, says in (("decides", _BRANCH), ("converts", _MATH)) if kind in kinds]
    return Diagnosis(
        "numbers_only", f"what raises works for one number only, not for an array: {'; '.join(means)}", 0.95
    )


def _kind(failure: Failure) -> str:
    """Return what was done with an array that can be done with one number only; empty for any other failure."""
    for kind, (type_name, words), does, never in (
        ("decides", _DECIDES, _COMPARES, _ASKS_SOMETHING_ELSE),
        ("converts", _CONVERTS, _OF_ONE_NUMBER, None),
    ):
        if failure.type_name == type_name and words.search(failure.text) and does.search(failure.source):
            return "" if never and never.search(failure.source) else kind
    return ""


def _several(value: Value) -> bool:
    return isinstance(value, np.ndarray) and value.size > 1


def _entrywise(failure: Failure) -> bool:
    """Whether the answer has an entry for each of the arguments': so there is one number at a time to be had."""
    if failure.expected is None:
        return False
    want = as_numbers(failure.expected)
    shapes = {value.shape for value in failure.args if _several(value)}
    return not isinstance(want, Unfit) and shapes == {want.shape}


def _speaks_against(failure: Failure) -> bool:
    """Whether this one is no function of each entry, which would have another remedy."""
    return failure.expected is not None and any(map(_several, failure.args)) and not _entrywise(failure)


def _is_vector(failure: Failure) -> bool:
    # max() and min() of a matrix compare its rows, and may be all that is wrong.
    return any(_several(value) and value.ndim == 1 for value in failure.args)
