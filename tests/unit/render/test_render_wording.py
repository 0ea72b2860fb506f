from __future__ import annotations

from decimal import Decimal

import pytest
from render_reports import a_part, a_report, late_by

from grader.render.wording import case_title, line, part_lines, whole_lines
from grader.report import CaseReport, FindingReport


def a_case(name: str, status: str = "wrong", visibility: str = "visible", message: str = "No.") -> CaseReport:
    fields = {"status": status, "visibility": visibility, "message": message}
    return CaseReport(answer="f", name=name, credit=0.0, staff_message="", seconds=0.5, **fields)  # type: ignore[arg-type]


def test_what_can_be_acted_on_comes_first_and_right_cases_are_silent() -> None:
    cases = (
        a_case("a", visibility="hidden"),
        a_case("b", "right"),
        a_case("c"),
        a_case("d", "needs_review", message=""),
    )
    finding = FindingReport(answer="f", kind="mistake", name="x", message="Do this.")
    part = a_part("1A", "1").model_copy(update={"cases": cases, "findings": (finding,)})
    assert part_lines(part) == ["f: c: No.", "f: d: a person marks it", "f: a (hidden): No.", "→ Do this."]


@pytest.mark.parametrize(("count", "last"), [(5, "f: 4: No."), (6, "and 1 more case"), (9, "and 4 more cases")])
def test_a_few_cases_are_told(count: int, last: str) -> None:
    part = a_part("1A", "1").model_copy(update={"cases": tuple(a_case(str(number)) for number in range(count))})
    assert part_lines(part)[-1] == last


def test_lines_are_bounded_and_harmless() -> None:
    assert line("a\n\x1bb") == "a\\n\\x1bb"
    assert len(line("a" * 10_000)) == 601
    assert case_title(a_case("x", visibility="after_due_date")) == "f: x (after due date)"


def test_the_whole() -> None:
    assert list(whole_lines(a_report("a", messages=("m",), late=late_by(5, "1")))) == ["m", "Late."]
    fault = a_report("a", status="host_fault", score=None, final_score=None, max_score=Decimal(1))
    assert list(whole_lines(fault)) == ["Not graded: the machine was at fault, not the submission."]
