from __future__ import annotations

import ast

import pytest

from grader.check.operators import changes


def _made(source: str) -> set[str]:
    """Return what the operators make of any node of `source`, without their names."""
    return {text for _, text in _named(source)}


def _named(source: str) -> list[tuple[str, str]]:
    made = []
    for node in ast.walk(ast.parse(source)):
        for operator, other in changes(node):
            made.append((operator, ast.unparse(ast.fix_missing_locations(other))))
    return made


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a + b", {"a - b", "a", "b"}),
        ("a - b", {"a + b", "b - a", "a", "b"}),
        ("a @ b", {"a * b", "b @ a", "a", "b"}),
        ("a // b", {"a / b", "b // a", "a", "b"}),
        ("a | b", set()),
        ("a < b", {"a <= b", "a > b"}),
        ("a == b", {"a != b"}),
        ("a and b", {"a or b", "a", "b"}),
        ("-a", {"a"}),
        ("not a", {"a"}),
        ("3", {"0", "1", "2", "4", "-3"}),
        ("0.5", {"0.0", "1.0", "2.0", "1.5", "-0.5"}),
        ("True", {"False"}),
        ("'text'", set()),
        ("a.T", {"a"}),
        ("a if b else c", {"a if not b else c", "a", "c"}),
    ],
)
def test_an_expression(source: str, expected: set[str]) -> None:
    assert _made(source) - {"pass"} == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f(a)", {"a", "f(-a)"}),
        ("f(a, b)", {"a", "f(b, a)", "f(-a, b)", "f(a, -b)"}),
        ("f(*a)", set()),
        ("f('a')", {"'a'"}),
        ("float(a)", set()),
        ("np.max(a)", {"a", "np.min(a)", "np.max(-a)"}),
        ("min(a)", {"a", "max(a)", "min(-a)"}),
        ("a.b.copy()", {"a.b"}),
        ("a.copy()", set()),
        ("f(axis=0)", {"f()", "f(axis=1)"}),
        ("f(axis=1, keepdims=b)", {"f(keepdims=b)", "f(keepdims=b, axis=0)", "f(axis=1)"}),
        ("range(a)", {"range(a + 1)", "range(a - 1)"}),
    ],
)
def test_a_call(source: str, expected: set[str]) -> None:
    calls = {text for operator, text in _named(source) if operator not in {"constant", "statement"}}
    assert calls == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a[i]", {"a[i + 1]", "a[i - 1]"}),
        ("a[i:]", {"a[i + 1:]", "a[i - 1:]", "a[i:-1]", "a[:]"}),
        ("a[:i]", {"a[1:i]", "a[:i + 1]", "a[:i - 1]", "a[:]"}),
        ("a[::s]", {"a[1::s]", "a[:-1:s]", "a[::]"}),
        ("a[np.newaxis]", set()),
    ],
)
def test_a_subscript(source: str, expected: set[str]) -> None:
    made = {text for operator, text in _named(source) if operator in {"index", "slice"}}
    assert {text.replace("::]", ":]") for text in made} == {text.replace("::]", ":]") for text in expected}


def test_a_subscript_with_two_items_has_them_swapped() -> None:
    assert "a[j, i]" in _made("a[i, j]")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a += b", {"a -= b", "pass"}),
        ("a @= b", {"a *= b", "pass"}),
        ("a |= b", {"pass"}),
        ("a[0] = b", {"pass"}),
        ("a = b", set()),
        ("if a: b = 1", {"if not a:\n    b = 1", "pass"}),
        ("while a: b = 1", {"while not a:\n    b = 1"}),
        ("return a", {"return -a"}),
        ("return -a", set()),
        ("return (a, b)", {"return a", "return b", "return (b, a)"}),
        ("return", set()),
    ],
)
def test_a_statement(source: str, expected: set[str]) -> None:
    node = ast.parse(source).body[0]
    assert {ast.unparse(ast.fix_missing_locations(other)) for _, other in changes(node)} == expected


def test_a_comprehension_s_condition() -> None:
    (node,) = (item for item in ast.walk(ast.parse("[a for a in b if c]")) if isinstance(item, ast.comprehension))
    assert [ast.unparse(other) for _, other in changes(node)] == [" for a in b", " for a in b if not c"]


def test_the_node_stays_as_it_is() -> None:
    tree = ast.parse("if f(a[1:], axis=0) < -b.T: return x, y + 2")
    before = ast.dump(tree)
    for node in ast.walk(tree):
        list(changes(node))
    assert ast.dump(tree) == before
