from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from rich.console import Console

from grader.check import CheckResult
from grader.check.result import (
    CaseResult,
    MistakeResult,
    MutantResult,
    MutationResult,
    PartResult,
    ReferenceResult,
    TrivialResult,
)
from grader.render.check import check_table

DIFF = "--- reference\n+++ mutant\n@@ -1,2 +1,2 @@\n def f(x):\n-    return x[1]\n+    return -x[1]"


def result(**fields: Any) -> CheckResult:
    mutation: dict[str, Any] = {
        "mutants": 3,
        "killed": 2,
        "equivalent": (),
        "survivors": (),
        "refuted": (),
        "stale": (),
    }
    part: dict[str, Any] = {
        "id": "A",
        "title": "A [title]",
        "points": 2,
        "cases": 4,
        "hidden_share": 0.25,
        "mistakes": 7,
    }
    made: dict[str, Any] = {
        "assignment": "small",
        "title": "A [small] homework",
        "points": Decimal("2.50"),
        "is_good": True,
        "problems": (),
        "warnings": (),
        "reference": (ReferenceResult(run="graded", is_right=True, detail=""),),
        "trivial": (TrivialResult(name="is empty", score=Decimal(0), earning=()),),
        "mistakes": (),
        "mutation": MutationResult(**mutation, score=66.67, least=50),
        "parts": (PartResult(**part, mutants=9, seconds=0.0123),),
        "cases": (CaseResult(id="A/f/first", catches=1, alone=0),),
        "calibration": (),
        "seconds": 3.4,
    }
    return CheckResult(**{**made, **fields})


def shown(**fields: Any) -> str:
    console = Console(file=io.StringIO(), width=100, highlight=False)
    console.print(check_table(result(**fields)))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_rubric_that_holds() -> None:
    text = shown()
    assert "A [small] homework · 2.5 points over 1 parts" in text
    assert "every point of its functions" in text
    assert "NO" not in text
    assert "66.67 % (at least 50): 2 of 3 lose points, 0 are equivalent, 0 keep full marks" in " ".join(
        text.split()
    )
    assert "A 2 4 25 % 7 9 12.3 A [title]" in " ".join(text.split())
    assert text.rstrip().endswith("This rubric holds. 3 s")


def test_what_is_wrong() -> None:
    slip = MistakeResult(part="A", function="f", name="slip", loses=True, is_named=False, named="scale")
    text = shown(
        is_good=False,
        problems=("one [thing]", "another"),
        warnings=("mind this",),
        reference=(ReferenceResult(run="graded", is_right=False, detail="A/f/first"),),
        trivial=(TrivialResult(name="is empty", score=Decimal("0.50"), earning=("A",)),),
        mistakes=(slip,),
    )
    assert text.count("NO") == 3
    assert "earns 0.5" in text
    assert "1 of 1 cost points, 0 are named" in text
    assert "warning: mind this\nwrong: one [thing]\nwrong: another\n2 things are wrong. 3 s\n" in text
    assert "1 thing is wrong." in shown(is_good=False, problems=("one",))


def test_a_survivor_with_its_diff() -> None:
    mutant = MutantResult(id="f/sign/0123abcd", parts=("A", "B"), diff=DIFF, reason="")
    base = result().mutation.model_copy(update={"survivors": (mutant,)})
    text = shown(mutation=base)
    assert "f/sign/0123abcd keeps full marks in A, B" in text
    assert "  -    return x[1]\n  +    return -x[1]\n" in text
    assert "--- reference" not in text


def test_idle_cases_are_counted_and_some_are_named() -> None:
    cases = tuple(CaseResult(id=f"A/f/{number}", catches=0, alone=0) for number in range(14))
    text = " ".join(shown(cases=cases).split())
    assert "14 cases catch no mistake and no mutant: A/f/0, A/f/1," in text
    assert "A/f/11 and 2 more" in text
    assert "1 cases" not in shown()


def test_a_part_without_functions() -> None:
    part = result().parts[0].model_copy(update={"cases": 0, "hidden_share": 0, "mistakes": 0, "mutants": 0})
    assert "A 2 12.3 A [title]" in " ".join(shown(parts=(part,)).split())
