"""The grading in a Gradescope container, in a folder laid out like one."""

from __future__ import annotations

import dataclasses
import io
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import pytest
from container_folder import GOOD, NOW, Container, earlier

from grader.batch import ResultsFolder
from grader.cli import autograder, container
from grader.errors import HostError
from grader.grade import Exam, grade
from grader.key import Compilation, compile_rubric
from grader.plan import LatePolicy
from grader.render.gradescope import Results
from grader.rubric import load_rubric
from grader.sandbox import Layer, ProcessBox


@pytest.fixture(scope="module")
def compiled(make_small: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    file = make_small(tmp_path_factory.mktemp("exam")) / "rubrics" / "small.yaml"
    return compile_rubric(load_rubric(file), file.parent)


@pytest.fixture
def made(tmp_path: Path, compiled: Compilation, monkeypatch: pytest.MonkeyPatch) -> Container:
    monkeypatch.setattr(autograder, "close_to_tracers", lambda: None)
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(signal, "signal", lambda *_: before)
    return Container(tmp_path / "autograder", compiled)


def test_a_submission_is_graded(made: Container, capsys: pytest.CaptureFixture[str]) -> None:
    made.hand_in(homework=f"{GOOD}\nessay = 'Because.'\n")
    assert made.run() == 0
    results = made.results()
    assert (results.score, results.output) == (
        4.0,
        "4 of 5 points are given here; 1 more wait for a person who marks.",
    )
    assert [(test.number, test.score, test.status) for test in results.tests or ()] == [
        ("1.1", 2.0, "passed"),
        ("1.2", 2.0, "passed"),
        ("1.3", None, None),
    ]
    out = capsys.readouterr().out
    assert "there is no submission_metadata.json" in out
    assert "small homework: 4.00 of 5.00, 1.00 pending" in out
    assert [file.name for file in (made.root / "results").iterdir()] == ["results.json"]


def test_lateness_costs_what_the_rubric_says(made: Container, capsys: pytest.CaptureFixture[str]) -> None:
    policy = LatePolicy(Fraction(1, 5), 3600, 0.0, Fraction(1), None)
    plan = dataclasses.replace(made.compiled.plan, late=policy)
    key = dataclasses.replace(made.compiled.key, plan_digest=plan.digest)
    made.compiled = Compilation(plan, key, ())
    made.set_up()
    made.hand_in(homework=GOOD)
    made.tell(assignment={"due_date": (NOW - timedelta(hours=1)).isoformat()})
    assert made.run() == 0
    assert made.results().score == 3.0
    assert made.tests()["Late submission"].output == "1 h late: 1 started hour, 20 % of 5 points are taken off."
    capsys.readouterr()
    made.tell(assignment={"due_date": "on Monday"})
    assert made.run() == 0
    assert made.results().score == 4.0
    assert "does not say when this was handed in, or was due" in capsys.readouterr().out


def test_what_changed_since_the_last_submission_is_told(made: Container) -> None:
    made.hand_in(homework=GOOD)
    made.tell(previous_submissions=[earlier(3, 9), earlier(1, 2, A=1, B=2)])
    assert made.run() == 0
    assert "Since your last submission: part A rose from 1 to 2." in str(made.results().output)


def test_the_best_score_counts_where_it_should(made: Container) -> None:
    made.set_up(keep="best")
    made.hand_in(homework="def double(x):\n    return 2 * x\n")
    made.tell(previous_submissions=[earlier(3, 3.5)])
    assert made.run() == 0
    assert made.results().score == 3.5
    assert "Your best one had 3.5" in str(made.results().output)


def test_the_best_score_tells_nothing_of_hidden_points(made: Container) -> None:
    made.set_up(keep="best", hidden="separate")
    made.hand_in(homework="def double(x):\n    return 2 * x\n")
    made.tell(previous_submissions=[earlier(3, 3.5)])
    assert made.run() == 0
    results = made.results()
    assert results.score == 3.5, "which nobody sees while a test is hidden"
    assert "Of all your submissions, the best one's score counts." in str(results.output)
    assert "3.5" not in str(results.output)


def test_over_the_limit_nothing_is_graded_and_the_last_score_stands(made: Container) -> None:
    made.set_up(per_day=2)
    made.hand_in(homework=GOOD)
    made.tell(previous_submissions=[earlier(3, 1.5), earlier(2, 2.5), earlier(1, 2.5, counted=False)])
    assert made.run() == 0
    results = made.results()
    assert results.score == 2.5
    assert list(made.tests()) == ["Not graded: too many submissions"]
    assert "can be graded from 2026-03-03 09:00:00 (UTC+0000) on" in str(results.output)
    assert "The score of your last submission stands." in str(results.output)
    assert (results.extra_data or {})["counted"] is False


def test_hidden_totals_stay_hidden_where_nothing_is_graded(made: Container) -> None:
    made.set_up(per_day=1, hidden="separate")
    made.tell(previous_submissions=[earlier(3, 1.5)])
    assert made.run() == 0
    assert {test.visibility for test in made.results().tests or ()} == {"visible", "hidden"}


def test_the_file_of_several_that_was_taken_is_told(made: Container) -> None:
    made.hand_in(
        main=f"from tools import twice\n{GOOD}", tools="def twice(x):\n    return 2 * x\n", more="y = 1\n"
    )
    assert made.run() == 0
    assert made.results().score == 4.0
    assert "Of 3 Python files main.py was taken as the submission" in str(made.results().output)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "there is no Python file in it; hand in the file itself"),
        ({"a": GOOD, "b": GOOD}, "call one of them main.py"),
        ({"homework": "x" * 300_000}, "it has 300000 bytes"),
        ({"homework": "def double(x:\n"}, "not readable as Python"),
    ],
)
def test_what_cannot_be_run_is_the_student_s_fault(made: Container, files: dict[str, str], said: str) -> None:
    made.hand_in(**files)
    assert made.run() == 0
    assert made.results().score == 0.0
    assert said in str(made.results().output)


def test_no_submission_at_all(made: Container) -> None:
    (made.root / "submission").rmdir()
    assert made.run() == 0
    assert "cannot be read" in str(made.results().output)


@pytest.mark.parametrize(("settings", "status"), [({}, 0), ({"keep": "best"}, 3), ({"per_day": 5}, 3)])
def test_unreadable_metadata_stop_what_needs_them(made: Container, settings: dict[str, Any], status: int) -> None:
    made.set_up(**settings)
    made.hand_in(homework=GOOD)
    (made.root / "submission_metadata.json").write_text("{")
    assert made.run() == status
    assert made.results().score == (0.0 if status else 4.0)


def test_a_host_fault_keeps_the_last_score(made: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> NoReturn:
        raise HostError("no processes left")

    monkeypatch.setattr(ProcessBox, "start", broken)
    made.hand_in(homework=GOOD)
    made.tell(previous_submissions=[earlier(3, 1.5)])
    assert made.run() == 3
    assert made.results().score == 1.5
    assert "The score of your last submission stands." in str(made.results().output)


def test_a_host_fault_of_grading_is_never_a_mark(made: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    original = grade

    def faulty(exam: Exam, *rest: Any) -> Any:
        return original(exam, *rest).model_copy(update={"status": "host_fault", "score": None})

    monkeypatch.setattr("grader.cli.container.grade", faulty)
    made.hand_in(homework=GOOD)
    assert made.run() == 3
    assert list(made.tests()) == ["Not graded"]


def test_what_was_graded_is_on_disk_before_the_end(made: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "_EVERY_SECONDS", 0.0)
    original, seen = ResultsFolder.write, []

    def noting(self: Any, name: str, text: Any) -> Path:
        seen.append(Results.model_validate_json("".join(text)))
        return original(self, name, [seen[-1].to_json()])

    monkeypatch.setattr(ResultsFolder, "write", noting)
    made.hand_in(homework=GOOD + "import time\n\ndef slow(x):\n    time.sleep(0.02)\n")
    assert made.run() == 0
    first, *middle, last = seen
    assert "did not come to its end" in str(first.output)
    assert middle
    assert all("ended before it was done" in str(item.output) for item in middle)
    # What the machine ended is no attempt of the student's.
    assert {(item.extra_data or {})["counted"] for item in (first, *middle)} == {False}
    assert (last.extra_data or {})["counted"] is True
    scores = [item.score or 0.0 for item in middle]
    assert scores == sorted(scores)
    assert "ended before" not in str(last.output)
    assert last.score == 4.0


def test_a_fault_after_points_keeps_them(made: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "_EVERY_SECONDS", 0.0)
    original = grade

    def late_fault(*arguments: Any) -> NoReturn:
        original(*arguments)
        raise RuntimeError

    monkeypatch.setattr("grader.cli.container.grade", late_fault)
    made.hand_in(homework=GOOD)
    assert made.run() == 1
    assert made.results().score == 4.0
    assert "ended before it was done" in str(made.results().output)


def test_a_snapshot_that_cannot_be_written_does_not_stop_the_grading() -> None:
    def full(_: object) -> NoReturn:
        raise HostError("full")

    listener = container._Listener(full)
    listener._next = time.monotonic()
    listener(lambda: None)  # type: ignore[arg-type, return-value]
    assert listener._next > time.monotonic()


class Full(io.StringIO):
    """Where what is printed cannot go."""

    def write(self, _: str) -> NoReturn:
        raise OSError(28, "No space left on device")


def test_nobody_to_be_told_costs_no_marks(made: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    made.hand_in(homework=GOOD)
    monkeypatch.setattr(sys, "stdout", Full())
    assert made.run() == 0
    assert made.results().score == 4.0
    sys.stdout.close()


def test_the_self_test_says_what_stands(made: Container, capsys: pytest.CaptureFixture[str]) -> None:
    assert made.run("--self-test") == 0
    out = capsys.readouterr().out
    assert "self-test: small, 3 parts: ready" in out
    assert "self-test: landlock: " in out
    assert not (made.root / "results" / "results.json").exists()


def test_the_self_test_fails_where_answers_could_be_read(
    made: Container, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    layers = (Layer("uid", in_force=False, detail="no root"), Layer("landlock", in_force=False, detail="too old"))
    monkeypatch.setattr(ProcessBox, "layers", lambda _: layers)
    monkeypatch.setattr(ProcessBox, "exposed", lambda _: ["/autograder/source"])
    assert made.run("--self-test") == 3
    said = capsys.readouterr().out
    assert "a submission could read the answers here: uid: no root; landlock: too old" in said
    assert "could read /autograder/source" in said


def test_the_self_test_fails_where_nothing_gets_points(
    made: Container, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    original = grade
    monkeypatch.setattr(
        "grader.cli.container.grade", lambda *given: original(*given).model_copy(update={"status": "unreadable"})
    )
    assert made.run("--self-test") == 3
    assert "an empty submission came back unreadable" in capsys.readouterr().out
