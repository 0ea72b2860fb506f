from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_rubric import answer, compilation, compiled, expected, marked, refused, tiny

from grader.judge.checks import Equals, Leaves
from grader.key import expectations
from grader.wire import Opaque


def test_the_reference_answers_unless_the_rubric_does() -> None:
    _, key = tiny()
    first, *_, given = key.expectations[:8]
    assert answer(first).tolist() == [0.5, -1.25, 5e-7]
    assert answer(given).tolist() == [[1.5]]


def test_tolerances_hints_and_arguments_to_watch() -> None:
    _, key = tiny()
    first, _, narrow, whole, chosen, *_ = key.expectations
    assert (first.rtol, first.atol, first.hint, first.observe) == (1e-6, 1e-9, "", "return")
    assert [type(check) for check in first.checks] == [Equals]
    assert narrow.hint == "Halve it."
    assert (whole.rtol, whole.atol) == (0, 0.001)
    assert [type(check) for check in chosen.checks] == [Equals, Leaves]
    assert chosen.checks[1] == Leaves(("x",))


def test_a_case_s_tolerance_overrides_the_rubric_s_half_by_half(tmp_path: Path) -> None:
    cases = ("{args: [1]}", "{args: [1], tolerance: {rtol: 0.5}}", "{args: [1], tolerance: {atol: 2}}")
    _, key = compiled(tmp_path, "def f(x): return x", *cases, head="tolerance: {rtol: 0.25}")
    assert [(item.rtol, item.atol) for item in key.expectations] == [(0.25, 1e-9), (0.5, 1e-9), (0.25, 2)]


def test_a_reference_that_does_not_come_to_an_end_is_told_case_by_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expectations, "patience", lambda seconds: seconds / 4)
    start = time.monotonic()
    told = refused(
        tmp_path, "def f(x):\n    while x: pass\n    return 1", "{args: [1]}", "{args: [0]}", "{args: [2]}"
    )
    assert [line.partition(": ")[2] for line in told] == [
        "P.cases[0].args: the reference's `f` does not come to an end within 0.5 s",
        "P.cases[2].args: the reference's `f` does not come to an end within 0.5 s",
    ]
    assert time.monotonic() - start < 10


def test_watched_arguments_are_in_the_plan_s_order(tmp_path: Path) -> None:
    plan, key = compiled(
        tmp_path,
        "def f(a, b, c): return a",
        "{args: [1, 2, 3], property: {value: true, leaves_arguments: [c, a]}}",
    )
    assert key.expectations[0].checks[1:] == (Leaves(("c", "a")),)
    assert plan.cases()[0].call.observe == (0, 2)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("return 3", 3),
        ("return 10 ** 400", 10**400),
        ("return 1 << 9000", Opaque("int with more than 2400 digits")),
        ("return True", True),
        ("return 'text'", "text"),
        ("return b'bytes'", b"bytes"),
        ("return (1, [2.5, {'a': (3,)}])", (1, [2.5, {"a": (3,)}])),
        ("return 1j", 1j),
        ("return []", []),
        ("return {}", {}),
    ],
)
def test_answers_are_kept_as_they_are(tmp_path: Path, body: str, value: object) -> None:
    if isinstance(value, Opaque):
        assert "returns a value of type int with more" in refused(tmp_path, f"def f(x): {body}")[0]
        return
    got = expected(tmp_path, f"def f(x): {body}")
    assert got == value
    assert type(got) is type(value)


def test_answers_are_detached_from_the_reference(tmp_path: Path) -> None:
    _, key = compiled(
        tmp_path,
        "A = np.zeros(2)\ndef f(x):\n    A[0] += 1\n    return A",
        "{args: [1]}",
        "{args: [1]}",
    )
    assert [answer(item).tolist() for item in key.expectations] == [[1, 0], [2, 0]]


def test_each_call_gets_arguments_of_its_own(tmp_path: Path) -> None:
    plan, key = compiled(tmp_path, "def f(x):\n    assert x.flags.writeable\n    return x", "{args: [[1, 2]]}")
    (sent,) = plan.cases()[0].call.args
    assert isinstance(sent, np.ndarray)
    assert np.array_equal(answer(key.expectations[0]), sent)


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("def f(x): raise ValueError('no')", "raises ValueError: no"),
        ("def f(x): raise ValueError('two\\nlines')", "raises ValueError: two lines"),
        ("def f(x): return 1 / 0", "raises ZeroDivisionError: division by zero"),
        ("def f(x): raise SystemExit(3)", "raises SystemExit: 3"),
        ("def f(x): return f(x)", "raises RecursionError: "),
        ("def f(x): return None", "returns None"),
        ("def f(x): pass", "returns None"),
        ("def f(x): return (1, None)", "returns None"),
        ("def f(x): return {'a': [None]}", "returns None"),
        ("def f(x): return {1, 2}", "returns a value of type set"),
        ("def f(x): return [1, {2}]", "returns a value of type set"),
        ("def f(x): return {1: 2}", "returns a value of type dict with keys that are not text"),
        ("def f(x): return np.array([None])", "returns a value of type array with dtype object"),
        ("def f(x): return (v for v in x)", "returns a value of type generator"),
        (
            "def f(x): return float('nan')",
            "returns NaN or infinity; if that is meant, give the case `nonfinite: true`",
        ),
        ("def f(x): return x / 0", "returns NaN or infinity"),
        ("def f(x): return [1, (x, -np.inf)]", "returns NaN or infinity"),
        ("def f(x): return {'a': np.float32('inf')}", "returns NaN or infinity"),
        ("def f(x): return complex(0, float('nan'))", "returns NaN or infinity"),
        ("def f(x):\n    x[0] = 5\n    return x", "changes its arguments"),
        ("def f(x):\n    x += 1\n    return 1", "changes its arguments"),
        ("def f(x): return np.broadcast_to(0.0, (1 << 30,))", "returns what cannot be kept: an array of shape"),
        (
            "def f(x):\n    y = []\n    y.append(y)\n    return y",
            "returns what cannot be kept: the value is nested",
        ),
        ("def f(x): return [0] * 10 ** 6", "returns what cannot be kept: the value has more than"),
        ("def f(x): return np.zeros((0, 1 << 40))", "returns what cannot be kept: an array of shape"),
    ],
)
def test_a_reference_that_gives_no_right_answer_is_refused(tmp_path: Path, reference: str, why: str) -> None:
    (line,) = refused(tmp_path, reference)
    assert line.startswith(f"hw.yaml:13: P.cases[0].args: the reference's `f` {why}")


@pytest.mark.parametrize(
    "change", ["x.append(1)", "x.append(x)", "x[0] = {1}", "x.extend([0] * 10 ** 6)", "x[1][0] = 9"]
)
def test_changed_lists_are_found_even_when_they_cannot_be_sent_any_more(tmp_path: Path, change: str) -> None:
    (line,) = refused(tmp_path, f"def f(x):\n    {change}\n    return 1", "{args: [{list: [1, [2]]}]}")
    assert line.startswith("hw.yaml:13: P.cases[0].args: the reference's `f` changes its arguments")


def test_what_is_not_finite_on_purpose(tmp_path: Path) -> None:
    value = expected(tmp_path, "def f(x): return x / 0", "{args: [[0, 1]], nonfinite: true}")
    assert np.isnan(value[0])
    assert value[1] == np.inf


@pytest.mark.parametrize(
    ("expect", "value"), [("5", 5), ("text", "text"), ("{tuple: [1, a, null]}", (1, "a", None)), ("false", False)]
)
def test_given_answers_need_no_reference_s(tmp_path: Path, expect: str, value: object) -> None:
    got = expected(tmp_path, "def f(x): raise ValueError", f"{{args: [1], expect: {expect}}}")
    assert got == value
    assert type(got) is type(value)


def test_a_given_draw_is_not_the_argument_s(tmp_path: Path) -> None:
    plan, key = compiled(tmp_path, "def f(x): return x", "{args: [{normal: []}], expect: {normal: []}}")
    assert answer(key.expectations[0]) != plan.cases()[0].call.args[0]


@pytest.mark.parametrize(
    ("expect", "why"),
    [
        ("{zeroes: 3}", "a mapping names exactly one maker"),
        ("[1, a]", "a list holds numbers only"),
        (".nan", "this holds NaN or infinity; if that is meant, give the case `nonfinite: true`"),
        ("[1, .inf]", "this holds NaN or infinity"),
        ("{tuple: [a, null, {list: [-.inf]}]}", "this holds NaN or infinity"),
    ],
)
def test_impossible_given_answers(tmp_path: Path, expect: str, why: str) -> None:
    (line,) = refused(tmp_path, "def f(x): return 1", f"{{args: [1], expect: {expect}}}")
    assert line.startswith(f"hw.yaml:13: P.cases[0].expect: {why}")


def test_a_given_answer_that_is_not_finite_on_purpose(tmp_path: Path) -> None:
    assert expected(tmp_path, "def f(x): return 1", "{args: [1], expect: .inf, nonfinite: true}") == np.inf


@pytest.mark.parametrize(
    ("top", "own"), [("{rtol: 0}", "{atol: 0}"), ("{atol: 0}", "{rtol: 0}"), ("{atol: 0}", "{rtol: 1e-17}")]
)
def test_tolerances_that_are_impossible_only_together(tmp_path: Path, top: str, own: str) -> None:
    case = f"{{args: [1], tolerance: {own}}}"
    (line,) = refused(tmp_path, "def f(x): return x", case, head=f"tolerance: {top}")
    assert line.startswith("hw.yaml:13: P.cases[0].tolerance: with the rubric's own this is rtol ")


def test_arguments_that_cannot_be_sent(tmp_path: Path) -> None:
    large = "{list: [" + ", ".join(["{zeros: [1000000]}"] * 3) + "]}"
    lines = refused(tmp_path, "def f(x): return 1", f"{{args: [{large}]}}")
    assert lines[0].startswith("hw.yaml:4: questions: all these arguments together are too large")
    assert lines[1].startswith("hw.yaml:13: P.cases[0].args: the reference's `f` takes what cannot be sent: ")


# Several right answers.


def variants_of(folder: Path, reference: str, case: str) -> dict[str, Any]:
    _, key = compiled(folder, reference, case)
    (equals,) = key.expectations[0].checks
    assert isinstance(equals, Equals)
    return {variant.name: variant.value for variant in equals.variants}


CONVENTIONS = "def f(x): return x.sum()\ndef g(x): return x.mean()"


def test_each_variant_is_given_or_the_reference_s(tmp_path: Path) -> None:
    case = "{args: [[1, 3]], expect_any: [{name: the mean, function: g}, {name: the sum, function: f}, "
    case += "{name: none, expect: 0}]}"
    assert variants_of(tmp_path, CONVENTIONS, case) == {"the mean": 2.0, "the sum": 4.0, "none": 0}


def test_any_variant_is_right_and_the_first_is_shown(tmp_path: Path) -> None:
    variants = "[{name: sum, function: f}, {name: mean, expect: 2.0}]"
    case = f"{{args: [[1, 3]], expect_any: {variants}, tolerance: {{rtol: 0.01}}}}"
    paper = compilation(tmp_path, CONVENTIONS, case)
    for source, score in (("x.sum()", 1), ("2.001", 1), ("x.mean() * 3", 0)):
        report = marked(paper, f"def f(x): return {source}")
        assert report.score == score
    assert "expected 4.0, got 6.0" in report.cases[0].message
    staff = report.cases[0].staff_message.splitlines()
    assert staff[1:] == ["call: f([1.0, 3.0])", "expected: sum: 4.0", "expected: mean: 2.0", "got: 6.0"]


@pytest.mark.parametrize(
    ("variant", "why"),
    [
        ("{name: a, function: h}", "expect_any[0].function: hw.py has no function `h`"),
        ("{name: a, function: fails}", "expect_any[0].function: the reference's `fails` raises ValueError: no"),
        ("{name: a, expect: {zeroes: 3}}", "expect_any[0]: a mapping names exactly one maker"),
        ("{name: a, expect: .nan}", "expect_any[0]: this holds NaN or infinity"),
    ],
)
def test_impossible_variants(tmp_path: Path, variant: str, why: str) -> None:
    reference = CONVENTIONS + "\ndef fails(x): raise ValueError('no')"
    (line,) = refused(tmp_path, reference, f"{{args: [[1, 3]], expect_any: [{variant}]}}")
    assert line.startswith(f"hw.yaml:13: P.cases[0].{why}")


# What is judged of a call.

STEP = "def f(x, lr):\n    x -= lr"


def test_arguments_after_the_call(tmp_path: Path) -> None:
    plan, key = compiled(tmp_path, STEP, "{args: {x: [1, 2], lr: 0.5}, observe: [x]}")
    (expectation,) = key.expectations
    assert expectation.observe == ("x",)
    assert answer(expectation)["x"].tolist() == [0.5, 1.5]
    assert plan.cases()[0].call.observe == (0,)


@pytest.mark.parametrize(
    ("body", "score", "words"),
    [
        ("x -= lr", 1, ""),
        ("x[:] = x - lr; return 'anything'", 1, ""),
        ("return x - lr", 0, "`x` is after the call what it was before: change it in place, as `x -= ...` does"),
        ("x = x - lr", 0, "`x` is after the call what it was before"),
        ("x += lr", 0, "`x` after the call: the values are wrong: 2 of 2 entries differ"),
        ("x *= np.nan", 0, "`x` after the call: holds NaN"),
    ],
)
@pytest.mark.parametrize("level", ["case", "answer"])
def test_homework_whose_functions_return_nothing(
    tmp_path: Path, level: str, body: str, score: int, words: str
) -> None:
    own = ", observe: [x]" if level == "case" else ""
    paper = compilation(
        tmp_path, STEP, f"{{args: {{x: [1, 2], lr: 0.5}}{own}}}", part="" if own else "observe: [x]"
    )
    report = marked(paper, f"def f(x, lr):\n    {body}")
    assert report.score == score
    assert words in report.cases[0].message


def test_a_case_may_look_elsewhere_than_its_function_s_others(tmp_path: Path) -> None:
    cases = (
        "{args: [[1, 2], 3]}",
        "{args: [[1, 2], 3], observe: return}",
        "{args: [[1, 2], 3], observe: printed}",
    )
    reference = "def f(x, lr):\n    x -= lr\n    print('step', lr)\n    return 0"
    lines = refused(tmp_path, reference, *cases, part="observe: [x]")
    assert lines == ["hw.yaml:14: P.cases[1].args: the reference's `f` changes its arguments (x)"]
    _, key = compiled(tmp_path, reference, cases[0], cases[2], part="observe: [x]")
    assert [item.observe for item in key.expectations] == [("x",), "printed"]
    assert answer(key.expectations[1]) == "step 3\n"


def test_given_values_are_by_argument(tmp_path: Path) -> None:
    reference = "def f(x, y): pass"
    case = "{{args: [[1], [2]], observe: [x, y], expect: {}}}"
    _, key = compiled(tmp_path, reference, case.format("{y: [5], x: {zeros: 1}}"))
    assert {name: value.tolist() for name, value in answer(key.expectations[0]).items()} == {"x": [0], "y": [5]}
    for written in ("[5]", "{x: [5]}", "{x: 1, y: 2, z: 3}"):
        (line,) = refused(tmp_path, reference, case.format(written))
        assert line == "hw.yaml:13: P.cases[0].expect: give a value for each of x, y"


SHOW = "def f(x): print('sum', x.sum())"


@pytest.mark.parametrize(
    ("body", "score", "words"),
    [
        ("print('sum', 3.0)", 1, ""),
        ("print('sum:'[:3]); print(3.0000001); return 5", 1, ""),
        ("print('sum', 4)", 0, "the printed text is wrong: at word 2: expected '3.0', got '4'"),
        ("print('total', 3)", 0, "the printed text is wrong: at word 1: expected 'sum', got 'total'"),
        ("print('sum', 3, 'x')", 0, "the printed text holds too much: expected 2 words, got 3"),
        ("return 'sum 3.0'", 0, "`f` printed nothing"),
    ],
)
def test_printed_text(tmp_path: Path, body: str, score: int, words: str) -> None:
    paper = compilation(tmp_path, SHOW, "{args: [[1, 2]], observe: printed}")
    report = marked(paper, f"def f(x): {body}")
    assert report.score == score
    assert words in report.cases[0].message


def test_a_reference_that_prints_nothing_is_refused_where_that_is_judged(tmp_path: Path) -> None:
    (line,) = refused(tmp_path, "def f(x): return x", "{args: [1], observe: printed}")
    assert line == "hw.yaml:13: P.cases[0].args: the reference's `f` prints nothing"


def test_a_reference_that_prints_may_change_its_arguments(tmp_path: Path) -> None:
    _, key = compiled(tmp_path, "def f(x):\n    x.sort()\n    print(x)", "{args: [[2, 1]], observe: printed}")
    assert answer(key.expectations[0]) == "[1. 2.]\n"


# Gradients.


def test_a_gradient_has_a_tolerance_of_its_own(tmp_path: Path) -> None:
    reference = "def loss(x): return x ** 2\ndef f(x): return 2 * x"
    cases = (
        "{args: [1], property: {gradient_of: loss}}",
        "{args: [1], property: {gradient_of: loss}, tolerance: {atol: 0.5}}",
    )
    _, key = compiled(tmp_path, reference, *cases, head="tolerance: {rtol: 1e-12, atol: 0}")
    assert [(item.rtol, item.atol) for item in key.expectations] == [(1e-5, 1e-7), (1e-5, 0.5)]


@pytest.mark.parametrize(
    ("loss", "why"),
    [
        ("def loss(x): return 'text'", "the reference's `loss` cannot be differentiated: it does not return real"),
        ("def loss(x): return 1j * x", "the reference's `loss` cannot be differentiated: it does not return real"),
        (
            "def loss(x): return x[x > 1]",
            "the reference's `loss` cannot be differentiated: it does not return real",
        ),
        ("def loss(x): raise ValueError('no')", "the reference's `loss` raises ValueError: no"),
    ],
)
def test_a_function_that_has_no_gradient(tmp_path: Path, loss: str, why: str) -> None:
    (line,) = refused(tmp_path, f"{loss}\ndef f(x): return x", "{args: [[1, 2]], property: {gradient_of: loss}}")
    assert line.startswith(f"hw.yaml:13: P.cases[0].property.gradient_of: {why}")


# Properties that do not fit, and checks of the course's own.


@pytest.mark.parametrize(
    ("wanted", "at", "why"),
    [
        ("{agrees_with: h}", ".agrees_with.function", "hw.py has no function `h`"),
        ("{inverse_of: h}", ".inverse_of.function", "hw.py has no function `h`"),
        ("{gradient_of: h}", ".gradient_of.function", "hw.py has no function `h`"),
        ("{same_result: [{y: 1}]}", ".same_result[0]", "these must be the parameters (none), each once"),
        ("{same_result: [{x: {zeroes: 1}}]}", ".same_result[0].x", "a mapping names exactly one maker"),
        ("{same_result: [[1, 2]]}", ".same_result[0]", "these must be the parameters x, each once"),
        ("{split: {arguments: [x], at: [9]}}", ".split.at", "`x` has 2 rows; cut it before its end"),
        ("{leaves_arguments: [y]}", ".leaves_arguments", "`f` has the parameters x"),
        ("{checker: checks.py::f}", ".checker", "checks.py cannot be read: "),
        ("{checker: broken.py::f}", ".checker", "broken.py: SyntaxError: "),
        ("{checker: hw.py::h}", ".checker", "hw.py: LookupError: hw.py has no function `h`"),
        ("{checker: exits.py::h}", ".checker", "exits.py: SystemExit: 3"),
        ("{checker: hw.py::g}", "", "the reference itself does not hold to it: the course's check `g` failed"),
        (
            "{checker: hw.py::none}",
            "",
            "the reference itself does not hold to it: the course's check `none` returned",
        ),
    ],
)
def test_a_property_that_cannot_be_judged_is_told_with_its_line(
    tmp_path: Path, wanted: str, at: str, why: str
) -> None:
    (tmp_path / "broken.py").write_text("def f(:", encoding="utf-8")
    (tmp_path / "exits.py").write_text("raise SystemExit(3)", encoding="utf-8")
    reference = "def f(x): return x\ndef g(answer): return True\ndef none(answer, args): pass"
    (line,) = refused(tmp_path, reference, f"{{args: [[1, 2]], property: {wanted}}}")
    assert line.startswith(f"hw.yaml:13: P.cases[0].property{at}: {why}")


def test_the_same_draw_is_the_same_wherever_its_case_writes_it(tmp_path: Path) -> None:
    case = "{name: drawn, args: {x: {normal: [4]}}, property: {same_result: [{x: {normal: [4], shift: 2}}]}}"
    plan, _ = compiled(tmp_path, "def f(x): return np.ptp(x)", case)
    first, second = plan.cases()[0].calls
    before, after = first.args[0], second.args[0]
    assert isinstance(before, np.ndarray)
    assert isinstance(after, np.ndarray)
    assert np.allclose(after - before, 2)


def test_when_a_check_of_the_course_s_fails_the_points_wait_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "checks.py").write_text("def is_two(answer, args): return answer['a'] == 2\n", encoding="utf-8")
    paper = compilation(
        tmp_path, "def f(x): return {'a': 2}", "{args: [1], property: {checker: checks.py::is_two}}", "{args: [1]}"
    )
    report = marked(paper, "def f(x): return [2]")
    assert (str(report.score), str(report.pending_points), report.status) == ("0.00", "0.50", "needs_review")
    first, second = report.cases
    assert (first.status, second.status) == ("needs_review", "wrong")
    assert first.message == ""
    assert "the course's check `is_two` failed (TypeError" in first.staff_message
    assert report.findings == ()
