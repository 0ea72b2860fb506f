"""Two gradings of the same submissions: whose marks differ, in which parts, by how much and why."""

from __future__ import annotations

from grader.compare.between import compare
from grader.compare.result import Comparison

__all__ = ["Comparison", "compare"]
