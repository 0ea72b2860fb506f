from __future__ import annotations

import ast
import sys
from typing import Any

import pytest

from grader.worker.definitions import definitions


def _kept(source: str, complete_until: int = 0) -> dict[str, bool]:
    return {ast.unparse(node): kept for node, kept in definitions(ast.parse(source), complete_until)}


@pytest.mark.parametrize(
    "statement",
    [
        "import numpy as np",
        "from math import *",
        "def f(x):\n    return x",
        "async def f(x):\n    return x",
        "class A:\n    pass",
        "x = 3",
        "x: int = -3",
        "x: int",
        "a, b = (1, 2)",
        "table = {'a': [1, 2.5], 'b': {3}}",
        "f = lambda x: run(x)",
        "x = np.array([1, 2.0])",
        "rng = np.random.default_rng(seed=3)",
        "g = functools.partial(f, 2)",
        "h = np.vectorize(f)",
        "y = x[1:2] if x else None",
        "z = not x or x < 3",
        "n = 2 ** 10",
        "n = -2 * m",
        "try:\n    import scipy\nexcept ImportError:\n    scipy = None",
    ],
)
def test_definitions_and_simple_constants_run(statement: str) -> None:
    assert list(_kept(statement).values()) == [True]


@pytest.mark.parametrize(
    "statement",
    [
        "print(3)",
        "x = input()",
        "x = f(3)",
        "x = np.array(f(3))",
        "x = [f(3)]",
        "x = tables[0](3)",
        "x += 1",
        "for i in range(3):\n    f(i)",
        "while True:\n    pass",
        "del x",
        "assert f(2) == 4",
        "raise SystemExit",
        "x = 10 ** 10 ** 9",
        "x = [0] * 10 ** 9",
        "x = 1 << 100000",
        "x = (y := f(3))",
        "x = [i for i in forever()]",
        "x = f'{run()}'",
    ],
)
def test_what_may_fail_or_never_end_does_not(statement: str) -> None:
    assert list(_kept(statement).values()) == [False]


def test_blocks_are_opened() -> None:
    source = (
        "if DEBUG:\n    a = 1\n    print(a)\n"
        "try:\n    b = 2\n    run()\nfinally:\n    pass\n"
        "with open('data') as file:\n    c = 3\n    d = file.read()\n"
    )
    assert _kept(source) == {
        "if DEBUG:\n    a = 1": True, "print(a)": False, "b = 2": True, "run()": False,
        "c = 3": True, "d = file.read()": False,
    }  # fmt: skip


def test_the_branch_that_holds_is_the_one_that_runs() -> None:
    source = (
        "boom()\nFAST = False\nif FAST:\n    def f(): return 1\nelse:\n    def f(): return 2\n    run()\n"
        "try:\n    from nowhere_at_all import njit\nexcept ImportError:\n    def njit(f): return f\n"
        "import math\nROOT = math.sqrt(4.0)\n"
    )
    found = list(definitions(ast.parse(source), 0))
    scope: dict[str, Any] = {}
    for node, kept in found:
        if kept:
            exec(compile(ast.Module([node], []), "student.py", "exec"), scope)
    assert (scope["f"](), scope["njit"](3), scope["ROOT"]) == (2, 3, 2.0)
    assert [ast.unparse(node) for node, kept in found if not kept] == ["boom()", "run()"]


def test_docstrings_pass_and_the_main_guard_are_not_worth_a_mention() -> None:
    assert _kept('"""Homework."""\npass\nif __name__ == "__main__":\n    x = 1\n    main()\n') == {}


def test_a_try_with_more_than_imports_is_opened() -> None:
    assert _kept("try:\n    import scipy\nexcept ImportError:\n    print('no scipy')\n") == {"import scipy": True}


def test_statements_that_ran_before_run_again_whatever_they_are() -> None:
    source = "x = f(1)\nfor i in y:\n    z(i)\nboom()\nx = f(2)\ng = 3\n"
    assert _kept(source, complete_until=4) == {
        "x = f(1)": True, "for i in y:\n    z(i)": True, "boom()": False, "x = f(2)": False, "g = 3": True,
    }  # fmt: skip


def test_a_statement_of_several_lines_that_failed_in_its_middle_does_not_run_whole() -> None:
    assert _kept("a = 1\nx = f(\n    1,\n    2,\n)\n", complete_until=3) == {"a = 1": True, "x = f(1, 2)": False}


def test_what_is_nested_too_deeply_to_look_at_costs_no_other() -> None:
    # By hand: the parser of some versions takes no such thing, and that of others does.
    deep: ast.expr = ast.Name("a", ast.Load())
    for _ in range(sys.getrecursionlimit()):
        deep = ast.Attribute(deep, "b", ast.Load())
    statement = ast.Assign([ast.Name("x", ast.Store())], deep, lineno=2)
    tree = ast.parse("y = 1\nz = 2\n")
    tree.body.insert(1, statement)
    assert [kept for _, kept in definitions(tree, 0)] == [True, False, True]
