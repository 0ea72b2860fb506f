"""Loading against workers that act a notebook: each statement takes its seconds, or ends the worker."""

from __future__ import annotations

import types
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from grader import loading
from grader import outcome as oc
from grader.loading import Loading
from grader.notebook import Notebook
from grader.plan import Limits
from grader.sandbox import Delivered, Gone, Noise, Overdue, Reply
from grader.submission import File, Submission
from grader.wire import Value
from grader.worker import letters

LIMITS = Limits(2.0, 20.0, 60.0, 512)
FOREVER = 1e9
DIES = -1.0
DIES_WHATEVER = -2.0
"""Ends the worker even where definitions only are loaded."""


@dataclass
class Stage:
    """A clock, and a notebook of cells with a statement in each line: how long it runs, or how it ends."""

    cells: Sequence[Sequence[float]]
    now: float = 0.0
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    @property
    def first(self) -> tuple[int, ...]:
        return tuple(1 + sum(map(len, self.cells[:number])) for number in range(len(self.cells)))

    def ask(self, letter: Value, seconds: float) -> Reply:
        if letter[0] == letters.OPEN:
            lines = [
                [first + at for at in range(len(cell))] for first, cell in zip(self.first, self.cells, strict=True)
            ]
            return Delivered((letters.OPENED, [], {}, lines), 0.0, "")
        _, number, cell, start, end, whole = letter
        self.asked.append((cell, start, whole))
        for takes in self.cells[cell][start:end]:
            if takes == DIES_WHATEVER or (whole and takes == DIES):
                return Gone(3, 0.0, "")
            if whole and takes > seconds:
                self.now += seconds
                return Overdue(seconds, "")
            self.now += takes if whole else 0
        skipped = [] if whole else [(self.first[cell] + start, "")]
        return Delivered((letters.RAN, number, skipped), 0.0, "")

    def ask_all(self, *_: object) -> list[Reply]:
        raise NotImplementedError

    def near_memory_limit(self) -> bool:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


def load(stage: Stage, monkeypatch: pytest.MonkeyPatch, limits: Limits = LIMITS) -> tuple[oc.LoadResult, Loading]:
    """Load until it succeeds, or there is nothing left to try; return that and the way that led there."""
    monkeypatch.setattr(loading, "time", types.SimpleNamespace(monotonic=stage.monotonic))
    lines = sum(map(len, stage.cells))
    notebook = Notebook(b"x\n" * lines, stage.first, ())
    way = Loading(limits, Submission("anna", "a.ipynb", (File("a.ipynb", notebook.source, "", 9, notebook),)))
    deadline = limits.submission_seconds
    result, reply = way.attempt(stage, deadline)
    while isinstance(result, oc.NotLoaded) and way.learn(result, reply.seconds, deadline - stage.now):
        result, reply = way.attempt(stage, deadline)
    return result, way


def told(result: oc.LoadResult) -> list[tuple[str, object]]:
    assert isinstance(result, oc.Loaded)
    return [(item.place, item.ended) for item in result.skipped]


def test_a_hanging_statement_costs_itself_and_the_rest_of_its_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage([[1, 1], [1, FOREVER, 1], [1]])
    result, _ = load(stage, monkeypatch)
    assert told(result) == [("cell 2, line 2", oc.TimedOut(20.0)), ("cell 2, line 3", None)]
    again = [(0, 0, True), (0, 1, True), (1, 0, True), (1, 1, False), (1, 2, False), (2, 0, True)]
    assert stage.asked[-6:] == again
    assert stage.now == 20 + 4


def test_several_that_hang_wait_shorter_and_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage([[FOREVER]] * 5 + [[0.5]])
    result, _ = load(stage, monkeypatch)
    assert told(result) == [
        (f"cell {cell}, line 1", oc.TimedOut(limit)) for cell, limit in enumerate([20.0, 5.0, 2.5, 1.25, 1.0], 1)
    ]
    assert stage.asked[-1] == (5, 0, True)
    assert stage.now == 20 + 5 + 2.5 + 1.25 + 1 + 0.5


def test_what_has_come_to_its_end_once_may_take_as_long_again(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage([[6], [FOREVER], [4]])
    result, _ = load(stage, monkeypatch)
    assert told(result) == [("cell 2, line 1", oc.TimedOut(20.0))]
    assert stage.asked[-1] == (2, 0, True)


def test_what_there_is_no_time_to_run_again_is_held_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage([[15], [FOREVER], [1]])
    result, way = load(stage, monkeypatch)
    assert told(result) == [
        ("cell 1, line 1", oc.NotAsked("too much of this notebook did not come back")),
        ("cell 2, line 1", oc.TimedOut(20.0)),
        ("cell 3, line 1", None),
    ]
    assert stage.now == 20
    assert not way.runs_code


@pytest.mark.parametrize("takes", [DIES, FOREVER])
def test_after_too_many_the_rest_is_not_risked(takes: float, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage([[0.0], *[[takes]] * 30, [0.0]])
    result, _ = load(stage, monkeypatch)
    ended = [place for place, ended in told(result) if isinstance(ended, oc.TimedOut | oc.Crashed)]
    assert 5 <= len(ended) <= 8
    (held_back,) = [place for place, ended in told(result) if isinstance(ended, oc.NotAsked)]
    assert held_back == f"cell {len(ended) + 2}, line 1"
    assert stage.asked[-32] == (0, 0, True)
    assert stage.asked[-1] == (31, 0, False)
    assert stage.now < LIMITS.submission_seconds * 0.55


def test_a_definition_that_ends_the_worker_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage([[DIES_WHATEVER], [1, DIES_WHATEVER, 1], [1]])
    result, _ = load(stage, monkeypatch)
    crashed = oc.Crashed("it ended the Python process with exit status 3")
    assert told(result) == [("cell 1, line 1", crashed), ("cell 2, line 2", crashed), ("cell 2, line 3", None)]
    assert stage.asked[-3:] == [(1, 0, True), (1, 2, False), (2, 0, True)]


def test_a_trap_for_all_that_follow_is_not_run_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    class Trap(Stage):
        def ask(self, letter: Value, seconds: float) -> Reply:
            if letter[0] == letters.OPEN:
                self.asked.clear()
            trapped = (1, 0, True) in self.asked
            return Gone(1, 0.0, "") if trapped else super().ask(letter, seconds)

    stage = Trap([[1]] * 30)
    result, way = load(stage, monkeypatch)
    assert [ended for _, ended in told(result) if ended] == [
        oc.NotAsked("too much of this notebook did not come back")
    ]
    assert len(stage.asked) == 30
    assert not way.runs_code
    assert {whole for *_, whole in stage.asked} == {False}


def test_without_end_it_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage([[DIES_WHATEVER]] * 100)
    result, _ = load(stage, monkeypatch)
    assert isinstance(result, oc.NotLoaded)
    assert len(stage.asked) < 200


def test_of_very_many_statements_cells_are_run_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage([[0.0] * 2000, [0.0, DIES], [0.0]])
    result, _ = load(stage, monkeypatch)
    assert told(result) == [("cell 2, line 1", oc.Crashed("it ended the Python process with exit status 3"))]
    assert stage.asked == [(0, 0, True), (1, 0, True), (0, 0, True), (1, 0, False), (2, 0, True)]


@pytest.mark.parametrize(
    "answer",
    [
        (letters.RAN, 9, []), (letters.RAN, True, []), (letters.RAN, 1), (letters.RETURNED, 1, None, []), None,
        (letters.OPENED, [], {}, []), (letters.UNSENDABLE, 1, "x"),
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_that_is_none_costs_the_statement(answer: Value, monkeypatch: pytest.MonkeyPatch) -> None:
    class Forger(Stage):
        def ask(self, letter: Value, seconds: float) -> Reply:
            if letter[:2] == (letters.STEP, 1) and letter[-1]:
                return Delivered(answer, 0.0, "")
            return super().ask(letter, seconds)

    result, _ = load(Forger([[1], [1], [1]]), monkeypatch)
    assert told(result) == [("cell 2, line 1", oc.Garbled("it is no answer to the question"))]


def test_a_worker_that_fails_before_any_statement_is_tried_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Stage):
        def ask(self, letter: Value, seconds: float) -> Reply:
            del seconds
            self.asked.append(letter)
            return Noise("x", 0.0, "")

    stage = Broken([[1]])
    result, _ = load(stage, monkeypatch)
    assert isinstance(result, oc.NotLoaded)
    assert len(stage.asked) == 1


def test_when_the_time_is_up_there_is_no_other_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage([[1], [FOREVER]])
    result, _ = load(stage, monkeypatch, Limits(2.0, 20.0, 10.0, 512))
    assert result == oc.NotLoaded(oc.TimedOut(10.0))
    assert len(stage.asked) == 2


def test_where_no_statement_is_to_blame_definitions_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    result, way = load(Stage([[1]]), monkeypatch)
    assert isinstance(result, oc.Loaded)
    assert way.learn(oc.NotLoaded(oc.Crashed("x")), 1.0, 9.0)
    assert not way.runs_code
    assert not way.learn(oc.NotLoaded(oc.Crashed("x")), 1.0, 9.0)


def test_what_is_told_and_printed_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    class Loud(Stage):
        def ask(self, letter: Value, seconds: float) -> Reply:
            reply = super().ask(letter, seconds)
            if letter[0] != letters.STEP:
                return reply
            return Delivered((letters.RAN, letter[1], [(1, "E")] * 90), 0.0, "p" * 10_000)

    stage = Loud([[1]] * 9)
    result, way = load(stage, monkeypatch)
    assert len(told(result)) == 100
    stage.now = 0.0
    _, reply = way.attempt(stage, 60.0)
    assert (reply.seconds, len(reply.printed)) == (9.0, 16 * 1024 + len("\n[73616 more characters]"))
