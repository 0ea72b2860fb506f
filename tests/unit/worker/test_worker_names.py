from __future__ import annotations

import ast
import dis
import sys
import types
import warnings
from collections.abc import Mapping

import pytest

from grader.worker.names import Names, loaded

_GENERIC = "[T]" if sys.version_info >= (3, 12) else ""
SOURCE = (
    "from math import *\nfrom json import dumps\nimport os.path as p, sys\n"
    "a = b, *c = [1, 2]\nfor i in a: j = i\nwith open(p.devnull) as k: pass\n"
    "class D: inner = 1\n"
    "def f(x): return g(x) + a[0] + x\n"
    "def g(x): global late; late = 3; return sqrt(x)\n"
    "async def h(): local = 2\n"
    "sin = sin\n"
)


def _run(
    source: str, helpers: Mapping[str, Names] | None = None, name: str = "homework"
) -> tuple[types.ModuleType, Names]:
    module = types.ModuleType(name)
    exec(source, module.__dict__)
    return module, Names(ast.parse(source), helpers)


def test_what_the_module_binds_is_the_students() -> None:
    module, names = _run(SOURCE)
    for name in ("dumps", "p", "sys", "a", "b", "c", "i", "j", "k", "D", "f", "g", "h", "sin"):
        assert names.owns(module, name), name
        assert names.star_source(module, name) == ""
    for name in ("inner", "local", "x", "nowhere"):
        assert not names.owns(module, name), name


def test_what_a_function_sets_is_too() -> None:
    module, names = _run(SOURCE)
    module.g(4)
    assert names.owns(module, "late")


def test_what_a_star_import_alone_binds_is_not() -> None:
    module, names = _run(SOURCE)
    assert not names.owns(module, "cos")
    assert names.star_source(module, "cos") == "math"
    assert not names.star_source(module, "f")


def test_a_function_uses_the_modules_own_names() -> None:
    assert _run(SOURCE)[1].uses() == {"D": [], "f": ["a", "g"], "g": [], "h": []}


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        ("def f(x, activation=g): return activation(x)\n", ["g"]),
        ("def f(x, *, activation=lambda x: g(x)): return activation(x)\n", ["g"]),
        ("@g\n@h(1)\ndef f(x): return x\n", ["g", "h"]),
        ("class f(g):\n  def m(self): return h(1)\n", ["g", "h"]),
        ("g(1)\nif h: pass\ntable = [g(i) for i in (1, 2)]\ndef f(x): return x\n", []),
        ("try: g(1)\nexcept ValueError: h(1)\nfor i in (1, 2): g(i)\ndef f(x): return x\n", []),
        (f"def f{_GENERIC}(x): return g(x)\n", ["g"]),
    ],
)
def test_a_functions_defaults_and_decorators_are_part_of_it(source: str, uses: list[str]) -> None:
    known = "def g(x): return x\ndef h(x): return x\n"
    found = Names(ast.parse(known + source)).uses()
    assert found == {"g": [], "h": [], "f": uses}


def test_the_names_that_a_function_reads_are_those_that_dis_shows() -> None:
    # More than 256 names: an argument takes two instructions then.
    many = "".join(f"    n{number}; x.a{number}\n" for number in range(300))
    source = f"def f(x):\n    import late\n{many}    return [g(y) for y in x] + (lambda: h(late))()\n"
    (body,) = _codes(compile(source, "f", "exec"))
    steps = [step for code in (body, *_codes(body)) for step in dis.get_instructions(code)]
    shown = {step.argval for step in steps if step.opname == "LOAD_GLOBAL"}
    assert loaded(body) == shown == {"g", "h", *(f"n{number}" for number in range(300))}


def test_functions_within_functions_are_looked_through_however_deep() -> None:
    code = compile("def f(): return g()\n", "f", "exec")
    for _ in range(sys.getrecursionlimit()):
        code = code.replace(co_consts=(code,))
    assert loaded(code) == {"g"}


def _codes(code: types.CodeType) -> list[types.CodeType]:
    return [item for item in code.co_consts if isinstance(item, types.CodeType)]


def test_with_the_code_the_tree_is_made_for_a_star_import_alone() -> None:
    def never() -> ast.Module:
        raise AssertionError("not needed")

    source = "import math\ndef f(): return math.pi\n"
    module, _ = _run(source)
    names = Names(never, code=compile(source, "f", "exec"))
    assert names.owns(module, "f")
    assert names.uses() == {"f": ["math"]}
    module, _ = _run(SOURCE)
    assert not Names(lambda: ast.parse(SOURCE), code=compile(SOURCE, "f", "exec")).owns(module, "cos")


def test_a_warning_about_the_module_is_not_said_again() -> None:
    source = "from math import *\ndef f(): '\\sigma'\n"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (module, _), code = _run(source), compile(source, "f", "exec")
        warnings.simplefilter("error")
        names = Names(lambda: ast.parse(source), code=code)
        assert names.owns(module, "f")
        assert not names.owns(module, "cos")


def test_what_does_not_compile_hides_nothing_of_what_the_rest_uses() -> None:
    # Cells of a notebook that are one module here: each on its own, all but `return` may be run.
    cells = "def f(): return g()\nreturn 1\nawait f()\nfrom __future__ import division\ndef g(): return 1\n"
    assert Names(ast.parse(cells)).uses() == {"f": ["g"], "g": []}


def test_without_a_module_there_is_nothing() -> None:
    assert Names().uses() == {}
    assert Names(ast.parse("")).star_source(types.ModuleType("x"), "y") == ""


class TestHelpers:
    """A star import of a student's own module brings the student's own names, and what it has from others."""

    @pytest.fixture
    def helpers(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, Names]:
        sources = {
            "helper": "from math import *\ndef double(x): return 2 * x\nfrom inner import *\n",
            "inner": "from cmath import phase\ndef triple(x): return 3 * x\n",
        }
        known: dict[str, Names] = {}
        for name in ("inner", "helper"):
            module, known[name] = _run(sources[name], known, name)
            monkeypatch.setitem(sys.modules, name, module)
        return known

    @pytest.mark.parametrize("name", ["double", "triple", "phase"])
    def test_the_students_own(self, helpers: dict[str, Names], name: str) -> None:
        module, names = _run("from helper import *\n", helpers)
        assert names.owns(module, name)
        assert names.star_source(module, name) == ""

    def test_what_the_helper_has_from_elsewhere(self, helpers: dict[str, Names]) -> None:
        module, names = _run("from helper import *\n", helpers)
        assert not names.owns(module, "cos")
        assert names.star_source(module, "cos") == "math"

    @pytest.mark.usefixtures("helpers")
    def test_a_module_that_is_no_helper(self) -> None:
        module, names = _run("from helper import *\n", {})
        assert names.star_source(module, "double") == "helper"


@pytest.mark.parametrize(
    "source",
    [
        "from math import *\nsqrt: object\n",
        "from math import *\n[None for sqrt in ()]\n",
        "def sqrt(x): return 7\nfrom math import *\n",
    ],
)
def test_no_trick_makes_a_star_imports_function_ones_own(source: str) -> None:
    module, names = _run(source)
    assert not names.owns(module, "sqrt")


def test_a_definition_after_the_star_import_is_ones_own() -> None:
    module, names = _run("from math import *\ndef sqrt(x): return 7\n")
    assert names.owns(module, "sqrt")
