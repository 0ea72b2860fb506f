"""One assignment of 12 functions with 4 cases each, written once and made into what each grader wants.

The reference is what students hand in here, too: a right answer takes every grader down its longest way.
"""

from __future__ import annotations

import json
import pickle
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from floors import ANSWER

from grader.plan import Earlier, Plan

REFERENCE = '''"""Twelve small functions."""

import numpy as np


def relu(x):
    return np.maximum(x, 0)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softplus(x):
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def mean_squared_error(x):
    return np.mean((x - np.mean(x)) ** 2)


def normalise(x):
    return (x - np.mean(x)) / (np.std(x) + 1e-8)


def moving_average(x):
    return np.convolve(x, np.ones(3) / 3, mode="valid")


def cumulative_product(x):
    out = np.ones(len(x))
    for i in range(len(x)):
        out[i] = x[i] * (out[i - 1] if i else 1)
    return out


def gram(x):
    return np.outer(x, x)


def norm(x):
    return np.sqrt(np.sum(x * x))


def polynomial(x):
    value = 0.0
    for coefficient in x:
        value = value * 0.5 + coefficient
    return value


def centred_difference(x):
    return (x[2:] - x[:-2]) / 2
'''
_INPUTS = (
    [0.5, -1.0, 2.0, 1.5],
    [1.0, 2.0, 3.0, 4.0, 5.0],
    [-0.3, 0.7, 0.1],
    [float(n % 7) - 3 for n in range(50)],
)
_RTOL, _ATOL = 1e-6, 1e-9


@dataclass(frozen=True, slots=True)
class Question:
    """One case: a function, its argument and the right answer."""

    function: str
    argument: list[float]
    answer: Any


def questions() -> list[Question]:
    """Return the 48 cases."""
    module = types.ModuleType("reference")
    exec(REFERENCE, module.__dict__)  # noqa: S102  (above)
    names = [name for name, value in vars(module).items() if isinstance(value, types.FunctionType)]
    return [
        Question(name, values, np.asarray(getattr(module, name)(np.array(values))).tolist())
        for name in names
        for values in _INPUTS
    ]


def calls_of(plan: Plan) -> list[list[tuple[str, list[Any]]]]:
    """Return the calls of a plan as the floors read them."""
    return [
        [
            (call.function, [(ANSWER, arg.call) if isinstance(arg, Earlier) else arg for arg in call.args])
            for call in case.calls
        ]
        for case in plan.cases()
    ]


def write_calls(plan: Plan, file: Path) -> None:
    """Write the calls of a plan for the floors."""
    file.write_bytes(pickle.dumps(calls_of(plan)))


def write_submissions(source: Sequence[str], folder: Path, count: int) -> list[Path]:
    """Write so many submissions, of the sources in turn, no two with the same bytes; return their files."""
    folder.mkdir()
    files = []
    for number in range(count):
        file = folder / f"student{number:05}.py"
        file.write_text(f"{source[number % len(source)]}\n# handed in by student {number}\n", encoding="utf-8")
        files.append(file)
    return files


def write_rubric(folder: Path) -> Path:
    """Write the rubric and its reference for us."""
    (folder / "reference.py").write_text(REFERENCE, encoding="utf-8")
    asked: dict[str, list[list[float]]] = {}
    for question in questions():
        asked.setdefault(question.function, []).append(question.argument)
    parts = [
        {
            "id": f"1.{number}",
            "title": name,
            "points": len(cases),
            "function": name,
            "cases": [{"name": f"case {place}", "args": {"x": values}} for place, values in enumerate(cases)],
        }
        for number, (name, cases) in enumerate(asked.items())
    ]
    rubric = {
        "assignment": "twelve",
        "reference": "reference.py",
        "tolerance": {"rtol": _RTOL, "atol": _ATOL},
        "questions": [{"id": "1", "title": "All", "parts": parts}],
    }
    file = folder / "twelve.yaml"
    file.write_text(json.dumps(rubric, indent=1), encoding="utf-8")  # which is YAML, too
    return file


def write_pytest(folder: Path) -> Path:
    """Write a file of pytest's."""
    lines = ["import numpy as np", "import submission"]
    for name, call, answer in _written():
        lines += ["", "", f"def test_{name}():", f"    {_compared(call, answer)}"]
    return _write(folder / "test_homework.py", lines)


def write_gradescope(folder: Path) -> Path:
    """Write tests and a `run_tests.py`, as the documentation of gradescope-utils has them."""
    lines = ["import unittest", "", "import numpy as np", "import submission"]
    lines += ["from gradescope_utils.autograder_utils.decorators import number, weight", ""]
    lines += ["", "class TestHomework(unittest.TestCase):"]
    for place, (name, call, answer) in enumerate(_written()):
        lines += [f"    @weight(1)\n    @number('{place}')\n    def test_{name}(self):", f"        '''{name}'''"]
        lines += [f"        {_compared(call, answer)}", ""]
    (folder / "tests").mkdir()
    _write(folder / "tests" / "test_homework.py", lines)
    runner = [
        "import unittest",
        "from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner",
        "suite = unittest.defaultTestLoader.discover('tests')",
        "with open('results.json', 'w') as stream:",
        "    JSONTestRunner(visibility='visible', stream=stream).run(suite)",
    ]
    return _write(folder / "run_tests.py", runner)


def write_otter(folder: Path) -> Path:
    """Write tests in Otter's own format, a file for each function; return their folder."""
    cases: dict[str, list[str]] = {}
    for question in questions():
        right = f"np.allclose({_call(question)}, {question.answer!r}, rtol={_RTOL}, atol={_ATOL})"
        cases.setdefault(question.function, []).append(right)
    tests = folder / "tests"
    tests.mkdir()
    for name, expressions in cases.items():
        suite = {
            "cases": [{"code": f">>> import numpy as np\n>>> bool({text})\nTrue"} for text in expressions],
            "scored": True,
            "setup": "",
            "teardown": "",
            "type": "doctest",
        }
        test = {"name": name, "points": len(expressions), "suites": [suite]}
        (tests / f"{name}.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n", encoding="utf-8")
    return tests


def _written() -> Iterator[tuple[str, str, str]]:
    for place, question in enumerate(questions()):
        yield f"{question.function}_{place % len(_INPUTS)}", f"submission.{_call(question)}", repr(question.answer)


def _call(question: Question) -> str:
    return f"{question.function}(np.array({question.argument!r}))"


def _compared(call: str, answer: str) -> str:
    return f"np.testing.assert_allclose({call}, np.array({answer}), rtol={_RTOL}, atol={_ATOL})"


def _write(file: Path, lines: Sequence[str]) -> Path:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file
