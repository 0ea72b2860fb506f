"""JUnit, PrairieLearn, Autolab and Markdown, each as an honest report has it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from decimal import Decimal

from render_reports import a_part, a_report

from grader.render.autolab import autolab
from grader.render.junit import junit
from grader.render.markdown import escaped, fenced, markdown
from grader.render.prairielearn import prairielearn
from grader.report import CaseReport

WRONG = CaseReport(
    answer="f", name="n", visibility="visible", status="wrong", credit=0.0, message="a < b.", staff_message="",
    seconds=0.5,
)  # fmt: skip
RIGHT = WRONG.model_copy(update={"status": "right", "message": "", "name": "m"})
TEXT = WRONG.model_copy(update={"status": "needs_review", "message": "", "answer": "T"})
PART = a_part("1A", "4", "10", "5", title="One").model_copy(update={"cases": (WRONG, WRONG, RIGHT, TEXT)})
REPORT = a_report("ann", PART, messages=("Read this.",), final_score=Decimal(3))
FAULT = a_report("ann", status="host_fault", score=None, final_score=None, max_score=Decimal(10))


def test_junit() -> None:
    root = ET.fromstring(junit(REPORT))
    suite, about = root
    assert suite.attrib == {
        "name": "1A One (4/10)", "tests": "4", "failures": "2", "errors": "0", "skipped": "1", "time": "2.000000"
    }  # fmt: skip
    assert [case.attrib["name"] for case in suite] == ["f: n", "f: n [2]", "f: m", "T: n"]
    assert suite[0][0].attrib == {"type": "wrong", "message": "a < b."}
    assert about[0].text == "Read this."


def test_junit_when_the_machine_was_at_fault() -> None:
    root = ET.fromstring(junit(FAULT))
    assert root[0].attrib["errors"] == "1"
    assert root[0][0][0].attrib["message"].startswith("Not graded")


def test_prairielearn() -> None:
    content = json.loads(prairielearn(REPORT))
    assert (content["score"], content["message"]) == (0.6, "Read this.")
    assert content["tests"][0]["points"] == 4
    assert content["tests"][0]["max_points"] == 5
    assert content["tests"][0]["output"].startswith("f: n: a < b.")
    assert json.loads(prairielearn(FAULT))["gradable"] is False
    assert json.loads(prairielearn(a_report("nothing")))["score"] == 1


def test_autolab() -> None:
    feedback, scores = map(json.loads, autolab(REPORT).splitlines())
    assert scores == {"scores": {"1A": 4.0}}
    assert feedback["stages"] == ["Submission", "Question 1"]
    assert feedback["Question 1"]["1A One (4/10)"]["passed"] is False
    assert feedback["Question 1"]["1A One (4/10)"]["hint"].startswith("f: n: a \u2039 b.")
    assert json.loads(autolab(FAULT).splitlines()[-1]) == {"scores": {}}


def test_markdown() -> None:
    text = markdown(REPORT)
    assert text.startswith("<!-- grader -->\n## Homework 3: 3 of 5, and 5 more await a person\n")
    assert "| 1A | One | 4/10 | 🟡 partly right |" in text
    assert "**Part 1A**\n\n```text\nf: n: a < b.\n" in text
    assert "not graded" in markdown(FAULT)


def test_a_fence_is_longer_than_what_it_holds() -> None:
    assert fenced(["a ```` b"]) == "`````text\na ```` b\n`````\n"


def test_the_courses_words_are_only_words() -> None:
    assert escaped("a|b [c](d) https://e @f #1") == (
        "a\\|b \\[c\\]\\(d\\) https\\:\u2060\\/\\/e \\@\u2060f \\#\u20601"
    )


def test_a_long_comment_is_cut_after_a_part() -> None:
    long = PART.model_copy(update={"cases": (WRONG.model_copy(update={"message": "a" * 500}),) * 5})
    text = markdown(a_report("ann", *[long] * 100))
    assert len(text) < 65_536
    assert "more parts does not fit here." in text
    assert text.count("```") % 2 == 0
