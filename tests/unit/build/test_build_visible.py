from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import outcome as oc
from grader.build.visible import visible_part
from grader.errors import AuthorError
from grader.judge import checks as ch
from grader.key import Expectation, Key, compile_rubric
from grader.key.trial import outcomes
from grader.plan import Plan
from grader.rubric import load_rubric
from grader.score import score

REFERENCE = """
import numpy as np

def f(x):
    return 2.5 * np.asarray(x)

def count(x):
    return len(x)

def said(x):
    print(len(x), 'items')

def pair(x):
    return len(x), 0.5

def grown(x):
    x += 1.5
"""
HEAD = """
assignment: modes
title: Modes
reference: reference.py
give_away: [f]
seed: 12345678901234
late: {deduct: 0.1}
ALL
questions:
  - id: "1"
    title: One
    parts:
"""
CHECKS = "def sums(answer, args):\n    return True\n"


def shown(folder: Path, *parts: str, head: str = "") -> tuple[Plan, Key]:
    (folder / "reference.py").write_text(REFERENCE)
    (folder / "checks.py").write_text(CHECKS)
    file = folder / "rubric.yaml"
    file.write_text(
        HEAD.replace("ALL", head) + "".join(f"      - {{title: T, points: 2, {part}}}\n" for part in parts)
    )
    loaded = load_rubric(file)
    assert loaded.problems == ()
    plan, key, _ = compile_rubric(loaded, folder)
    return visible_part(loaded, plan, key, cost=1)


def kept(folder: Path, function: str, case: str, *, more: str = "", head: str = "") -> list[Any]:
    """Return what is kept of one case."""
    part = f"id: A, function: {function}, cases: [{{args: {{x: [1, 2]}}, {case}}}]{more}"
    _, key = shown(folder, part, head=head)
    return [check for item in key.expectations for check in item.checks]


def test_only_visible_cases_numbered_anew(tmp_path: Path) -> None:
    cases = (
        "{args: {x: [1]}, visibility: hidden, hint: Secret}, {args: {x: [2]}, weight: 3, hint: Shown}, "
        "{args: {x: [3]}, visibility: after_published}, {name: own, args: {x: [4]}, essential: true}, "
        "{args: {x: [5]}}"
    )
    plan, key = shown(tmp_path, f"id: A, function: f, cases: [{cases}]")
    assert [(case.id, case.name) for case in plan.cases()] == [
        ("A/f/1", "case 1"), ("A/f/2", "own"), ("A/f/3", "case 3")
    ]  # fmt: skip
    assert [np.asarray(case.call.args[0]).tolist() for case in plan.cases()] == [[2], [4], [5]]
    assert [item.case for item in key.expectations] == ["A/f/1", "A/f/2", "A/f/3"]
    assert [item.hint for item in key.expectations] == ["Shown", "", ""]
    assert (plan.title, plan.rubric_digest, plan.late, plan.helpers) == (
        "Modes (visible cases only)",
        "",
        None,
        {},
    )
    assert (key.plan_digest, key.reference_digest, key.mistakes) == (plan.digest, "", ())


def test_an_answer_without_a_visible_case_is_asked_whether_it_is_there(tmp_path: Path) -> None:
    plan, key = shown(tmp_path, "id: A, function: f, cases: [{args: {x: [1]}, visibility: hidden}]")
    (case,) = plan.cases()
    assert (case.id, case.call.args, key.expectations[0].checks) == ("A/f/written", (), (ch.Present(),))


def test_a_written_answer_keeps_its_criteria_to_itself(tmp_path: Path) -> None:
    plan, _ = shown(tmp_path, "id: A, written: WHY, criteria: [The answer.]")
    assert [answer for part in plan.parts() for answer in part.answers][0].criteria == ()  # type: ignore[union-attr]  # noqa: RUF015


def test_by_default_exact_answers_are_sealed_and_others_are_not(tmp_path: Path) -> None:
    assert [type(check) for check in kept(tmp_path, "count", "weight: 1")] == [ch.Sealed]
    assert [type(check) for check in kept(tmp_path, "f", "weight: 1")] == [ch.Equals]
    assert [type(check) for check in kept(tmp_path, "pair", "weight: 1")] == [ch.Equals]
    assert [type(check) for check in kept(tmp_path, "said", "observe: printed")] == [ch.Sealed]
    both = kept(tmp_path, "count", "expect_any: [{name: a, expect: 2}, {name: b, expect: 0.5}]")
    assert [type(check) for check in both] == [ch.Equals]


@pytest.mark.parametrize("where", ["case", "answer", "rubric"])
def test_modes_come_from_the_case_or_what_is_around_it(tmp_path: Path, where: str) -> None:
    for mode, kind in (
        ("value", ch.Equals),
        ("sealed", ch.Sealed),
        ("properties", ch.Formed),
        ("none", ch.Present),
    ):
        places = {"case": "weight: 1", "answer": "", "rubric": ""} | {where: f"selfcheck: {mode}"}
        found = kept(
            tmp_path,
            "count",
            places["case"] or "weight: 1",
            more=f", {places['answer']}".rstrip(", "),
            head=places["rubric"],
        )
        assert [type(check) for check in found] == [kind]


def test_a_part_of_several_answers_says_it_for_them(tmp_path: Path) -> None:
    cases = "cases: [{args: {x: [1]}}]"
    answers = f"{{function: f, {cases}}}, {{function: count, selfcheck: value, {cases}}}"
    part = f"id: A, selfcheck: none, answers: [{answers}]"
    _, key = shown(tmp_path, part)
    assert [type(check) for item in key.expectations for check in item.checks] == [ch.Present, ch.Equals]


def test_properties_keep_what_is_declared_and_the_form(tmp_path: Path) -> None:
    found = kept(tmp_path, "f", "selfcheck: properties, property: {value: true, positive: true}")
    assert found == [ch.Formed([2]), ch.Holds("positive")]
    assert kept(tmp_path, "pair", "selfcheck: properties") == [ch.Formed([2])]
    assert kept(tmp_path, "grown", "selfcheck: properties, observe: [x]") == [ch.Formed({"x": [2]})]
    assert kept(tmp_path, "said", "selfcheck: properties, observe: printed") == [ch.Present()]
    several = "selfcheck: properties, expect_any: [{name: a, expect: [1, 2]}, {name: b, expect: 1}]"
    assert kept(tmp_path, "f", several) == [ch.Present()]


def test_a_checker_stays_at_home_unless_it_is_given(tmp_path: Path) -> None:
    checker = 'property: {checker: "checks.py::sums"}'
    assert kept(tmp_path, "f", checker) == [ch.Present()]
    assert kept(tmp_path, "f", f"selfcheck: value, {checker}") == [ch.Checked("checks.py", "sums", CHECKS)]
    mixed = kept(tmp_path, "f", 'property: {finite: true, checker: "checks.py::sums"}')
    assert mixed == [ch.Holds("finite")]


def test_what_is_not_exact_cannot_be_sealed(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match=r"rubric.yaml:13: .*only exact answers can be sealed"):
        kept(tmp_path, "f", "selfcheck: sealed")
    assert kept(tmp_path, "f", "selfcheck: sealed, property: {finite: true}") == [ch.Holds("finite")]


def test_salts_differ_between_cases_and_not_between_kits(tmp_path: Path) -> None:
    part = "id: A, function: count, cases: [{args: {x: [1]}}, {args: {x: [1]}, name: again}]"
    first, second = (shown(tmp_path, part)[1].expectations for _ in range(2))
    assert first == second
    one, two = (seal_of(item) for item in first)
    assert one.salt != two.salt
    assert one.digests != two.digests


def seal_of(item: Expectation) -> ch.Sealed:
    (check,) = item.checks
    assert isinstance(check, ch.Sealed)
    return check


def test_a_wrong_answer_hears_nothing_of_what_is_sealed_and_a_present_one_waits(tmp_path: Path) -> None:
    hidden = "id: B, function: f, cases: [{args: {x: [1]}, visibility: hidden}]"
    plan, key = shown(tmp_path, "id: A, function: count, cases: [{args: {x: [1, 2, 3]}}]", hidden)
    student: dict[str, Any] = {"count": lambda x: -len(x), "f": lambda: None}
    found = {case.id: outcomes(case.calls, student) for case in plan.cases()}
    wrong, waiting = score(plan, key, oc.Sitting(oc.Loaded(), 0.0, "", found, {}))
    (case,) = wrong.cases
    assert case.message == "count([1.0, 2.0, 3.0]): the answer is wrong: got -3; the right answer is sealed."
    assert (wrong.findings, "3" in case.staff_message.replace("[1.0, 2.0, 3.0]", "").replace("-3", "")) == (
        (),
        False,
    )
    assert waiting.status == "needs_review"
    assert [waiting.score, waiting.pending_points] == [0, 2]
    assert waiting.cases[0].message.startswith("`f` is there; it has no visible case, ")


def test_of_a_function_that_is_not_there_the_call_without_arguments_is_not_shown(tmp_path: Path) -> None:
    hidden = "id: B, function: f, cases: [{args: {x: [1]}, visibility: hidden}]"
    plan, key = shown(tmp_path, "id: A, function: count, cases: [{args: {x: [1, 2, 3]}}]", hidden)
    missing: tuple[oc.Outcome, ...] = (oc.Outcome(oc.Missing(("F",))),)
    found = dict.fromkeys((case.id for case in plan.cases()), missing)
    _, absent = score(plan, key, oc.Sitting(oc.Loaded(), 0.0, "", found, {}))
    assert absent.cases[0].message == (
        "`f` is not defined in your file: you have `F`: is that it? Names must match exactly."
    )
