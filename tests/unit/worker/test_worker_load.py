from __future__ import annotations

import ast
import codecs
import linecache
import sys
import types
from typing import Any

import pytest

from grader.worker import letters
from grader.worker.load import Names, load

NAME = "homework.py"


@pytest.fixture(autouse=True)
def _leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "submission", types.ModuleType("submission"))
    monkeypatch.setattr(linecache, "cache", {})


def _load(source: str | bytes, complete_until: int = letters.WHOLE_FILE) -> tuple[Any, Names, tuple[Any, ...]]:
    content = source.encode() if isinstance(source, str) else source
    return load(content, NAME, complete_until)


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


class TestUnreadable:
    def test_a_syntax_error_comes_with_line_column_and_text(self) -> None:
        *_, letter = _load("x = 1\nx = = 2\n")
        assert letter == (letters.UNREADABLE, "invalid syntax", 2, 5, "x = = 2")

    @pytest.mark.parametrize(
        ("source", "problem"),
        [
            (b"x = 1\0\n", "zero bytes"),
            ("x = 1".encode("utf-16"), "zero bytes"),
            (b"# coding: utf-7\n+AHgAPQAx-\n", "declared as utf-7"),
            (b"# coding: klingon\nx = 1\n", "unknown encoding"),
            (b"# coding: rot13\nk = 1\n", "rot13"),
            (b"x = 1\ny = 2\nz = '\xfc'\n", "line 3 holds bytes that are not utf-8"),
            (b"# M\xfcller\nx = 1\n", "line 1 holds bytes that are not utf-8"),
            (b"# coding: ascii\n\nx = '\xfc'\n", "line 3 holds bytes that are not ascii"),
        ],
    )
    def test_bytes_that_are_no_text_are_told_in_a_sentence(self, source: bytes, problem: str) -> None:
        *_, letter = _load(source)
        assert letter[0] == letters.UNREADABLE
        assert problem in letter[1]

    def test_nesting_beyond_the_parser(self) -> None:
        *_, letter = _load("x = " + "(" * 50_000 + ")" * 50_000)
        assert letter[0] == letters.UNREADABLE

    @pytest.mark.parametrize("error", [MemoryError, RecursionError])
    def test_a_parser_that_gives_up(self, error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
        def give_up(*_: object) -> None:
            raise error

        monkeypatch.setattr(ast, "parse", give_up)
        letter = _load("x = 1")[2]
        assert letter == (letters.UNREADABLE, "its expressions are nested too deeply", 0, 0, "")

    def test_an_integer_too_long_for_python_is_a_syntax_error(self) -> None:
        assert _load("x = " + "9" * 5000)[2][0] == letters.UNREADABLE


@pytest.mark.parametrize(
    "source",
    [
        codecs.BOM_UTF8 + "x = 'ü'\r\n".encode(),
        "# -*- coding: latin-1 -*-\nx = 'ü'\n".encode("latin-1"),
        "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = 'ü'\n".encode("cp1252"),
        "x = 'ü'\r".encode(),
    ],
    ids=["bom", "latin-1", "cp1252", "carriage return"],
)
def test_encodings_that_students_have(source: bytes) -> None:
    module, _, letter = _load(source)
    assert letter[0] == letters.LOADED
    assert module.x == "ü"


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


class TestNames:
    SOURCE = (
        "from math import *\nfrom json import dumps\nimport os.path as p, sys\n"
        "a = b, *c = [1, 2]\nfor i in a: j = i\nwith open(p.devnull) as k: pass\n"
        "class D: inner = 1\n"
        "def f(x): return g(x) + a[0] + x\n"
        "def g(x): global late; late = 3; return sqrt(x)\n"
        "async def h(): local = 2\n"
        "sin = sin\n"
    )

    def test_what_the_module_binds_is_the_students(self) -> None:
        module, names, _ = _load(self.SOURCE)
        for name in ("dumps", "p", "sys", "a", "b", "c", "i", "j", "k", "D", "f", "g", "h", "sin"):
            assert names.owns(module, name), name
        for name in ("inner", "local", "x", "nowhere"):
            assert not names.owns(module, name), name

    def test_what_a_function_sets_is_too(self) -> None:
        module, names, _ = _load(self.SOURCE)
        module.g(4)
        assert names.owns(module, "late")

    def test_what_a_star_import_alone_binds_is_not(self) -> None:
        module, names, _ = _load(self.SOURCE)
        assert not names.owns(module, "cos")
        assert names.star_source(module, "cos") == "math"
        assert not names.star_source(module, "f")

    def test_a_function_uses_the_modules_own_names(self) -> None:
        *_, letter = _load(self.SOURCE)
        assert letter[2] == {"D": [], "f": ["a", "g"], "g": [], "h": []}

    def test_without_a_module_there_is_nothing(self) -> None:
        assert Names().uses() == {}
        assert Names(ast.parse("")).star_source(types.ModuleType("x"), "y") == ""
