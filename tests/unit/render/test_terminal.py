from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from grader.render.terminal import table, total, whose
from grader.report import (
    CaseReport,
    FileReport,
    FindingReport,
    LateReport,
    PartReport,
    PersonReport,
    Provenance,
    Report,
    SubmissionReport,
    for_student,
    plain,
)

LONG = "the values are wrong: expected [1.0, 2.0, 3.0], got [1.0, 2.0, 4.0]; " * 4


def case(answer: str = "relu", **fields: Any) -> CaseReport:
    made: dict[str, Any] = {
        "answer": answer,
        "name": "case",
        "visibility": "visible",
        "status": "right",
        "credit": 1.0,
        "message": "",
        "staff_message": "",
        "seconds": 0.0,
    }
    return CaseReport(**{**made, **fields})


def wrong(answer: str, message: str, visibility: str = "visible", staff: str = "FOR STAFF\nline 2") -> CaseReport:
    return case(answer, status="wrong", credit=0.0, message=message, visibility=visibility, staff_message=staff)


def part(part_id: str, score: str, most: str, status: Any, *cases: CaseReport, pending: str = "0") -> PartReport:
    return PartReport(
        question="1",
        id=part_id,
        title=f"Title of {part_id}",
        score=Decimal(score),
        max_score=Decimal(most),
        pending_points=Decimal(pending),
        status=status,
        cases=cases,
    )


PARTS = (
    part("1A", "3.00", "3", "right", case("sign"), case("sign")),
    part("1B", "1.50", "3", "partial", case("relu"), wrong("relu", "relu([1.0]): wrong.")),
    part(
        "1C", "0", "2.50", "wrong", wrong("h", "h(1): HIDE", "hidden"), wrong("h", "the shape is wrong.", "hidden")
    ),
    part("1D", "0", "4", "no_answer", case("g", status="no_answer", credit=0.0, message="`g` is not defined.")),
    part("1E", "0", "2", "needs_review", case("ANSWER", status="needs_review", message="A person."), pending="2"),
)


def report(*parts: PartReport, **fields: Any) -> Report:
    made: dict[str, Any] = {
        "status": "graded",
        "assignment": "hw",
        "title": "Homework 3",
        "submission": SubmissionReport(id="ann", files=(FileReport(name="ann.py", sha256="ab", bytes=3),)),
        "score": sum((item.score for item in parts), Decimal(0)),
        "max_score": sum((item.max_score for item in parts), Decimal(0)),
        "pending_points": sum((item.pending_points for item in parts), Decimal(0)),
        "messages": (),
        "staff_messages": (),
        "parts": parts,
        "isolation": {},
        "provenance": Provenance(plan="p", key="k", rubric="r", reference="f", grader="0", python="3", numpy="2"),
        "graded_at": "2026-01-01T00:00:00+00:00",
        "seconds": 1.0,
    }
    return Report(**{**made, **fields})


def shown(found: Report, *, student: bool = False, width: int = 120, colour: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        highlight=False,
        force_terminal=colour,
        color_system="standard" if colour else None,
    )
    console.print(table(found, student=student, width=width))
    return stream.getvalue()


def row(text: str, part_id: str) -> str:
    (line,) = [line for line in text.splitlines() if line.strip().startswith(part_id)]
    return line


def test_every_part_has_a_row_with_title_bar_and_score() -> None:
    text = shown(report(*PARTS))
    assert text.startswith("Homework 3 · ann\n")
    for found, score in zip(PARTS, ("3/3", "1.5/3", "0/2.5", "0/4", "0/2"), strict=True):
        assert found.title in row(text, found.id)
        assert score in row(text, found.id)
    assert "████████ 3/3" in row(text, "1A")
    assert "████░░░░ 1.5/3" in row(text, "1B")
    assert "░░░░░░░░ 0/4" in row(text, "1D")
    assert "▒▒▒▒▒▒▒▒ 0/2" in row(text, "1E")


def test_what_is_right_has_no_note() -> None:
    assert row(shown(report(*PARTS)), "1A").rstrip().endswith("3/3")


def test_a_note_counts_the_cases_and_says_what_one_of_them_says() -> None:
    text = shown(report(*PARTS))
    assert "relu, 1 of 2 cases: relu([1.0]): wrong." in text
    assert "`g` is not defined." in row(text, "1D")
    assert "A person." in row(text, "1E")


def test_what_is_said_of_the_function_itself_needs_no_count() -> None:
    found = part("1A", "0", "1", "no_answer", *[wrong("f", "`f` is not written yet.")] * 2)
    assert row(shown(report(found)), "1A").endswith(" 0/1  `f` is not written yet. ")
    half = part("1A", "0", "1", "wrong", case("f"), wrong("f", "`f` ran out of memory."))
    assert "f, 1 of 2 cases: `f` ran out of memory." in shown(report(half))


def test_of_what_could_not_be_read_the_reason_alone_is_shown() -> None:
    message = "Your file is not readable as Python 3.11, line 4: expected ':'."
    part_of_it = part("1A", "0", "1", "no_answer", wrong("f", "`f` was not called."))
    assert shown(report(part_of_it, status="unreadable", messages=(message,))).splitlines() == [
        "Homework 3 · ann",
        message,
        "Total 0 / 1; the file is not readable as Python",
    ]


def test_at_home_a_person_is_not_the_only_one_who_marks_later() -> None:
    found = report(score=Decimal("4.25"), max_score=Decimal(10), pending_points=Decimal(3))
    assert (
        total(found, at_home=True).plain
        == "Total 4.25 / 7, and 3 more are marked after you hand in (of 10 in all)"
    )


def test_a_visible_case_is_told_before_a_hidden_one() -> None:
    found = part("1A", "0", "1", "wrong", wrong("f", "HIDDEN", "hidden"), wrong("f", "VISIBLE"))
    for student in (True, False):
        text = shown(report(found), student=student)
        assert "f, 2 of 2 cases: VISIBLE" in text
        assert "HIDDEN" not in text


def test_every_answer_of_a_part_has_its_note() -> None:
    found = part("1A", "0", "1", "wrong", wrong("f", "about f."), case("g"), wrong("h", "about h."))
    text = shown(report(found))
    assert "about f." in text
    assert "about h." in text
    assert "g," not in text


@pytest.mark.parametrize(
    ("visibility", "words"),
    [("hidden", "(hidden) "), ("after_due_date", "(after due date) "), ("after_published", "(after published) ")],
)
def test_a_hidden_case_is_told_to_whoever_may_know(visibility: str, words: str) -> None:
    found = report(part("1A", "0", "1", "wrong", wrong("f", "for the student.", visibility)))
    assert f"{words}for the student." in shown(found, student=True)
    assert "FOR STAFF" not in shown(found, student=True)
    assert f"{words}FOR STAFF" in shown(found)
    assert "line 2" not in shown(found)


def test_the_students_view_shows_nothing_of_staffs() -> None:
    found = report(*PARTS, messages=("Left out: line 3.",), staff_messages=("FOR STAFF",))
    for given in (found, for_student(found)):
        text = shown(given, student=True)
        assert "FOR STAFF" not in text
        assert "Left out: line 3." in text
    assert "FOR STAFF" in shown(found)


@pytest.mark.parametrize("width", [40, 60, 80, 89, 90, 120, 200])
@pytest.mark.parametrize("student", [True, False])
def test_no_line_is_longer_than_the_terminal_is_wide(width: int, student: bool) -> None:
    parts = [*PARTS, part("1F", "0", "100", "wrong", wrong("f", LONG), wrong("a_very_long_name" * 4, "x" * 300))]
    text = shown(report(*parts, messages=(LONG,)), student=student, width=width)
    assert max(map(len, text.splitlines())) <= width
    for found in parts:
        assert row(text, found.id)


@pytest.mark.parametrize("width", [60, 89, 90, 200])
def test_a_narrow_terminal_leaves_the_titles_out_and_nothing_else(width: int) -> None:
    text = shown(report(*PARTS), width=width)
    assert ("Title of 1B" in text) is (width >= 90)
    assert ("Title\x20" in text) is (width >= 90)
    words = " ".join(text.split())
    for expected in ("1.5/3", "relu, 1 of 2 cases", "Total 4.5 / 12.5"):
        assert expected in words


def test_long_notes_are_folded_not_cut() -> None:
    message = "x" * 300
    text = shown(report(part("1A", "0", "1", "wrong", wrong("f", message))), width=60)
    assert text.count("x") == 300


def test_no_colours_without_a_terminal() -> None:
    assert "\x1b" not in shown(report(*PARTS, messages=("m",), staff_messages=("s",)))
    assert "\x1b[" in shown(report(*PARTS), colour=True)


def test_markup_in_texts_is_text() -> None:
    message = "[red]x[/red] [link=file:///etc/passwd]y[/link] :smile: [1, 2]"
    found = part("1A", "0", "1", "wrong", wrong("f", message))
    text = shown(report(found, title="[bold]t[/bold]", messages=(message,), staff_messages=(message,)), width=200)
    assert text.count(message) == 3
    assert "[bold]t[/bold]" in text
    coloured = shown(report(found), width=200, colour=True)
    assert "]8;" not in coloured


# Totals.


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"score": Decimal("4.50"), "max_score": Decimal(10)}, "Total 4.5 / 10"),
        ({"score": Decimal("100.00"), "max_score": Decimal(100)}, "Total 100 / 100"),
        ({"score": Decimal(0), "max_score": Decimal(0)}, "Total 0 / 0"),
        (
            {"score": Decimal("4.25"), "max_score": Decimal(10), "pending_points": Decimal(3)},
            "Total 4.25 / 7, and 3 more await a person (of 10 in all)",
        ),
        (
            {"score": Decimal(0), "max_score": Decimal(10), "status": "unreadable"},
            "Total 0 / 10; the file is not readable as Python",
        ),
        (
            {"score": None, "max_score": Decimal(10), "status": "host_fault"},
            "Not graded: the machine was at fault, not the submission.",
        ),
    ],
)
def test_the_total(fields: dict[str, Any], text: str) -> None:
    found = report(**fields)
    assert total(found).plain == text
    assert shown(found, width=200).splitlines()[-1] == text


def test_lateness_has_a_line_of_its_own_before_what_is_left() -> None:
    late = LateReport(seconds=1.0, deducted=Decimal("2.50"), message="1 s late: [b]one[/b] started day.")
    found = report(score=Decimal("7.50"), max_score=Decimal(10), late=late, final_score=Decimal("5.00"))
    for student in (True, False):
        assert shown(found, student=student).splitlines()[-3:] == [
            "Total 7.5 / 10",
            "Late -2.5 1 s late: [b]one[/b] started day.",
            "Final 5 / 10",
        ]


def test_in_time_there_is_neither_such_a_line_nor_a_final_score() -> None:
    text = shown(report(*PARTS, final_score=Decimal("4.50")))
    assert "Late" not in text
    assert "Final" not in text


@pytest.mark.parametrize(
    ("names", "heading"),
    [
        (["Ann"], "Homework 3 · Ann (ann)"),
        (["ann"], "Homework 3 · ann"),
        (["[b]A[/b]", "B"], "Homework 3 · [b]A[/b], B (ann)"),
        (["A", "B", "C", "D", "E", "F"], "Homework 3 · A, B, C, D and 2 more (ann)"),
    ],
)
def test_the_heading_names_the_people_where_they_are_known(names: list[str], heading: str) -> None:
    people = tuple(PersonReport(id="7", name=name, email="") for name in names)
    submission = SubmissionReport(id="ann", files=(), people=people)
    assert shown(report(submission=submission)).splitlines()[0] == heading


def test_somebody_without_a_name_is_shown_by_id() -> None:
    submission = SubmissionReport(id="ann", files=(), people=(PersonReport(id="007", name="", email=""),))
    assert whose(report(submission=submission)) == "007 (ann)"


def test_a_host_fault_shows_no_points() -> None:
    text = shown(report(status="host_fault", score=None, max_score=Decimal(10), staff_messages=("no memory",)))
    assert "no memory" in text
    assert "Total" not in text
    assert "0 / 10" not in text


@pytest.mark.parametrize(
    ("score", "colour"),
    [("10", "bold green"), ("0.01", "bold yellow"), ("9.99", "bold yellow"), ("0", "bold red")],
)
def test_the_totals_colour(score: str, colour: str) -> None:
    assert str(total(report(score=Decimal(score), max_score=Decimal(10))).spans[0].style) == colour


def test_all_that_a_machine_can_give_is_green() -> None:
    found = report(score=Decimal(7), max_score=Decimal(10), pending_points=Decimal(3))
    assert str(total(found).spans[0].style) == "bold green"


@pytest.mark.parametrize(
    ("score", "most", "pending", "bar"),
    [
        ("0", "0", "0", "████████ 0/0"),
        ("0.01", "100", "0", "░░░░░░░░ 0.01/100"),
        ("99.99", "100", "0", "███████░ 99.99/100"),
        ("50", "100", "50", "████▒▒▒▒ 50/100"),
        ("1", "3", "1", "██▒▒░░░░ 1/3"),
    ],
)
def test_a_bar_is_full_only_when_all_is_earned(score: str, most: str, pending: str, bar: str) -> None:
    assert bar in shown(report(part("1A", score, most, "partial", pending=pending)))


@pytest.mark.parametrize(
    ("number", "text"),
    [("0.00", "0"), ("1.50", "1.5"), ("100.00", "100"), ("1000", "1000"), ("0.05", "0.05"), ("1E+2", "100")],
)
def test_points_have_no_idle_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


def finding(answer: str, message: str) -> FindingReport:
    return FindingReport(answer=answer, kind="mistake", name="SECRET", message=message)


@pytest.mark.parametrize("student", [False, True])
def test_what_is_wrong_as_a_whole_follows_its_function_s_note(student: bool) -> None:
    wrong = {"status": "wrong", "credit": 0.0}
    cases = (case("relu", message="relu is off.", **wrong), case("softmax", message="softmax is off.", **wrong))
    one = part("1A", "0", "2", "wrong", *cases).model_copy(
        update={"findings": (finding("softmax", "Divide."), finding("", "Run again."), finding("relu", "Clip."))}
    )
    lines = " ".join(shown(report(one), student=student).split())
    order = [
        lines.index(text) for text in ("relu is off.", "→ Clip.", "softmax is off.", "→ Divide.", "→ Run again.")
    ]
    assert order == sorted(order)
    assert "SECRET" not in lines
