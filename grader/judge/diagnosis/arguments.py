"""Right but for an argument that is not added, not multiplied by, or goes in with the wrong sign."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.judge.diagnosis.evidence import Explainer, diagnosis, weigh
from grader.judge.diagnosis.sample import Diagnosis
from grader.judge.diagnosis.trial import Array, Series, Trial

_Combine = Callable[[Array, Array], Array]


def _less(want: Array, value: Array) -> Array:
    return want - value


def _more(want: Array, value: Array) -> Array:
    return want + value


def _across(want: Array, value: Array) -> Array:
    return 2 * value - want


def _over(want: Array, value: Array) -> Array:
    return want / value


def _times(want: Array, value: Array) -> Array:
    return want * value


_MISSING = "one of the arguments is left out where it should be {how}: see which one your answer does not use"

_KINDS: tuple[tuple[str, tuple[_Combine, ...], str], ...] = (
    ("term_missing", (_less, _more), _MISSING.format(how="added or subtracted")),
    (
        "step_reversed",
        (_across,),
        "what is added to one of the arguments has the wrong sign: check whether it is to be added or subtracted",
    ),
    ("factor_missing", (_over,), _MISSING.format(how="multiplied by")),
    (
        "factor_too_many",
        (_times,),
        "one of the arguments is multiplied by once too often, or not divided by: check where it belongs",
    ),
)


def _value(trial: Trial, name: str) -> Array | None:
    """Return an argument that can stand beside the answer: one number, or an array of the answer's shape."""
    value = trial.args.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float, np.ndarray, np.generic)):
        return None
    if isinstance(value, int) and value.bit_length() > 62:
        return None
    numbers = np.asarray(value)
    beside = numbers.dtype.kind in "fiu" and numbers.shape in {(), trial.want.shape}
    return numbers.astype(np.float64) if beside else None


def _combined(name: str, combine: _Combine) -> Callable[[Trial], Array | None]:
    def foretell(trial: Trial) -> Array | None:
        value = _value(trial, name)
        return None if value is None else combine(trial.want, value)

    return foretell


def _argument(series: Series) -> Diagnosis | None:
    # Of a single argument such identities hold by the nature of some functions: softplus(x) - x is softplus(-x).
    names = list(series[0].args)[:8]
    if len(names) < 2 or not series[0].alike:
        return None
    for kind, combinations, says in _KINDS:
        for name in names:
            for combine in combinations:
                weight = weigh(series, _combined(name, combine))
                # There are many arguments to choose from, and sizes are often small integers.
                found = diagnosis(kind, says, weight and weight - 1, base=0.95)
                if found:
                    return found
    return None


EXPLAINERS: tuple[Explainer, ...] = (_argument,)
