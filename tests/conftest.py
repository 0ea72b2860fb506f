"""Hypothesis draws the same examples in every run, none fails for being slow; a small assignment to grade with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("grader", derandomize=True, deadline=None)
settings.load_profile("grader")

SMALL_RUBRIC = """
assignment: small
title: A small homework
reference: ../reference.py
limits: {seconds: 1, import_seconds: 1, submission_seconds: 20, memory_mb: 512}
questions:
  - id: "1"
    title: All
    parts:
      - id: A
        title: Twice
        points: 2
        function: double
        cases:
          - args: {x: [1.0, 2.0]}
          - {args: {x: [3.5]}, visibility: hidden}
      - id: B
        title: The sum
        points: 2
        function: total
        cases:
          - args: {x: [1.0, 2.0]}
          - {args: {x: [4.25]}, visibility: hidden}
      - {id: C, title: In words, points: 1, written: essay, criteria: [It is a text.]}
"""
SMALL_REFERENCE = """
import numpy as np

def double(x):
    return 2 * np.asarray(x)

def total(x):
    return float(np.sum(x))
"""


@pytest.fixture(scope="session")
def make_small() -> Callable[[Path], Path]:
    """Return what makes a folder with a rubric of 5 points, its reference, and a submission that earns 4."""

    def make(place: Path) -> Path:
        folder = place / "small"
        (folder / "rubrics").mkdir(parents=True)
        (folder / "rubrics" / "small.yaml").write_text(SMALL_RUBRIC, encoding="utf-8")
        (folder / "reference.py").write_text(SMALL_REFERENCE, encoding="utf-8")
        (folder / "good.py").write_text(f"{SMALL_REFERENCE}\nessay = 'Because.'\n", encoding="utf-8")
        return folder

    return make


@pytest.fixture
def small(tmp_path: Path, make_small: Callable[[Path], Path]) -> Path:
    """Return such a folder of the test's own."""
    return make_small(tmp_path)
