from __future__ import annotations

import hashlib
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from grader import reference
from grader.errors import Problem
from grader.reference import Reference, helper_source, load_companion, load_reference, parameters


def written(folder: Path, source: str | bytes) -> Path:
    file = folder / "solution.py"
    file.write_bytes(source if isinstance(source, bytes) else source.encode())
    return file


def loaded(folder: Path, source: str | bytes) -> Reference:
    found = load_reference(written(folder, source))
    assert isinstance(found, Reference), found
    return found


def problem(folder: Path, source: str | bytes) -> Problem:
    found = load_reference(written(folder, source))
    assert isinstance(found, Problem)
    assert found.file == folder / "solution.py"
    return found


def test_functions_are_found_by_name(tmp_path: Path) -> None:
    reference = loaded(tmp_path, "def f(x):\n    return x + 1\nNUMBER = 3\n")
    function = reference.function("f")
    assert function is not None
    assert function(1) == 2
    assert reference.function("g") is None
    assert reference.function("NUMBER") is None


def test_the_digest_is_the_source_s(tmp_path: Path) -> None:
    source = b"x = 1  # \xc3\xa9\n"
    assert loaded(tmp_path, source).digest == hashlib.sha256(source).hexdigest()


def test_an_edited_file_is_read_anew(tmp_path: Path) -> None:
    first = loaded(tmp_path, "def f():\n    return 1\n").function("f")
    second = loaded(tmp_path, "def f():\n    return 2\n").function("f")
    assert first is not None
    assert second is not None
    assert (first(), second()) == (1, 2)


def test_one_that_does_not_come_to_an_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "_LOAD_SECONDS", 0.05)
    assert problem(tmp_path, "while True: pass").text == "the reference does not load within 0.05 s"


def test_nothing_is_written_beside_it(tmp_path: Path) -> None:
    loaded(tmp_path, "x = 1\n")
    assert [file.name for file in tmp_path.iterdir()] == ["solution.py"]


def test_names_are_what_it_defines_itself(tmp_path: Path) -> None:
    source = "from math import sqrt\nimport numpy as np\nA = np.zeros(3)\nclass C: pass\ndef f(): pass\n"
    assert loaded(tmp_path, source).names() == ["C", "f"]


def test_dataclasses_find_their_module_though_annotations_are_text(tmp_path: Path) -> None:
    source = (
        "from __future__ import annotations\nimport dataclasses\n"
        "@dataclasses.dataclass\nclass C:\n    x: int\ndef f():\n    return C(3).x\n"
    )
    function = loaded(tmp_path, source).function("f")
    assert function is not None
    assert function() == 3


def test_our_own_future_imports_are_not_the_reference_s(tmp_path: Path) -> None:
    function = loaded(tmp_path, "def f(x: 1 + 1): pass\n").function("f")
    assert function is not None
    assert function.__annotations__ == {"x": 2}


def test_it_knows_its_file_and_is_not_the_main_program(tmp_path: Path) -> None:
    reference = loaded(
        tmp_path, "import pathlib\nHERE = pathlib.Path(__file__).name\nMAIN = __name__ == '__main__'\n"
    )
    assert reference.module.HERE == "solution.py"
    assert reference.module.MAIN is False
    assert reference.module.__name__ in sys.modules


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        ("x = 1\ndef f(:\n", 2, "the reference has a syntax error: "),
        ("x = 1\nraise ValueError('bad')\n", 2, "the reference raises ValueError: bad"),
        ("def f():\n    return 1 / 0\n\nf()\n", 2, "the reference raises ZeroDivisionError: "),
        ("x = 1\nimport no_such_module_at_all\n", 2, "the reference raises ModuleNotFoundError: "),
        ("x = 1\n\nraise SystemExit(3)\n", 3, "the reference raises SystemExit: 3"),
        ("import json\njson.loads('{')\n", 2, "the reference raises JSONDecodeError: "),
        ("import ast\n\nast.literal_eval('\\n\\n\\n\\n\\n1 +')\n", 3, "the reference raises SyntaxError: "),
        (b"x = '\xff'\n", 1, "the reference "),
        (b"x = 1\0\n", 1, "the reference "),
    ],
)
def test_what_cannot_be_run_is_a_problem_with_its_line(
    tmp_path: Path, source: str | bytes, line: int, text: str
) -> None:
    found = problem(tmp_path, source)
    assert found.text.startswith(text)
    assert found.line == line


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    for file, why in [(tmp_path / "missing.py", "No such file or directory"), (tmp_path, "Is a directory")]:
        assert load_reference(file) == Problem(file, 1, "", f"the reference cannot be read: {why}")


def test_a_name_that_no_file_can_have_is_a_problem(tmp_path: Path) -> None:
    found = load_reference(tmp_path / "a\0b.py")
    assert isinstance(found, Problem)
    assert "no file name" in found.text


def test_an_interruption_is_not_the_author_s_fault(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        load_reference(written(tmp_path, "raise KeyboardInterrupt\n"))


def test_parameters_are_those_taken_by_position() -> None:
    def f(a: int, /, b: int, c: int = 1, *rest: int, d: int = 2, **more: int) -> None: ...

    assert parameters(f) == ("a", "b", "c")
    assert parameters(lambda: None) == ()


@pytest.mark.skipif(sys.version_info < (3, 14), reason="the definition itself would fail")
def test_annotations_may_be_for_a_type_checker_alone(tmp_path: Path) -> None:
    function = loaded(tmp_path, "def f(x: NDArray[float], k: int = 1) -> NDArray[float]: return x\n").function("f")
    assert function is not None
    assert parameters(function) == ("x", "k")


# What is given away.

HELPERS = '''
import math
import numpy as np
import numpy
from typing import Any
CONSTANT = 3

def softmax(x: "np.ndarray[Any, Any]", axis: int = -1) -> Any:
    """LEAK: subtracts the largest entry."""
    # LEAK
    shifted: Any = x - np.max(x, axis=axis, keepdims=True)
    total = sum(value for value in [0.0])
    return np.exp(shifted) / (np.exp(shifted).sum(axis=axis, keepdims=True) + total)

def loss(x, y):
    for row in range(len(y)):
        width: int = len(x[row])
    return -numpy.log(softmax(x)[y])

def only_words():
    """LEAK"""

def with_math(x):
    return math.exp(x)

def with_constant(x):
    return x * CONSTANT

def with_default(x, k=CONSTANT):
    return x * k

def calls_another(x):
    return with_math(x)

def recursive(n):
    return 1 if n == 0 else n * recursive(n - 1)

@np.vectorize
def decorated(x):
    return x

def twice(x): return x
def twice(x): return 2 * x

class Thing:
    def method(self): return 1

LAMBDA = lambda x: x
'''


def given(folder: Path, name: str, *others: str) -> str:
    return helper_source(loaded(folder, HELPERS), name, (name, *others))


def test_a_helper_is_given_without_words_and_annotations(tmp_path: Path) -> None:
    assert given(tmp_path, "softmax") == (
        "def softmax(x, axis=-1):\n"
        "    shifted = x - np.max(x, axis=axis, keepdims=True)\n"
        "    total = sum((value for value in [0.0]))\n"
        "    return np.exp(shifted) / (np.exp(shifted).sum(axis=axis, keepdims=True) + total)"
    )


@pytest.mark.parametrize("name", ["softmax", "loss", "only_words", "recursive"])
def test_what_is_given_stands_alone(tmp_path: Path, name: str) -> None:
    source = given(tmp_path, name, "softmax")
    assert "LEAK" not in source or name == "only_words"
    alone: dict[str, Any] = {}
    exec(source, alone)
    assert callable(alone[name])


def test_a_helper_may_call_others_that_are_given_too(tmp_path: Path) -> None:
    assert "softmax" in given(tmp_path, "loss", "softmax")
    with pytest.raises(ValueError, match="`loss` uses softmax: what is given away uses numpy"):
        given(tmp_path, "loss")


@pytest.mark.parametrize(
    ("name", "uses"),
    [
        ("with_math", "math"),
        ("with_constant", "CONSTANT"),
        ("with_default", "CONSTANT"),
        ("calls_another", "with_math"),
    ],
)
def test_one_that_needs_more_is_refused(tmp_path: Path, name: str, uses: str) -> None:
    with pytest.raises(ValueError, match=f"`{name}` uses {uses}: what is given away uses numpy"):
        given(tmp_path, name)


@pytest.mark.parametrize("name", ["missing", "decorated", "twice", "Thing", "method", "LAMBDA"])
def test_only_a_plain_function_is_given_away(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=rf"solution\.py has no plain function `{name}` at module level"):
        given(tmp_path, name)


# Companions.


def test_a_companion_may_import_the_reference(tmp_path: Path) -> None:
    also = types.ModuleType("hw_reference")
    vars(also)["value"] = 5
    file = written(tmp_path, "from hw_reference import value\ndef f(): return value\n")
    found = load_companion(file, {"hw_reference": also})
    assert isinstance(found, Reference)
    function = found.function("f")
    assert function is not None
    assert function() == 5
    assert "hw_reference" not in sys.modules


def test_what_bore_that_name_before_is_back_again(tmp_path: Path) -> None:
    before = sys.modules["fractions"] = __import__("fractions")
    found = load_companion(
        written(tmp_path, "import fractions\nvalue = fractions.mine"), {"fractions": types.ModuleType("x")}
    )
    assert isinstance(found, Problem)
    assert "AttributeError" in found.text
    assert sys.modules["fractions"] is before
