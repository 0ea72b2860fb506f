from __future__ import annotations

import numpy as np
import pytest
from checked import REFERENCE, RUBRIC, SLIPS, Write

from grader.check.calibration import Misfit, _moved, _nudged, too_loose, too_tight
from grader.check.subject import load_subject

EXACT = RUBRIC.replace("{rtol: 1.0e-4, atol: 1.0e-4}", "{rtol: 1.0e-15, atol: 0}")


def _tight(write: Write, rubric: str, reference: str = REFERENCE, *, float32: bool = False) -> list[Misfit]:
    subject = load_subject(write(rubric, reference))
    return list(too_tight(subject.exam.plan, subject.exam.key, subject.reference, float32=float32))


def test_a_tolerance_with_room_for_rounding(write: Write) -> None:
    assert _tight(write, RUBRIC) == []
    assert _tight(write, RUBRIC, float32=True) == []


def test_a_tolerance_that_no_float_can_keep(write: Write) -> None:
    found = _tight(write, EXACT)
    assert [(item.case, item.kind) for item in found] == [
        ("A/double/seen", "too_tight"),
        ("A/double/drawn", "too_tight"),
    ]
    assert "rounding of the arguments" in found[0].detail


def test_a_tolerance_that_no_float32_can_keep(write: Write) -> None:
    rubric = RUBRIC.replace("{rtol: 1.0e-4, atol: 1.0e-4}", "{rtol: 1.0e-9, atol: 0}")
    assert _tight(write, rubric) == []
    found = _tight(write, rubric, float32=True)
    assert "a float32's rounding" in found[0].detail


def test_whole_numbers_stay(write: Write) -> None:
    jump = "import numpy as np\ndef double(x): return np.sign(x)\n"
    rubric = EXACT.replace("[1.5, -2.0]", "[0.0, -2.0]").replace("{normal: [4]}", "[0.0, 3.0]")
    assert _tight(write, rubric, jump) == []


def test_a_reference_that_fails_beside_its_arguments(write: Write) -> None:
    fragile = "def double(x):\n    if x[0] not in (1.5, 0.25): raise ValueError('no')\n    return 2 * x\n"
    found = _tight(write, RUBRIC.replace("{normal: [4]}", "[0.25]"), fragile)
    assert "raises ValueError: no" in found[0].detail


def test_every_kind_of_argument_is_moved() -> None:
    value = {"a": [0.1, (np.array([0.2]),)], "b": [1, "text", True, None, 2.0, np.arange(3)]}
    moved = _moved(value, np.random.default_rng(0), float32=False)
    assert moved["a"][0] != 0.1
    assert moved["a"][1][0] != np.array([0.2])
    assert moved["b"][:5] == value["b"][:5]
    np.testing.assert_array_equal(moved["b"][5], np.arange(3))


@pytest.mark.parametrize("float32", [False, True])
def test_entries_move_by_one_bit(float32: bool) -> None:
    array = np.array([0.1, 3.0, -0.7, np.inf, np.nan])
    moved = _nudged(array, np.random.default_rng(0), float32=float32)
    bit = np.finfo(np.float32 if float32 else np.float64).eps
    assert moved.dtype == array.dtype
    np.testing.assert_array_equal(moved[[1, 3, 4]], array[[1, 3, 4]])
    distance = np.abs(moved[[0, 2]] - array[[0, 2]])
    assert (distance > 0).all()
    assert (distance <= bit).all()


def test_a_known_mistake_that_is_accepted(write: Write) -> None:
    slips = "def squared(x): return 2 * x * (1 + 5e-5) if len(x) == 2 else x\n"
    subject = load_subject(write(slips=slips))
    (found,) = too_loose(subject.exam.plan, subject.exam.key)
    assert (found.case, found.kind) == ("A/double/seen", "too_loose")
    assert "`squared`" in found.detail


@pytest.mark.parametrize("slips", [SLIPS, "def squared(x): return 2 * x * (1 + 1e-12) if len(x) == 2 else x\n"])
def test_an_effect_outside_the_tolerance_or_of_rounding_s_size(write: Write, slips: str) -> None:
    subject = load_subject(write(slips=slips))
    assert list(too_loose(subject.exam.plan, subject.exam.key)) == []
