from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checked import RUBRIC, Write

from grader.check.agenda import run_agenda
from grader.check.subject import Subject, load_subject
from grader.check.tasks import Compiled, Graded, Marked, Task, Tried

MISTAKE = "          - {function: squared, says: Multiply by two where you square.}\n"


def _run(tasks: Sequence[Task]) -> list[Any]:
    """Return for each task what names it, in the form of its results."""
    results: list[Any] = []
    for task in tasks:
        match task:
            case Graded(submission, float32):
                results.append((submission.id, float32))
            case Compiled(file):
                results.append(file.name)
            case Marked(sources):
                results.append([source.decode() for source in sources])
            case Tried(sources):
                results.append([source.decode() for source in sources])
    return results


def test_every_result_belongs_to_its_task(subject: Subject) -> None:
    mutants = subject.mutants() * 3
    results: Any = run_agenda(subject, mutants, _run)
    assert results.reference == [("reference", False)] * 2
    assert results.compiled == "checked.yaml"
    assert results.float32 == [("reference", True)]
    assert [name for name, _ in results.trivial][:2] == [
        "trivial: is empty",
        "trivial: returns its first argument",
    ]
    assert results.mutants == [mutant.source for mutant, _ in mutants]
    (mistake,) = results.mistakes
    assert mistake.endswith("from slips import squared as double\n")


def test_what_the_rubric_does_not_ask_for(write: Write) -> None:
    rubric = RUBRIC.replace("float32: true\n", "").replace("mistakes: ../slips.py\n", "")
    rubric = rubric.replace("        mistakes:\n", "").replace(MISTAKE, "")
    results = run_agenda(load_subject(write(rubric)), [], _run)
    assert (results.float32, results.mistakes, results.mutants) == ([], [], [])
