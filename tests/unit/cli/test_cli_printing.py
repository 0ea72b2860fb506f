from __future__ import annotations

import io
import json
import sys
from decimal import Decimal

import pytest

from grader.cli.printing import Form, check_form, print_reports
from grader.errors import UserError
from grader.report import Provenance, Report, SubmissionReport

REPORT = Report(
    status="graded",
    assignment="hw",
    title="Homework",
    submission=SubmissionReport(id="ann", files=()),
    score=Decimal(1),
    max_score=Decimal(2),
    pending_points=Decimal(0),
    messages=("Read this.",),
    staff_messages=("SECRET",),
    parts=(),
    isolation={},
    provenance=Provenance(plan="", key="", rubric="", reference="", grader="", python="", numpy=""),
    graded_at="",
    seconds=1.0,
)


@pytest.mark.parametrize(
    ("form", "start"),
    [("junit", "<?xml"), ("prairielearn", '{\n  "gradable"'), ("autolab", '{"_presen'), ("markdown", "<!-- ")],
)
def test_a_platform_s_form_holds_what_the_student_may_see(
    form: Form, start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_reports([REPORT], form, student=False)
    shown = capsys.readouterr().out
    assert shown.startswith(start)
    assert "Read this." in shown
    assert "SECRET" not in shown


@pytest.mark.parametrize(("student", "told"), [(False, ["SECRET"]), (True, [])])
def test_json_holds_what_is_asked_for(student: bool, told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    print_reports([REPORT], "json", student=student)
    assert json.loads(capsys.readouterr().out)["staff_messages"] == told
    print_reports([REPORT, REPORT], "json", student=student)
    assert [item["staff_messages"] for item in json.loads(capsys.readouterr().out)] == [told, told]


def test_a_form_is_for_one_submission() -> None:
    check_form("json", 3)
    check_form("junit", 1)
    with pytest.raises(UserError, match="--format junit is for one submission, and there are 2"):
        check_form("junit", 2)


def test_a_report_is_utf8_whatever_the_pipe_is(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", pipe)
    report = REPORT.model_copy(update={"title": "Müller 中"})
    print_reports([report], "json", student=True)
    pipe.flush()
    assert json.loads(pipe.buffer.getvalue().decode("utf-8"))["title"] == "Müller 中"
