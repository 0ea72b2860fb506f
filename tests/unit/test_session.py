"""The session against a box that plays a script: no process is started here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import outcome as oc
from grader import session
from grader.errors import HostError
from grader.plan import Call, Case, FunctionAnswer, Limits, Part, Plan, Question, WrittenAnswer
from grader.rubric import Visibility
from grader.sandbox import Delivered, Gone, Layer, Needs, Noise, Overdue, Reply
from grader.session import sit
from grader.submission import File, Submission
from grader.wire import Value
from grader.worker import letters

LOADED = Delivered((letters.LOADED, [], {}), 0.25, "hello from import")
FAILED = Delivered((letters.FAILED, 7, "ValueError", "bad", 3, "x = f(1)", "Traceback"), 0.25, "")
LIMITS = Limits(2.0, 20.0, 60.0, 512)
SUBMISSION = Submission("anna", "homework.py", (File("homework.py", b"source", "", 6),))

Script = Callable[[Any, float], Reply]


def returned(value: Value = None, observed: tuple[Value, ...] = ()) -> Callable[[Any], Reply]:
    """Return what answers a call with `value`."""
    return lambda letter: Delivered((letters.RETURNED, letter[1], value, list(observed)), 0.125, "printed")


@dataclass
class FakeWorker:
    box: FakeBox
    number: int
    closed: int = 0

    def near_memory_limit(self) -> bool:
        assert not self.closed, "nobody knows of a worker that is gone"
        return self.box.starved

    def ask(self, letter: Value, seconds: float) -> Reply:
        assert not self.closed, "a worker was asked after its end"
        kind = letter[0]
        self.box.asked.append((self.number, kind, letter[3 if kind == letters.LOAD else 2]))
        self.box.letters.append(letter)
        self.box.seconds.append(seconds)
        if kind == letters.LOAD:
            return self.box.loads.pop(0) if self.box.loads else LOADED
        number, name = letter[1], letter[2]
        assert number not in self.box.numbers, "a number was used twice"
        self.box.numbers.append(number)
        replies = self.box.replies.get(name, [])
        return (replies.pop(0) if replies else returned(1.0))(letter)

    def close(self) -> None:
        self.closed += 1


@dataclass
class FakeBox:
    """A box whose workers answer with `loads`, and for each function with `replies`, in their order."""

    replies: dict[str, list[Callable[[Any], Reply]]] = field(default_factory=dict)
    loads: list[Reply] = field(default_factory=list)
    workers: list[FakeWorker] = field(default_factory=list)
    asked: list[tuple[int, str, Any]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    started: list[Needs] = field(default_factory=list)
    letters: list[Any] = field(default_factory=list)
    starved: bool = False

    def layers(self) -> tuple[Layer, ...]:
        return ()

    def start(self, needs: Needs) -> FakeWorker:
        assert all(worker.closed for worker in self.workers), "two workers at once"
        self.started.append(needs)
        self.workers.append(FakeWorker(self, len(self.workers) + 1))
        return self.workers[-1]

    @property
    def calls(self) -> str:
        """Functions in the order of their calls, a bar for each new worker."""
        last, said = 1, ""
        for worker, kind, name in self.asked:
            said += "|" * (worker != last) + (name if kind == letters.CALL else "")
            last = worker
        return said


def plan(cases: str, *, texts: tuple[str, ...] = (), limits: Limits = LIMITS) -> Plan:
    """Return a plan: a letter is a visible case of the function of that name, a capital one a hidden case."""
    made: dict[str, list[Case]] = {}
    for number, name in enumerate(cases):
        visibility: Visibility = "visible" if name.islower() else "hidden"
        call = Call(name.lower(), (float(number),), (0,))
        case = Case(f"{name}{number}", name, visibility, Fraction(1), essential=False, call=call)
        made.setdefault(name.lower(), []).append(case)
    answers = [FunctionAnswer(name, ("x",), "weighted", tuple(items)) for name, items in made.items()]
    parts = [Part(answer.function, "A part", Fraction(1), (answer,)) for answer in answers]
    written = [Part(name, "A text", Fraction(1), (WrittenAnswer(name, ()),)) for name in texts]
    return Plan("hw", "Homework", "", limits, (Question("1", "One", (*parts, *written)),))


def run(box: FakeBox, cases: str, **more: Any) -> oc.Sitting:
    return sit(plan(cases, **more), SUBMISSION, box)


def kinds(sitting: oc.Sitting) -> dict[str, str]:
    return {name: type(outcome.result).__name__ for name, outcome in sitting.outcomes.items()}


def overdue(_letter: Any) -> Reply:
    return Overdue(2.0, "some prints")


def gone(_letter: Any) -> Reply:
    return Gone(0, 0.5, "")


def noise(_letter: Any) -> Reply:
    return Noise("junk", 0.5, "")


def stale(letter: Any) -> Reply:
    return Delivered((letters.RETURNED, letter[1] - 1, 42.0, []), 0.1, "")


def test_everything_is_asked_of_one_worker() -> None:
    box = FakeBox({"note": [returned("Because.")]})
    sitting = run(box, "ab", texts=("note",))
    assert sitting.loading == oc.Loaded()
    assert (sitting.import_seconds, sitting.import_printed) == (0.25, "hello from import")
    assert sitting.outcomes["a0"] == oc.Outcome(oc.Answered(1.0), 0.125, "printed")
    assert sitting.texts == {"note": oc.Outcome(oc.Answered("Because."), 0.125, "printed")}
    assert [name for _, _, name in box.asked] == [letters.WHOLE_FILE, "note", "a", "b"]
    assert box.started == [Needs(512, 61, files=("homework.py",))]
    assert [worker.closed for worker in box.workers] == [1]


def test_the_limits_are_the_plans() -> None:
    box = FakeBox()
    run(box, "a", limits=Limits(1.5, 7.0, 60.0, 512))
    assert box.seconds == [7.0, 1.5]


def test_a_folder_and_what_the_plan_allows_go_to_the_box(tmp_path: Path) -> None:
    files = (
        File("data.csv", None, "", 9),
        File("long.py", None, "", 10**6),
        File("main.py", b"import helper", "", 13),
        File("pack/helper.py", b"x = 1", "", 5),
    )
    box = FakeBox({"a": [gone]})
    sit(plan("ab", limits=Limits(2.0, 20.0, 6.5, 256, 3)), Submission("anna", "main.py", files, tmp_path), box)
    names = ("data.csv", "long.py", "main.py", "pack/helper.py")
    assert box.started == [Needs(256, 8, tmp_path, 3, names)] * 2
    sources = {"main.py": b"import helper", "pack/helper.py": b"x = 1"}
    loads = [letter for letter in box.letters if letter[0] == letters.LOAD]
    assert loads == [(letters.LOAD, sources, "main.py", letters.WHOLE_FILE)] * 2


class TestMemory:
    """What Python and numpy raise when an allocation fails that they did not expect to fail."""

    def _result(self, kind: str, *, starved: bool) -> oc.Result:
        raised = (letters.RAISED, 1, kind, "error return without exception set", 3, "x", "Traceback")
        box = FakeBox({"a": [lambda _: Delivered(raised, 0.1, "")]}, starved=starved)
        sitting = run(box, "ab")
        assert box.calls == "ab"
        return sitting.outcomes["a0"].result

    @pytest.mark.parametrize("kind", ["SystemError", "ImportError", "OSError"])
    def test_near_the_limit_it_is_a_lack_of_memory(self, kind: str) -> None:
        assert self._result(kind, starved=True) == oc.OutOfMemory()

    @pytest.mark.parametrize("kind", ["SystemError", "ImportError", "OSError"])
    def test_far_from_it_it_is_a_mistake(self, kind: str) -> None:
        result = self._result(kind, starved=False)
        assert isinstance(result, oc.Raised)
        assert result.type_name == kind

    @pytest.mark.parametrize("kind", ["ValueError", "FileNotFoundError", "SystemExit", "RuntimeError"])
    def test_so_is_anything_else_wherever_it_is_raised(self, kind: str) -> None:
        result = self._result(kind, starved=True)
        assert isinstance(result, oc.Raised)
        assert result.type_name == kind

    def test_what_ended_the_worker_is_not_asked_about(self) -> None:
        box = FakeBox({"a": [gone]}, starved=True)
        assert kinds(run(box, "a")) == {"a0": "Crashed"}


@pytest.mark.parametrize(
    ("ending", "kind", "calls"),
    [
        (overdue, "TimedOut", "ab|c"),
        (gone, "Crashed", "ab|b|c"),
        (noise, "Garbled", "ab|b|b|c"),
        (stale, "Garbled", "ab|b|b|c"),
    ],
)
def test_a_call_that_costs_the_worker_costs_itself_only(
    ending: Callable[[Any], Reply], kind: str, calls: str
) -> None:
    box = FakeBox({"b": [ending] * 3})
    assert kinds(run(box, "abc")) == {"a0": "Answered", "b1": kind, "c2": "Answered"}
    assert box.calls == calls
    assert all(worker.closed for worker in box.workers)


class TestInnocence:
    """What an earlier call, or the import, has left behind must not cost a later one."""

    @pytest.mark.parametrize("ending", [gone, noise, stale])
    def test_in_a_worker_that_others_have_used_a_call_has_a_second_chance(
        self, ending: Callable[[Any], Reply]
    ) -> None:
        box = FakeBox({"b": [ending, returned(7.0)]})
        sitting = run(box, "abc")
        assert sitting.outcomes["b1"].result == oc.Answered(7.0)
        assert box.calls == "ab|bc"
        assert {letter[3] for letter in box.letters if letter[0] == letters.LOAD} == {letters.WHOLE_FILE}

    def test_one_that_does_not_end_has_none(self) -> None:
        box = FakeBox({"b": [overdue, returned(7.0)]})
        assert kinds(run(box, "ab"))["b1"] == "TimedOut"

    def test_in_a_fresh_one_the_end_is_its_own(self) -> None:
        box = FakeBox({"a": [gone, returned(7.0)]})
        assert kinds(run(box, "ab")) == {"a0": "Crashed", "b1": "Answered"}
        assert box.calls == "a|b"

    @pytest.mark.parametrize("ending", [noise, stale])
    def test_a_first_answer_that_is_none_may_be_the_imports(self, ending: Callable[[Any], Reply]) -> None:
        box = FakeBox({"a": [ending, returned(7.0)], "b": [overdue]})
        sitting = run(box, "abc")
        assert sitting.outcomes["a0"].result == oc.Answered(7.0)
        assert box.calls == "a|ab|c"
        loads = [letter[3] for letter in box.letters if letter[0] == letters.LOAD]
        assert loads == [letters.WHOLE_FILE, 0, 0]

    def test_if_it_is_not_the_whole_file_is_loaded_again(self) -> None:
        box = FakeBox({"a": [noise, noise]})
        assert kinds(run(box, "ab")) == {"a0": "Garbled", "b1": "Answered"}
        loads = [letter[3] for letter in box.letters if letter[0] == letters.LOAD]
        assert loads == [letters.WHOLE_FILE, 0, letters.WHOLE_FILE]

    def test_definitions_alone_have_no_import_to_blame(self) -> None:
        box = FakeBox({"a": [noise]}, loads=[FAILED])
        assert kinds(run(box, "ab")) == {"a0": "Garbled", "b1": "Answered"}
        assert box.calls == "|a|b"


@pytest.mark.parametrize(
    "letter",
    [
        (letters.RAISED, "ValueError", "bad", 1, "x", "Traceback"),
        (letters.MEMORY,),
        (letters.MISSING, [], ""),
        (letters.UNSENDABLE, "too large"),
    ],
)
def test_a_call_that_fails_does_not_cost_the_worker(letter: tuple[Any, ...]) -> None:
    box = FakeBox({"a": [lambda asked: Delivered((letter[0], asked[1], *letter[1:]), 0.1, "")]})
    run(box, "ab")
    assert box.calls == "ab"


class TestOrder:
    def test_a_costly_function_is_asked_its_other_cases_last(self) -> None:
        box = FakeBox({"a": [overdue, overdue]})
        sitting = run(box, "aaabbc")
        assert box.calls == "a|bbca|a"
        assert list(sitting.outcomes) == ["a0", "a1", "a2", "b3", "b4", "c5"]
        assert kinds(sitting)["a2"] == "Answered"

    def test_two_of_them(self) -> None:
        box = FakeBox({"a": [gone] * 3, "b": [gone] * 2})
        run(box, "aabbc")
        assert box.calls == "a|b|ca|a|b"

    def test_visible_cases_come_first(self) -> None:
        box = FakeBox()
        sitting = run(box, "aAbBc")
        assert box.calls == "abcab"
        assert list(sitting.outcomes) == ["a0", "A1", "b2", "B3", "c4"]

    def test_no_worker_that_knows_a_hidden_case_is_asked_a_visible_one(self) -> None:
        box = FakeBox({"a": [overdue]})
        run(box, "aaAbB")
        # a costs a worker; then b visible and hidden; then, in a worker that knows neither, the rest of a.
        assert box.calls == "a|bb|aa"

    def test_texts_are_read_before_any_call(self) -> None:
        box = FakeBox()
        run(box, "Aa", texts=("note",))
        assert [kind for _, kind, _ in box.asked] == [letters.LOAD, letters.READ, letters.CALL, letters.CALL]


class TestLoad:
    def test_what_raised_is_loaded_again_up_to_that_line(self) -> None:
        box = FakeBox(loads=[FAILED, Delivered((letters.LOADED, [(7, "")], {"a": ["b"]}), 0.1, "again")])
        sitting = run(box, "a")
        failure = oc.Raised("ValueError", "bad", 7, "x = f(1)", "Traceback")
        assert sitting.loading == oc.Loaded(failure, (oc.Skipped(7),), {"a": ("b",)})
        assert sitting.import_printed == ""
        assert [name for _, _, name in box.asked] == [letters.WHOLE_FILE, 7, "a"]
        assert kinds(sitting) == {"a0": "Answered"}

    @pytest.mark.parametrize("ending", [Overdue(20.0, ""), Gone(1, 0.1, ""), Noise("junk", 0.1, "")])
    def test_what_did_not_come_back_is_loaded_with_definitions_only(self, ending: Reply) -> None:
        box = FakeBox(loads=[ending])
        assert isinstance(run(box, "a").loading, oc.Loaded)
        assert [name for _, _, name in box.asked] == [letters.WHOLE_FILE, 0, "a"]

    def test_a_later_worker_is_loaded_the_way_that_worked(self) -> None:
        box = FakeBox({"a": [gone]}, loads=[FAILED])
        run(box, "ab")
        assert [name for _, kind, name in box.asked if kind == letters.LOAD] == [letters.WHOLE_FILE, 7, 7]

    def test_what_fails_twice_is_not_asked_anything(self) -> None:
        box = FakeBox(loads=[Overdue(20.0, ""), Gone(1, 0.1, "")])
        sitting = run(box, "a", texts=("note",))
        assert sitting.loading == oc.NotLoaded(oc.TimedOut(20.0))
        assert (sitting.outcomes, sitting.texts) == ({}, {})
        assert all(worker.closed for worker in box.workers)

    def test_what_is_no_python_is_not_loaded_again(self) -> None:
        box = FakeBox(loads=[Delivered((letters.UNREADABLE, "invalid syntax", 3, 1, "x ="), 0.1, "")])
        assert run(box, "a").loading == oc.Unreadable("invalid syntax", 3, 1, "x =")
        assert len(box.workers) == 1

    def test_a_module_that_does_not_load_again_is_tried_for_each_call(self) -> None:
        box = FakeBox({"a": [gone]}, loads=[LOADED, FAILED])
        sitting = run(box, "abc")
        assert kinds(sitting) == {"a0": "Crashed", "b1": "NotAsked", "c2": "Answered"}
        result = sitting.outcomes["b1"].result
        assert isinstance(result, oc.NotAsked)
        assert "did not load again" in result.reason


class TestBudget:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        now = [1000.0]
        monkeypatch.setattr(time, "monotonic", lambda: now[0])
        return now

    def _slow(self, clock: list[float], seconds: float, then: Callable[[Any], Reply]) -> Callable[[Any], Reply]:
        def answer(letter: Any) -> Reply:
            clock[0] += seconds
            return then(letter)

        return answer

    def test_a_call_gets_no_more_than_is_left(self, clock: list[float]) -> None:
        box = FakeBox({"a": [self._slow(clock, 59, returned())]})
        run(box, "ab")
        assert box.seconds == [20.0, 2.0, 1.0]

    @pytest.mark.usefixtures("clock")
    def test_the_import_gets_no_more_than_there_is(self) -> None:
        box = FakeBox()
        run(box, "a", limits=Limits(2.0, 20.0, 5.0, 512))
        assert box.seconds == [5.0, 2.0]

    def test_when_it_is_used_up_nothing_more_is_asked(self, clock: list[float]) -> None:
        box = FakeBox({"a": [self._slow(clock, 60, returned(7.0))]})
        sitting = run(box, "abc")
        assert kinds(sitting) == {"a0": "Answered", "b1": "NotAsked", "c2": "NotAsked"}
        assert sitting.outcomes["b1"].result == oc.NotAsked("the submission had used up its 60 seconds")

    def test_nor_is_a_worker_started_for_it(self, clock: list[float]) -> None:
        box = FakeBox({"a": [self._slow(clock, 61, overdue)]})
        sitting = run(box, "abc")
        assert sitting.outcomes["c2"].result == oc.NotAsked("the submission had used up its 60 seconds")
        assert len(box.workers) == 1


class TestLargeAnswers:
    """Answers are kept until they are judged, so a submission must not fill the memory with them."""

    def test_small_ones_are_always_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(session, "_ROOM", 0)
        assert kinds(run(FakeBox({"a": [returned(np.zeros(1000))]}), "ab"))["a0"] == "Answered"

    @pytest.mark.parametrize(
        "value",
        [
            np.zeros(1 << 20),
            [0.0] * 100_000,
            {f"key {index}": index for index in range(20_000)},
            [np.zeros(0)] * 50_000,
            "y" * (4 << 20),
        ],
        ids=["array", "list", "dict", "arrays", "text"],
    )
    def test_large_ones_share_a_bound(self, value: Value, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(session, "_ROOM", session._weight([value]) * 2 + 1)
        box = FakeBox({"a": [returned(value)] * 3})
        assert kinds(run(box, "aaab")) == {
            "a0": "Answered",
            "a1": "Answered",
            "a2": "Unsendable",
            "b3": "Answered",
        }
        assert box.calls == "aaab"

    def test_observed_arguments_count_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(session, "_ROOM", 10)
        box = FakeBox({"a": [returned(1.0, (np.zeros(1 << 20),))]})
        assert kinds(run(box, "a")) == {"a0": "Unsendable"}


def test_a_fault_of_the_hosts_goes_up_and_leaves_nothing_behind() -> None:
    def fail(_letter: Any) -> Reply:
        raise HostError("no more processes")

    box = FakeBox({"a": [fail]})
    with pytest.raises(HostError):
        run(box, "a")
    assert [worker.closed for worker in box.workers] == [1]


def test_an_interruption_ends_the_worker() -> None:
    def interrupt(_letter: Any) -> Reply:
        raise KeyboardInterrupt

    box = FakeBox({"a": [interrupt]})
    with pytest.raises(KeyboardInterrupt):
        run(box, "a")
    assert [worker.closed for worker in box.workers] == [1]


def test_a_run_ends_within_its_budget_in_real_time() -> None:
    started = time.monotonic()

    def sleep(_letter: Any) -> Reply:
        time.sleep(0.05)
        return Overdue(0.05, "")

    sitting = run(FakeBox({"a": [sleep] * 100}), "a" * 100, limits=Limits(0.05, 1.0, 0.3, 512))
    assert time.monotonic() - started < 10
    assert {"TimedOut", "NotAsked"} == set(kinds(sitting).values())
