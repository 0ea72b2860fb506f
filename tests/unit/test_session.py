"""The session against a box that plays a script: no process is started here."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from grader import outcome as oc
from grader.errors import HostError
from grader.notebook import Notebook
from grader.plan import Call, Case, Earlier, FunctionAnswer, Limits, Part, Plan, Question, WrittenAnswer
from grader.rubric import Visibility
from grader.sandbox import Delivered, Foreseen, Gone, Layer, Needs, Noise, Overdue, Reply
from grader.session import sit
from grader.submission import File, Submission
from grader.weight import weight
from grader.wire import Opaque, Value, WireError, decode, encode
from grader.worker import letters
from grader.worker.answers import seal

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
    numbers: list[int] = field(default_factory=list)

    def near_memory_limit(self) -> bool:
        assert not self.closed, "nobody knows of a worker that is gone"
        return self.box.starved

    def ask(self, letter: Value, seconds: float) -> Reply:
        assert not self.closed, "a worker was asked after its end"
        kind = letter[0]
        if kind == letters.LEND:
            self.box.letters.append(letter)
            return Delivered((letters.LENT,), 0.0, "")
        self.box.asked.append((self.number, kind, letter[3 if kind == letters.LOAD else 2]))
        self.box.letters.append(letter)
        self.box.seconds.append(seconds)
        if kind in {letters.LOAD, letters.OPEN, letters.STEP}:
            return self.box.loads.pop(0) if self.box.loads else LOADED
        number, name = letter[1], letter[2]
        assert number not in self.numbers, "a number was used twice"
        self.numbers.append(number)
        replies = self.box.replies.get(name, [])
        return (replies.pop(0) if replies else returned(1.0))(letter)

    def ask_all(
        self, payloads: Sequence[bytes], seconds: float, deadline: float, foreseen: Sequence[bytes | None]
    ) -> list[Reply | Foreseen]:
        replies: list[Reply | Foreseen] = []
        for payload, likely in zip(payloads, foreseen, strict=True):
            left = deadline - time.monotonic()
            reply = self.ask(decode(payload), min(seconds, left)) if left > 0 else Overdue(0.0, "")
            is_foreseen = isinstance(reply, Delivered) and seal(reply.letter) == likely
            replies.append(Foreseen(reply.seconds, reply.printed) if is_foreseen else reply)
            if not isinstance(reply, Delivered):
                break
        return replies

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
        case = Case(f"{name}{number}", name, visibility, Fraction(1), essential=False, calls=(call,))
        made.setdefault(name.lower(), []).append(case)
    answers = [FunctionAnswer(name, ("x",), "weighted", tuple(items)) for name, items in made.items()]
    parts = [Part(answer.function, "A part", Fraction(1), (answer,)) for answer in answers]
    written = [Part(name, "A text", Fraction(1), (WrittenAnswer(name, ()),)) for name in texts]
    return Plan("hw", "Homework", "", limits, (Question("1", "One", (*parts, *written)),))


def run(box: FakeBox, cases: str, **more: Any) -> oc.Sitting:
    return sit(plan(cases, **more), SUBMISSION, box)


def kinds(sitting: oc.Sitting) -> dict[str, str]:
    return {name: type(outcome.result).__name__ for name, (outcome,) in sitting.outcomes.items()}


def result(sitting: oc.Sitting, case: str) -> oc.Result:
    """Return the result of a case of one call."""
    (outcome,) = sitting.outcomes[case]
    return outcome.result


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
    assert sitting.outcomes["a0"] == (oc.Outcome(oc.Answered(1.0), 0.125, "printed"),)
    assert sitting.texts == {"note": oc.Outcome(oc.Answered("Because."), 0.125, "printed")}
    assert [name for _, _, name in box.asked] == [letters.WHOLE_FILE, "note", "a", "b"]
    assert box.started == [Needs(512, 61, files=("homework.py",))]
    assert [worker.closed for worker in box.workers] == [1]


def test_who_listens_hears_after_each_case_what_is_known() -> None:
    box = FakeBox({"note": [returned("Because.")], "b": [gone, gone]})
    heard: list[oc.Sitting] = []
    whole = sit(plan("abc", texts=("note",)), SUBMISSION, box, heard=heard.append)
    assert [sorted(item.outcomes) for item in heard] == [
        ["a0"],
        ["a0", "b1"],
        ["a0", "b1", "c2"],
    ]
    assert heard[-1] == whole
    assert heard[0].texts == whole.texts


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


class TestNotebook:
    NOTEBOOK = Notebook(b"x = 1\ny = 2\nz\n", (1, 3), ())
    SUBMISSION = Submission("anna", "hw.ipynb", (File("hw.ipynb", NOTEBOOK.source, "", 99, NOTEBOOK),))
    OPENED = Delivered((letters.OPENED, [], {"f": []}, [[1, 2], [3]]), 0.1, "")

    def _ran(self, number: int, *skipped: Value) -> Reply:
        return Delivered((letters.RAN, number, [*skipped]), 0.1, "hw.ipynb:2: W" * (number == 1))

    def test_its_cells_go_with_it_and_its_lines_come_back_as_theirs(self) -> None:
        raised = (letters.RAISED, 1, "E", "x", 3, "z", 'File "hw.ipynb", line 3')
        answers: list[Callable[[Any], Reply]] = [
            lambda letter: Delivered((*raised[:1], letter[1], *raised[2:]), 0.1, "hw.ipynb:3: W")
        ]
        box = FakeBox({"a": answers}, loads=[self.OPENED, self._ran(0), self._ran(1), self._ran(2, (3, "E: x"))])
        sitting = sit(plan("ab"), self.SUBMISSION, box)
        assert box.letters[0] == (letters.OPEN, {"hw.ipynb": self.NOTEBOOK.source}, "hw.ipynb", [1, 3])
        assert sitting.loading == oc.Loaded(None, (oc.Skipped(1, "E: x", 2),), {"f": ()})
        assert sitting.import_printed == "hw.ipynb, cell 1, line 2: W"
        (outcome,) = next(iter(sitting.outcomes.values()))
        assert outcome.result == oc.Raised("E", "x", 1, "z", 'File "hw.ipynb", cell 2, line 1', 2)
        assert outcome.printed == "hw.ipynb, cell 2, line 1: W"

    def test_a_statement_that_costs_the_worker_is_not_run_again_by_those_that_follow(self) -> None:
        ran = [self._ran(0), self._ran(1), self._ran(2)]
        box = FakeBox({"a": [lambda _: Gone(1, 0.1, "")]})
        box.loads = [self.OPENED, self._ran(0), Gone(9, 0.1, ""), self.OPENED, *ran, self.OPENED, *ran]
        sitting = sit(plan("ab"), self.SUBMISSION, box)
        ended = oc.Crashed("it ended the Python process with exit status 9")
        assert sitting.loading == oc.Loaded(None, (oc.Skipped(2, "", 1, ended),), {"f": ()})
        steps = [letter[1:] for letter in box.letters if letter[0] == letters.STEP]
        again = [(0, 0, 0, 1, True), (1, 0, 1, 2, False), (2, 1, 0, 1, True)]
        assert steps == [(0, 0, 0, 1, True), (1, 0, 1, 2, True), *again, *again]
        assert [type(outcome.result) for (outcome,) in sitting.outcomes.values()] == [oc.Crashed, oc.Answered]


class TestMemory:
    """What Python and numpy raise when an allocation fails that they did not expect to fail."""

    def _result(self, kind: str, *, starved: bool) -> oc.Result:
        raised = (letters.RAISED, 1, kind, "error return without exception set", 3, "x", "Traceback")
        box = FakeBox({"a": [lambda _: Delivered(raised, 0.1, "")]}, starved=starved)
        sitting = run(box, "ab")
        assert box.calls == "ab"
        return result(sitting, "a0")

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
        (stale, "Garbled", "abc|b|b|c"),
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
        assert result(sitting, "b1") == oc.Answered(7.0)
        # A letter that was sent with it is asked again too: what came back in its place is nobody's.
        assert box.calls == ("abc|bc" if ending is stale else "ab|bc")
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
        # What was sent with a letter that others answered for is asked again.
        sent = "ab" if ending is stale else "a"
        box = FakeBox({"a": [ending, returned(7.0)], "b": [overdue] * len(sent)})
        sitting = run(box, "abc")
        assert result(sitting, "a0") == oc.Answered(7.0)
        assert box.calls == f"{sent}|ab|c"
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
        found = result(sitting, "b1")
        assert isinstance(found, oc.NotAsked)
        assert "did not load again" in found.reason


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
        assert result(sitting, "b1") == oc.NotAsked("the submission had used up its 60 seconds")

    def test_nor_is_a_worker_started_for_it(self, clock: list[float]) -> None:
        box = FakeBox({"a": [self._slow(clock, 61, overdue)]})
        sitting = run(box, "abc")
        assert result(sitting, "c2") == oc.NotAsked("the submission had used up its 60 seconds")
        assert len(box.workers) == 1


class TestLargeAnswers:
    """Answers are kept until they are judged, so a submission must not fill the memory with them."""

    def test_small_ones_are_always_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("grader.weight.ROOM", 0)
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
        monkeypatch.setattr("grader.weight.ROOM", weight([value]) * 2 + 1)
        box = FakeBox({"a": [returned(value)] * 3})
        assert kinds(run(box, "aaab")) == {
            "a0": "Answered",
            "a1": "Answered",
            "a2": "Unsendable",
            "b3": "Answered",
        }
        assert box.calls == "aaab"

    def test_observed_arguments_count_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("grader.weight.ROOM", 10)
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


def paired(*calls: Call, hidden: bool = False) -> Plan:
    """Return a plan of one case of several calls, and one of a single call after it."""
    visibility: Visibility = "hidden" if hidden else "visible"
    cases = (
        Case("pair", "pair", visibility, Fraction(1), essential=False, calls=calls),
        Case("rest", "rest", visibility, Fraction(1), essential=False, calls=(Call("a", (9.0,)),)),
    )
    part = Part("1A", "A part", Fraction(1), (FunctionAnswer("a", ("x",), "weighted", cases),))
    return Plan("hw", "Homework", "", LIMITS, (Question("1", "One", (part,)),))


class TestSeveralCalls:
    CALLS = (Call("a", (1.0,), (0,)), Call("b", (2.0,)))
    CHAIN = (Call("a", (1.0,)), Call("b", (Earlier(0), 5.0)))

    def _sit(self, box: FakeBox, plan: Plan) -> oc.Sitting:
        return sit(plan, SUBMISSION, box)

    def test_they_are_made_one_after_the_other(self) -> None:
        box = FakeBox({"a": [returned(3.0, (7.0,))], "b": [returned(4.0)]})
        sitting = self._sit(box, paired(*self.CALLS))
        assert [outcome.result for outcome in sitting.outcomes["pair"]] == [
            oc.Answered(3.0, (7.0,)),
            oc.Answered(4.0),
        ]
        assert box.calls == "aba"
        assert [letter[3:] for letter in box.letters[1:3]] == [([1.0], [0]), ([2.0], [])]

    def test_an_earlier_answer_is_sent_as_it_came(self) -> None:
        answer = [np.zeros(2), "text", {"k": None}]
        box = FakeBox({"a": [returned(answer)]})
        self._sit(box, paired(*self.CHAIN))
        assert box.letters[2][3] == [answer, 5.0]

    @pytest.mark.parametrize(
        ("calls", "ending"),
        [
            (CALLS, overdue),
            (CALLS, gone),
            (CHAIN, overdue),
            (CHAIN, gone),
            (CHAIN, lambda asked: Delivered((letters.MEMORY, asked[1]), 0.1, "")),
        ],
    )
    def test_without_an_answer_the_rest_is_not_asked(self, calls: Any, ending: Callable[[Any], Reply]) -> None:
        box = FakeBox({"a": [ending]})
        first, second = self._sit(box, paired(*calls)).outcomes["pair"]
        assert not isinstance(first.result, oc.Answered)
        assert second == oc.Outcome(oc.NotAsked("the call before it gave nothing to go on with"))
        assert "b" not in box.calls

    @pytest.mark.parametrize("value", [Opaque("x"), [1.0, (Opaque("x"),)], {"a": [Opaque("x")]}], ids=str)
    def test_an_answer_that_cannot_be_sent_is_not_passed_on(self, value: Value) -> None:
        box = FakeBox({"a": [returned(value)]})
        first, second = self._sit(box, paired(*self.CHAIN)).outcomes["pair"]
        assert first.result == oc.Answered(value)
        assert isinstance(second.result, oc.NotAsked)
        assert box.calls == "aa"

    def test_nor_one_that_only_just_fitted_into_its_letter(self) -> None:
        def encoded(asked: Any) -> Reply:
            encode(asked)
            return returned(1.0)(asked)

        deep: Any = 1.0
        while True:
            try:
                encode((letters.RETURNED, 1, [deep], []))
            except WireError:
                break
            deep = [deep]
        box = FakeBox({"a": [returned(deep)], "b": [encoded]})
        first, second = self._sit(box, paired(*self.CHAIN)).outcomes["pair"]
        assert first.result == oc.Answered(deep)
        assert second == oc.Outcome(oc.NotAsked("the call before it gave nothing to go on with"))
        assert box.calls == "aba"

    def test_a_case_that_costs_its_worker_in_a_later_call_is_costly_by_its_first(self) -> None:
        box = FakeBox({"b": [overdue]})
        sitting = self._sit(box, paired(*self.CALLS))
        assert [type(outcome.result).__name__ for outcome in sitting.outcomes["pair"]] == ["Answered", "TimedOut"]
        assert box.calls == "ab|a"


class TestLending:
    """Right helpers go in with the module, each time that it is loaded."""

    LENT: Final = {"softmax": "def softmax(x): return x"}

    def test_they_follow_the_module(self) -> None:
        box = FakeBox({"a": [gone]})
        sit(plan("ab"), SUBMISSION, box, self.LENT)
        kinds_sent = [(letter[0], letter[1]) for letter in box.letters if letter[0] != letters.CALL]
        sources = {"homework.py": b"source"}
        assert kinds_sent == [(letters.LOAD, sources), (letters.LEND, self.LENT)] * 2

    def test_without_a_module_there_is_nowhere_to_put_them(self) -> None:
        box = FakeBox(loads=[FAILED, FAILED])
        assert isinstance(sit(plan("a"), SUBMISSION, box, self.LENT).loading, oc.NotLoaded)
        assert [letter[0] for letter in box.letters] == [letters.LOAD] * 2

    def test_nothing_is_lent_unless_it_is_said(self) -> None:
        box = FakeBox()
        run(box, "a")
        assert [letter[0] for letter in box.letters] == [letters.LOAD, letters.CALL]


def lost(_letter: Any) -> Reply:
    return Gone(-9, 0.5, "", lost=True)


@dataclass
class GroupWorker(FakeWorker):
    """Takes note of the letters that it gets together."""

    groups: list[str] = field(default_factory=list)

    def ask_all(
        self, payloads: Sequence[bytes], seconds: float, deadline: float, foreseen: Sequence[bytes | None]
    ) -> list[Reply | Foreseen]:
        self.groups.append("".join(decode(payload)[2] for payload in payloads))
        return super().ask_all(payloads, seconds, deadline, foreseen)


@dataclass
class GroupBox(FakeBox):
    groups: list[str] = field(default_factory=list)

    def start(self, needs: Needs) -> FakeWorker:
        super().start(needs)
        self.workers[-1] = GroupWorker(self, len(self.workers), groups=self.groups)
        return self.workers[-1]


class TestTogether:
    """Cases of one visibility are asked together, and each costs what it would alone."""

    @pytest.mark.parametrize(
        ("cases", "groups"),
        [("abc", ["abc"]), ("ABC", ["abc"]), ("aBcD", ["ac", "bd"]), ("", []), ("Ab", ["b", "a"])],
    )
    def test_no_hidden_input_is_in_the_box_with_a_visible_case(self, cases: str, groups: list[str]) -> None:
        box = GroupBox()
        run(box, cases)
        assert box.groups == groups
        assert len(box.workers) == 1

    @pytest.mark.parametrize("ending", [overdue, gone, noise, stale])
    @pytest.mark.parametrize("at", [0, 1, 2, 3, 4])
    def test_one_that_does_not_come_back_costs_itself(self, ending: Callable[[Any], Reply], at: int) -> None:
        names = "abcde"
        box = GroupBox({names[at]: [ending] * 3})
        said = kinds(run(box, names))
        assert said.pop(f"{names[at]}{at}") in {"TimedOut", "Crashed", "Garbled"}
        assert list(said.values()) == ["Answered"] * 4
        for name in names.replace(names[at], ""):
            # A letter that is not its own is known for that only when all have come.
            assert box.calls.count(name) == (2 if ending is stale and name > names[at] else 1)

    def test_an_innocent_one_is_asked_again_and_the_others_after_it(self) -> None:
        box = GroupBox({"b": [gone]})
        assert set(kinds(run(box, "abcd")).values()) == {"Answered"}
        assert box.calls == "ab|bcd"
        assert box.groups == ["abcd", "cd"]

    def test_answers_in_advance_cost_an_innocent_one_nothing(self) -> None:
        """Function `a` has sent an answer for `b` beside its own, so that all that come later are one late."""
        box = GroupBox({"b": [stale, returned(2.0)], "c": [returned(3.0)] * 2})
        sitting = run(box, "abc")
        assert [result(sitting, case) for case in ("b1", "c2")] == [oc.Answered(2.0), oc.Answered(3.0)]
        assert box.calls == "abc|bc"

    def test_the_deadline_in_the_middle(self) -> None:
        def slow(letter: Any) -> Reply:
            time.sleep(0.3)
            return returned(1.0)(letter)

        box = GroupBox({"b": [slow]})
        said = kinds(run(box, "abcd", limits=Limits(2.0, 20.0, 0.2, 512)))
        assert said == {"a0": "Answered", "b1": "Answered", "c2": "NotAsked", "d3": "NotAsked"}

    @pytest.mark.parametrize("at", [0, 1, 2])
    def test_a_worker_that_ended_by_no_doing_of_its_own_costs_nothing(self, at: int) -> None:
        box = GroupBox({"abc"[at]: [lost]})
        sitting = run(box, "abcd")
        assert set(kinds(sitting).values()) == {"Answered"}
        assert len(box.workers) == 2
        # What had been answered is not asked again, and nothing goes to the end of the queue.
        assert box.calls.replace("|", "") == "abcd"[: at + 1] + "abcd"[at:]
        assert box.calls.index("|") == at + 1

    def test_that_is_so_for_what_is_asked_alone(self) -> None:
        box = GroupBox({"note": [lost]})
        sitting = run(box, "a", texts=("note",))
        assert isinstance(sitting.texts["note"].result, oc.Answered)
        assert [kind for _, kind, _ in box.asked] == [letters.LOAD, letters.READ] * 2 + [letters.CALL]

    def test_and_for_a_load(self) -> None:
        box = GroupBox(loads=[Gone(-9, 0.1, "", lost=True)])
        sitting = run(box, "a")
        assert (sitting.loading, kinds(sitting)) == (oc.Loaded(), {"a0": "Answered"})
        assert [letter[3] for letter in box.letters if letter[0] == letters.LOAD] == [letters.WHOLE_FILE] * 2

    def test_a_case_of_several_calls_is_made_anew(self) -> None:
        box = GroupBox({"b": [lost]})
        calls = (Call("a", (1.0,)), Call("b", (2.0,)))
        sitting = sit(paired(*calls), SUBMISSION, box)
        assert [type(each.result) for each in sitting.outcomes["pair"]] == [oc.Answered, oc.Answered]
        assert box.calls.startswith("ab|ab")

    def test_without_end_it_is_a_crash_like_any_other(self) -> None:
        box = GroupBox({"a": [lost] * 50})
        sitting = run(box, "ab")
        assert isinstance(result(sitting, "a0"), oc.OutOfMemory)
        assert isinstance(result(sitting, "b1"), oc.Answered)
        assert box.calls.count("a") <= 5

    def test_what_follows_a_call_without_an_answer_does_not_count(self) -> None:
        def raised(letter: Any) -> Reply:
            return Delivered((letters.RAISED, letter[1], "ValueError", "", 1, "", ""), 0.1, "")

        box = GroupBox({"a": [raised]})
        first, second = sit(paired(Call("a", (1.0,)), Call("b", (2.0,))), SUBMISSION, box).outcomes["pair"]
        assert isinstance(first.result, oc.Raised)
        assert second == oc.Outcome(oc.NotAsked("the call before it gave nothing to go on with"))

    @pytest.mark.parametrize("ending", [overdue, gone, noise])
    def test_nor_does_its_end(self, ending: Callable[[Any], Reply]) -> None:
        def missing(letter: Any) -> Reply:
            return Delivered((letters.MISSING, letter[1], [], ""), 0.1, "")

        box = GroupBox({"a": [missing], "b": [ending]})
        sitting = sit(paired(Call("a", (1.0,)), Call("b", (2.0,))), SUBMISSION, box)
        _, second = sitting.outcomes["pair"]
        assert second == oc.Outcome(oc.NotAsked("the call before it gave nothing to go on with"))
        assert box.calls.count("b") == 1

    def test_helpers_that_cannot_be_lent_are_a_load_that_fails(self) -> None:
        class Refusing(GroupWorker):
            def ask(self, letter: Value, seconds: float) -> Reply:
                return overdue(letter) if letter[0] == letters.LEND else super().ask(letter, seconds)

        class Box(GroupBox):
            def start(self, needs: Needs) -> FakeWorker:
                super().start(needs)
                self.workers[-1] = Refusing(self, len(self.workers), groups=self.groups)
                return self.workers[-1]

        box = Box()
        sitting = sit(plan("a"), SUBMISSION, box, {"softmax": "def softmax(x): return x"})
        assert isinstance(sitting.loading, oc.NotLoaded)
        assert box.groups == []


class TestKnownAnswers:
    """An answer that comes in the very bytes of a known one is that one."""

    def _sit(self, box: FakeBox, known: dict[int, Value]) -> tuple[oc.Sitting, dict[int, oc.KnownAnswer]]:
        answers = {
            number: oc.KnownAnswer(seal((letters.RETURNED, number, value, [])), oc.Answered(value))
            for number, value in known.items()
        }
        return sit(plan("abc"), SUBMISSION, box, known=answers), answers

    def test_its_bytes_are_enough(self) -> None:
        sitting, known = self._sit(FakeBox({"b": [returned(2.0)]}), {1: 1.0, 2: 2.0, 3: 5.0})
        assert result(sitting, "a0") is known[1].result
        assert result(sitting, "b1") is known[2].result
        assert result(sitting, "c2") == oc.Answered(1.0)
        assert sitting.outcomes["a0"] == (oc.Outcome(oc.Answered(1.0), 0.125, "printed"),)

    def test_another_calls_known_answer_is_no_answer(self) -> None:
        def swapped(_letter: Any) -> Reply:
            return Delivered((letters.RETURNED, 1, 1.0, []), 0.0, "")

        sitting, _ = self._sit(FakeBox({"b": [swapped] * 3}), {1: 1.0, 2: 1.0})
        assert kinds(sitting) == {"a0": "Answered", "b1": "Garbled", "c2": "Answered"}

    def test_it_does_not_make_up_for_an_observed_argument(self) -> None:
        sitting, known = self._sit(FakeBox({"a": [returned(1.0, (3.0,))]}), {1: 1.0})
        assert result(sitting, "a0") == oc.Answered(1.0, (3.0,)) != known[1].result

    def test_who_has_given_one_is_innocent_of_what_comes_next(self) -> None:
        box = FakeBox({"b": [gone]})
        sitting, _ = self._sit(box, {1: 1.0})
        assert set(kinds(sitting).values()) == {"Answered"}
        assert box.calls == "ab|bc"
