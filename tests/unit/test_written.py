from __future__ import annotations

from fractions import Fraction

import pytest

from grader import outcome as oc
from grader.notebook import Notebook, Section
from grader.plan import Limits, Part, Plan, Question, WrittenAnswer
from grader.submission import File, Submission
from grader.written import with_prose

MISSING = oc.Outcome(oc.Missing())


def _part(name: str, *variables: str) -> Part:
    return Part(name, "t", Fraction(1), tuple(WrittenAnswer(variable, ()) for variable in variables))


PARTS = (_part("1H"), _part("1I", "ANSWER_1I"), _part("2.g", "WHY", "HOW"))
PLAN = Plan("a", "A", "", Limits(1, 1, 1, 256), (Question("1", "q", PARTS),))


def texts(*sections: Section, given: dict[str, oc.Outcome] | None = None) -> dict[str, str]:
    file = File("a.ipynb", b"", "", 0, Notebook(b"", (), sections))
    before = dict.fromkeys(PLAN.variables(), MISSING) if given is None else given
    sitting = oc.Sitting(oc.Loaded(), 0, "", {}, before)
    after = with_prose(PLAN, Submission("a", "a.ipynb", (file,)), sitting).texts
    return {
        name: outcome.result.value
        for name, outcome in after.items()
        if isinstance(outcome.result, oc.Answered) and isinstance(outcome.result.value, str)
    }


@pytest.mark.parametrize(
    "heading",
    ["1I", "1i", "1I:", "1I. Softmax", "Question 1I", "Part 1I: softmax", "**1I**", "(1I)", "ANSWER_1I",
     "`ANSWER_1I`", "Réponse 1I", "1I - why?", "Q1I", "Re\u0301ponse à la question 1.i) pourquoi", "1 I",
     "1. (I) why", "N° 1I", "Your answer to 1I", "\uff11\uff29", "Answer 1I"],
)  # fmt: skip
def test_a_heading_names_the_part(heading: str) -> None:
    assert texts(Section(heading, 2, "because")) == {"ANSWER_1I": "because"}


@pytest.mark.parametrize(
    "heading", ["", "1II", "About 1I", "I", "Question", "softmax 1I", "1", "1I.2", "1 I am", "1. I am"]
)
def test_other_headings_do_not(heading: str) -> None:
    assert texts(Section(heading, 2, "because")) == {}


def test_an_id_may_end_in_a_stop_and_a_part_with_several_answers_means_its_first() -> None:
    assert texts(Section("2.g", 1, "because"), Section("HOW", 1, "so")) == {"WHY": "because", "HOW": "so"}


def test_a_heading_below_belongs_to_the_answer_and_one_beside_it_ends_it() -> None:
    assert texts(
        Section("1I", 2, "one"), Section("In detail", 3, "two"), Section("1H", 3, "no"), Section("1I", 4, "three"),
        Section("Notes", 4, "no"), Section("More", 5, "no"),
    ) == {"ANSWER_1I": "one\n\nIn detail\n\ntwo\n\nthree"}  # fmt: skip


def test_a_heading_that_only_says_answer_ends_nothing() -> None:
    found = texts(Section("1I", 2, "Why?"), Section("Votre réponse :", 2, "because"), Section("So", 2, "no"))
    assert found == {"ANSWER_1I": "Why?\n\nVotre réponse :\n\nbecause"}


def test_what_may_be_meant_as_a_heading_is_one_if_it_names_a_part() -> None:
    found = texts(Section("1I", 7, "because"), Section("In short", 7, "so"), Section("2.g", 7, "why"))
    assert found == {"ANSWER_1I": "because\n\nIn short\n\nso", "WHY": "why"}


def test_a_longer_id_is_not_a_shorter_one() -> None:
    parts = (_part("1.1", "A"), _part("1.1a", "B"), _part("11", "C"), _part("1.1.2", "D"))
    plan = Plan("a", "A", "", Limits(1, 1, 1, 256), (Question("1", "q", parts),))
    headings = ["1.1", "1.1 a)", "11.", "1.1.2", "1.1.3", "1.11", "1.1 a word"]
    file = File("a.ipynb", b"", "", 0, Notebook(b"", (), tuple(Section(name, 1, name) for name in headings)))
    given = with_prose(plan, Submission("a", "a.ipynb", (file,)), oc.Sitting(oc.Loaded(), 0, "", {}, {})).texts
    said = {"A": "1.1\n\n1.1 a word", "B": "1.1 a)", "C": "11.", "D": "1.1.2"}
    assert given == {name: oc.Outcome(oc.Answered(text)) for name, text in said.items()}


def test_a_heading_without_a_text_is_no_answer() -> None:
    assert texts(Section("1I", 2, ""), Section("In detail", 3, "")) == {}


@pytest.mark.parametrize(
    ("result", "is_open"),
    [
        (oc.Missing(), True), (oc.NotAsked("x"), True), (oc.Crashed("x"), True), (oc.Answered("  "), True),
        (oc.Answered("mine"), False), (oc.Answered(3), False),
    ],
)  # fmt: skip
def test_what_the_code_says_comes_first(result: oc.Result, is_open: bool) -> None:
    found = texts(Section("1I", 2, "because"), given={"ANSWER_1I": oc.Outcome(result)})
    assert (found.get("ANSWER_1I") == "because") is is_open


def test_when_nothing_was_asked_it_counts_all_the_same() -> None:
    assert texts(Section("1I", 2, "because"), given={}) == {"ANSWER_1I": "because"}


def test_a_file_that_is_no_notebook_is_left_alone() -> None:
    sitting = oc.Sitting(oc.Loaded(), 0, "", {}, {"ANSWER_1I": MISSING})
    assert with_prose(PLAN, Submission("a", "a.py", (File("a.py", b"", "", 0),)), sitting) is sitting
