from __future__ import annotations

import ast
import linecache
import sys
import types
from typing import Any

import pytest

from grader.wire import Value
from grader.worker import letters
from grader.worker.calls import call, lend, read
from grader.worker.load import load
from grader.worker.names import Names

SOURCE = '''
import math
from math import *
import numpy as np

note = """Because."""
_private = 1
table = [1, 2]

def double(x):
    return 2 * x

def grow(x, y):
    x.append(y)
    return len(x)

def nothing():
    pass

def fails(x):
    return x + None

def wrong_inside(x):
    return double(x, x)

def leave():
    raise SystemExit(3)

def interrupt():
    raise KeyboardInterrupt

def hungry():
    raise MemoryError

async def later(x):
    return x

class Thing:
    def __init__(self, x, y): ...

class Strange:
    __signature__ = "none"
    def __call__(self): ...

class Worse:
    @property
    def __signature__(self):
        raise LookupError
    def __call__(self): ...

strange, worse = Strange(), Worse()
length = len
'''


@pytest.fixture(autouse=True)
def _leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "submission", types.ModuleType("submission"))
    monkeypatch.setattr(linecache, "cache", {})
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])


@pytest.fixture
def submission(_leave_no_trace: None) -> tuple[Any, Names]:
    return load({"homework.py": SOURCE.encode()}, "homework.py", letters.WHOLE_FILE)[:2]


def _call(submission: tuple[Any, Names], function: str, *args: Value, observe: tuple[int, ...] = ()) -> Any:
    return call(*submission, 5, function, list(args), list(observe))


def _define(submission: tuple[Any, Names], source: str) -> None:
    """Let the module have definitions that the imports from `__future__` in this file do not reach."""
    exec(compile(source, "homework.py", "exec", dont_inherit=True), vars(submission[0]))


def test_a_value_comes_back_with_the_calls_number(submission: tuple[Any, Names]) -> None:
    assert _call(submission, "double", 21) == (letters.RETURNED, 5, 42, [])
    assert _call(submission, "nothing") == (letters.RETURNED, 5, None, [])


def test_arguments_are_shown_as_they_are_afterwards(submission: tuple[Any, Names]) -> None:
    assert _call(submission, "grow", [1], 2, observe=(0,)) == (letters.RETURNED, 5, 2, [[1, 2]])


def test_an_exception_is_told(submission: tuple[Any, Names]) -> None:
    kind, number, type_name, _, _, source, _ = _call(submission, "fails", 1)
    assert (kind, number, type_name, source) == (letters.RAISED, 5, "TypeError", "return x + None")


@pytest.mark.parametrize(("function", "type_name"), [("leave", "SystemExit"), ("interrupt", "KeyboardInterrupt")])
def test_an_exit_ends_the_call_only(submission: tuple[Any, Names], function: str, type_name: str) -> None:
    assert _call(submission, function)[:3] == (letters.RAISED, 5, type_name)


def test_out_of_memory(submission: tuple[Any, Names]) -> None:
    assert _call(submission, "hungry") == (letters.MEMORY, 5)


class TestSignature:
    def test_a_call_that_does_not_fit_names_the_one_that_is_there(self, submission: tuple[Any, Names]) -> None:
        assert _call(submission, "double", 1, 2) == (letters.SIGNATURE, 5, "double(x)")
        assert _call(submission, "Thing") == (letters.SIGNATURE, 5, "Thing(x, y)")

    def test_one_that_does_not_fit_inside_is_an_exception(self, submission: tuple[Any, Names]) -> None:
        assert _call(submission, "wrong_inside", 1)[0] == letters.RAISED

    def test_of_what_has_none_nothing_is_claimed(self, submission: tuple[Any, Names]) -> None:
        assert _call(submission, "strange", 1)[0] == letters.RAISED
        assert _call(submission, "worse", 1)[:3] == (letters.RAISED, 5, "TypeError")

    def test_one_that_fits_and_is_refused_in_c_is_an_exception(self, submission: tuple[Any, Names]) -> None:
        assert _call(submission, "length", 3)[:3] == (letters.RAISED, 5, "TypeError")

    def test_it_is_told_with_its_annotations(self, submission: tuple[Any, Names]) -> None:
        _define(submission, "def typed(x: int, y: float = 1.5) -> int: ...")
        assert _call(submission, "typed")[2] == "typed(x: int, y: float = 1.5) -> int"

    @pytest.mark.skipif(sys.version_info < (3, 14), reason="the definition itself would fail")
    def test_annotations_that_nobody_can_evaluate(self, submission: tuple[Any, Names]) -> None:
        _define(submission, "def typed(x: Missing) -> Missing[int]: ...\ndef hopeless(x: 1 / 0): ...")
        assert _call(submission, "typed")[2] == "typed(x: Missing) -> Missing[int]"
        assert _call(submission, "hopeless")[:3] == (letters.RAISED, 5, "TypeError")

    def test_a_signature_has_a_bound(self, submission: tuple[Any, Names]) -> None:
        exec("def many(" + ", ".join(f"parameter_{i}" for i in range(200)) + "): ...", vars(submission[0]))
        assert len(_call(submission, "many")[2]) == len("many") + 200


def test_a_coroutine_is_no_answer_and_no_complaint(submission: tuple[Any, Names]) -> None:
    kind, _, value, _ = _call(submission, "later", 1)
    assert kind == letters.RETURNED
    assert type(value).__name__ == "coroutine"


def test_what_is_no_function(submission: tuple[Any, Names]) -> None:
    assert _call(submission, "table") == (letters.NOT_CALLABLE, 5, "list")


class TestMissing:
    def test_the_letter_names_what_is_defined(self, submission: tuple[Any, Names]) -> None:
        kind, number, defined, star = _call(submission, "softmax")
        assert (kind, number, star) == (letters.MISSING, 5, "")
        assert {"double", "math", "note"} <= set(defined)
        assert not {"_private", "cos", "__name__"} & set(defined)

    def test_a_star_import_defines_nothing(self, submission: tuple[Any, Names]) -> None:
        assert _call(submission, "cos", 1.0)[3] == "math"

    def test_the_list_has_a_bound(self, submission: tuple[Any, Names]) -> None:
        vars(submission[0]).update({f"name_{i}": i for i in range(1000)})
        assert len(_call(submission, "softmax")[2]) == 500


class TestRead:
    def test_a_variable_comes_as_it_is(self, submission: tuple[Any, Names]) -> None:
        assert read(*submission, 9, "note") == (letters.RETURNED, 9, "Because.", [])

    def test_one_that_is_not_there_is_missing(self, submission: tuple[Any, Names]) -> None:
        assert read(*submission, 9, "essay")[:2] == (letters.MISSING, 9)
        assert read(*submission, 9, "pi")[3] == "math"


def test_nothing_is_defined_before_a_module_is_loaded() -> None:
    module = types.ModuleType("submission")
    assert call(module, Names(ast.parse("")), 1, "f", [], [])[:2] == (letters.MISSING, 1)


class TestLending:
    SOURCE = "def helper(x): return -1\ndef other(x): return x\ndef f(x): return helper(x) + other(x)\n"
    RIGHT = "def helper(x):\n    return 10 * np.sum(x)"

    def _module(self) -> tuple[types.ModuleType, Names]:
        module, names, _ = load({"homework.py": self.SOURCE.encode()}, "homework.py", letters.WHOLE_FILE)
        return module, names

    def test_a_helper_takes_the_place_of_the_student_s(self) -> None:
        module, names = self._module()
        assert call(module, names, 1, "f", [2], [])[2] == 1
        assert lend(module, {"helper": self.RIGHT}) == (letters.LENT,)
        assert call(module, names, 2, "f", [2], [])[2] == 22
        assert call(module, names, 3, "other", [2], [])[2] == 2

    def test_one_that_the_student_has_not_written_is_there_all_the_same(self) -> None:
        module, names, _ = load(
            {"homework.py": b"def f(x): return helper(x)\n"}, "homework.py", letters.WHOLE_FILE
        )
        assert call(module, names, 1, "f", [2], [])[0] == letters.RAISED
        lend(module, {"helper": self.RIGHT})
        assert call(module, names, 2, "f", [2], [])[2] == 20

    def test_helpers_find_each_other_and_nothing_of_the_student_s(self) -> None:
        module, names = self._module()
        lend(
            module,
            {"helper": "def helper(x):\n    return twice(x) + len(dir())", "twice": "def twice(x): return 2 * x"},
        )
        assert call(module, names, 1, "f", [2], [])[2] == 4 + 1 + 2
        lend(module, {"helper": "def helper(x):\n    return other(x)"})
        assert call(module, names, 2, "f", [2], [])[0] == letters.RAISED

    def test_the_student_cannot_reach_what_it_is_made_with(self) -> None:
        module, names = self._module()
        vars(module)["np"] = None
        lend(module, {"helper": self.RIGHT})
        assert vars(module)["np"] is None
        assert call(module, names, 1, "f", [2], [])[2] == 22
