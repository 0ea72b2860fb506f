"""A suite that finds nothing is worth what it would have found: each kind of damage is seen when it is there."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import hostile_arena as arenas
import pytest
from hostile_catalogue import Attack
from hostile_findings import Sitting, findings

ATTACK = Attack("some_attack", "Tries.\n\nMust fail.", Fraction(0), frozenset())


def _report(scores: dict[str, float], **changes: Any) -> dict[str, Any]:
    cases = [("visible", 0.1), ("hidden", 0.2)]
    parts = [
        {
            "score": score,
            "max_score": 2.0,
            "cases": [
                {
                    "answer": name,
                    "visibility": seen,
                    "status": "wrong",
                    "seconds": seconds,
                    "staff_message": "",
                    "message": "",
                }
                for seen, seconds in cases
            ],
        }
        for name, score in scores.items()
    ]
    report = {
        "status": "graded",
        "title": "",
        "messages": [],
        "staff_messages": [],
        "parts": parts,
        "seconds": 1.0,
    }
    return {**report, **changes}


def _student(report: dict[str, Any]) -> dict[str, Any]:
    hidden: dict[str, Any] = json.loads(json.dumps(report))
    hidden["seconds"] = 0.0
    for part in hidden["parts"]:
        part["cases"][1]["seconds"] = 0.0
    return hidden


@pytest.fixture
def sitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sitting:
    monkeypatch.setattr("tempfile.mkdtemp", lambda **_: str(tmp_path))
    return _sitting(arenas.build(None), _report({"honest_first": 2.0, "attack": 0.0, "honest_last": 2.0}))


def _sitting(arena: arenas.Arena, report: dict[str, Any], **changes: Any) -> Sitting:
    answer = {"report": json.dumps(report), "student": json.dumps(_student(report)), "intact": True, **changes}
    return Sitting(ATTACK, arena, answer, 1.0)


def test_nothing_is_found_where_nothing_happened(sitting: Sitting) -> None:
    assert findings(sitting) == []


def test_marks_of_the_attack_and_lost_honest_ones_are_found(sitting: Sitting) -> None:
    found = findings(_sitting(sitting.arena, _report({"honest_first": 1.0, "attack": 0.5, "honest_last": 2.0})))
    assert [text.partition(" earned")[0] for text in found] == ["honest_first", "the attack"]


def test_a_token_anywhere_in_the_report_is_found(sitting: Sitting) -> None:
    for place, token in sitting.arena.tokens.items():
        report = _report({"honest_first": 2.0, "attack": 0.0, "honest_last": 2.0}, staff_messages=[f"x{token}x"])
        assert findings(_sitting(sitting.arena, report)) == [f"the token of the {place} is in the report"]


def test_an_attack_s_own_word_is_found(sitting: Sitting) -> None:
    report = _report({"attack": 0.0}, staff_messages=[f"printed: {sitting.arena.marker} a shell runs\nmore"])
    assert findings(_sitting(sitting.arena, report)) == ["by its own word: a shell runs"]


@pytest.mark.parametrize("text", ["got 7310.25", "asked_7310_25", "[[ 7 3 1 0 . 2 5", "7,310.250"])
def test_a_hidden_input_in_any_writing_is_found(sitting: Sitting, text: str) -> None:
    (found,) = findings(_sitting(sitting.arena, _report({"attack": 0.0}, messages=[text])))
    assert found == f"the student reads a hidden input: {text}"


@pytest.mark.parametrize("text", ["\x1b[2J", "\u202e", "\r", "\ud800"])
def test_text_that_acts_is_found(sitting: Sitting, text: str) -> None:
    (found,) = findings(_sitting(sitting.arena, _report({"attack": 0.0}, messages=[text])))
    assert "change how a text is shown" in found


def test_a_host_fault_and_an_unreadable_file_are_found(sitting: Sitting) -> None:
    for status in ("host_fault", "unreadable"):
        (found,) = findings(_sitting(sitting.arena, _report({"attack": 0.0}, status=status)))
        assert status in found


def test_a_grading_process_that_ended_or_was_written_to_is_found(sitting: Sitting) -> None:
    sitting.answer, sitting.status = None, -9
    assert findings(sitting) == ["the grading process ended with status -9: "]
    written = _sitting(sitting.arena, _report({"attack": 0.0}), intact=False)
    assert findings(written) == ["the grading process' memory was written to"]


def test_what_was_seen_around_it_is_told(sitting: Sitting) -> None:
    sitting.left, sitting.heard, sitting.changes, sitting.standing = (
        ["python (7)"],
        ["a call"],
        ["gone: a"],
        ["limits"],
    )
    expected = ["a call", "gone: a", "left running: python (7)", "the grading process' limits changed"]
    assert findings(sitting) == expected


def test_time_beyond_the_limits_is_found(sitting: Sitting) -> None:
    sitting.seconds = 60.0
    assert findings(sitting) == ["grading took 60.0 s"]


def test_every_change_in_the_arena_is_seen(sitting: Sitting) -> None:
    arena = sitting.arena
    before = arenas.snapshot(arena, alone=False)
    arena.rubric.chmod(0o600)
    arena.reference.write_text("other")
    arena.other.unlink()
    (arena.results / "link").hardlink_to(arena.results / "other.json")
    said = "\n".join(arenas.changes(before, arenas.snapshot(arena, alone=False)))
    for wanted in ("mode of", "content of", f"gone: {arena.other}", f"new: {arena.results / 'link'}", "links of"):
        assert wanted in said
    assert arenas.changes(before, before) == []
