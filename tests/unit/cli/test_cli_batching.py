from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.batch import Finished, NoBox, ResultsFolder, Task, grader_of
from grader.cli.batching import Batch, default_jobs, grade_batch
from grader.grade import Exam
from grader.key import compile_rubric
from grader.report import Report
from grader.rubric import load_rubric
from grader.sandbox import Layer


@pytest.fixture
def batch(small: Path) -> Batch:
    file = small / "rubrics" / "small.yaml"
    compiled = compile_rubric(load_rubric(file), file.parent)
    exam = Exam.of(compiled.plan, compiled.key)
    tasks = []
    for name in ("anna", "bob", "carol"):
        (small / f"{name}.py").write_text(f"NAME = {name!r}\n")
        tasks.append(Task(name, small / f"{name}.py"))
    layers = [Layer("seccomp", in_force=True, detail="")]
    return Batch(exam, tasks, ResultsFolder(small / "marks"), fresh=False, layers=layers)


class Engine:
    """Finishes what it is given, as if there were nothing to run in it; may be interrupted."""

    def __init__(self, exam: Exam, interrupt_after: int | None = None) -> None:
        self.graded: list[str] = []
        self.closed = False
        self._grade = grader_of(exam, NoBox("no"), lambda: (0.0, "now"))
        self._interrupt_after = interrupt_after

    def run(self, tasks: Iterable[Task]) -> Iterator[Finished | None]:
        for task in tasks:
            if len(self.graded) == self._interrupt_after:
                raise KeyboardInterrupt
            self.graded.append(task.id)
            # A refused one, whose report needs no box.
            finished = self._grade(replace(task, refusal="no"))
            report = Report.model_validate_json(finished.report).model_copy(
                update={"submission": Report.model_validate_json(self._grade(task).report).submission}
            )
            yield Finished(task, report.to_json(), "unreadable")

    def running(self) -> list[str]:
        return []

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def engines(batch: Batch) -> list[Engine]:
    return []


@pytest.fixture
def make(batch: Batch, engines: list[Engine]) -> Callable[[], Engine]:
    def engine() -> Engine:
        engines.append(Engine(batch.exam))
        return engines[-1]

    return engine


def test_all_are_graded_and_what_must_be_known_is_kept(
    batch: Batch, make: Callable[[], Engine], engines: list[Engine]
) -> None:
    progress = grade_batch(batch, make)
    assert (progress.total, progress.kept, progress.done) == (3, 0, 3)
    assert engines[0].closed
    assert [report.submission.id for report in batch.reports()] == ["anna", "bob", "carol"]
    record = json.loads((batch.folder.path / "run.json").read_bytes())
    assert (record["submissions"], record["graded_before"], record["statuses"]) == (3, 0, {"unreadable": 3})
    assert record["provenance"] == batch.exam.provenance.model_dump()
    assert record["isolation"] == {"seccomp": "in force"}


def test_what_is_graded_is_kept_and_then_nothing_is_started(
    batch: Batch, make: Callable[[], Engine], engines: list[Engine]
) -> None:
    grade_batch(batch, make)
    progress = grade_batch(batch, make)
    assert (progress.kept, progress.finished, len(engines)) == (3, 0, 1)
    batch.folder.file("bob").unlink()
    assert [report.submission.id for report in batch.reports()] == ["anna", "carol"]
    grade_batch(batch, make)
    assert engines[1].graded == ["bob"]


def test_fresh_starts_over(batch: Batch, make: Callable[[], Engine], engines: list[Engine]) -> None:
    grade_batch(batch, make)
    grade_batch(replace(batch, fresh=True), make)
    assert engines[1].graded == ["anna", "bob", "carol"]


def test_an_interrupt_says_what_is_kept(batch: Batch, capsys: pytest.CaptureFixture[str]) -> None:
    engine = Engine(batch.exam, interrupt_after=2)
    with pytest.raises(KeyboardInterrupt):
        grade_batch(batch, lambda: engine)
    assert engine.closed
    assert capsys.readouterr().err == "grade: 2 of 3 are graded; the same command goes on from there\n"
    assert len(list(batch.reports())) == 2
    assert not (batch.folder.path / "run.json").exists()


def test_so_does_one_while_the_engine_is_started(batch: Batch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> Engine:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_batch(batch, interrupted)
    assert "0 of 3 are graded" in capsys.readouterr().err


def test_jobs_are_the_processors_that_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_jobs() >= 1
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 2, 5}, raising=False)
    assert default_jobs() == 3
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert default_jobs() == 1
