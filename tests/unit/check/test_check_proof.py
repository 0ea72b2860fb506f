from __future__ import annotations

from checked import RUBRIC, Write, clock

from grader.check import Terms, load_subject, prove
from grader.check.result import CheckResult


def _proved(write: Write, rubric: str = RUBRIC, least: float = 95) -> CheckResult:
    return prove(load_subject(write(rubric)), Terms(least, 1, (), clock), lambda _done, _total: None)


def test_a_rubric_that_holds(write: Write) -> None:
    result = _proved(write)
    assert (result.problems, result.is_good) == ((), True)
    assert result.assignment == "checked"
    assert result.points == 3
    assert [item.is_right for item in result.reference] == [True] * 4
    assert [item.earning for item in result.trivial] == [()] * 5
    assert [(item.name, item.is_named) for item in result.mistakes] == [("squared", True)]
    assert result.mutation.killed == result.mutation.mutants == 8
    assert [part.id for part in result.parts] == ["A", "B"]
    assert all(case.catches for case in result.cases)
    assert result.calibration == ()
    assert result.seconds > 0


def test_a_rubric_without_a_case_that_counts(write: Write) -> None:
    rubric = RUBRIC.replace("[1.5, -2.0]", "[0.0]").replace("{normal: [4]}", "[0.0, 0.0]")
    result = _proved(write, rubric)
    assert not result.is_good
    assert "a submission that returns zeros earns in A" in result.problems
    assert "A: the mistake `squared` costs nothing" in result.problems
    assert any(item.startswith("the mutation score is") for item in result.problems)
    assert {"two/constant", "double/arithmetic"} & {
        item.id.rpartition("/")[0] for item in result.mutation.survivors
    }
    assert _proved(write, rubric, least=0).problems == tuple(
        item for item in result.problems if not item.startswith("the mutation score")
    )
