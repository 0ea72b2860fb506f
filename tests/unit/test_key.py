from __future__ import annotations

import dataclasses
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.errors import AuthorError
from grader.key import Expectation, Key, compile_rubric, load_key
from grader.plan import Plan
from grader.records import RecordError, dump
from grader.rubric import load_rubric
from grader.wire import Opaque, encode

TINY = Path(__file__).parent / "tiny" / "tiny.yaml"

# Pinned: every version of Python and of numpy must make this key.
DIGEST = "7efe8958e00b8f84f2ceab9e2c217f6cd5714cc89fa6cb64df260da652eed780"


def compiled(folder: Path, reference: str, *cases: str, head: str = "") -> tuple[Plan, Key]:
    """Compile a rubric of one part about `f`: its cases stand from line 13 on."""
    (folder / "hw.py").write_text(f"import numpy as np\n{reference}\n")
    file = folder / "hw.yaml"
    top = f"assignment: hw\nreference: hw.py\n{head or 'seed: 0'}\nquestions:\n- id: Q\n  title: Q\n  parts:\n"
    part = "  - id: 1A\n    title: Part\n    points: 1\n    function: f\n    cases:\n"
    file.write_text(top + part + "".join(f"    - {case}\n" for case in cases))
    return compile_rubric(load_rubric(file), folder)


def refused(folder: Path, reference: str, *cases: str, head: str = "") -> list[str]:
    with pytest.raises(AuthorError) as caught:
        compiled(folder, reference, *(cases or ("{args: [[1, 2]]}",)), head=head)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems)
    return [line.removeprefix(f"{folder}/").replace("questions[0].parts[0]", "P") for line in lines]


def expected(folder: Path, reference: str, case: str = "{args: [[1, 2]]}") -> Any:
    _, key = compiled(folder, reference, case)
    (expectation,) = key.expectations
    return expectation.value


def tiny() -> tuple[Plan, Key]:
    return compile_rubric(load_rubric(TINY), TINY.parent)


def test_a_key_holds_one_expectation_for_each_case_in_order() -> None:
    plan, key = tiny()
    assert [item.case for item in key.expectations] == [case.id for case in plan.cases()]
    assert key.plan_digest == plan.digest
    assert key.shape_credit == Fraction(1, 4)


def test_the_reference_answers_unless_the_rubric_does() -> None:
    _, key = tiny()
    first, *_, given = key.expectations
    assert first.value.tolist() == [0.5, -1.25, 5e-7]
    assert given.value.tolist() == [[1.5]]


def test_tolerances_hints_and_arguments_to_watch() -> None:
    _, key = tiny()
    first, _, narrow, whole, chosen, *_ = key.expectations
    assert (first.rtol, first.atol, first.hint, first.unchanged) == (1e-6, 1e-9, "", ())
    assert narrow.hint == "Halve it."
    assert (whole.rtol, whole.atol) == (0, 0.001)
    assert chosen.unchanged == ("x",)


def test_a_case_s_tolerance_overrides_the_rubric_s_half_by_half(tmp_path: Path) -> None:
    cases = ("{args: [1]}", "{args: [1], tolerance: {rtol: 0.5}}", "{args: [1], tolerance: {atol: 2}}")
    _, key = compiled(tmp_path, "def f(x): return x", *cases, head="tolerance: {rtol: 0.25}")
    assert [(item.rtol, item.atol) for item in key.expectations] == [(0.25, 1e-9), (0.5, 1e-9), (0.25, 2)]


def test_watched_arguments_are_in_the_plan_s_order(tmp_path: Path) -> None:
    plan, key = compiled(tmp_path, "def f(a, b, c): return a", "{args: [1, 2, 3], unchanged: [c, a]}")
    assert key.expectations[0].unchanged == ("a", "c")
    assert next(plan.cases()).call.observe == (0, 2)


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
    assert [item.value.tolist() for item in key.expectations] == [[1, 0], [2, 0]]


def test_each_call_gets_arguments_of_its_own(tmp_path: Path) -> None:
    plan, key = compiled(tmp_path, "def f(x):\n    assert x.flags.writeable\n    return x", "{args: [[1, 2]]}")
    assert np.array_equal(key.expectations[0].value, next(plan.cases()).call.args[0])


def test_warnings_of_the_reference_s_are_nobody_s_concern(tmp_path: Path) -> None:
    body = "import warnings\ndef f(x):\n    warnings.warn('old')\n    np.float64(0) / 0\n    return 1.0"
    assert expected(tmp_path, body) == 1.0


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
    assert line == "hw.yaml:13: P.cases[0].args: the reference's `f` changes its arguments"


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
    assert key.expectations[0].value != next(plan.cases()).call.args[0]


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


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    lines = refused(
        tmp_path,
        "def f(x):\n    if x == 2: raise ValueError('two')\n    return x",
        "{args: [1], weight: -1}",
        "{args: [2]}",
        "{args: [{zeros: -1}]}",
        "{args: [null]}",
        "{args: []}",
        "{args: [1], expect: {}}",
        head="seed: -1",
    )
    assert [line.partition(": ")[0] for line in lines] == [
        f"hw.yaml:{line}" for line in (3, 13, 14, 15, 16, 17, 18)
    ]


def test_a_missing_function_and_a_mistake_elsewhere_are_told_at_once(tmp_path: Path) -> None:
    lines = refused(tmp_path, "def g(x): return x", "{args: [1], colour: 1}")
    assert [line.partition(";")[0] for line in lines] == [
        "hw.yaml:11: P.function: hw.py has no function `f`",
        "hw.yaml:13: P.cases[0].colour: unknown field",
    ]


def test_an_unusable_reference_is_told_with_the_rubric_s_line_and_its_own(tmp_path: Path) -> None:
    lines = refused(tmp_path, "x = 1\ndef f(:", "{args: [1], weight: 0}", "{args: [1]}")
    assert lines[0].startswith("hw.py:3: the reference has a syntax error: ")
    assert lines[1] == "hw.yaml:2: reference: this reference cannot be used; see the next line"
    assert lines[2].startswith("hw.yaml:13: P.cases[0].weight: ")


def test_a_reference_that_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "hw.yaml"
    file.write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(AuthorError, match=r"tiny\.py:1: the reference cannot be read: "):
        compile_rubric(load_rubric(file), tmp_path)


def test_arguments_that_cannot_be_sent(tmp_path: Path) -> None:
    large = "{list: [" + ", ".join(["{zeros: [1000000]}"] * 3) + "]}"
    lines = refused(tmp_path, "def f(x): return 1", f"{{args: [{large}]}}")
    assert lines[0].startswith("hw.yaml:4: questions: all these arguments together are too large")
    assert lines[1].startswith("hw.yaml:13: P.cases[0].args: these cannot be sent: ")


def test_arguments_that_are_too_large_only_together(tmp_path: Path) -> None:
    (line,) = refused(tmp_path, "def f(x): return 1", *["{args: [{zeros: [1000000]}]}"] * 3)
    assert line.startswith("hw.yaml:4: questions: all these arguments together are too large")


def test_arguments_that_are_nested_too_deep_for_a_plan(tmp_path: Path) -> None:
    deep = "{list: [" * 14 + "1" + "]}" * 14
    (line,) = refused(tmp_path, "def f(x): return 1", f"{{args: [{deep}]}}")
    assert "nested too deep" in line


def test_a_key_is_read_back_as_it_was_written() -> None:
    _, key = tiny()
    again = load_key(key.dump())
    assert again.dump() == key.dump()
    assert again.digest == key.digest
    assert again.shape_credit == key.shape_credit
    assert [encode(item.value) for item in again.expectations] == [encode(item.value) for item in key.expectations]


def test_the_digest_is_pinned_and_the_same_in_another_process() -> None:
    program = "import sys; sys.path.insert(0, sys.argv[1]); import test_key; print(test_key.tiny()[1].digest)"
    command = [sys.executable, "-c", program, str(Path(__file__).parent)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert tiny()[1].digest == shown.stdout.strip() == DIGEST


def key_of(value: object, **changes: Any) -> Key:
    item = Expectation("1A/f/1", value, 1e-6, 1e-9, nonfinite=False, hint="", unchanged=())
    return Key("plan", "reference", Fraction(0), (dataclasses.replace(item, **changes),))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.1 + 0.2, 0.3),
        (1e-17, 0.0),
        (-0.0, 0.0),
        (np.float64(1.5), 1.5),
        (np.float32(1.5), 1.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (1 + 1e-17j, 1 + 0j),
        (np.complex128(2j), 2j),
        ((1, 2.0), [1, 2.0]),
        (np.array([0.1 + 0.2, 1e-17]), np.array([0.3, 0])),
        (np.array([1j, 1e-17]), np.array([1j, 0])),
        ({"a": [0.1 + 0.2]}, {"a": [0.3]}),
        ({"a": np.array([0.1 + 0.2])}, {"a": np.array([0.3])}),
    ],
    ids=repr,
)
def test_a_float_s_last_bits_and_numpy_s_names_do_not_make_another_key(one: object, other: object) -> None:
    assert key_of(one).digest == key_of(other).digest


def changed(array: Any) -> Any:
    array[1000] = 1
    return array


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1, 1.0),
        (1, True),
        (1.0, 1.000002),
        (1e-8, 0.0),
        ("1", 1),
        (b"a", "a"),
        (float("nan"), float("inf")),
        (1 + 1j, 1 - 1j),
        (np.zeros(2), np.zeros((2, 1))),
        (np.zeros(2), np.zeros(2, int)),
        (np.zeros(2), np.zeros(2, complex)),
        (np.zeros(5000), changed(np.zeros(5000))),
        ([1, [2]], [[1], 2]),
        ({"a": 1}, {"b": 1}),
        ({"a": np.zeros(5000)}, {"a": changed(np.zeros(5000))}),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_another_answer_makes_another_key(one: object, other: object) -> None:
    assert key_of(one).digest != key_of(other).digest


@pytest.mark.parametrize(
    "change",
    [{"rtol": 1e-5}, {"atol": 0.0}, {"nonfinite": True}, {"hint": "x"}, {"unchanged": ("x",)}, {"case": "y"}],
)
def test_everything_that_decides_a_mark_is_in_the_digest(change: dict[str, Any]) -> None:
    key = key_of(1.0)
    assert key_of(1.0, **change).digest != key.digest
    assert dataclasses.replace(key, plan_digest="x").digest != key.digest
    assert dataclasses.replace(key, reference_digest="x").digest != key.digest
    assert dataclasses.replace(key, shape_credit=Fraction(1, 2)).digest != key.digest


def test_what_is_no_key_is_refused() -> None:
    plan, key = tiny()
    for content in (b"", b"grader key 2\nN", b"grader key 1\n", plan.dump(), key.dump()[:-1], key.dump() + b"N"):
        with pytest.raises(RecordError):
            load_key(content)
    with pytest.raises(RecordError, match="it holds no key"):
        load_key(dump(key.expectations[0], b"grader key 1\n"))


def test_what_the_reference_prints_leaves_standard_output_to_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reference.py").write_text("print('loading')\n\n\ndef f(x):\n    print('calling')\n    return x\n")
    (tmp_path / "rubric.yaml").write_text(
        "assignment: a\nreference: reference.py\nquestions:\n"
        "  - {id: q, title: q, parts: [{id: p, title: p, points: 1, function: f, cases: [{args: [[1]]}]}]}\n"
    )
    compile_rubric(load_rubric(tmp_path / "rubric.yaml"), tmp_path)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "loading\ncalling\n"
