from __future__ import annotations

import json
import random
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from grader.compare import Comparison, compare
from grader.compare.result import Missing, PartChange, PartSummary
from grader.errors import UserError

DIGESTS = {"plan": "p", "key": "k", "rubric": "r", "reference": "f", "grader": "0", "python": "3", "numpy": "2"}


def write(  # noqa: PLR0913  (what a report has)
    file: Path,
    parts: dict[str, float],
    *,
    digests: dict[str, str] | None = None,
    most: float = 10,
    pending: dict[str, float] | None = None,
    submission: dict[str, Any] | None = None,
    **fields: Any,
) -> Path:
    """Write a report as far as marks are concerned, with words that nobody compares."""
    pending = pending or {}
    made = {
        "schema_version": 1,
        "status": "graded",
        "submission": {
            "id": file.stem,
            "files": [{"name": "a.py", "sha256": "ab", "bytes": 3}],
            **(submission or {}),
        },
        "score": round(sum(parts.values()), 2),
        "max_score": most * len(parts),
        "pending_points": sum(pending.values()),
        "final_score": round(sum(parts.values()), 2),
        "parts": [
            {"id": name, "score": score, "max_score": most, "pending_points": pending.get(name, 0), "cases": []}
            for name, score in parts.items()
        ],
        "provenance": {**DIGESTS, **(digests or {})},
        "graded_at": str(random.random()),
        **fields,
    }
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(made), encoding="utf-8")
    return file


@pytest.fixture
def old(tmp_path: Path) -> Path:
    for name, score in (("ann", 5.5), ("bob", 7), ("cyd", 2)):
        write(tmp_path / "old" / f"{name}.json", {"1A": score, "1B": 3})
    return tmp_path / "old"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    folder = tmp_path / "new"
    edited = {"rubric": "R", "plan": "P"}
    write(
        folder / "ann.json",
        {"1A": 6, "1B": 3},
        digests=edited,
        submission={"people": [{"id": "1", "name": "Ann"}]},
    )
    write(folder / "bob.json", {"1A": 4.25, "1B": 3}, digests=edited)
    write(folder / "cyd.json", {"1A": 2, "1B": 3}, digests=edited)
    return folder


def test_the_same_marks_are_no_difference(old: Path) -> None:
    found = compare(old, old)
    assert (found.compared, found.changed, found.mean_change, found.causes) == (3, 0, Decimal(0), {})
    assert [*found.changes, *found.missing, *found.damaged, *found.parts] == []
    assert not found.differs


def test_who_what_how_much_and_why(old: Path, new: Path) -> None:
    found = compare(old, new)
    assert [(item.id, item.who, item.old, item.new, item.change) for item in found.changes] == [
        ("bob", "", Decimal(10), Decimal("7.25"), Decimal("-2.75")),
        ("ann", "Ann", Decimal("8.5"), Decimal(9), Decimal("0.5")),
    ]
    ten, none = Decimal(10), Decimal(0)
    assert found.changes[1].parts == (PartChange("1A", Decimal("5.5"), Decimal(6), ten, ten, none, none),)
    assert found.changes[0].why == ("plan", "rubric")
    assert found.causes == {"plan": 3, "rubric": 3}
    assert found.parts == (PartSummary("1A", 1, 1, Decimal("-0.75")),)
    assert (found.compared, found.changed, found.mean_change) == (3, 2, Decimal("-0.75"))
    assert found.differs


def test_a_comparison_is_read_back_from_its_json(old: Path, new: Path) -> None:
    write(new / "dan.json", {"1A": 1})
    found = compare(old, new)
    text = found.to_json()
    assert Comparison.model_validate_json(text) == found
    item = json.loads(text)["changes"][0]
    assert (item["id"], item["change"], item["parts"][0]["new"]) == ("bob", -2.75, 4.25)
    with pytest.raises(ValueError, match="frozen"):
        found.changed = 3


def test_those_with_one_report_are_named_on_their_side(old: Path, new: Path) -> None:
    (new / "bob.json").unlink()
    write(new / "dan.json", {"1A": 1.5}, submission={"people": [{"id": "9", "name": ""}]})
    found = compare(old, new)
    assert found.missing == (Missing("bob", "", "old", Decimal(10)), Missing("dan", "9", "new", Decimal("1.5")))
    assert found.compared == 2


@pytest.mark.parametrize("name", list(DIGESTS))
def test_each_digest_and_version_is_a_cause(tmp_path: Path, name: str) -> None:
    one = write(tmp_path / "one.json", {"1A": 1})
    other = write(tmp_path / "two.json", {"1A": 2}, digests={name: "other"})
    assert compare(one, other).changes[0].why == (name,)


def test_other_files_and_another_time_are_causes(tmp_path: Path) -> None:
    one = write(tmp_path / "one.json", {"1A": 1})
    submission = {"files": [{"name": "a.py", "sha256": "cd", "bytes": 3}], "late_seconds": 60}
    late = {"seconds": 60, "deducted": 0.5, "message": ""}
    other = write(tmp_path / "two.json", {"1A": 1}, submission=submission, late=late, final_score=0.5)
    (change,) = compare(one, other).changes
    assert (change.change, change.why, change.parts) == (Decimal("-0.5"), ("files", "lateness"), ())


def test_what_was_measured_has_no_cause(tmp_path: Path) -> None:
    one, other = (write(tmp_path / f"{score}.json", {"1A": score}) for score in (1, 2))
    assert compare(one, other).changes[0].why == ()


def test_another_cause_without_other_marks_is_counted_but_no_change(tmp_path: Path) -> None:
    one = write(tmp_path / "one.json", {"1A": 1})
    other = write(tmp_path / "two.json", {"1A": 1}, digests={"numpy": "3"})
    found = compare(one, other)
    assert (found.changed, found.causes, found.differs) == (0, {"numpy": 1}, False)


def test_parts_that_are_new_gone_worth_more_or_pending(tmp_path: Path) -> None:
    one = write(tmp_path / "one.json", {"gone": 1, "same": 2, "pending": 0})
    other = write(tmp_path / "two.json", {"pending": 0, "same": 2, "new": 3}, pending={"pending": 4})
    (change,) = compare(one, other).changes
    ten, none = Decimal(10), Decimal(0)
    assert change.parts == (
        PartChange("pending", none, none, ten, ten, none, Decimal(4)),
        PartChange("new", None, Decimal(3), None, ten, None, none),
        PartChange("gone", Decimal(1), None, ten, None, none, None),
    )


def test_a_mark_that_came_or_went_is_first(old: Path, new: Path) -> None:
    fault: dict[str, Any] = {"status": "host_fault", "score": None, "final_score": None}
    write(new / "cyd.json", {}, most=20, **fault)
    found = compare(old, new)
    assert [item.id for item in found.changes] == ["cyd", "bob", "ann"]
    assert (found.changes[0].new_status, found.changes[0].new, found.changes[0].change) == (
        "host_fault",
        None,
        None,
    )
    assert found.mean_change == Decimal("-1.12")  # -1.125 of the two that have marks: halves go up


def test_nobody_has_a_mark(tmp_path: Path) -> None:
    fault = write(tmp_path / "one.json", {}, status="host_fault", score=None, final_score=None)
    assert compare(fault, fault).mean_change is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"schema_version": 2}', b"[" * 100_000, b'{"score": NaN}']
)
def test_a_damaged_report_costs_a_line_and_the_others_are_compared(old: Path, new: Path, content: bytes) -> None:
    (new / "ann.json").write_bytes(content)
    found = compare(old, new)
    assert [item.id for item in found.changes] == ["bob"]
    (line,) = found.damaged
    assert line.startswith(f"{new / 'ann.json'}: this is no report, or a damaged one: ")
    assert line.isprintable()


def test_a_report_that_may_not_be_read_costs_a_line(old: Path, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_bytes = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self == new / "ann.json":
            raise PermissionError(13, "Permission denied")
        return read_bytes(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert compare(old, new).damaged == (f"{new / 'ann.json'}: the report cannot be read: Permission denied",)


def test_what_lies_beside_the_reports_is_none(old: Path, new: Path) -> None:
    (new / "run.json").write_text('{"plan": "p"}')
    (new / ".writing-x.json").write_text("{")
    (new / "gradebook.csv").write_text("id\n")
    (new / "folder.json").mkdir()
    found = compare(old, new)
    assert [*found.damaged, *found.missing] == []
    write(old / "run.json", {"1A": 1})
    write(new / "run.json", {"1A": 2})
    assert "run" in {item.id for item in compare(old, new).changes}


@pytest.mark.parametrize("content", ["{", "3", "[]"])
def test_what_is_about_the_run_may_be_anything(old: Path, content: str) -> None:
    (old / "run.json").write_text(content)
    assert compare(old, old).damaged == ()


def test_a_report_of_before_people_and_lateness(tmp_path: Path) -> None:
    one = write(tmp_path / "one.json", {"1A": 1})
    content = json.loads(one.read_text())
    del content["final_score"]
    one.write_text(json.dumps(content))
    other = write(tmp_path / "two.json", {"1A": 3}, submission={"people": [{"id": "1", "name": "A\x1b\u202e"}]})
    (change,) = compare(one, other).changes
    assert (change.old, change.who) == (Decimal(1), "A\\x1b\\u202e")


def test_nothing_to_compare(old: Path, tmp_path: Path) -> None:
    file = old / "ann.json"
    empty = tmp_path / "empty"
    empty.mkdir()
    for one, other, words in (
        (old, tmp_path / "nowhere", "nowhere: the reports cannot be read: No such file"),
        (empty, old, "empty: there are no reports in this folder"),
        (file, old, "ann.json is a file and the other is none: give two results folders, or two reports"),
        (old, file, "ann.json is a file and the other is none"),
    ):
        with pytest.raises(UserError, match=words):
            compare(one, other)


def test_memory_grows_with_what_changed_and_not_with_the_reports(tmp_path: Path) -> None:
    padding = "x" * 200_000
    for name in range(60):
        parts = {f"{part}": float(name % 7) for part in range(30)}
        write(tmp_path / "old" / f"{name}.json", parts, messages=[padding])
        write(
            tmp_path / "new" / f"{name}.json",
            {part: score + 1 for part, score in parts.items()},
            messages=[padding],
        )
    tracemalloc.start()
    found = compare(tmp_path / "old", tmp_path / "new")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.changed == 60
    assert peak < 20 * len(padding)
