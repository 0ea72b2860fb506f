from __future__ import annotations

import signal
from typing import Any

import numpy as np
import pytest

from grader import outcome as oc
from grader.evidence import call_result, load_result, opened_result, step_result
from grader.notebook import Places
from grader.sandbox import Delivered, Gone, Noise, Overdue, Reply
from grader.wire import Opaque, decode, encode
from grader.worker import letters

NO_ANSWER = oc.Garbled("it is no answer to the question")


def delivered(letter: Any) -> Delivered:
    """Return the reply with a letter as it comes off the wire."""
    return Delivered(decode(encode(letter)), 0.1, "")


def called(letter: Any, number: int = 7) -> oc.Result:
    return call_result(delivered(letter), number, 2.0)


def loaded(letter: Any) -> oc.LoadResult:
    return load_result(delivered(letter), 20.0)


@pytest.mark.parametrize(
    ("letter", "result"),
    [
        ((letters.RETURNED, 7, 1.5, []), oc.Answered(1.5)),
        ((letters.RETURNED, 7, None, [[1.0], "x"]), oc.Answered(None, ([1.0], "x"))),
        (
            (letters.RAISED, 7, "ValueError", "bad", 3, "raise", "Traceback"),
            oc.Raised("ValueError", "bad", 3, "raise", "Traceback"),
        ),
        ((letters.SIGNATURE, 7, "relu(x, y)"), oc.WrongSignature("relu(x, y)")),
        ((letters.MISSING, 7, ["a", "b"], "numpy"), oc.Missing(("a", "b"), "numpy")),
        ((letters.MISSING, 7, [], ""), oc.Missing()),
        ((letters.NOT_CALLABLE, 7, "int"), oc.NotCallable("int")),
        ((letters.UNSENDABLE, 7, "too large"), oc.Unsendable("too large")),
        ((letters.MEMORY, 7), oc.OutOfMemory()),
    ],
)
def test_every_answer_to_a_call(letter: Any, result: oc.Result) -> None:
    assert called(letter) == result


def test_an_array_arrives_as_it_is() -> None:
    result = called((letters.RETURNED, 7, np.arange(3), []))
    assert isinstance(result, oc.Answered)
    assert result.value.tolist() == [0, 1, 2]


JUNK: list[Any] = [
    None,
    1,
    "returned",
    [],
    (),
    (letters.RETURNED,),
    [letters.RETURNED, 7, 1.0, []],
    {"returned": 7},
    Opaque("letter"),
    np.array([1, 2]),
    np.array([[1, 2], [3, 4]]),
    (np.array([1, 2]), 7, 1.0, []),
    (np.zeros(0), 7, 1.0, []),
    (np.array(1), 7),
    (Opaque(letters.RETURNED), 7, 1.0, []),
    ((letters.RETURNED,), 7, 1.0, []),
    (None, 7, 1.0, []),
    (b"returned", 7, 1.0, []),
]


@pytest.mark.parametrize("letter", JUNK, ids=str)
def test_junk_is_no_answer_whatever_it_is(letter: Any) -> None:
    # An array compared with a word gives an array, whose truth is an error: of ours, if we let it.
    assert called(letter) == NO_ANSWER
    assert loaded(letter) == oc.NotLoaded(NO_ANSWER)


@pytest.mark.parametrize(
    "letter",
    [
        (letters.RETURNED, 7, 1.0),
        (letters.RETURNED, 7, 1.0, (), []),
        (letters.RETURNED, 7, 1.0, "observed"),
        (letters.RETURNED, 7, 1.0, np.zeros(2)),
        (letters.RAISED, 7, "ValueError"),
        (letters.MISSING, 7, "names", ""),
        (letters.MEMORY, 7, 1),
        (letters.LOADED, 7),
        ("unheard of", 7),
        ("", 7),
    ],
    ids=str,
)
def test_a_letter_with_the_wrong_items_is_no_answer(letter: Any) -> None:
    assert called(letter) == NO_ANSWER


@pytest.mark.parametrize("number", [6, 8, 7.0, "7", None, True, np.int64(7), np.array([7, 7]), np.array(7), 2**70])
def test_an_answer_to_another_question_is_none(number: Any) -> None:
    # An early letter must not stand for a later call.
    assert called((letters.RETURNED, number, 1.0, [])) == NO_ANSWER


def test_true_is_not_the_number_one() -> None:
    assert called((letters.RETURNED, True, 1.0, []), number=1) == NO_ANSWER


@pytest.mark.parametrize("junk", [None, 3, b"x", [], Opaque("str"), np.zeros(2)])
def test_texts_that_are_none_are_empty(junk: Any) -> None:
    assert called((letters.RAISED, 7, junk, junk, 0, junk, junk)) == oc.Raised("", "")
    assert called((letters.SIGNATURE, 7, junk)) == oc.WrongSignature("")
    assert called((letters.MISSING, 7, [junk, "a"], junk)) == oc.Missing(("", "a"), "")


@pytest.mark.parametrize("line", [-1, 2**31, 2**80, True, 1.0, None, "3", np.int64(3), np.array([1, 2])])
def test_lines_that_are_none_are_zero(line: Any) -> None:
    result = called((letters.RAISED, 7, "E", "", line, "", ""))
    assert isinstance(result, oc.Raised)
    assert result.line == 0
    assert type(result.line) is int


def test_texts_are_cut() -> None:
    result = called((letters.RAISED, 7, *["x" * 100_000] * 2, 1, *["x" * 100_000] * 2))
    assert isinstance(result, oc.Raised)
    assert {len(text) for text in (result.type_name, result.text, result.source, result.trace)} == {8000}


@pytest.mark.parametrize(
    ("letter", "result"),
    [
        ((letters.LOADED, [], {}), oc.Loaded()),
        (
            (letters.LOADED, [(3, ""), (5, "NameError: x")], {"f": ["g", "h"], "g": []}),
            oc.Loaded(None, (oc.Skipped(3), oc.Skipped(5, "NameError: x")), {"f": ("g", "h"), "g": ()}),
        ),
        ((letters.UNREADABLE, "invalid syntax", 3, 4, "x ="), oc.Unreadable("invalid syntax", 3, 4, "x =")),
        (
            (letters.FAILED, 3, "NameError", "x", 3, "x", "Traceback"),
            oc.NotLoaded(oc.Raised("NameError", "x", 3, "x", "Traceback")),
        ),
        ((letters.MEMORY,), oc.NotLoaded(oc.OutOfMemory())),
    ],
)
def test_every_answer_to_a_load(letter: Any, result: oc.LoadResult) -> None:
    assert loaded(letter) == result


def test_of_what_was_left_out_only_the_first_is_looked_at() -> None:
    reply = delivered((letters.RAN, 4, [(1, "x")] * 101))
    assert step_result(reply, 4, 1.0, Places("", ())) == (oc.Skipped(1, "x"),) * 100


def test_what_is_odd_in_a_load_is_left_out() -> None:
    skipped = [(3, "kept"), (4,), (5, "x", "y"), [6, "x"], None, np.zeros((2, 2)), ("7", 8)]
    uses = {"f": ["g", 3, None], "g": "not a list", "h": np.zeros(2), "i": ("j",)}
    assert loaded((letters.LOADED, skipped, uses)) == oc.Loaded(
        None, (oc.Skipped(3, "kept"), oc.Skipped(0, "")), {"f": ("g", "", "")}
    )


@pytest.mark.parametrize(
    "letter",
    [
        (letters.LOADED, [], []),
        (letters.LOADED, (), []),
        (letters.LOADED, np.zeros(2), {}),
        (letters.UNREADABLE, "x"),
        (letters.FAILED, 3),
        (letters.RETURNED, 7, 1.0, []),
        (letters.MEMORY, 1),
        ("unheard of",),
    ],
    ids=str,
)
def test_a_load_with_the_wrong_items_is_no_answer(letter: Any) -> None:
    assert loaded(letter) == oc.NotLoaded(NO_ANSWER)


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Overdue(2.5, "out"), oc.TimedOut(2.0)),
        (Noise("9 bytes too many", 0.1, ""), oc.Garbled("9 bytes too many")),
        (Gone(0, 0.1, ""), oc.Crashed("it ended the Python process with exit status 0")),
        (Gone(3, 0.1, ""), oc.Crashed("it ended the Python process with exit status 3")),
        (
            Gone(-signal.SIGSEGV, 0.1, ""),
            oc.Crashed("the Python process was ended by SIGSEGV (a segmentation fault)"),
        ),
        (Gone(-signal.SIGKILL, 0.1, ""), oc.OutOfMemory()),
        (Gone(-signal.SIGTERM, 0.1, ""), oc.Crashed("the Python process was ended by SIGTERM")),
        (Gone(-200, 0.1, ""), oc.Crashed("the Python process was ended by signal 200")),
        (Gone(1, 0.1, "Traceback\nMemoryError\n"), oc.OutOfMemory()),
        (Gone(1, 0.1, "OpenBLAS: Memory allocation still failed after 10 retries"), oc.OutOfMemory()),
        (Gone(1, 0.1, "OSError: [Errno 12] Cannot allocate memory: '/x'"), oc.OutOfMemory()),
        (Gone(-signal.SIGABRT, 0.1, "MemoryError"), oc.OutOfMemory()),
        (Noise("MemoryError", 0.1, "MemoryError"), oc.Garbled("MemoryError")),
        (Overdue(2.5, "MemoryError"), oc.TimedOut(2.0)),
        (Gone(1, 0.1, "MemoryError" + "." * 3000), oc.Crashed("it ended the Python process with exit status 1")),
    ],
)
def test_how_a_process_ended(reply: Reply, failure: Any) -> None:
    assert call_result(reply, 7, 2.0) == failure
    assert load_result(reply, 2.0) == oc.NotLoaded(failure)


class TestNotebooks:
    PLACES = Places("hw.ipynb", (1, 5))

    def test_what_was_left_out_stands_in_a_cell(self) -> None:
        said: list[Any] = [(2, "E: (hw.ipynb, line 7)"), (6, ""), (0, ""), ("x", 3), 5]
        skipped = (oc.Skipped(2, "E: (hw.ipynb, cell 2, line 3)", 1), oc.Skipped(2, "", 2), oc.Skipped(0, "", 0))
        reply = Delivered((letters.RAN, 4, said), 0.1, "")
        assert step_result(reply, 4, 1.0, self.PLACES) == (*skipped, oc.Skipped(0, "", 0))
        opened = Delivered((letters.OPENED, said, {"f": ["g"]}, [[1, True, -3], "x", [5]]), 0.1, "")
        loaded = oc.Loaded(skipped=(*skipped, oc.Skipped(0, "", 0)), uses={"f": ("g",)})
        assert opened_result(opened, 1.0, self.PLACES) == (loaded, [[1, 0, 0], [], [5]])

    def test_how_a_notebook_is_not_opened_or_a_step_not_made(self) -> None:
        short, garbled = oc.OutOfMemory(), oc.Garbled("it is no answer to the question")
        for letter, opened, ran in (
            ((letters.MEMORY,), short, garbled), ((letters.MEMORY, 4), garbled, short),
            ((letters.LOADED, [], {}), garbled, garbled), ([letters.RAN, 4, []], garbled, garbled),
        ):  # fmt: skip
            reply = Delivered(letter, 0.1, "")
            assert opened_result(reply, 1.0, self.PLACES) == oc.NotLoaded(opened)
            assert step_result(reply, 4, 1.0, self.PLACES) == ran
        assert opened_result(Overdue(1.0, ""), 1.0, self.PLACES) == oc.NotLoaded(oc.TimedOut(1.0))

    def test_what_was_raised_stands_in_a_cell(self) -> None:
        letter = (letters.RAISED, 1, "E", "x", 7, "y", 'File "hw.ipynb", line 7')
        result = call_result(Delivered(letter, 0.1, ""), 1, 1.0, self.PLACES)
        assert result == oc.Raised("E", "x", 3, "y", 'File "hw.ipynb", cell 2, line 3', 2)
        assert isinstance(result, oc.Raised)
        assert result.place == "cell 2, line 3"
