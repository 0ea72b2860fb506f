from __future__ import annotations

import linecache
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

from grader.worker import letters
from grader.worker.load import load
from grader.worker.names import Names

NAME = "homework.py"


@pytest.fixture(autouse=True)
def _leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "submission", types.ModuleType("submission"))
    monkeypatch.setattr(linecache, "cache", {})
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


def _load(
    source: str | bytes, complete_until: int = letters.WHOLE_FILE, **helpers: str
) -> tuple[Any, Names, tuple[Any, ...]]:
    content = source.encode() if isinstance(source, str) else source
    files = {f"{name.replace('__', '/')}.py": text.encode() for name, text in helpers.items()}
    return load({**files, NAME: content}, NAME, complete_until)


def test_a_module_is_run_under_the_name_submission() -> None:
    module, _, letter = _load(
        "import sys\nme = sys.modules[__name__]\nx = __file__\nif __name__ == '__main__': 1/0\n"
    )
    assert letter == (letters.LOADED, [], {})
    assert module.me is module
    assert module.x == NAME


def test_our_own_future_is_not_the_students() -> None:
    module, _, _ = _load("def f(x: 1 + 1): pass\n")
    assert module.f.__annotations__ == {"x": 2}


def test_what_is_no_python_is_unreadable_and_defines_nothing() -> None:
    module, names, letter = _load("x = 1\nx = = 2\n")
    assert letter == (letters.UNREADABLE, "invalid syntax", 2, 5, "x = = 2")
    assert names.uses() == {}
    assert not hasattr(module, "x")
    assert _load(b"x = 1\0\n")[2][0] == letters.UNREADABLE


class TestFailure:
    def test_it_is_told_with_the_line_at_module_level_that_led_to_it(self) -> None:
        *_, letter = _load("def f():\n    1 / 0\n\nf()\n")
        kind, line, type_name, _, at, source, _ = letter
        assert (kind, line, type_name) == (letters.FAILED, 4, "ZeroDivisionError")
        assert (at, source) == (2, "1 / 0")

    @pytest.mark.parametrize("ending", ["raise SystemExit", "raise KeyboardInterrupt", "import sys; sys.exit(3)"])
    def test_an_exit_is_a_failure_like_any_other(self, ending: str) -> None:
        assert _load(ending)[2][:2] == (letters.FAILED, 1)

    def test_what_only_the_compiler_refuses_has_no_line_at_module_level(self) -> None:
        assert _load("x = 1\nreturn x\n")[2][:3] == (letters.FAILED, 0, "SyntaxError")

    def test_out_of_memory(self) -> None:
        assert _load("raise MemoryError")[2] == (letters.MEMORY,)

    def test_the_shown_line_is_the_one_an_editor_shows(self) -> None:
        source = "a = 'one\u2028line\x1c'\n\x0c\ndef f():\n    pass\n1 / 0\n"
        assert _load(source)[2][5] == "1 / 0"


class TestDefinitionsOnly:
    def test_each_statement_runs_on_its_own(self) -> None:
        source = "x = 1\ny = undefined\nprint('no')\ndef f(): return x\n"
        module, _, letter = _load(source, 0)
        assert letter == (
            letters.LOADED, [(2, "NameError: name 'undefined' is not defined"), (3, "")], {"f": ["x"]},
        )  # fmt: skip
        assert module.f() == 1
        assert not hasattr(module, "y")

    def test_what_ran_before_the_failure_runs_again(self) -> None:
        module, _, letter = _load("x = sum([1, 2])\nboom()\ny = sum([3])\n", 2)
        assert module.x == 3
        assert letter[1] == [(2, ""), (3, "")]

    def test_no_more_than_a_hundred_statements_are_named(self) -> None:
        assert len(_load("print(1)\n" * 500, 0)[2][1]) == 100

    def test_an_import_from_the_future_holds_for_every_definition(self) -> None:
        source = "from __future__ import annotations, division\ndef f(x: Undefined) -> Array: return x\nboom()\n"
        module, _, letter = _load(source, 3)
        assert letter[1] == [(3, "")]
        assert module.f(3) == 3

    def test_a_future_that_is_none_costs_its_line_only(self) -> None:
        module, _, letter = _load("from __future__ import teleport\ndef f(): return 3\n", 0)
        assert module.f() == 3
        assert [line for line, _ in letter[1]] == [1]

    def test_whole_it_fails_and_is_no_fault_of_the_parser_s(self) -> None:
        source = "'A docstring.'\nfrom __future__ import (\n    division,\n    teleport)\ndef f(): return 3\n"
        *_, letter = _load(source)
        assert (letter[0], letter[2]) == (letters.FAILED, "SyntaxError")
        assert letter[3].startswith("future feature teleport is not defined")

    def test_what_else_is_wrong_is_told_of_its_own_line(self) -> None:
        *_, letter = _load("from __future__ import teleport\nx = = 2\n", 0)
        assert letter == (letters.UNREADABLE, "invalid syntax", 2, 5, "x = = 2")


class TestFiles:
    """A submission of several files."""

    def test_its_entry_can_import_the_others(self) -> None:
        source = "import helper_of_mine\nfrom pack_of_mine.inner import VALUE\nx = helper_of_mine.VALUE + VALUE\n"
        module, _, letter = _load(source, helper_of_mine="VALUE = 1", pack_of_mine__inner="VALUE = 2")
        assert letter[0] == letters.LOADED
        assert module.x == 3

    @pytest.mark.parametrize("complete_until", [letters.WHOLE_FILE, 0])
    def test_a_star_import_of_ones_own_brings_ones_own(self, complete_until: int) -> None:
        helper = "from math import *\ndef double(x): return 2 * x\n"
        module, names, _ = _load("from helper_of_mine import *\n", complete_until, helper_of_mine=helper)
        assert names.owns(module, "double")
        assert names.star_source(module, "cos") == "math"

    def test_a_syntax_error_in_a_helper_is_a_failure_of_the_line_that_imports_it(self) -> None:
        *_, letter = _load("x = 1\nimport helper_of_mine\n", helper_of_mine="y = (1,\n")
        kind, line, type_name, text, at, source, trace = letter
        assert (kind, line, type_name, at, source) == (
            letters.FAILED, 2, "SyntaxError", 2, "import helper_of_mine",
        )  # fmt: skip
        assert "'(' was never closed" in text
        assert 'File "helper_of_mine.py", line 1' in trace

    def test_it_costs_no_other_definition(self) -> None:
        module, _, letter = _load("import helper_of_mine\ndef f(): return 3\n", 0, helper_of_mine="y = (1,\n")
        assert module.f() == 3
        assert [line for line, _ in letter[1]] == [1]

    def test_numpy_is_numpy_whatever_the_files_are_called(self) -> None:
        module, _, letter = _load("import numpy, random\n", numpy="stolen = True", random="stolen = True")
        assert letter[0] == letters.LOADED
        assert not hasattr(module.numpy, "stolen")
        assert not hasattr(module.random, "stolen")

    def test_the_entry_is_no_helper_of_its_own(self) -> None:
        assert _load("import homework\n")[2][:3] == (letters.FAILED, 1, "ModuleNotFoundError")
