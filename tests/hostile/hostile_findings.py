"""What an attack achieved, judged by its effects alone; an empty list is what is wanted."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hostile_arena import Arena
from hostile_catalogue import EVERYTHING, Attack

CALL_SECONDS, IMPORT_SECONDS, CALLS = 0.5, 2.0, 7  # the exam's limits, and how many calls it makes
# Digits of the hidden inputs, as any way of writing the numbers has them.
HIDDEN = ("731025", "442075", "6203125", "350925", "884275", "2706125", "271025", "842075", "160925", "553175")
_ODD = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@dataclass
class Sitting:
    """One attack, graded, and what was seen around it."""

    attack: Attack
    arena: Arena
    answer: dict[str, Any] | None
    seconds: float
    status: int | None = None
    left: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)
    complaints: str = ""


def findings(sitting: Sitting) -> list[str]:
    """Return all that must not have happened."""
    found = [*_leaks("its standard error", sitting.complaints, sitting.arena), *sitting.heard, *sitting.changes]
    found += [f"left running: {process}" for process in sitting.left]
    found += [f"the grading process' {what} changed" for what in sitting.standing]
    if sitting.answer is None:
        how = "hangs" if sitting.status is None else f"ended with status {sitting.status}"
        return [*found, f"the grading process {how}: {sitting.complaints[-300:]}"]
    if not sitting.answer["intact"]:
        found.append("the grading process' memory was written to")
    report, student = json.loads(sitting.answer["report"]), json.loads(sitting.answer["student"])
    found += _leaks("the report", sitting.answer["report"], sitting.arena)
    found += _marks(sitting.attack, report)
    found += _student(student)
    found += _harmful(report)
    found += _times(sitting.seconds, report)
    return found


def _leaks(place: str, text: str, arena: Arena) -> Iterator[str]:
    for name, token in arena.tokens.items():
        if token.rpartition("-")[2] in text:
            yield f"the token of the {name} is in {place}"
    for line in text.splitlines():
        if arena.marker in line:
            said = re.sub(r"\\n.*", "", line.partition(arena.marker)[2]).strip(' ",')
            yield f"by its own word: {said[:100]}"
            return


def _marks(attack: Attack, report: dict[str, Any]) -> Iterator[str]:
    lost = attack.costs
    if report["status"] != "graded" and not (report["status"] == "unreadable" and lost == EVERYTHING):
        yield f"the report's status is {report['status']}: {report['staff_messages']}"
        return
    for part in report["parts"]:
        (name,) = {case["answer"] for case in part["cases"]}
        earned = Fraction(str(part["score"])) / Fraction(str(part["max_score"]))
        if name == "attack" and earned > attack.earns + Fraction(1, 100):
            yield f"the attack earned {part['score']} of {part['max_score']}"
        elif name != "attack" and name not in lost and earned != 1:
            said = next(case["staff_message"] for case in part["cases"] if case["status"] != "right")
            yield f"{name} earned only {part['score']} of {part['max_score']}: {said[:200]}"


def _student(report: dict[str, Any]) -> Iterator[str]:
    """Hidden inputs in what the student reads, and times that could tell them."""
    for text in _texts([report["messages"], report["staff_messages"], report["parts"], report["title"]]):
        digits = re.sub(r"\D", "", text)
        if any(number in digits for number in HIDDEN):
            yield f"the student reads a hidden input: {text[:200]}"
    hidden = [case for part in report["parts"] for case in part["cases"] if case["visibility"] != "visible"]
    if report["seconds"] or any(case["seconds"] or case["staff_message"] for case in hidden):
        yield "the student's report tells times or staff's messages of hidden cases"


def _harmful(report: dict[str, Any]) -> Iterator[str]:
    for text in _texts(report):
        odd = {char for char in text if char != "\n" and unicodedata.category(char) in _ODD}
        if odd:
            yield f"characters that change how a text is shown: {sorted(map(ascii, odd))}"
            return


def _times(seconds: float, report: dict[str, Any]) -> Iterator[str]:
    for part in report["parts"]:
        for case in part["cases"]:
            if case["seconds"] > CALL_SECONDS + 1:
                yield f"a call took {case['seconds']} s"
    if seconds > 2 * IMPORT_SECONDS + CALLS * (CALL_SECONDS + 1):
        yield f"grading took {seconds:.1f} s"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
