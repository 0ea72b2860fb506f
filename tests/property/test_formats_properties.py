"""Whatever a report holds, each format is well-formed, harmless, and says nothing that only staff may know."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.render.autolab import autolab
from grader.render.junit import junit
from grader.render.markdown import markdown
from grader.render.prairielearn import prairielearn
from grader.report import (
    CaseReport,
    FindingReport,
    LateReport,
    PartReport,
    Provenance,
    Report,
    SubmissionReport,
    for_student,
)

SECRET = "SECRET-OF-STAFF"
NASTY = [
    "\x1b[2J\x00", "<img src=x onerror=alert(1)>", "\ud800", "]]>", "&amp;\uffff", "a" * 3_000, "```\n</pre>",
    "``````",
    "[x](javascript:alert)", "![x](https://e.example/x.png)", "@everyone", "#1", "https://e.example",
    "www.e.example",
    "a|b\n|---|", "\n# h\n", "<!--", "-->", "~~~", "\u202e", "me@e.example", "    code", "<script>", "&lt;",
]  # fmt: skip
WORDS = st.text(st.characters(), max_size=40) | st.sampled_from(NASTY)
CENTS = st.integers(0, 10_000).map(lambda cents: Decimal(cents).scaleb(-2))
CASES = st.builds(
    CaseReport,
    answer=WORDS,
    name=WORDS,
    visibility=st.sampled_from(["visible", "hidden", "after_due_date", "after_published"]),
    status=st.sampled_from(["right", "wrong", "no_answer", "needs_review"]),
    credit=st.floats(0, 1),
    message=WORDS,
    staff_message=st.just(SECRET),
    seconds=st.floats(0, 60),
)
FINDINGS = st.builds(FindingReport, answer=WORDS, kind=WORDS, name=st.just(SECRET), message=WORDS)


@st.composite
def parts(draw: st.DrawFn) -> PartReport:
    pending, score, most = sorted(draw(CENTS) for _ in range(3))
    return PartReport(
        question=draw(WORDS),
        id=draw(WORDS),
        title=draw(WORDS),
        score=score,
        max_score=most + pending,
        pending_points=pending,
        status=draw(st.sampled_from(["right", "partial", "wrong", "no_answer", "needs_review"])),
        findings=tuple(draw(st.lists(FINDINGS, max_size=2))),
        cases=tuple(draw(st.lists(CASES, max_size=8))),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    fault = draw(st.booleans())
    made = () if fault else tuple(draw(st.lists(parts(), max_size=4)))
    score = None if fault else sum((part.score for part in made), Decimal(0))
    late = draw(st.none() | st.builds(LateReport, seconds=st.none(), deducted=CENTS, message=WORDS))
    return for_student(
        Report(
            status="host_fault" if fault else draw(st.sampled_from(["graded", "unreadable"])),
            assignment="hw",
            title=draw(WORDS),
            submission=SubmissionReport(id=draw(WORDS), files=(), notes=(SECRET,)),
            score=score,
            max_score=sum((part.max_score for part in made), Decimal(0)),
            pending_points=sum((part.pending_points for part in made), Decimal(0)),
            late=late,
            final_score=score,
            messages=tuple(draw(st.lists(WORDS, max_size=3))),
            staff_messages=(SECRET,),
            parts=made,
            isolation={},
            provenance=Provenance(
                plan=SECRET, key=SECRET, rubric=SECRET, reference=SECRET, grader="0", python="3", numpy="2"
            ),
            graded_at="",
            seconds=1.0,
        )
    )


@given(reports())
@settings(deadline=None, max_examples=60)
def test_junit_is_xml_whose_counts_are_right(report: Report) -> None:
    text = junit(report)
    root = ET.fromstring(text.encode())
    for suite in root.findall("testsuite"):
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases)
        for kind in ("failure", "error", "skipped"):
            told = int(suite.attrib.get({"failure": "failures", "error": "errors"}.get(kind, kind), 0))
            assert told == sum(case.find(kind) is not None for case in cases)
        assert len({case.attrib["name"] for case in cases}) == len(cases)
    assert SECRET not in text


@given(reports())
@settings(deadline=None, max_examples=60)
def test_prairielearn_is_json_with_a_share(report: Report) -> None:
    text = prairielearn(report)
    content = json.loads(text)
    assert text.isascii()
    assert content["gradable"] is (report.score is not None)
    if content["gradable"]:
        assert 0 <= content["score"] <= 1
        assert all({"name", "points", "max_points", "output"} == set(test) for test in content["tests"])
    shown = [content.get("message", ""), *(test["output"] for test in content.get("tests", []))]
    assert not any("\x1b" in item for item in shown)
    assert SECRET not in text


@given(reports())
@settings(deadline=None, max_examples=60)
def test_autolab_is_two_lines_of_json_without_markup(report: Report) -> None:
    text = autolab(report)
    feedback, scores = map(json.loads, text.splitlines())
    assert text.isascii()
    assert feedback["_presentation"] == "semantic"
    assert set(feedback["stages"]) <= set(feedback)
    assert set(scores) == {"scores"}
    assert bool(scores["scores"]) is bool(report.parts)
    assert "<" not in text
    assert SECRET not in text


@given(reports())
@settings(deadline=None, max_examples=60)
def test_markdown_holds_no_markup_but_ours(report: Report) -> None:
    text = markdown(report)
    reader = MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in [*tokens, *inline]}
    assert kinds <= {
        "html_block", "heading_open", "heading_close", "inline", "text", "text_special", "fence", "table_open",
        "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close", "th_open",
        "th_close", "td_open", "td_close", "paragraph_open", "paragraph_close", "strong_open", "strong_close",
    }  # fmt: skip
    assert [token.content.strip() for token in tokens if token.type == "html_block"] == ["<!-- grader -->"]
    shown = "".join(child.content for child in inline)
    assert not re.search(r"[@#]\w|://|www\.", shown)
    assert len(text) <= 65_536
    assert SECRET not in text
