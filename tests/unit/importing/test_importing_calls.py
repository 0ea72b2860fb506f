from __future__ import annotations

import ast
from typing import Any

import pytest

from grader.importing.calls import asked_by
from grader.importing.literals import literal
from grader.importing.model import Asked, NotPlainError

ISCLOSE = {"rtol": 1e-5, "atol": 1e-8}


def parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("f(1) == 2", Asked("f", (1,), 2)),
        ("2 == f(1)", Asked("f", (1,), 2)),
        ("f() is True", Asked("f", (), True)),
        ("f('a')", Asked("f", ("a",), True)),
        ("not f(-1)", Asked("f", (-1,), False)),
        ("env['f'](1) == 2", Asked("f", (1,), 2)),
        ("np.isclose(f(1), 1/4)", Asked("f", (1,), 0.25, ISCLOSE)),
        (
            "np.allclose([1, 2.5], f(1), atol=0.1)",
            Asked("f", (1,), {"list": [1, 2.5]}, {"rtol": 1e-5, "atol": 0.1}),
        ),
        ("math.isclose(f(1), 2, rel_tol=1e-3)", Asked("f", (1,), 2, {"rtol": 1e-3, "atol": 0.0})),
        ("np.testing.assert_allclose(f(1), 2, 1e-3)", Asked("f", (1,), 2, {"rtol": 1e-3, "atol": 0.0})),
        ("np.array_equal(f(1), np.array([1, 2]))", Asked("f", (1,), {"array": [1, 2], "dtype": "int64"})),
        ("(f(1) == np.array([1., 2])).all()", Asked("f", (1,), [1.0, 2])),
        ("all(f(1) == (1, 2))", Asked("f", (1,), {"tuple": [1, 2]})),
        ("abs(f(1) - 2) < 1e-6", Asked("f", (1,), 2, {"rtol": 0.0, "atol": 1e-6})),
        ("round(f(1), 2) == 2.72", Asked("f", (1,), 2.72, {"rtol": 0.0, "atol": 0.005})),
        ("list(f(1)) == [1]", Asked("f", (1,), {"list": [1]})),
        ("f(1).tolist() == [1]", Asked("f", (1,), {"list": [1]})),
        ("f(1).round(1) == 0.3", Asked("f", (1,), 0.3, {"rtol": 0.0, "atol": 0.05})),
        ("np.isclose(f(1), 2, rtol=0, atol=0)", Asked("f", (1,), 2, {"rtol": 1e-15, "atol": 0.0})),
        ("f(1) == np.True_", Asked("f", (1,), True)),
        ("f(x, np.pi) == 2 * x", Asked("f", (3, 3.141592653589793), 6)),
    ],
)
def test_what_is_understood(text: str, asked: Asked) -> None:
    assert asked_by(parsed(text), {"x": 3}) == asked


@pytest.mark.parametrize(
    "text",
    [
        "int(f(1)) == 2", "np.array(f(1), dtype=int) == 2", "own['f'](1) == 2",
        "1 == 1", "f(1) > 2", "f(1) == g(1)", "len(f(1)) == 2", "f(1) == None", "f(k=1) == 2", "f(*x) == 2",
        "f({1: 2}) == 3", "f(1) == {2}", "f(1) == 2 == f(2)", "f(1)(2) == 3", "a.f(1) == 2",
        "isinstance(f(1), int)", "f(1) == 1j", "f(1) == float('nan')", "f(1) == 1e999", "f(1) == 1/0",
        "f(1) == 'a\\nb'", "[f(1)] == [2]", "np.isclose(f(1))", "np.isclose(f(1), 2, equal_nan=True)",
        "lambda: f(1)", "f(np.zeros((3, x))) == 1", "f(np.arange(1e9)) == 1", "f(open('x')) == 1",
        "__import__('os').system('true')", "f(np.array([1], dtype=object)) == 1", "f(1) + 1 == 2",
        "f(10**10**10) == 1", "abs(f(1)) < 2", "f(y) == 2", "np.isclose(f(1), 2, rtol=2)",
        "math.isclose(f(1), 2, abs_tol=-1)", "f(np.zeros(-1)) == 1", "f(np.zeros(3, 4)) == 1",
        "f(np.linspace(0, 1)) == 1", "f(np.zeros()) == 1", "f(np.arange(0, 1, 0)) == 1",
        "f(np.array([1, True])) == 1", "f(np.array([1], dtype=0)) == 1", "f(1).round(1, 2) == 1",
        "env['def'](1) == 1",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_said_to_be_so(text: str) -> None:
    with pytest.raises(NotPlainError, match=r"."):
        asked_by(parsed(text), {})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[]", {"list": []}), ("(1, [2.5, 'a'], None)", {"tuple": [1, {"list": [2.5, "a"]}, None]}), ("-3", -3),
        ("np.array([])", []), ("np.array([[1, 2], [3, 4]], dtype=float)", [[1, 2], [3, 4]]),
        ("np.float64(0.5)", 0.5),
        ("array([0.25, -1.])", [0.25, -1.0]), ("1 - 2 * 3", -5), ("True", True),
        ("np.zeros(3)", {"zeros": [3]}), ("np.ones((2, 3))", {"ones": [2, 3]}), ("np.eye(2)", {"identity": 2}),
        ("np.arange(2, 5)", {"arange": [2, 5], "dtype": "int64"}),
        ("np.arange(0, 1, 0.5)", {"arange": [0, 1, 0.5]}),
        ("np.linspace(0, 1, 5)", {"linspace": [0, 1, 5]}),
        ("np.array([[True], [False]])", {"array": [[True], [False]], "dtype": "bool"}),
        ("np.array([1, 2], dtype='float64')", [1, 2]),
    ],
)  # fmt: skip
def test_literals(text: str, value: Any) -> None:
    assert literal(parsed(text), {}) == value
