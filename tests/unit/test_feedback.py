from __future__ import annotations

import sys
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import numpy as np
import pytest

from grader import outcome as oc
from grader.feedback import (
    followed_message,
    load_messages,
    sentence_of,
    staff_message,
    student_message,
    wrong_callees,
)
from grader.findings import Judged
from grader.judge import NeedsReview, NoAnswer, Question, Right, Terms, Verdict, Wrong
from grader.judge.checks import Equals, Leaves, Variant
from grader.judge.show import call_text
from grader.key import Expectation
from grader.plan import Call, Case, Earlier
from grader.rubric import Visibility
from grader.worker.source import NO_PYTHON

HIDDEN = [word for word in get_args(Visibility) if word != "visible"]
WRONG = Wrong("the values are wrong", "expected [3.5], got [9.25]")

# A cursor moved, a line wiped, a title set, text reversed, hidden or isolated, other ends of a line, a null.
NASTY = "\x1b[2J\x1b]0;t\x07\r\x00\x08\x7f\x9b31m\x85\x0c\x0b"
NASTY += "\u202e\u2066\u2069\u200b\ufeff\u2028\u2029\u00ad\U000e0041"

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def case(visibility: Any = "visible", args: tuple[Any, ...] = (np.array([1.5, 2.0]), 3)) -> Case:
    return Case("1A/relu/1", "case 1", visibility, Fraction(1), essential=False, calls=(Call("relu", args),))


def expectation(hint: str = "", value: Any = None) -> Expectation:
    checks = (Equals((Variant("", np.array([3.5]) if value is None else value),)),)
    return Expectation("1A/relu/1", checks, "return", 1e-6, 1e-9, False, hint)


def staff(
    asked: Case, result: oc.Result, verdict: Verdict, printed: str = "", due: Expectation | None = None
) -> str:
    due = due or expectation()
    question = Question("relu(x, k)", ("x", "k"), asked.calls, due.checks, Terms(1e-6, 1e-9))
    return staff_message(Judged(asked, question, (oc.Outcome(result, 0.1, printed),), verdict), due)


def message(verdict: Verdict, visibility: str = "visible", called: tuple[str, ...] = (), hint: str = "") -> str:
    return student_message(case(visibility), expectation(hint), verdict, called)


def harmless(text: str, *, lines: bool = False) -> bool:
    return all(char.isprintable() or (lines and char == "\n") for char in text)


# To the student.


@pytest.mark.parametrize("verdict", [Right(), NeedsReview("a person")])
@pytest.mark.parametrize("visibility", get_args(Visibility))
def test_what_is_right_needs_no_words(verdict: Verdict, visibility: str) -> None:
    assert message(verdict, visibility, ("other",), "a hint") == ""


def test_a_visible_case_shows_call_reason_and_numbers() -> None:
    assert message(WRONG) == "relu([1.5, 2.0], 3): the values are wrong: expected [3.5], got [9.25]."
    assert message(NoAnswer("`relu` raised", "ValueError: x")) == (
        "relu([1.5, 2.0], 3): `relu` raised: ValueError: x."
    )


@pytest.mark.parametrize("visibility", HIDDEN)
def test_a_case_that_is_not_visible_yet_gives_the_reason_alone(visibility: str) -> None:
    assert message(WRONG, visibility) == "the values are wrong."
    assert message(NoAnswer("`relu` raised", "ValueError: x"), visibility) == "`relu` raised."


@pytest.mark.parametrize("visibility", get_args(Visibility))
def test_a_hint_and_the_functions_to_begin_with_are_always_told(visibility: str) -> None:
    text = message(WRONG, visibility, ("exp", "sigmoid"), "subtract the largest entry")
    assert text.endswith(
        "It calls your `exp`, `sigmoid`, which are wrong too: begin there. Hint: subtract the largest entry."
    )
    assert "It calls your `exp`, which is wrong too: begin there." in message(WRONG, visibility, ("exp",))


def test_a_sentence_ends_once() -> None:
    assert message(WRONG, "hidden", hint="why?").endswith("Hint: why?")
    assert message(WRONG, "hidden", hint="Divide by n.").endswith("Hint: Divide by n.")


def test_a_message_is_no_longer_than_a_page() -> None:
    text = message(NoAnswer("`relu` raised", "x" * 5000), hint="h" * 300)
    sentence, _, hint = text.partition(" Hint: ")
    assert (len(sentence), sentence[-1]) == (601, "…")
    assert hint == "h" * 300 + "."
    assert text.startswith("relu(")


@pytest.mark.parametrize("visibility", get_args(Visibility))
def test_control_characters_do_not_survive(visibility: str) -> None:
    for verdict in (NoAnswer(NASTY, NASTY), Wrong(NASTY, NASTY)):
        text = student_message(case(visibility, (NASTY,)), expectation(NASTY), verdict, (NASTY,))
        assert harmless(text)
        assert "[2J" in text


# To staff.


def told_to_staff(result: oc.Result, verdict: Verdict, printed: str = "", visibility: str = "hidden") -> list[str]:
    return staff(case(visibility), result, verdict, printed).split("\n")


def test_staff_read_all_about_a_wrong_answer() -> None:
    assert told_to_staff(oc.Answered(np.array([9.25])), WRONG, "debug\n") == [
        "relu([1.5, 2.0], 3): the values are wrong: expected [3.5], got [9.25]",
        "call: relu([1.5, 2.0], 3)",
        "expected: [3.5]",
        "got: [9.25]",
        "printed: debug",
    ]


def test_staff_read_the_traceback() -> None:
    raised = oc.Raised("ValueError", "bad", 3, "raise", "Traceback:\n  line 3\nValueError: bad\n")
    lines = told_to_staff(raised, NoAnswer("`relu` raised", "ValueError: bad"))
    assert lines[0] == "relu([1.5, 2.0], 3): `relu` raised: ValueError: bad"
    assert lines[2:] == ["expected: [3.5]", "Traceback:", "  line 3", "ValueError: bad"]


def test_staff_read_nothing_about_a_right_answer_but_what_it_printed() -> None:
    assert told_to_staff(oc.Answered(3.5), Right()) == [""]
    assert told_to_staff(oc.Answered(3.5), Right(), "noise") == ["printed: noise"]


def test_the_verdict_is_the_first_line_whatever_an_exception_says() -> None:
    forged = NoAnswer("`relu` raised", "ValueError: x\nexpected: 0\ngot: 0")
    lines = told_to_staff(oc.Raised("ValueError", "x"), forged)
    assert lines[0].endswith("ValueError: x expected: 0 got: 0")
    assert lines[1].startswith("call: ")
    assert lines[2] == "expected: [3.5]"


def test_control_characters_do_not_reach_staff_either() -> None:
    raised = oc.Raised(NASTY, NASTY, 3, NASTY, NASTY)
    text = staff(case(args=(NASTY,)), raised, NoAnswer(NASTY, NASTY), NASTY)
    assert harmless(text, lines=True)


def test_what_staff_read_is_bounded() -> None:
    text = staff(case(), oc.Answered(1.0), WRONG, "p" * 100_000)
    assert len(text) < 5000
    assert text.endswith("more characters]")


# Sentences and calls.


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a", "a."),
        ("a.", "a."),
        ("a...", "a."),
        ("a?", "a?"),
        ("a!", "a!"),
        ("cut…", "cut…"),
        ("two\nlines", "two lines."),
        ("at 0x7f00deadbeef in f", "at 0x... in f."),
        ("tab\there", "tab    here."),
        ("\x1b[31m", r"\x1b[31m."),
    ],
)
def test_a_sentence_is_one_line(text: str, sentence: str) -> None:
    assert sentence_of(text) == sentence


def test_a_call_reads_as_typed_and_long_arguments_are_cut() -> None:
    assert call_text(Call("f", ())) == "f()"
    assert call_text(Call("convolve", (np.array([1.0]), [2], "same"))) == "convolve([1.0], [2], 'same')"
    assert call_text(Call("f", (np.zeros(100), 1)), limit=10) == "f([0.0, 0.0…, 1)"


# Which functions to begin with.

USES = {
    "loss": ("softmax", "log"),
    "softmax": ("exp", "shift"),
    "exp": ("loss",),
    "alone": (),
    "itself": ("itself",),
}


@pytest.mark.parametrize(
    ("name", "wrong", "found"),
    [
        ("loss", {"softmax"}, ("softmax",)),
        ("loss", {"exp"}, ("exp",)),
        ("loss", {"shift", "exp", "loss"}, ("exp", "shift")),
        ("exp", {"softmax", "exp"}, ("softmax",)),
        ("softmax", {"log"}, ("log",)),
        ("alone", {"loss", "exp"}, ()),
        ("itself", {"itself"}, ()),
        ("unknown", {"loss"}, ()),
        ("loss", set(), ()),
    ],
)
def test_wrong_functions_are_found_through_others(name: str, wrong: set[str], found: tuple[str, ...]) -> None:
    assert wrong_callees(name, USES, wrong) == found


def test_a_long_chain_and_a_dense_graph_take_little_time() -> None:
    names = [f"f{number}" for number in range(300)]
    dense = {name: tuple(names) for name in names}
    assert wrong_callees("f0", dense, {"f299"}) == ("f299",)
    chain = {f"f{number}": (f"f{number + 1}",) for number in range(50_000)}
    assert wrong_callees("f0", chain, {"f50000"}) == ("f50000",)


# How the file was loaded.


def test_nothing_is_said_about_a_file_that_loads() -> None:
    assert load_messages(oc.Loaded()) == []
    assert load_messages(oc.Loaded(uses={"f": ("g",)})) == []


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (oc.Raised("NameError", "name 'x'", 12, "y = x"), "line 12, `y = x`, raises NameError: name 'x'"),
        (oc.Raised("NameError", "", 12, "y = x"), "line 12, `y = x`, raises NameError"),
        (oc.Raised("ImportError", "no module"), "it raises ImportError: no module"),
        (oc.Raised("EOFError", "EOF", 3, "input()"), "line 3, `input()`, asks for input, and nobody is there"),
        (oc.Raised("SystemExit", "0", 4, "exit()"), "line 4, `exit()`, ends the program"),
        (oc.TimedOut(20.0), "it did not end within 20 s"),
        (oc.OutOfMemory(), "it ran out of memory"),
        (oc.Crashed("it ended with exit status 0"), "it ended with exit status 0"),
        (oc.Garbled("LEAK"), "it disturbed the grading"),
    ],
)
def test_every_failure_of_the_top_level(failure: Any, words: str) -> None:
    (incomplete,) = load_messages(oc.Loaded(failure))
    assert incomplete.startswith(f"The top level of your file does not run to its end: {words}")
    assert "Your definitions were loaded without the rest" in incomplete
    (not_loaded,) = load_messages(oc.NotLoaded(failure))
    assert not_loaded.startswith(f"Your file could not be loaded: {words}")
    assert not_loaded.endswith(". Nothing in it could be called.")
    assert "LEAK" not in incomplete + not_loaded


def test_a_library_that_is_missing_is_no_test_code() -> None:
    failure = oc.Raised("ModuleNotFoundError", "No module named 'torch'", 1, "import torch", "")
    (text,) = load_messages(oc.Loaded(failure))
    assert text.endswith(
        "; hand in your own modules with it, and do without libraries that are not installed here."
    )


@pytest.mark.parametrize(
    ("kind", "text", "advice"),
    [
        ("SyntaxError", "from __future__ imports must occur at the beginning of the file", "mend that line"),
        ("NameError", "name 'np' is not defined", "write `import numpy as np` at the top of it"),
        ("NameError", "name 'x' is not defined", 'put test code under `if __name__ == "__main__":`'),
    ],
)
def test_the_advice_is_for_what_was_raised(kind: str, text: str, advice: str) -> None:
    (incomplete,) = load_messages(oc.Loaded(oc.Raised(kind, text)))
    assert incomplete.endswith(f"; {advice}.")


def test_a_module_that_python_has_too_is_to_be_renamed() -> None:
    text = "cannot import name 'f' from 'code'"
    failure = oc.Raised("ImportError", text, 1, "from code import f")
    told, incomplete = load_messages(oc.Loaded(failure, (oc.Skipped(1, f"ImportError: {text}"),)), ("code.py",))
    assert told.startswith("Your module `code.py` has the name of a module of Python's own, which is found first:")
    assert "__main__" not in incomplete
    assert "`numpy/` has the name of a module of numpy's own" in load_messages(oc.Loaded(), ("numpy/",))[0]
    assert "check that name" in load_messages(oc.Loaded(failure))[0]
    assert len(load_messages(oc.NotLoaded(failure), ("code.py",))) == 2


def test_statements_that_were_left_out_are_listed() -> None:
    skipped = (oc.Skipped(3), oc.Skipped(5, "NameError: x"), oc.Skipped(9))
    messages = load_messages(oc.Loaded(oc.OutOfMemory(), skipped))
    assert messages[1:] == ["Left out: lines 3, 9.", "Line 5 raised NameError: x."]
    assert load_messages(oc.Loaded(oc.OutOfMemory(), skipped[:1]))[1:] == ["Left out: line 3."]
    assert load_messages(oc.Loaded(oc.OutOfMemory(), skipped[1:2]))[1:] == ["Line 5 raised NameError: x."]


def test_the_list_of_statements_is_bounded() -> None:
    skipped = tuple(oc.Skipped(line, "E" * (line % 2)) for line in range(1, 2001))
    messages = load_messages(oc.Loaded(oc.OutOfMemory(), skipped))
    assert len(messages) == 12
    assert sum(map(len, messages)) < 1000


def test_a_file_that_is_no_python_is_shown_with_its_line() -> None:
    (text,) = load_messages(oc.Unreadable("invalid syntax", 3, 5, "y = = 1"))
    what = f"Your file is not readable as Python {VERSION}, line 3"
    assert text == f"{what}: invalid syntax.\n    y = = 1\n        ^"
    (text,) = load_messages(oc.Unreadable("it has null bytes"))
    assert text == "Your submission cannot be read: it has null bytes."


@pytest.mark.parametrize("column", [0, 9, 100, 2**30])
def test_a_column_outside_of_the_line_has_no_pointer(column: int) -> None:
    (text,) = load_messages(oc.Unreadable("invalid syntax", 3, column, "y = = 1"))
    assert text.endswith("\n    y = = 1")


def test_an_unknown_way_of_loading_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError):
        load_messages("loaded")  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        load_messages(oc.NotLoaded("failure"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "loading",
    [
        oc.Unreadable(NASTY, 3, 4, NASTY),
        oc.Unreadable(NASTY),
        oc.NotLoaded(oc.Raised(NASTY, NASTY, 3, NASTY, NASTY)),
        oc.NotLoaded(oc.Raised("EOFError", NASTY, 3, NASTY, NASTY)),
        oc.NotLoaded(oc.Raised("SystemExit", NASTY, 3, NASTY, NASTY)),
        oc.NotLoaded(oc.Crashed(NASTY)),
        oc.Loaded(oc.Raised(NASTY, NASTY, 3, NASTY, NASTY), (oc.Skipped(3, NASTY), oc.Skipped(4))),
        oc.Loaded(oc.Crashed(NASTY)),
    ],
    ids=str,
)
def test_control_characters_do_not_survive_a_load(loading: oc.LoadResult) -> None:
    for text in load_messages(loading):
        assert harmless(text, lines=isinstance(loading, oc.Unreadable))
        assert len(text) < 5000


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("your answer is a generator; return a list", "your answer is not what is due"),
        ("your answer has an item that is a Fraction; convert it", "your answer is not what is due"),
        ("your answer is complex, where real numbers are due", "your answer is not what is due"),
        ("your answer holds NaN", "your answer holds NaN or infinity."),
        ("your answer holds infinity", "your answer holds NaN or infinity."),
        ("the values are wrong", "the values are wrong."),
    ],
)
def test_a_hidden_case_has_few_sentences_to_choose_from(reason: str, shown: str) -> None:
    assert message(Wrong(reason), "hidden").startswith(shown)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        (
            "value 2 of 3: your answer is a generator; return a list",
            "value 2 of 3: your answer is not what is due",
        ),
        (
            "value 1 of 2: your answer is None, where numbers are due",
            "value 1 of 2: your answer is not what is due",
        ),
        ("value 1 of 2: your answer holds NaN", "value 1 of 2: your answer holds NaN or infinity."),
        ("`x` after the call: holds NaN", "`x` after the call: holds NaN."),
    ],
)
def test_nor_has_one_with_several_values(reason: str, shown: str) -> None:
    assert message(Wrong(reason), "hidden").startswith(shown)


# Several calls, several right answers.


def test_staff_read_about_every_call_of_a_property() -> None:
    calls = (Call("relu", (1.5, 3)), Call("undo", (Earlier(0), 3)))
    asked = Case("1A/relu/1", "case 1", "hidden", Fraction(1), essential=False, calls=calls)
    question = Question("relu(x, k)", ("x", "k"), calls, (), Terms(1e-6, 1e-9))
    outcomes = (oc.Outcome(oc.Answered(4.5), printed="one"), oc.Outcome(oc.Answered(9.25), printed="two"))
    due = replace(expectation(), checks=())
    assert staff_message(Judged(asked, question, outcomes, WRONG), due).split("\n") == [
        "relu(1.5, 3): the values are wrong: expected [3.5], got [9.25]",
        "call: relu(1.5, 3)",
        "got: 4.5",
        "call: undo(the answer, 3)",
        "got: 9.25",
        "printed: one",
    ]


def test_of_many_calls_staff_read_about_a_few() -> None:
    calls = tuple(Call("relu", (float(number), 3)) for number in range(20))
    asked = Case("1A/relu/1", "case 1", "hidden", Fraction(1), essential=False, calls=calls)
    question = Question("relu(x, k)", ("x", "k"), calls, (), Terms(1e-6, 1e-9))
    outcomes = (oc.Outcome(oc.Answered(4.5)),) * 20
    lines = staff_message(Judged(asked, question, outcomes, WRONG), expectation()).split("\n")
    assert sum(line.startswith("call: ") for line in lines) == 6
    assert lines[2] == "expected: [3.5]"
    assert lines[-1] == "and 14 more calls"


def test_staff_read_every_right_answer_by_its_name() -> None:
    due = replace(expectation(), checks=(Equals((Variant("sum", 6.0), Variant("mean", 2.0))), Leaves(("x",))))
    lines = staff(case(), oc.Answered(3.0), WRONG, due=due).split("\n")
    assert lines[2:4] == ["expected: sum: 6.0", "expected: mean: 2.0"]


def test_a_helper_in_a_student_s_place_is_said_to_have_been() -> None:
    text = followed_message(["softmax", "relu"], Decimal("2.40"))
    assert (
        text
        == "This part was also run with a right `softmax` and `relu` in place of yours: that earns it 2.4 points."
    )


class TestCells:
    def test_what_a_notebook_s_cells_left_out(self) -> None:
        skipped = (
            oc.Skipped(2, "NameError: x", 1), oc.Skipped(4, "", 1), oc.Skipped(5, "", 1), oc.Skipped(1, "", 3),
            oc.Skipped(2, f"{NO_PYTHON}invalid syntax", 4), oc.Skipped(1, "EOFError: EOF", 5),
            oc.Skipped(3, "SystemExit: 3", 5),
        )  # fmt: skip
        first, *rest = load_messages(oc.Loaded(None, skipped))
        assert first.startswith("Not every cell of your notebook runs to its end.")
        assert rest == [
            "Left out: cell 1, lines 4, 5; cell 3, line 1.",
            "Cell 1, line 2 raised NameError: x.",
            "Cell 4, line 2: this is not Python, and the whole cell was left out: invalid syntax.",
            "Cell 5, line 1 asks for input, and nobody is there to answer.",
            "Cell 5, line 3 ends the program.",
        ]

    def test_what_cost_the_worker(self) -> None:
        skipped = (
            oc.Skipped(2, "", 1, oc.TimedOut(5.0)), oc.Skipped(1, "", 2, oc.Crashed("it ended")),
            oc.Skipped(1, "", 3, oc.NotAsked("too much")), oc.Skipped(4, "", 3),
        )  # fmt: skip
        assert load_messages(oc.Loaded(None, skipped))[1:] == [
            "Cell 1, line 2 was left out: your notebook did not get past it within 5 s.",
            "Cell 2, line 1 was left out: it ended.",
            "From cell 3, line 1 on only your definitions were loaded: too much.",
            "Left out: cell 3, line 4.",
        ]

    def test_a_file_that_claims_to_be_no_python_has_raised_something(self) -> None:
        failure = oc.Raised("E", "", 1)
        messages = load_messages(oc.Loaded(failure, (oc.Skipped(2, f"{NO_PYTHON}x"),)))
        assert messages[-1] == "Line 2 raised not Python: x."

    def test_nothing_left_out_is_not_worth_a_word(self) -> None:
        assert load_messages(oc.Loaded(None, ())) == []
