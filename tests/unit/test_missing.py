"""What a submission imports and did not find."""

from __future__ import annotations

import pytest

from grader import outcome as oc
from grader.missing import missing_modules

SOURCES = [
    b"import pandas as pd, jax\nfrom sklearn.svm import SVC\n",
    b"def f():\n    import torch\n",
    b"".join(b"import m%d\n" % number for number in range(50)),
]


def _absent(name: str) -> oc.Raised:
    return oc.Raised("ModuleNotFoundError", f"No module named '{name}'")


def _sitting(loading: oc.LoadResult, *results: oc.Result) -> oc.Sitting:
    outcomes: dict[str, tuple[oc.Outcome, ...]] = {
        f"f/{number}": (oc.Outcome(result),) for number, result in enumerate(results)
    }
    return oc.Sitting(loading, 0.1, "", outcomes, {})


@pytest.mark.parametrize(
    "sitting",
    [
        _sitting(oc.NotLoaded(_absent("pandas"))),
        _sitting(oc.Loaded(_absent("pandas"))),
        _sitting(oc.Loaded(None, (oc.Skipped(2, "ModuleNotFoundError: No module named 'pandas'", cell=3),))),
        _sitting(oc.Loaded(), _absent("pandas"), _absent("pandas"), oc.Answered(1.0)),
    ],
)
def test_it_is_told_wherever_it_was_wanted(sitting: oc.Sitting) -> None:
    assert missing_modules(sitting, SOURCES) == ("pandas",)


def test_all_are_sorted_and_told_once() -> None:
    skipped = (oc.Skipped(3, "ModuleNotFoundError: No module named 'torch'"), oc.Skipped(4))
    sitting = _sitting(oc.Loaded(_absent("sklearn"), skipped), _absent("jax"), _absent("torch"))
    assert missing_modules(sitting, SOURCES) == ("jax", "sklearn", "torch")


@pytest.mark.parametrize(
    "sitting",
    [
        _sitting(oc.Loaded(), oc.Raised("ImportError", "No module named 'x'"), oc.Missing()),
        _sitting(oc.Loaded(oc.Raised("ModuleNotFoundError", "x")), oc.Raised("ModuleNotFoundError", "halted")),
        _sitting(oc.Loaded(_absent("pandas.core"))),  # it is there, and lacks a part
        _sitting(oc.Loaded(), _absent("scipy; rm -rf /"), _absent("evil")),  # no line imports that
        _sitting(oc.Unreadable("No module named 'x'")),
        _sitting(oc.NotLoaded(oc.TimedOut(2))),
    ],
)
def test_nothing_else_is(sitting: oc.Sitting) -> None:
    assert missing_modules(sitting, SOURCES) == ()


def test_nobody_fills_a_report_with_them() -> None:
    assert len(missing_modules(_sitting(oc.Loaded(), *(_absent(f"m{n}") for n in range(50))), SOURCES)) == 20
