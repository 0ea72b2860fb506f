"""Diagnosis without a declared mistake: from what was due and what came, what kind of wrong a function is."""

from grader.judge.diagnosis.numbers_only import numbers_only
from grader.judge.diagnosis.ranking import diagnose
from grader.judge.diagnosis.sample import Diagnosis, Failure, Sample

__all__ = ["Diagnosis", "Failure", "Sample", "diagnose", "numbers_only"]
