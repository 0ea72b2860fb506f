from __future__ import annotations

from pathlib import Path

import pytest
from checked import RUBRIC, SLIPS, Write

from grader.check import subject as module
from grader.check.subject import Subject, load_subject
from grader.errors import AuthorError, Problem


def test_what_is_loaded(subject: Subject) -> None:
    assert subject.exam.plan.assignment == "checked"
    assert subject.mistakes.read_text(encoding="utf-8") == SLIPS
    assert subject.equivalents == {}
    assert subject.warnings == ()
    assert subject.functions() == {"A": ("double",), "B": ()}


def test_only_mutants_that_can_change_an_answer(subject: Subject) -> None:
    made = subject.mutants()
    assert {mutant.function for mutant, _ in made} == {"two", "double"}
    assert {affected for mutant, affected in made if mutant.function == "two"} == {frozenset({"two", "double"})}


def test_marks_beside_the_rubric(write: Write) -> None:
    file = write()
    marks = "equivalent: [{mutant: two/sign/01234567, reason: None.}]"
    file.with_name("checked.equivalent.yaml").write_text(marks, encoding="utf-8")
    assert load_subject(file).equivalents == {"two/sign/01234567": "None."}


def test_the_compiler_s_warnings(write: Write) -> None:
    (warning,) = load_subject(write(slips="def squared(x): return 2 * x\n")).warnings
    assert "no case of `double` catches `squared`" in warning


def test_a_rubric_at_fault(write: Write) -> None:
    with pytest.raises(AuthorError):
        load_subject(write(RUBRIC.replace("points: 2", "points: -2")))


def test_a_reference_that_goes_while_it_is_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "load_reference", lambda file: Problem(Path(file), 1, "", "it is gone"))
    with pytest.raises(AuthorError, match="it is gone"):
        load_subject(write())
