"""Rubrics of one function, compiled for a test; a rubric that must be the same on every machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import outcome as oc
from grader.errors import AuthorError
from grader.judge.checks import Equals
from grader.key import Compilation, Expectation, Key, compile_rubric
from grader.key.trial import outcomes
from grader.plan import Plan
from grader.report import PartReport
from grader.rubric import load_rubric
from grader.score import score

TINY = Path(__file__).parents[1] / "tiny" / "tiny.yaml"


def compilation(folder: Path, reference: str, *cases: str, head: str = "", part: str = "") -> Compilation:
    """Compile a rubric of one part about `f`: its cases stand from line 13 on, and `part` after them."""
    (folder / "hw.py").write_text(f"import numpy as np\n{reference}\n", encoding="utf-8")
    file = folder / "hw.yaml"
    top = f"assignment: hw\nreference: hw.py\n{head or 'seed: 0'}\nquestions:\n- id: Q\n  title: Q\n  parts:\n"
    opening = "  - id: 1A\n    title: Part\n    points: 1\n    function: f\n    cases:\n"
    rest = "".join(f"    {line}\n" for line in part.splitlines())
    text = top + opening + "".join(f"    - {case}\n" for case in cases) + rest
    file.write_text(text, encoding="utf-8")
    return compile_rubric(load_rubric(file), folder)


def compiled(folder: Path, reference: str, *cases: str, head: str = "", part: str = "") -> tuple[Plan, Key]:
    plan, key, _ = compilation(folder, reference, *cases, head=head, part=part)
    return plan, key


def refused(folder: Path, reference: str, *cases: str, head: str = "", part: str = "") -> list[str]:
    """Return what its author is told, a line for each problem."""
    with pytest.raises(AuthorError) as caught:
        compilation(folder, reference, *(cases or ("{args: [[1, 2]]}",)), head=head, part=part)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems)
    return [line.removeprefix(f"{folder}/").replace("questions[0].parts[0]", "P") for line in lines]


def warned(folder: Path, reference: str, *cases: str, head: str = "", part: str = "") -> list[str]:
    """Return the warnings, a line for each."""
    warnings = compilation(folder, reference, *cases, head=head, part=part).warnings
    return [str(line).removeprefix(f"{folder}/").replace("questions[0].parts[0]", "P") for line in warnings]


def answer(expectation: Expectation) -> Any:
    """Return the one right answer that is expected."""
    equals = [check for check in expectation.checks if isinstance(check, Equals)]
    ((variant,),) = (check.variants for check in equals)
    assert variant.name == ""
    return variant.value


def expected(folder: Path, reference: str, case: str = "{args: [[1, 2]]}") -> Any:
    _, key = compiled(folder, reference, case)
    (expectation,) = key.expectations
    return answer(expectation)


def tiny() -> tuple[Plan, Key]:
    plan, key, warnings = compile_rubric(load_rubric(TINY), TINY.parent)
    assert warnings == ()
    return plan, key


def marked(paper: Compilation, student: str) -> PartReport:
    """Return the report on `student`'s source, run here: no box is needed for code that means no harm."""
    module: dict[str, Any] = {"np": np}
    exec(student, module)
    found = {case.id: outcomes(case.calls, module) for case in paper.plan.cases()}
    (report,) = score(paper.plan, paper.key, oc.Sitting(oc.Loaded(), 0.0, "", found, {}))
    return report
