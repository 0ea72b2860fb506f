from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.worker import letters
from grader.worker.exceptions import describe, raised

FILE = "homework.py"


def _caught(source: str, monkeypatch: pytest.MonkeyPatch) -> BaseException:
    monkeypatch.setitem(linecache.cache, FILE, (len(source), None, source.splitlines(keepends=True), FILE))
    try:
        exec(compile(source, FILE, "exec"), {})
    except BaseException as error:  # noqa: BLE001
        return error
    raise AssertionError


def test_an_exception_is_told_with_the_last_line_of_the_students_own(monkeypatch: pytest.MonkeyPatch) -> None:
    error = _caught("import json\n\ndef f(x):\n    return json.loads(x)\n\nf('{')\n", monkeypatch)
    kind, text, line, source, trace = describe(error, FILE)
    assert (kind, line, source) == ("JSONDecodeError", 4, "return json.loads(x)")
    assert text.startswith("Expecting")
    assert trace.startswith("Traceback")
    assert "worker" not in trace.partition("json")[0]


def test_an_exception_from_elsewhere_has_no_line() -> None:
    assert describe(ValueError("x"), FILE)[:4] == ("ValueError", "x", 0, "")


def test_everything_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "def f(n):\n    f(n + 1)\ntry:\n    f(0)\nexcept RecursionError:\n    raise ValueError('y' * 10**6)\n"
    kind, text, _, line, trace = describe(_caught(source, monkeypatch), FILE)
    assert (kind, len(text)) == ("ValueError", 1000)
    assert len(line) <= 200
    assert len(trace) <= 8000
    long = type("E" * 1000, (Exception,), {})
    assert len(describe(long(), FILE)[0]) == 100


@pytest.mark.parametrize("code", ["raise SystemExit", "raise KeyboardInterrupt", "return 3"])
def test_an_exception_that_cannot_be_told_says_so(code: str) -> None:
    names: dict[str, type[Exception]] = {}
    exec(f"class Bad(Exception):\n    def __str__(self):\n        {code}", names)
    kind, text, *_ = describe(names["Bad"](), FILE)
    assert kind == "Bad"
    assert text.startswith("(cannot be told: ")


def test_out_of_memory_is_a_letter_of_its_own() -> None:
    class MineError(MemoryError):
        pass

    assert raised(MemoryError(), FILE, 3) == (letters.MEMORY, 3)
    assert raised(MineError(), FILE) == (letters.MEMORY,)


@pytest.mark.parametrize("make", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_any_other_is_told(make: Callable[[int], BaseException]) -> None:
    letter = raised(make(2), FILE, 7)
    assert letter[:4] == (letters.RAISED, 7, make(2).__class__.__name__, "2")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("from json import nothing_of_mine", "cannot import name 'nothing_of_mine' from 'json'"),
        ("from numpy import nothing_of_mine", "cannot import name 'nothing_of_mine' from 'numpy'"),
        ("import json, os\nopen(os.path.dirname(json.__file__) + '/x/y')", "'<Python>/json/x/y'"),
        ("import os\nopen(os.path.abspath('x/y'))", "'x/y'"),
        ("raise ValueError('x must be a ratio (/ by 2)')", "x must be a ratio (/ by 2)"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths of another kind")
def test_paths_of_the_machine_are_left_out(
    source: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(describe(_caught(source, monkeypatch), FILE)[1]).endswith(told)
