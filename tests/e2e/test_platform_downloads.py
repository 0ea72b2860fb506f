"""A platform's download, folder or zip, as a person grades it: the right people and lateness in the reports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from batch_course import Course

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "intake"))
import intake_downloads as downloads
from intake_malformed import MALFORMED

TAKEN = "of 2 Python files {} was taken as the submission; it can import the others"
LATE = "Canvas marks it as late; it does not say by how much"
GRADED, NOTHING = ("graded", 2.0), ("unreadable", 0.0)

# For each report: status and score, people (id, name, email), lateness in seconds, notes.
Expected = dict[str, tuple[tuple[str, float], list[tuple[str, str, str]], float | None, list[str]]]

GRADESCOPE: Expected = {
    "submission_101": (GRADED, [("3031", "Jane Doe", "jane@example.edu")], None, []),
    "submission_102": (
        GRADED,
        [("0042", "Jürgen Müller", "juergen@example.edu"), ("", "Ana", "ana@example.edu")],
        None,
        [TAKEN.format("main.py")],
    ),
    "submission_103": (GRADED, [], None, ["the export does not say who handed it in"]),
}
CANVAS: Expected = {
    "anon_Ab34c": (GRADED, [("anon_Ab34c", "", "")], None, [LATE]),
    "anon_Xy12z": (GRADED, [("anon_Xy12z", "", "")], 0.0, []),
    "doejane_4711": (GRADED, [("4711", "doejane", "")], 0.0, []),
    "mullerjurgen_4712": (GRADED, [("4712", "müllerjürgen", "")], None, [LATE]),
    "paperpat_4717": (NOTHING, [("4717", "paperpat", "")], None, []),
    "roeann_4713": (GRADED, [("4713", "roeann", "")], 0.0, [TAKEN.format("main.py")]),
    "team_rocket_4716": (GRADED, [("4716", "team_rocket", "")], 0.0, []),
    "wordywill_4715": (NOTHING, [("4715", "wordywill", "")], None, []),
    "zipperzoe_4714": (GRADED, [("4714", "zipperzoe", "")], 0.0, ["unpacked from hw3.zip"]),
}
MOODLE: Expected = {
    "Default_group": (GRADED, [("Default group", "Default group", "")], None, []),
    "Jane_Doe_101": (GRADED, [("101", "Jane Doe", "")], None, []),
    "Jurgen_Muller-Ludenscheidt_102": (
        GRADED,
        [("102", "Jürgen Müller-Lüdenscheidt", "")],
        None,
        [TAKEN.format("code/main.py")],
    ),
    "Team_Rocket_7": (GRADED, [("7", "Team Rocket", "")], None, []),
    "Will_Wordy_103": (NOTHING, [("103", "Will Wordy", "")], None, []),
}
MOODLE_FLAT: Expected = {
    "Ann_Roe_102": (GRADED, [("102", "Ann Roe", "")], None, [TAKEN.format("main.py")]),
    "Jane_Doe_101": (GRADED, [("101", "Jane Doe", "")], None, []),
}
MOODLE_BLIND: Expected = {
    "Participant_101": (GRADED, [("101", "Participant", "")], None, []),
    "Teilnehmer_in_102": (GRADED, [("102", "Teilnehmer in", "")], None, []),
}
PLAIN: Expected = {name: (GRADED, [(name, name, "")], None, []) for name in ("anna", "bob", "carol")}
PLAIN_FOLDERS: Expected = {**PLAIN, "carol": (*PLAIN["carol"][:3], ["unpacked from carol.zip"])}

LAYOUTS: dict[str, tuple[downloads.Tree, Expected]] = {
    "gradescope": (downloads.gradescope(), GRADESCOPE),
    "canvas": (downloads.canvas(), CANVAS),
    "moodle": (downloads.moodle_folders(), MOODLE),
    "moodle, old": (downloads.moodle_folders(old=True), MOODLE),
    "moodle, flat": (downloads.moodle_flat(), MOODLE_FLAT),
    "moodle, blind": (downloads.moodle_blind(), MOODLE_BLIND),
    "plain": (downloads.plain_files(), PLAIN),
    "plain, folders": (downloads.plain_folders(), PLAIN_FOLDERS),
}


def _told(report: dict[str, Any]) -> tuple[Any, ...]:
    submission = report["submission"]
    people = [(person["id"], person["name"], person["email"]) for person in submission["people"]]
    return (report["status"], report["score"]), people, submission["late_seconds"], submission["notes"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("make", [downloads.as_folder, downloads.as_zip], ids=["folder", "zip"])
def test_a_download_is_graded_as_it_comes(
    small: Path, layout: str, make: Callable[[downloads.Tree, Path], Path]
) -> None:
    tree, expected = LAYOUTS[layout]
    course = Course(small)
    download = make(tree, small / ("down.zip" if make is downloads.as_zip else "down"))
    done = course.grade(of=download)
    assert done.status == 0, done.err
    reports = {name: course.report(name) for name in course.reports()}
    assert {name: _told(report) for name, report in reports.items()} == expected
    assert {report["submission"]["platform"] for report in reports.values()} == {layout.partition(",")[0]}
    # Who has a report of nothing is named, too.
    nothing = sorted(name for name, (outcome, *_) in expected.items() if outcome == NOTHING)
    assert sorted(line.split(": ")[:3] for line in done.err.splitlines()) == [
        ["grade", "warning", name] for name in nothing
    ]


def test_when_it_was_handed_in(small: Path) -> None:
    course = Course(small)
    course.grade(of=downloads.as_folder(downloads.gradescope(), small / "down"))
    times = [course.report(f"submission_{number}")["submission"]["submitted_at"] for number in (101, 102, 103)]
    assert times == [
        "2026-03-01T22:59:59.123456+00:00",
        "2026-03-02T08:00:00+01:00",
        "2026-03-02T09:30:00+00:00",
    ]


def test_a_second_run_keeps_what_is_graded_until_the_export_says_something_else(small: Path) -> None:
    course = Course(small)
    archive = downloads.as_zip(downloads.gradescope(), small / "down.zip")
    assert course.grade(of=archive).out == "3 submissions: 3 graded\n"
    assert course.grade(of=archive).out == "3 submissions: 3 graded before\n"
    tree = downloads.gradescope()
    name = "assignment_77_export/submission_metadata.yml"
    tree[name] = tree[name].replace(b"Jane Doe", b"Jane Roe")
    done = course.grade(of=downloads.as_zip(tree, archive))
    assert done.out == "3 submissions: 1 graded, 2 graded before\n"
    assert course.report("submission_101")["submission"]["people"][0]["name"] == "Jane Roe"


def test_whose_work_cannot_be_read_has_a_report_and_a_line(small: Path) -> None:
    course = Course(small)
    tree = {
        "doejane_1_900001_hw3.py": downloads.WORK,
        "paperpat_2_900002_hw3.pdf": b"%PDF-1.7",
        "brokenbob_3_900003_hw3.zip": b"PK\x03\x04 and no more",
        "syntaxsue_4_900004_hw3.py": b"def (:\n",
    }
    archive = downloads.as_zip(tree, small / "canvas.zip")
    done = course.grade(of=archive)
    assert (done.status, done.out) == (0, "4 submissions: 1 graded, 3 unreadable\n")
    assert sorted(line.split(": ")[:3] for line in done.err.splitlines()) == [
        ["grade", "warning", "brokenbob_3"],
        ["grade", "warning", "paperpat_2"],
    ]
    for name in ("paperpat_2", "brokenbob_3", "syntaxsue_4"):
        assert (course.report(name)["status"], course.report(name)["score"]) == ("unreadable", 0)
        # Where it was unpacked is different in every run, and nobody's business.
        assert "grader-run-" not in str(course.report(name))
    assert "grader-run-" not in done.err
    before = course.reports()
    assert course.grade(of=archive).out == "4 submissions: 2 unreadable, 2 graded before\n"
    assert course.reports() == before


def test_malformed_archives_are_refused_in_a_line_each(small: Path) -> None:
    course = Course(small).fill(2)
    for number, (_, bad) in enumerate(sorted(MALFORMED.items())):
        (course.work / f"bad{number:02}-{bad.name}").write_bytes(bad.content())
    done = course.grade()
    assert (done.status, done.out) == (2, "2 submissions: 2 graded\n")
    lines = done.err.removeprefix("grade: ").splitlines()
    assert len(lines) == len(MALFORMED) >= 30
    for number, (line, (_, bad)) in enumerate(zip(lines, sorted(MALFORMED.items()), strict=True)):
        assert f"bad{number:02}-" in line
        # A whole class may have more files than a student; what is said of that is put otherwise.
        assert bad.says in line or "than an honest one" in line or "as bombs do" in line
    assert sorted(course.reports()) == ["student00", "student01"]
