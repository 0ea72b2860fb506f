"""A small rubric to prove, with a known mistake."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

RUBRIC = """
assignment: checked
title: A checked homework
reference: ../reference.py
mistakes: ../slips.py
float32: true
limits: {seconds: 1, import_seconds: 10, submission_seconds: 20, memory_mb: 512}
tolerance: {rtol: 1.0e-4, atol: 1.0e-4}
questions:
  - id: "1"
    title: All
    parts:
      - id: A
        title: Twice
        points: 2
        function: double
        cases:
          - {name: seen, args: {x: [1.5, -2.0]}}
          - {name: drawn, args: {x: {normal: [4]}}, visibility: hidden, essential: true}
        mistakes:
          - {function: squared, says: Multiply by two where you square.}
      - {id: B, title: In words, points: 1, written: essay, criteria: [It is a text.]}
"""
REFERENCE = """
import numpy as np

def two():
    return 2.0

def double(x):
    return two() * x

def unused(x):
    return x + 1
"""
SLIPS = """
def squared(x):
    return x ** 2
"""

Write: TypeAlias = Callable[..., Path]


def clock() -> tuple[float, str]:
    return time.monotonic(), "2026-01-01T00:00:00+00:00"
