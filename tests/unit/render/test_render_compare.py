from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from grader.compare import Comparison
from grader.compare.result import Change, Missing, PartChange, PartSummary
from grader.render.compare import compare_csv, compare_table

ZERO, TEN = Decimal(0), Decimal("10.00")


def part(part_id: str, old: str | None, new: str | None, **fields: Any) -> PartChange:
    made: dict[str, Any] = {"old_max": TEN, "new_max": TEN, "old_pending": ZERO, "new_pending": ZERO, **fields}
    scores = (None if score is None else Decimal(score) for score in (old, new))
    return PartChange(part_id, *scores, **made)


def change(submission_id: str, *parts: PartChange, **fields: Any) -> Change:
    made: dict[str, Any] = {
        "who": "",
        "old_status": "graded",
        "new_status": "graded",
        "old": Decimal("5.50"),
        "new": Decimal(4),
        "change": Decimal("-1.50"),
        "old_max": TEN,
        "new_max": TEN,
        "why": ("plan", "rubric"),
    }
    return Change(id=submission_id, parts=parts, **{**made, **fields})


def comparison(*changes: Change, **fields: Any) -> Comparison:
    made: dict[str, Any] = {
        "old": "a",
        "new": "b",
        "compared": 12,
        "changed": len(changes),
        "mean_change": Decimal("0.25"),
        "causes": {},
        "parts": (),
        "missing": (),
        "damaged": (),
    }
    return Comparison(changes=changes, **{**made, **fields})


def shown(found: Comparison, width: int = 120) -> list[str]:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(compare_table(found))
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def rows(found: Comparison) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(compare_csv(found)))))


def test_a_change_has_who_how_much_where_and_why() -> None:
    found = comparison(
        change("s1", part("1A", "5", "3.5"), part("1B", "0", "2", new_max=Decimal(12)), who="Ann [b]Lee[/b]")
    )
    assert shown(found)[:2] == [
        "Submission Old New Change Parts Why",
        "Ann [b]Lee[/b] (s1) 5.5 4 -1.5 1A -1.5, 1B (+2, max 10 to 12) plan, rubric",
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (part("1A", None, "3"), "1A is new"),
        (part("1A", "3", None), "1A is gone"),
        (part("1A", "3", "3", new_pending=Decimal(4)), "1A pending 0 to 4"),
        (part("1A", "3", "3.25"), "1A +0.25"),
    ],
)
def test_what_became_of_a_part(changed: PartChange, words: str) -> None:
    assert f"-1.5 {words} plan" in shown(comparison(change("s1", changed)))[1]


def test_a_mark_that_went_is_no_number() -> None:
    found = comparison(change("s1", new=None, change=None, new_status="host_fault", why=()))
    assert shown(found)[1] == "s1 5.5 - (host fault) ? same digests: something measured"


def test_the_summary() -> None:
    parts = (PartSummary("1A", 1, 2, Decimal("-0.50")),)
    found = comparison(change("s1"), parts=parts, causes={"plan": 12, "numpy": 3})
    assert shown(found)[2:] == [
        "Part Gained Lost Mean change",
        "1A 1 2 -0.5",
        "12 compared, 1 changed, mean change +0.25",
        "What differs in what marks follow from: plan (12), numpy (3)",
    ]


def test_nothing_changed() -> None:
    assert shown(comparison(mean_change=ZERO)) == [
        "12 compared, 0 changed, mean change 0",
        "Nothing differs in what marks follow from.",
    ]
    assert shown(comparison(compared=0, mean_change=None)) == ["0 compared, 0 changed"]


def test_those_with_one_report() -> None:
    missing = (Missing("ann", "", "old", TEN), Missing("bob", "", "new", None), Missing("cyd", "", "new", TEN))
    assert shown(comparison(missing=missing))[:2] == ["1 no longer there: ann", "2 new: bob, cyd"]


def test_a_long_table_is_cut_and_says_where_the_rest_is() -> None:
    missing = tuple(Missing(f"m{number}", "", "old", None) for number in range(60))
    lines = shown(comparison(*(change(f"s{number}") for number in range(60)), missing=missing))
    assert "and 10 more: --csv has them all" in lines
    assert len([line for line in lines if line.startswith("s")]) == 50
    assert any("60 no longer there" in line for line in lines)
    assert any(line.endswith("and 10 more") for line in lines)


def test_csv_has_a_line_for_each_and_a_column_for_each_part() -> None:
    found = comparison(
        change("s1", part("1A", "5", "3.5"), who="=Ann"),
        change("s2", part("1B", None, "2"), new=None, change=None, new_status="host_fault"),
        missing=(Missing("s3", "Bob", "old", TEN), Missing("s4", "", "new", None)),
    )
    first, second, third, fourth = rows(found)
    assert first == {
        "submission": "s1",
        "name": "'=Ann",
        "old_status": "graded",
        "new_status": "graded",
        "old": "5.5",
        "new": "4",
        "change": "-1.5",
        "old_max": "10",
        "new_max": "10",
        "why": "plan, rubric",
        "1A": "-1.5",
        "1B": "",
    }
    assert (second["new"], second["change"], second["1B"]) == ("", "", "")
    assert (third["name"], third["old"], third["new_status"], third["new"]) == ("Bob", "10", "missing", "")
    assert (fourth["old_status"], fourth["new"]) == ("missing", "")


def test_csv_of_no_difference_is_its_header() -> None:
    assert len(list(compare_csv(comparison()))) == 1
