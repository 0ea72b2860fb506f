"""Every property, from the rubric's YAML to what a student reads; hidden sentences hold no number of a case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from small_rubric import compilation, marked, refused

from grader.rubric import Property

HIDDEN_NUMBER = re.compile(r"\d+\.\d|\[")


@dataclass(frozen=True)
class Example:
    """A property, a function that has it, one that does not, and what is said of that one."""

    wanted: str
    right: str
    wrong: str
    reason: str
    detail: str
    args: str = "{x: [1, 2, 4]}"
    more: str = ""

    @property
    def case(self) -> str:
        args = f"args: {self.args}, " if self.args else ""
        more = f", {self.more}" if self.more else ""
        return f"{{{args}property: {self.wanted}{more}}}"


SHARE, OF_LARGEST = "def f(x): return x / np.sum(x)", "def f(x): return x / np.max(x)"
DOUBLE = "def f(x): return 2 * x"
TOTAL = "def f(x): return float(np.sum(x))"
MEAN = "def f(x): return float(np.mean(x))"
LOSS = "def loss(x): return float(np.sum(x ** 3))\n"
OUTPUTS = "def outputs(x): return np.array([x[0] * x[1], x[2]])\n"
TWICE = "two calls that must give the same answer do not"
CHANGES = "when `x` changes, the answer does not change as it must"
PIECES = "the whole at once and piece by piece do not give the same"
DIFFER = "3 of 3 entries differ"

EXAMPLES = {
    "value": Example("{value: true}", DOUBLE, "def f(x): return 3 * x", "the values are wrong", DIFFER),
    "same_result, beside args": Example(
        "{same_result: [{x: [2, 4, 8]}]}", SHARE, DOUBLE, TWICE, "f([2.0, 4.0, 8.0]): 3 of 3 entries differ"
    ),
    "same_result, alone": Example(
        "{same_result: [{x: [1, 2, 4]}, {x: [4, 1, 2]}]}",
        TOTAL,
        "def f(x): return x[0]",
        TWICE,
        "f([4.0, 1.0, 2.0]): expected 1.0, got 4.0",
        args="",
    ),
    "same_result, by position": Example(
        "{same_result: [[[4, 1, 2]], [[2, 4, 1]]]}",
        TOTAL,
        "def f(x): return x[0] if x[1] == 4 else 1",
        TWICE,
        "f([2.0, 4.0, 1.0]): expected 1.0, got 2.0",
    ),
    "same_result, filled from args": Example(
        "{same_result: [{k: 2}]}",
        "def f(x, k): return x[0]",
        "def f(x, k): return x[0] * k",
        TWICE,
        "f([1.0, 2.0, 4.0], 2): expected 1.0, got 2.0",
        args="{x: [1, 2, 4], k: 1}",
    ),
    "equivariant, permute": Example(
        "{equivariant: {argument: x, by: {permute: [2, 0, 1]}}}",
        SHARE,
        "def f(x): return np.sort(x)",
        CHANGES,
        "f([4.0, 1.0, 2.0]): 3 of 3 entries differ",
    ),
    "equivariant, permute an axis": Example(
        "{equivariant: {argument: x, by: {permute: [1, 0], axis: 1}, answer: {permute: [1, 0]}}}",
        "def f(x): return x.sum(axis=0)",
        "def f(x): return x.sum(axis=1)",
        CHANGES,
        "f([[2.0, 1.0], [4.0, 3.0]]): 2 of 2 entries differ",
        args="{x: [[1, 2], [3, 4]]}",
    ),
    "equivariant, reverse": Example(
        "{equivariant: {argument: x, by: {reverse: true}}}",
        DOUBLE,
        "def f(x): return np.cumsum(x)",
        CHANGES,
        "differ",
    ),
    "equivariant, scale": Example(
        "{equivariant: {argument: x, by: {scale: 3}, answer: {scale: 9}}}",
        "def f(x): return x ** 2",
        DOUBLE,
        CHANGES,
        "f([3.0, 6.0, 12.0]): 3 of 3 entries differ",
    ),
    "equivariant, shift": Example(
        "{equivariant: {argument: x, by: {shift: 5}}}", MEAN, TOTAL, CHANGES, "f([6.0, 7.0, 9.0]): expected 12.0"
    ),
    "equivariant, transpose": Example(
        "{equivariant: {argument: x, by: {transpose: true}}}",
        "def f(x): return x @ x.T + x.T @ x",
        "def f(x): return x @ x.T",
        CHANGES,
        "f([[1.0, 3.0], [2.0, 4.0]])",
        args="{x: [[1, 2], [3, 4]]}",
        more="nonfinite: false",
    ),
    "equivariant, the answer stays the same": Example(
        "{equivariant: {argument: x, by: {shift: 1000}, answer: {same: true}}}",
        "def f(x): return x - x.max()",
        DOUBLE,
        CHANGES,
        DIFFER,
    ),
    "equivariant, of a number": Example(
        "{equivariant: {argument: x, by: {scale: 2}}}",
        "def f(x): return 3 * x",
        "def f(x): return 3 * x + 1",
        CHANGES,
        "f(4.0): expected 14.0, got 13.0",
        args="{x: 2}",
    ),
    "split, concatenate": Example(
        "{split: {arguments: [x], at: [1]}}", DOUBLE, SHARE, PIECES, "3 of 3 entries differ"
    ),
    "split, pieces that cannot be joined": Example(
        "{split: {arguments: [x], at: [1]}}",
        DOUBLE,
        "def f(x): return np.ones((len(x), len(x)))",
        PIECES,
        "the pieces' answers have the shapes (1, 1), (2, 2)",
    ),
    "split, sum": Example(
        "{split: {arguments: [x], at: [1], join: sum}}", TOTAL, MEAN, PIECES, "expected 4.0, got 2.33333"
    ),
    "split, mean by length": Example(
        "{split: {arguments: [x, y], at: [1, 2], join: mean}}",
        "def f(x, y): return np.mean(x * y)",
        "def f(x, y): return np.sum(x * y)",
        PIECES,
        "expected 7.0, got 21.0",
        args="{x: [1, 2, 4], y: [1, 2, 4]}",
    ),
    "sums_to": Example(
        "{sums_to: 1}", SHARE, OF_LARGEST, "the entries do not sum to what they must", "1.0 is due, got 1.75"
    ),
    "sums_to, along an axis": Example(
        "{sums_to: {value: 1, axis: 1}}",
        "def f(x): return x / x.sum(axis=1, keepdims=True)",
        "def f(x): return x / x.sum(axis=0)",
        "the entries do not sum to what they must along axis 1",
        "1.0 is due, got 0.583333",
        args="{x: [[1, 2], [3, 4]]}",
    ),
    "sums_to, an axis that is not there": Example(
        "{sums_to: {value: 1, axis: 1}}",
        "def f(x): return x[np.newaxis] / x.sum()",
        SHARE,
        "the answer has too few axes",
        "got shape (3,)",
    ),
    "within": Example(
        "{within: [0, 1]}",
        SHARE,
        DOUBLE,
        "an entry is outside of its range",
        "the range is 0.0 to 1.0; first at [0]: got 2.0",
    ),
    "within, a number": Example(
        "{within: [0, 3]}", MEAN, TOTAL, "an entry is outside of its range", "the range is 0.0 to 3.0; got 7.0"
    ),
    "positive": Example(
        "{positive: true}", DOUBLE, "def f(x): return x - 1", "an entry is not positive", "first at [0]: got 0.0"
    ),
    "finite": Example(
        "{finite: true}",
        DOUBLE,
        "def f(x): return np.array([1, np.nan, np.inf])",
        "your answer holds NaN or infinity",
        "first at [1]: got nan",
    ),
    "symmetric": Example(
        "{symmetric: true}",
        "def f(x): return np.outer(x, x)",
        "def f(x): return np.outer(x, np.ones(3))",
        "the matrix is not symmetric",
        "against its transpose: 6 of 9 entries differ",
    ),
    "symmetric, no square": Example(
        "{symmetric: true}", "def f(x): return np.outer(x, x)", DOUBLE, "a square matrix is due", "got shape (3,)"
    ),
    "shape": Example(
        "{shape: [3, 1]}",
        "def f(x): return x.reshape(-1, 1)",
        DOUBLE,
        "the shape is wrong",
        "expected (3, 1), got (3,)",
    ),
    "shape, of a number": Example("{shape: []}", TOTAL, DOUBLE, "the shape is wrong", "expected (), got (3,)"),
    "integer": Example(
        "{integer: true}",
        "def f(x): return x + 0.0",
        SHARE,
        "an entry is no whole number",
        "first at [0]: got 0.142857",
    ),
    "monotone": Example(
        "{monotone: increasing}",
        DOUBLE,
        "def f(x): return -x",
        "the entries are not increasing",
        "the step first at [0]: got -1.0",
    ),
    "monotone, decreasing": Example(
        "{monotone: decreasing}", "def f(x): return -x", DOUBLE, "the entries are not decreasing", "got 2.0"
    ),
    "monotone, level steps": Example(
        "{monotone: nondecreasing}",
        "def f(x): return np.minimum(x, 2)",
        "def f(x): return -x",
        "the entries are not nondecreasing",
        "got -1.0",
    ),
    "monotone, level steps down an axis": Example(
        "{monotone: {direction: nonincreasing, axis: 0}}",
        "def f(x): return np.sort(x, axis=0)[::-1]",
        "def f(x): return x",
        "the entries are not nonincreasing",
        "the step first at [0, 0]: got 2.0",
        args="{x: [[1, 2], [3, 4]]}",
    ),
    "monotone, an axis that is not there": Example(
        "{monotone: {direction: increasing, axis: 1}}",
        "def f(x): return np.arange(6).reshape(2, 3)",
        DOUBLE,
        "the answer has too few axes",
        "got shape (3,)",
    ),
    "monotone, of what is not finite": Example(
        "{monotone: increasing}",
        DOUBLE,
        "def f(x): return np.array([1, 2, np.inf])",
        "your answer holds NaN or infinity",
        "",
    ),
    "inverse_of": Example(
        "{inverse_of: decode}",
        "def f(x): return 2 * x + 1\ndef decode(x): return (x - 1) / 2",
        "def f(x): return 2 * x\ndef decode(x): return (x - 1) / 2",
        "`decode` does not give back `x` from the answer",
        "3 of 3 entries differ",
    ),
    "inverse_of, another argument": Example(
        "{inverse_of: {function: decode, argument: x}}",
        "def f(k, x): return k * x\ndef decode(x, k): return x / k",
        "def f(k, x): return k * x\ndef decode(x, k): return x * k",
        "`decode` does not give back `x` from the answer",
        "expected 1.0, got 9.0",
        args="{k: 3, x: [1, 2, 4]}",
    ),
    "gradient_of the reference's": Example(
        "{gradient_of: loss}",
        f"{LOSS}def f(x): return 3 * x ** 2",
        f"{LOSS}def f(x): return x ** 2",
        "the values are wrong",
        "first at [0]: expected 3.0, got 1.0",
    ),
    "gradient_of the reference's, of a number": Example(
        "{gradient_of: {function: loss, argument: x}}",
        f"{LOSS}def f(x): return 3.0 * x ** 2",
        f"{LOSS}def f(x): return 2.0 * x ** 2",
        "the value is wrong",
        "expected 12.0, got 8.0",
        args="{x: 2}",
    ),
    "gradient_of the reference's, a Jacobian": Example(
        "{gradient_of: outputs}",
        f"{OUTPUTS}def f(x): return np.array([[x[1], x[0], 0], [0, 0, 1]])",
        f"{OUTPUTS}def f(x): return np.array([[x[0], x[1], 0], [0, 0, 1]])",
        "the values are wrong",
        "2 of 6 entries differ",
    ),
    "gradient_of the reference's, at given arguments": Example(
        "{gradient_of: {function: loss, args: {x: [1, 2]}}}",
        f"{LOSS}def f(n): return np.array([3, 3 * n ** 2])",
        f"{LOSS}def f(n): return np.array([3, n ** 2])",
        "the values are wrong",
        "first at [1]: expected 12.0, got 4.0",
        args="{n: 2}",
    ),
    "gradient_of the student's": Example(
        "{gradient_of: {function: loss, whose: student}}",
        f"{LOSS}def f(x): return 3 * x ** 2",
        "def loss(x): return np.sum(x ** 2)\ndef f(x): return 3 * x ** 2",
        "the answer is not the derivative of your `loss`; one of the two is wrong",
        "by central differences: 3 of 3 entries differ",
    ),
    "gradient_of the student's, a Jacobian": Example(
        "{gradient_of: {function: outputs, whose: student}}",
        f"{OUTPUTS}def f(x): return np.array([[x[1], x[0], 0], [0, 0, 1]])",
        f"{OUTPUTS}def f(x): return np.zeros((2, 3))",
        "the answer is not the derivative of your `outputs`; one of the two is wrong",
        "by central differences: 3 of 6 entries differ",
    ),
    "gradient_of the student's, whose shape varies": Example(
        "{gradient_of: {function: loss, whose: student}}",
        f"{LOSS}def f(x): return 3 * x ** 2",
        "def loss(x): return np.ones(2) if x[0] > 1 else 1.0\ndef f(x): return 3 * x ** 2",
        "your `loss` does not always return the same shape",
        "",
    ),
    "agrees_with": Example(
        "{agrees_with: g}",
        "def f(x): return x * 2\ndef g(x): return x + x",
        "def f(x): return x * 2\ndef g(x): return x ** 2",
        "`f` and `g` must agree and do not",
        "your `g`: 2 of 3 entries differ",
    ),
    "agrees_with, at other arguments": Example(
        "{agrees_with: {function: g, args: {y: 7}}}",
        "def f(x): return float(np.sum(x))\ndef g(y): return y",
        "def f(x): return float(np.sum(x))\ndef g(y): return y + 1",
        "`f` and `g` must agree and do not",
        "your `g`: expected 8.0, got 7.0",
    ),
    "leaves_arguments": Example(
        "{leaves_arguments: [x]}",
        DOUBLE,
        "def f(x):\n    x *= 2\n    return x",
        "`f` changes its argument `x`; work on a copy",
        "",
    ),
    "leaves_arguments, all": Example(
        "{leaves_arguments: true}",
        "def f(x, y): return x + y",
        "def f(x, y):\n    y += x\n    return y",
        "`f` changes its argument `y`; work on a copy",
        "",
        args="{x: [1, 2], y: [3, 4]}",
    ),
    "leaves_arguments, of a right answer": Example(
        "{value: true, leaves_arguments: true}",
        DOUBLE,
        "def f(x):\n    x *= 2\n    return x",
        "the answer is right, but `f` changes its argument `x`; work on a copy",
        "",
    ),
    "checker": Example(
        "{checker: checks.py::is_doubled}",
        DOUBLE,
        SHARE,
        "the answer does not do what the task asks",
        "not twice x, which is [1. 2. 4.]",
    ),
    "two at once": Example(
        "{positive: true, sums_to: 1}", SHARE, OF_LARGEST, "the entries do not sum to what they must", "1.0 is due"
    ),
}
BY_VALUE = {"value", "leaves_arguments, of a right answer"}
"""What the reference gives is its own value."""

CHECKS = """
import numpy as np

def is_doubled(answer, args):
    return bool(np.array_equal(answer, 2 * args["x"])) or f"not twice x, which is {args['x']}"
"""


every_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())


@pytest.fixture(autouse=True)
def _checks(tmp_path: Path) -> None:
    (tmp_path / "checks.py").write_text(CHECKS, encoding="utf-8")


def test_there_is_an_example_of_every_property() -> None:
    shown = " ".join(example.wanted for example in EXAMPLES.values())
    assert [name for name in Property.model_fields if f"{name}: " not in shown] == []


@every_example
def test_a_function_that_has_the_property_is_right(example: Example, tmp_path: Path) -> None:
    report = marked(compilation(tmp_path, example.right, example.case), example.right)
    assert (report.score, report.status) == (Decimal(1), "right")
    assert [case.message for case in report.cases] == [""]


@every_example
def test_one_that_has_not_is_wrong_and_is_told_why(example: Example, tmp_path: Path) -> None:
    report = marked(compilation(tmp_path, example.right, example.case), example.wrong)
    assert (report.score, report.status) == (Decimal(0), "wrong")
    message = report.cases[0].message
    assert re.match(rf"f\(.*\): {re.escape(example.reason)}", message), message
    assert example.detail in message
    assert message.endswith(".")
    assert example.detail in report.cases[0].staff_message


@every_example
def test_of_a_hidden_case_the_reason_alone_is_told(example: Example, tmp_path: Path) -> None:
    case = example.case.replace("property:", "visibility: hidden, property:", 1)
    report = marked(compilation(tmp_path, example.right, case), example.wrong)
    message = report.cases[0].message
    assert message == f"{example.reason}."
    assert not HIDDEN_NUMBER.search(message)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in BY_VALUE])
def test_a_reference_that_has_not_the_property_is_its_author_s_problem(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    (line,) = refused(tmp_path, example.wrong, example.case)
    assert line.startswith(
        f"hw.yaml:13: P.cases[0].property: the reference itself does not hold to it: {example.reason}"
    )
