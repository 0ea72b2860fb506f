from __future__ import annotations

import dataclasses

import pytest

from grader.judge.compare import Terms
from grader.judge.diagnosis import Diagnosis, Sample


def test_samples_and_diagnoses_are_frozen() -> None:
    sample = Sample({}, 1.0, 2.0, Terms(1e-6, 1e-9), right=False, visible=True, after={}, printed="")
    with pytest.raises(dataclasses.FrozenInstanceError):
        sample.got = 1.0  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Diagnosis("negated", "", 0.9).sure = 1.0  # type: ignore[misc]
