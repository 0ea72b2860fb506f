"""Answers that do not depend on the arguments, or are one of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.judge.compare import compare
from grader.judge.diagnosis.effects import Observer
from grader.judge.diagnosis.evidence import Explainer, diagnosis
from grader.judge.diagnosis.sample import Diagnosis, Sample
from grader.judge.diagnosis.trial import Series, Trial
from grader.judge.numbers import Unfit, as_numbers
from grader.judge.verdict import Right
from grader.wire import Value


def _fits(expected: Value, got: Value, sample: Sample) -> bool:
    return isinstance(compare(expected, got, sample.terms), Right)


def _published(samples: Sequence[Sample]) -> Diagnosis | None:
    says = (
        "right for the published example only, other arguments get its answer too: "
        "compute the answer from the arguments"
    )
    published = [sample.expected for sample in samples if sample.visible and sample.right]
    wrong = [sample for sample in samples if not sample.right]
    if len(wrong) < 2 or not published or not all(map(_telling, published)):
        return None
    copies = all(any(_fits(value, sample.got, sample) for value in published) for sample in wrong)
    return Diagnosis("published_only", says, 0.95) if copies else None


def _telling(value: Value) -> bool:
    """Whether an answer is one that does not come about by chance, as 0 and 1 do."""
    numbers = as_numbers(value)
    if isinstance(numbers, Unfit):
        return not isinstance(value, bool)
    return numbers.size > 0 and not bool(np.isin(numbers, (0, 1)).all())


def _argument(samples: Sequence[Sample]) -> Diagnosis | None:
    says = "one of the arguments is returned as it came: return what is computed from it"
    wrong = [sample for sample in samples if not sample.right]
    for name in samples[0].args:
        if all(_is_argument(sample, name) for sample in samples) and sum(_telling(s.got) for s in wrong) >= 2:
            return Diagnosis("argument_returned", says, 0.95)
    return None


def _is_argument(sample: Sample, name: str) -> bool:
    value = sample.args.get(name)
    return value is not None and not isinstance(as_numbers(value), Unfit) and _fits(value, sample.got, sample)


def _always_the_same(series: Series) -> Diagnosis | None:
    says = "the answer is the same number whatever the arguments are: compute it from the arguments"
    wrong = [trial for trial in series if not trial.right]
    number = _number(series[0])
    if number is None or any(_number(trial) != number for trial in series):
        return None
    # An answer that is due more than once in this value may well be one that is hard to get wrong.
    varied = {_number(trial) for trial in wrong} != {_number(trial, due=True) for trial in wrong}
    return diagnosis("constant_answer", says, len(wrong) - 1 if varied else 0)


def _number(trial: Trial, *, due: bool = False) -> float | None:
    """Return the number that an answer consists of; None where its entries differ or are none."""
    numbers = trial.want if due else trial.have
    if not numbers.size or numbers.dtype.kind == "c":
        return None
    first = float(numbers.reshape(-1)[0])
    return first if bool((numbers == first).all()) else None


OBSERVERS: tuple[Observer, ...] = (_published, _argument)
EXPLAINERS: tuple[Explainer, ...] = (_always_the_same,)
