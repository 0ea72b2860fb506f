from __future__ import annotations

import ast

import pytest

from grader.importing.model import Asked, NotPlainError
from grader.importing.statements import Names, asserted, typed


def found(code: str, names: Names | None = None) -> list[object]:
    """Return the expected values of a doctest's calls, and why others are left."""
    items = [item.what for item in typed(code, 1, {} if names is None else names)]
    return [item.expect if isinstance(item, Asked) else str(item) for item in items]


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (">>> a, b = 1, 2\n>>> f(a, b)\n3", [3]),
        (">>> a = 1; f(a)\n3", [3]),
        (">>> y = f(1)\n>>> round(y, 1)\n0.3\n>>> y == 0.25\nTrue", [0.3, 0.25]),
        (">>> print(f(1))\n2.5", [2.5]),
        (">>> assert f(1) == 2 and f(2) == 3", [2, 3]),
        (">>> f(1) == 2 and f(2) == 3\nTrue", [2, 3]),
        (">>> np.testing.assert_allclose(f(1), 2)", [2]),
        (">>> 'text'\n>>> import numpy as np\n>>> pass\n>>> f(1)\n2", [2]),
        (">>> print(f(1))\n'a'", ["`f(1)` is printed, and not its repr"]),
        (">>> f(1)\nTraceback (most recent call last):\nValueError", ["`f(1)` expects an exception"]),
        (">>> f(1) # doctest: +SKIP\n2", ["`f(1) # doctest: +SKIP` is skipped"]),
        (">>> f(1)\n2 apples", ["`f(1)` or its output is no Python"]),
        (">>> f(1)\n", ["`f(1)` asserts nothing"]),
        (">>> x = 1\n1", ["`x = 1` is no single call with an answer"]),
        (">>> a = b = 1", ["`a = b = 1` is more than a plain call"]),
        (">>> self.assertEqual(f(1), 1)", ["`self.assertEqual(f(1), 1)` is more than a plain call"]),
        (">>>f(1)", ["it is no doctest: line 1 of the docstring for <string> lacks blank after >>>: '>>>f(1)'"]),
    ],
)
def test_what_the_examples_of_a_doctest_ask(code: str, what: list[object]) -> None:
    assert found(code) == what


@pytest.mark.parametrize(
    "own", ["def f(x): return x", "class f: pass", "from m import f", "import f", "f = lambda: 1"]
)
def test_what_a_test_makes_itself_is_not_the_students(own: str) -> None:
    *_, last = found(f">>> {own}\n>>> f(1)\n1")
    assert last == "`f(1)` is no plain call of a function"


def test_a_test_function_says_the_line_and_goes_on() -> None:
    body = ast.parse(
        "x = [1]\nif x:\n    import f\nassert len(f(x)) == 1\nassert_equal(g(2), 4)\nassert g(x) == 1"
    ).body
    items = list(asserted(body, {}))
    assert [item.line for item in items] == [2, 4, 5, 6]
    assert [isinstance(item.what, NotPlainError) for item in items] == [True, True, False, True]
    assert str(items[-1].what) == "what `x` is follows from more than plain values"


def test_names_that_are_swapped_are_unknown() -> None:
    (why, then) = found(">>> a, b = 1, 2\n>>> a, b = b, a\n>>> f(a)\n1")
    assert "is more than a plain call" in str(why)
    assert then == "what `a` is follows from more than plain values"


def test_names_outlive_a_doctest() -> None:
    names: Names = {}
    assert found(">>> x = (1, [2])", names) == []
    assert found(">>> f(x)\n1", names) == [1]
