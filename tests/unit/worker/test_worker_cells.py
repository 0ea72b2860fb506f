from __future__ import annotations

import builtins
import linecache
import sys
import types
from typing import Any

import pytest

from grader.worker import letters
from grader.worker.load import open_notebook

NAME = "homework.ipynb"


@pytest.fixture(autouse=True)
def _leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "submission", types.ModuleType("submission"))
    monkeypatch.setattr(linecache, "cache", {})
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    for name in ("display", "get_ipython"):
        monkeypatch.setattr(builtins, name, None, raising=False)


def _load(*cells: str, whole: bool = True, together: bool = False, **helpers: str) -> tuple[Any, list[Any], Any]:
    """Open a notebook and run its cells, statement by statement or each in one go."""
    first, lines = [], 1
    for cell in cells:
        first.append(lines)
        lines += cell.count("\n") + 1
    files = {f"{name}.py": text.encode() for name, text in helpers.items()}
    files[NAME] = "".join(f"{cell}\n" for cell in cells).encode()
    module, names, opened, (kind, unread, uses, statements) = open_notebook(files, NAME, first)
    assert (kind, uses, len(statements)) == (letters.OPENED, names.uses(), len(cells))
    skipped = [*unread]
    for number, at in enumerate(statements):
        for start in range(1 if together else len(at)):
            letter = opened.run(module, 7, number, start, len(at) if together else start + 1, whole)
            assert letter[:2] == (letters.RAN, 7)
            skipped += letter[2]
    return module, sorted(skipped), names


def test_cells_run_one_after_another_in_one_module() -> None:
    module, skipped, names = _load("x = 1\n", "y = x + 1\ndef f():\n    return y", "z = f()")
    assert (module.x, module.y, module.z, skipped) == (1, 2, 2, [])
    assert names.uses() == {"f": ["y"]}


@pytest.mark.parametrize("together", [False, True])
def test_a_cell_that_fails_costs_its_rest_but_no_definition_and_no_other_cell(together: bool) -> None:
    cell = "a = 1\nb = missing\nc = 3\nprint(c)\ndef f():\n    return c\nimport math"
    module, skipped, _ = _load(cell, "d = a + 1\nprint(end='')", together=together)
    assert (module.a, module.c, module.d, module.f()) == (1, 3, 2, 3)
    assert not hasattr(module, "b")
    assert skipped == [(2, "NameError: name 'missing' is not defined"), (4, "")]


def test_the_line_is_the_one_within_the_statement_that_led_to_it() -> None:
    _, skipped, _ = _load("def f():\n    return 1 / 0", "for x in range(3):\n    y = x\n    f()")
    assert skipped == [(5, "ZeroDivisionError: division by zero")]


def test_a_cell_that_is_no_python_costs_itself() -> None:
    module, skipped, _ = _load("x = 1", "def f(:\n    pass", "'''never closed\ny = 2", "z = 3", "q = '\0'")
    assert (module.x, module.z) == (1, 3)
    assert [line for line, _ in skipped] == [2, 4, 7]
    assert all(text.startswith("not Python: ") for _, text in skipped)


def test_a_text_that_is_not_closed_swallows_no_other_cell() -> None:
    module, skipped, _ = _load("x = (1,", "y = 2", 's = """', 't = """')
    assert module.y == 2
    assert [line for line, _ in skipped] == [1, 3, 4]


@pytest.mark.parametrize("ending", ["raise SystemExit", "exit()", "raise KeyboardInterrupt", "raise MemoryError"])
def test_whatever_ends_a_cell_ends_that_cell(ending: str) -> None:
    module, skipped, _ = _load(ending, "x = 1")
    assert module.x == 1
    assert [line for line, _ in skipped] == [1]


def test_an_error_without_words_is_its_name() -> None:
    assert _load("raise SystemExit\n", "raise ValueError")[1] == [(1, "SystemExit"), (3, "ValueError")]


def test_what_awaits_is_run_as_far_as_it_goes_without_a_loop() -> None:
    cells = ["import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 3", "x = await f()\nx + 1"]
    module, skipped, _ = _load(*cells, "y = 1\nawait asyncio.sleep(9)", "z = x\n[await f() for _ in range(2)]")
    assert (module.x, module.y, module.z) == (3, 1, 3)
    assert skipped == [(8, "RuntimeError: no running event loop")]


def test_what_fails_again_as_a_definition_is_told_once() -> None:
    _, skipped, _ = _load("import no_such_module_at_all\nx = no_such")
    assert [line for line, _ in skipped] == [1, 2]


def test_definitions_alone_after_a_cell_that_cost_the_worker() -> None:
    module, skipped, _ = _load("x = 1\nprint(1)", "def f():\n    return x\nwhile True: pass", whole=False)
    assert module.f() == 1
    assert skipped == [(2, ""), (5, "")]


def test_what_one_cell_imports_from_the_future_holds_for_all() -> None:
    module, skipped, _ = _load("from __future__ import annotations", "def f(x: 1 + 1): pass")
    assert skipped == []
    assert module.f.__annotations__ == {"x": "1 + 1"}


def test_no_encoding_is_declared_by_a_comment() -> None:
    module, skipped, _ = _load("# -*- coding: utf-7 -*-\nx = 'é+AGE-'")
    assert (module.x, skipped) == ("é+AGE-", [])


def test_a_form_feed_is_no_line() -> None:
    _, skipped, _ = _load("x = 1\x0c\ny = '\x1c \u2028'\n1 / 0")
    assert skipped == [(3, "ZeroDivisionError: division by zero")]


def test_lines_are_there_for_tracebacks() -> None:
    _load("x = 1", "y = 2")
    assert linecache.getline(NAME, 2) == "y = 2\n"


def test_jupyters_own_names_do_nothing() -> None:
    module, skipped, names = _load("display(3, 4)\nget_ipython().run_line_magic('matplotlib', 'inline')\nx = 1")
    assert (module.x, skipped) == (1, [])
    assert not names.owns(module, "display")


def test_it_can_import_its_neighbours() -> None:
    module, skipped, _ = _load("from beside import x", beside="x = 5")
    assert (module.x, skipped) == (5, [])
    del sys.modules["beside"]


def test_the_line_of_each_statement_is_told_before_any_runs() -> None:
    source = b"x = 1\n\ny = (2,\n  3)\nfor\n@f\ndef f(): pass\n"
    _, _, _, letter = open_notebook({NAME: source}, NAME, [1, 5, 6])
    assert (letter[1][0][0], letter[3]) == (5, [[1, 3], [], [7]])


def test_of_a_great_many_failures_a_hundred_are_told() -> None:
    assert len(_load("".join(f"def f(x=no{n}): pass\n" for n in range(300)), together=True)[1]) == 100
    assert len(_load(*["for"] * 300)[1]) == 100
