from __future__ import annotations

import pytest

from grader import outcome as oc
from grader.judge.silence import silence
from grader.judge.verdict import NoAnswer, Wrong


def no_answer(result: oc.Result) -> NoAnswer:
    verdict = silence("relu", "relu(x)", result)
    assert isinstance(verdict, NoAnswer)
    return verdict


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (oc.Missing(), "`relu` is not defined in your file"),
        (oc.Missing((), "LEAK"), "`relu` is not yours, it came with a star import"),
        (oc.NotCallable("LEAK"), "`relu` is not a function; write `def relu(x):`"),
        (oc.WrongSignature("relu(LEAK)"), "`relu` does not take the arguments of `relu(x)`"),
        (oc.Raised("LEAK", "LEAK", 3, "LEAK", "LEAK"), "`relu` raised an exception"),
        (oc.NotAsked("the time was over"), "`relu` was not called: the time was over"),
        (oc.TimedOut(2.0), "`relu` did not return within 2 s; look for a loop"),
        (oc.OutOfMemory(), "`relu` ran out of memory"),
        (oc.Crashed("LEAK"), "`relu` ended the whole Python process"),
        (oc.Garbled("LEAK"), "`relu` disturbed the grading"),
    ],
)
def test_every_silence_has_a_sentence_without_the_boxs_words(result: oc.Result, words: str) -> None:
    verdict = no_answer(result)
    assert verdict.reason.startswith(words)
    assert "LEAK" not in verdict.reason


def test_an_array_in_a_cache_is_told_apart_from_other_mistakes_of_type() -> None:
    advice = "; no array can be in a set, or a key of a dict or @lru_cache"
    assert no_answer(oc.Raised("TypeError", "unhashable type: 'numpy.ndarray'")).detail.endswith(advice)
    assert not no_answer(oc.Raised("TypeError", "unhashable type: 'list'")).detail.endswith(advice)


def test_an_answer_that_does_not_fit_is_wrong() -> None:
    verdict = silence("relu", "relu(x)", oc.Unsendable("LEAK"))
    assert verdict == Wrong("the answer of `relu` is too large or nested too deeply", "LEAK")


@pytest.mark.parametrize(
    ("result", "detail"),
    [
        (oc.NotCallable("int"), "its type is int"),
        (oc.WrongSignature("relu(x, y)"), "yours is `relu(x, y)`"),
        (oc.Crashed("it ended with exit status 0"), "it ended with exit status 0"),
        (oc.Garbled("2 letters"), "2 letters"),
        (oc.Raised("ValueError", ""), "ValueError"),
        (oc.Raised("ValueError", "bad x"), "ValueError: bad x"),
        (oc.Raised("ValueError", "bad x", 12), "ValueError: bad x in line 12"),
        (oc.Raised("ValueError", "bad x", 12, "raise v"), "ValueError: bad x in line 12: `raise v`"),
        (oc.Raised("ValueError", "Use a.all().", 12), "ValueError: Use a.all() in line 12"),
        (oc.Raised("ValueError", "and so on...", 12), "ValueError: and so on... in line 12"),
        (
            oc.Raised("NameError", "name 'np' is not defined", 2),
            "NameError: name 'np' is not defined in line 2; write `import numpy as np` at the top of the file",
        ),
        (oc.Raised("NotImplementedError", ""), "NotImplementedError; it is not written yet"),
        (oc.Raised("RecursionError", "deep"), "RecursionError: deep; it calls itself without end"),
        (oc.Raised("SystemExit", "0"), "SystemExit: 0; it calls exit(); return the answer instead"),
        (
            oc.Raised("EOFError", ""),
            "EOFError; nobody is there to answer input(); take the value from the arguments",
        ),
        (oc.Missing(("Relu", "other")), "you have `Relu`: is that it? Names must match exactly"),
        (oc.Missing(("other", "my_relu", "relu_")), "you have `relu_`: is that it? Names must match exactly"),
        (oc.Missing(("RELU", "relv")), "you have `RELU`: is that it? Names must match exactly"),
        (oc.Missing(("other",)), ""),
        (oc.Missing(("Relu",), "numpy"), "it is the one of `from numpy import *`"),
    ],
)
def test_what_the_box_said_stands_in_the_detail(result: oc.Result, detail: str) -> None:
    assert no_answer(result).detail == detail


def test_an_outcome_of_no_known_kind_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError):
        silence("relu", "relu(x)", "no outcome")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raised", "advice"),
    [
        (oc.Raised("RuntimeError", "can't start new thread"), "threads cannot be started while it is graded"),
        (oc.Raised("FileNotFoundError", "No usable temporary directory"), "no file can be written"),
        (oc.Raised("FileNotFoundError", "data.csv"), "only the files that were handed in are there"),
        (oc.Raised("PermissionError", "denied"), "it cannot write files, start programs or use the network"),
        (oc.Raised("RuntimeError", "other"), "RuntimeError: other"),
    ],
)
def test_what_the_box_forbids_is_explained(raised: oc.Raised, advice: str) -> None:
    assert advice in no_answer(raised).detail
