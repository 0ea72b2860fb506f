from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import pytest

from grader.build.interface import harmless, interface


def defined(source: str) -> Callable[..., Any]:
    module = types.ModuleType("of_a_test")
    exec(compile(source, "of_a_test.py", "exec", dont_inherit=True), module.__dict__)
    function: Callable[..., Any] = module.__dict__["f"]
    return function


@pytest.mark.parametrize(
    ("docstring", "shapes"),
    [
        ("1A: `x[0] - 1`, elementwise: (n,) -> (n,).", "(n,) -> (n,)"),
        ("`W x + b`: (d_h, d), (d_h,), (d,) -> (d_h,).", "(d_h, d), (d_h,), (d,) -> (d_h,)"),
        ("`x` is (n,) -> a number.", "`x` is (n,) -> a number"),
        ("`o_a` is (m,), `y` a class -> (m,), positive.", "`o_a` is (m,), `y` a class -> (m,)"),
        ("(p,) -> a new (p,).", "(p,) -> a new (p,)"),
        ("(m,), (d_h,) -> two numbers.", "(m,), (d_h,) -> two numbers"),
        ("From x -> exp(x).", ""),
        ("`f(x) -> s(x)`.", ""),
        ("(n - k + 1,) -> (n,).", ""),
        ("`((m, d_h), (m,))`.", ""),
        ("", ""),
    ],
)
def test_shapes_are_taken_and_formulas_are_not(docstring: str, shapes: str) -> None:
    function = defined(f"def f(x):\n    {docstring!r}\n")
    assert interface("f", function, exact=False).shapes == shapes
    assert interface("f", function, exact=True).shapes == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("(n,), the value of x(u).", "(n,)."),
        (
            "(n, p), row k is the gradient of x_k with respect to u.",
            "(n, p), row k is the gradient of x_k with respect to u.",
        ),
        ("Rows of a batch; the last batch may have fewer.", "Rows of a batch."),
        ("Pixels. There are 3.5 of them.", "Pixels."),
        ("The loss, `a - b`.", ""),
        ("x = 3", ""),
        ("a * b", ""),
        ("a - b", ""),
        ("1/n of it", ""),
        ("(n - k + 1,) for `valid`", ""),
        ("(n,) for some, (m,) for others", ""),
        ("(n,)", "(n,)."),
        ("", ""),
    ],
)
def test_an_entry_is_a_sentence_in_plain_words_or_its_shape(text: str, kept: str) -> None:
    assert harmless(text) == kept


def test_sections_and_signature() -> None:
    known = interface(
        "f",
        defined(
            "from typing import Literal\n"
            "class Private: pass\n"
            "def f(x: Private, mode: Literal['a', 'b'], k=2, *rest, one: Literal[1] = 1, own=Private(), **more):\n"
            "    '''Secret: `x + k`.\n\n    More of it.\n\n"
            "    Args:\n        x (array): (n,), what comes\n            in.\n        mode: `a` doubles.\n"
            "        k: Times `x`.\n        unknown: Nothing.\n\n"
            "    Returns:\n        A number.\n\n    Note that it is easy.\n    '''\n"
        ),
        exact=False,
    )
    assert known.signature == "f(x, mode, k=2, *rest, one=1, own=None, **more)"
    assert known.arguments == {"x": "(n,), what comes in.", "mode": "'a' or 'b'.", "one": "1."}
    assert known.result == "A number."
    assert "Secret" not in repr(known)


def test_parameters_by_keyword_alone_and_annotations_that_nobody_can_read() -> None:
    known = interface("f", defined("def f(x: 'Missing', *, k=1.5): 'Nothing.'\n"), exact=False)
    assert (known.signature, known.arguments, known.result) == ("f(x, *, k=1.5)", {}, "")
