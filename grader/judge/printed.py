"""Printed text against what should have been printed: word by word, numbers within the tolerance."""

from __future__ import annotations

import math
import re

from grader.judge.compare import Terms
from grader.judge.show import show
from grader.judge.verdict import Right, Wrong

# Brackets and commas of a printed list or array are separators: `[1. 2.]` and `[1.0, 2.0]` say the same.
_SEPARATORS = re.compile(r"[\s\[\](),;]+")


def compare_printed(expected: str, got: str, terms: Terms) -> Right | Wrong:
    """Return the verdict on a printed text; spaces, line ends, brackets and commas do not count."""
    wanted, found = words(expected), words(got)
    for number, (want, have) in enumerate(zip(wanted, found, strict=False), 1):
        if not _same(want, have, terms):
            return Wrong("the printed text is wrong", f"at word {number}: expected {show(want)}, got {show(have)}")
    if len(wanted) != len(found):
        what = "too much" if len(found) > len(wanted) else "too little"
        return Wrong(f"the printed text holds {what}", f"expected {len(wanted)} words, got {len(found)}")
    return Right()


def words(text: str) -> list[str]:
    """Return what is compared of a printed text."""
    return [word for word in _SEPARATORS.split(text) if word]


def _same(want: str, have: str, terms: Terms) -> bool:
    if want == have:
        return True
    first, second = _number(want), _number(have)
    return math.isfinite(first) and abs(first - second) <= terms.atol + terms.rtol * abs(first)


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return math.nan
