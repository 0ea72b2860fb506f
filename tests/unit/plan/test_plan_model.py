from __future__ import annotations

import dataclasses
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from grader.plan import (
    Call,
    Case,
    Compiled,
    Earlier,
    FunctionAnswer,
    Limits,
    Part,
    Plan,
    Question,
    WrittenAnswer,
    compile_plan,
    load_plan,
)
from grader.records import RecordError, dump
from grader.reference import Reference, load_reference
from grader.rubric import load_rubric

TINY = Path(__file__).parents[1] / "tiny" / "tiny.yaml"

# Pinned: when it changes, every plan in use is another one, and every finished report is graded anew.
DIGEST = "d6a8fcc607796ed92e38f874c0ece1d70199aac2aa1a2a9bd0d670e91c143e27"


def tiny() -> Compiled:
    reference = load_reference(TINY.with_suffix(".py"))
    assert isinstance(reference, Reference)
    return compile_plan(load_rubric(TINY), reference)


def test_a_plan_is_read_back_as_it_was_written() -> None:
    plan = tiny().plan
    again = load_plan(plan.dump())
    assert again.dump() == plan.dump()
    assert again.digest == plan.digest
    assert [case.id for case in again.cases()] == [case.id for case in plan.cases()]
    assert again.questions[0].parts[0].points == Fraction(3, 2)
    pair = list(again.cases())[5].call.args[0]
    assert type(pair) is tuple
    assert pair[0] == 1
    assert pair[1][0].tolist() == [0.0, 1.0, 0.0]


def test_the_digest_is_of_all_that_the_plan_says() -> None:
    plan = tiny().plan
    assert dataclasses.replace(plan).digest == plan.digest
    assert dataclasses.replace(plan, rubric_digest="x").digest != plan.digest
    assert dataclasses.replace(plan, limits=Limits(3, 20, 60, 1024)).digest != plan.digest
    assert dataclasses.replace(plan, questions=plan.questions[:1]).digest != plan.digest
    assert dataclasses.replace(plan, helpers={"f": "def f(): ..."}).digest != plan.digest


def test_the_digest_is_pinned_and_the_same_in_another_process() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_plan_model import tiny; print(tiny().plan.digest)"
    )
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert tiny().plan.digest == shown.stdout.strip() == DIGEST


def test_a_plan_holds_no_answer() -> None:
    kinds = (Plan, Question, Part, FunctionAnswer, WrittenAnswer, Case, Call, Earlier)
    fields = {field.name for kind in kinds for field in dataclasses.fields(kind)}
    assert not fields & {"expect", "expected", "value", "tolerance", "rtol", "atol", "hint", "nonfinite"}


@pytest.mark.parametrize(
    "content", [b"", b"grader plan 3\nN", b"grader plan 1\nN", b"grader key 2\nN", b"grader plan 2\n"]
)
def test_what_is_no_plan_is_refused(content: bytes) -> None:
    with pytest.raises(RecordError):
        load_plan(content)


def test_another_record_is_no_plan() -> None:
    for record in (Limits(1, 2, 3, 4), None):
        with pytest.raises(RecordError, match="it holds no plan"):
            load_plan(dump(record, b"grader plan 2\n"))


def test_a_damaged_plan_is_refused_or_can_be_written_again() -> None:
    content = tiny().plan.dump()
    refused = 0
    for position in range(14, len(content), 5):
        damaged = content[:position] + bytes((content[position] ^ 0x55,)) + content[position + 1 :]
        try:
            plan = load_plan(damaged)
        except RecordError:
            refused += 1
        else:
            assert load_plan(plan.dump()).digest == plan.digest
    assert refused > 100
