"""A hand-in's modules that Python has of its own."""

from __future__ import annotations

import pytest

from grader.shadows import shadowed_modules


@pytest.mark.parametrize(
    ("line", "path", "told"),
    [
        ("from code import f", "code.py", "code.py"),
        ("import sys, signal as s", "signal.py", "signal.py"),
        ("import sys\nif 1:\n    from math import *", "math.py", "math.py"),
        ("from numpy import sign", "numpy.py", "numpy.py"),
        ("import email.tools", "email/tools.py", "email/"),
    ],
)
def test_a_module_that_is_imported_and_not_found(line: str, path: str, told: str) -> None:
    assert shadowed_modules({"main.py": line.encode(), path: b""}, "main.py") == (told,)
    assert shadowed_modules({"main.py": b"", "more.py": line.encode(), path: b""}, "main.py") == (told,)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("from helpers import f", "helpers.py"),  # not Python's
        ("from .code import f", "code.py"),  # the hand-in's, within its folder
        ("from scipy import signal", "signal.py"),  # another's
        ("import codecs", "code.py"),  # another name
        ("import numpy", "code.py"),  # not imported
        ("import code", "tools/code.py"),  # not called so
    ],
)
def test_a_module_that_is_found_or_not_asked_for(line: str, path: str) -> None:
    assert shadowed_modules({"main.py": line.encode(), path: b""}, "main.py") == ()


def test_neither_the_file_that_is_run_nor_its_own_import_is_meant() -> None:
    assert shadowed_modules({"code.py": b"import code", "more.py": b"import code"}, "code.py") == ()
    assert shadowed_modules({"main.py": b"", "math.py": b"import math"}, "main.py") == ()


def test_no_line_holds_up_the_grader() -> None:
    """In one that could be split in very many ways, too."""
    long = b"import " + b"a,  " * 50_000 + b"\nfrom " + b"a." * 50_000 + b"\n"
    assert shadowed_modules({"main.py": long, "random.py": b""}, "main.py") == ()
