from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.rubric import source
from grader.rubric.source import Document, Located, field_name, parse

FILE = Path("hw.yaml")

LOADERS = sorted({yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)}, key=lambda kind: kind.__name__)


@pytest.fixture(autouse=True, params=LOADERS, ids=lambda kind: kind.__name__)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test with libyaml and with PyYAML's own parser, which is all that some machines have."""
    monkeypatch.setattr(source, "_LOADER", request.param)


def content(text: str) -> Any:
    document = parse(text, FILE)
    assert document.problems == []
    return document.content


def only_problem(text: str) -> str:
    document = parse(text, FILE)
    assert len(document.problems) == 1, document.problems
    return str(document.problems[0])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0", 0), ("7", 7), ("-3", -3), ("+5", 5), ("-0", 0), ("9" * 999, int("9" * 999)),
        ("1.5", 1.5), (".5", 0.5), ("-.5", -0.5), ("5.", 5.0), ("007.5", 7.5),
        ("1e-6", 1e-6), ("1E1", 10.0), ("2E5", 2e5), ("1e5", 1e5), ("1.e+3", 1000.0), ("0e0", 0.0),
        ("true", True), ("True", True), ("FALSE", False), ("null", None), ("~", None), ("", None),
        (".inf", math.inf), ("-.inf", -math.inf), ("+.inf", math.inf),
    ],
)  # fmt: skip
def test_what_looks_like_a_number_to_a_person_is_one(typed: str, meant: object) -> None:
    got = content(f"x: {typed}\n")["x"]
    assert got == meant
    assert type(got) is type(meant)


def test_not_a_number() -> None:
    assert math.isnan(content("x: .nan")["x"])


@pytest.mark.parametrize(
    "typed",
    [
        "on", "off", "yes", "no", "NO", "Yes", "y", "n", "tRUE", "nil", "none", "None",
        "010", "00", "-07", "0x10", "0o17", "0b1", "1_000", "1:30", "12:30:45", "1e", "e5", "1e5.5", ".", "1.2.3",
        "2024-01-01", "1/2", "1,000", "+-1", "١٢", "1 2", "inf", "nan", "1j", "=", "<", "9" * 1000,
    ],
)  # fmt: skip
def test_all_else_is_text(typed: str) -> None:
    assert content(f"x: {typed}\n") == {"x": typed}


@pytest.mark.parametrize("typed", ["1", "true", "null", "1e-6", "~", ""])
def test_what_is_quoted_is_text(typed: str) -> None:
    assert content(f"x: '{typed}'\ny: \"{typed}\"") == {"x": typed, "y": typed}


def test_blocks_are_text() -> None:
    assert content("x: |-\n  12\ny: >-\n  a\n  b\n") == {"x": "12", "y": "a b"}


@pytest.mark.parametrize(
    "typed", ["1", "010", "1E1", "2E5", "1e-6", "NO", "on", "true", "null", "1.0", "1:30", ".5"]
)
@pytest.mark.parametrize("name", sorted(source.TEXT_FIELDS))
def test_a_field_that_is_a_name_is_the_text_that_was_typed(name: str, typed: str) -> None:
    assert content(f"{name}: {typed}") == {name: typed}
    assert content(f"parts: [{{{name}: {typed}}}]") == {"parts": [{name: typed}]}


@pytest.mark.parametrize("empty", ["", "~", "# nothing"])
def test_a_name_that_was_not_typed_is_none(empty: str) -> None:
    assert content(f"title: {empty}\n") == {"title": None}


def test_an_empty_name_in_quotes_is_empty_text() -> None:
    assert content("title: ''") == {"title": ""}


def test_criteria_are_a_list_of_texts() -> None:
    assert content("criteria: [1, 2.0, yes]") == {"criteria": ["1", "2.0", "yes"]}


def test_below_args_and_expect_keys_are_the_author_s_own_words() -> None:
    text = "args: {name: 1, id: 2, title: {id: 3}}\nexpect: {name: 1e-6}\n"
    assert content(text) == {"args": {"name": 1, "id": 2, "title": {"id": 3}}, "expect": {"name": 1e-6}}


def test_keys_are_text_whatever_they_look_like() -> None:
    assert content("{1: a, true: b, null: c, 010: d, on: e}") == {
        "1": "a",
        "true": "b",
        "null": "c",
        "010": "d",
        "on": "e",
    }


def test_an_alias_is_its_anchor_s_value_at_its_own_place() -> None:
    document = parse("a: &x {id: 1, k: 1}\nb: *x\n", FILE)
    assert document.content == {"a": {"id": "1", "k": 1}, "b": {"id": "1", "k": 1}}
    assert document.content["a"].path == ("a",)
    assert document.content["b"].path == ("b",)


def test_a_merge_key_is_a_key_like_others() -> None:
    assert content("a: {<<: 1}") == {"a": {"<<": 1}}


def test_lines_of_fields_and_their_nearest_holder() -> None:
    document = parse("# comment\na: 1\nb:\n  - c: 2\n    d:\n\n      e\n  -\n    c: 3\n", FILE)
    lines = {
        (): 2, ("a",): 2, ("b",): 3, ("b", 0): 4, ("b", 0, "c"): 4, ("b", 0, "d"): 5, ("b", 1): 9,
        ("b", 1, "c"): 9,
    }  # fmt: skip
    assert {path: document.line(path) for path in lines} == lines
    assert document.line(("b", 0, "d", "missing", 3)) == 5
    assert document.line(("zzz",)) == 2
    assert Document(FILE).line(("zzz",)) == 1


def test_windows_line_ends_and_a_missing_last_one() -> None:
    document = parse("a: 1\r\nb: [1,\r\n  2]\r\nc: x", FILE)
    assert document.content == {"a": 1, "b": [1, 2], "c": "x"}
    assert document.line(("b", 1)) == 3
    assert document.line(("c",)) == 4


def test_mappings_know_their_path_wherever_they_are_moved() -> None:
    document = parse("questions:\n- id: 1\n  parts:\n  - {}\n  - {x: {y: {}}}\n", FILE)
    part = document.content["questions"][0]["parts"][1]
    assert isinstance(part, Located)
    assert part.path == ("questions", 0, "parts", 1)
    assert part["x"]["y"].path == ("questions", 0, "parts", 1, "x", "y")
    assert document.content.path == ()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), ""),
        (("a",), "a"),
        ((3,), "[3]"),
        (("questions", 0, "parts", 12, "points"), "questions[0].parts[12].points"),
        (("args", "x", 0, 1), "args.x[0][1]"),
    ],
)
def test_paths_as_a_person_writes_them(path: source.FieldPath, name: str) -> None:
    assert field_name(path) == name


def test_a_problem_stands_at_its_field() -> None:
    problem = parse("a:\n  - b: 1\n", FILE).problem(("a", 0, "b", "c"), "wrong")
    assert str(problem) == "hw.yaml:2: a[0].b.c: wrong"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: [1, 2\n", 3, "this is not YAML: "),
        ("a: 1\nb: 'x\n", 3, "this is not YAML: "),
        ("a: 1\n  b: 2\n", 2, "this is not YAML: mapping values are not allowed"),
        ("a: *nothing\n", 1, "this is not YAML: found undefined alias"),
        ("a: 1\n---\nb: 2\n", 2, "this is not YAML: "),
        ("a: %x\n", 1, "this is not YAML: found character "),
        ("a: @x\n", 1, "this is not YAML: found character "),
        ("a:\n\tb: 1\n", 2, "indent with spaces, not tabs"),
        ("a:\n  - b\n  \t- c: [\n", 3, "indent with spaces, not tabs"),
        ("a: ü\nb: \x01\n", 2, "this is not YAML: it holds the control character 0x01"),
        ("a: ü\n\nb: \0\n", 3, "this is not YAML: it holds the control character 0x00"),
        ("\x1b", 1, "this is not YAML: it holds the control character 0x1b"),
        ('a: "\\q"\n', 1, "this is not YAML: found unknown escape character"),
        ('a: "\\UFFFFFFFF"\n', 1, "this is not YAML: "),
        ("%YAML 1.1234567890123\n---\na: 1\n", 1, "this is not YAML: "),
        ("", 1, "the file is empty; a rubric starts with `assignment:`"),
        ("\n# only a comment\n", 1, "the file is empty"),
    ],
)
def test_what_is_not_yaml_is_one_problem_with_its_line(text: str, line: int, said: str) -> None:
    if "1234567890123" in text and source._LOADER is yaml.SafeLoader:
        text = f"%YAML 1.{'1' * 5000}\n---\na: 1\n"
        if sys.version_info < (3, 11):
            pytest.skip("the limit of an integer's digits came with Python 3.11")
    document = parse(text, FILE)
    assert document.content is None
    (problem,) = document.problems
    assert problem.line == line
    assert said in problem.text


def test_a_lone_surrogate_is_no_text() -> None:
    document = parse("a: 1\nb: \ud800\n", FILE)
    assert document.content is None
    assert len(document.problems) == 1


def test_a_tab_between_words_is_not_blamed() -> None:
    assert "tabs" not in only_problem("a: [\tb\n")


def test_a_key_that_stands_twice_keeps_its_first_value() -> None:
    document = parse("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na: 4\n", FILE)
    assert document.content == {"a": 1, "b": {"c": 1, "d": 2}}
    assert list(map(str, document.problems)) == [
        "hw.yaml:5: b.c: this key is there already, in line 3",
        "hw.yaml:6: a: this key is there already, in line 1",
    ]


def test_a_key_twice_below_args_is_a_mistake_too() -> None:
    assert "hw.yaml:1: args.x: this key is there already" in only_problem("args: {x: 1, x: 2}")


@pytest.mark.parametrize("text", ["a: 1\n? [1, 2]\n: 3\n", "a: 1\n? {b: 1}\n: 3\n"])
def test_a_key_must_be_a_word(text: str) -> None:
    assert only_problem(text) == "hw.yaml:1: a key must be a word"


@pytest.mark.parametrize(
    "value", ["!foo 1", "!foo [1]", "!foo {b: 1}", "!!python/name:os.system x", "!!set {b}", "!!binary aa"]
)
def test_tags_mean_nothing(value: str) -> None:
    assert only_problem(f"x: 1\na: {value}").startswith("hw.yaml:2: a: the tag ")


def test_yaml_s_own_tags_are_let_pass() -> None:
    assert content("a: !!str abc\nb: !!int 5\nc: !!map {d: !!seq [1]}") == {"a": "abc", "b": 5, "c": {"d": [1]}}


def test_nothing_is_executed(tmp_path: Path) -> None:
    target = tmp_path / "made"
    parse(f"a: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{target}']]", FILE)
    assert not target.exists()


BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghijklm", "bcdefghijklmn", strict=True)
)


def test_aliases_that_stand_for_billions_of_values_are_refused() -> None:
    document = parse(BOMB, FILE)
    (problem,) = document.problems
    assert problem.text == "too many or too deep values"
    assert 1 < problem.line < 15
    assert len(document.lines) < 300_000


@pytest.mark.parametrize("text", ["&a [*a]", "&a [*a, *a]", "&a {b: *a}", "x: &a {b: [*a, *a], c: *a}"])
def test_values_that_hold_themselves_are_refused(text: str) -> None:
    assert "too many or too deep values" in only_problem(text)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")])
def test_nesting_is_bounded(opening: str, closing: str) -> None:
    assert parse(opening * 50 + "x" + closing * 50, FILE).content is not None
    deep = "# a comment\n" + opening * 51 + "x" + closing * 51
    assert only_problem(deep) == "hw.yaml:2: this is nested more than 50 deep"


def test_nesting_that_would_end_the_process_is_refused() -> None:
    # In a process of its own: libyaml's composer does not raise, it overflows the stack.
    program = (
        "import sys, pathlib\nfrom grader.rubric.source import parse\n"
        "for opening in ('[', '- ', '{a: ', '? '):\n"
        "    print(parse(opening * 200_000, pathlib.Path('x')).problems[0])\n"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines() == ["x:1: this is nested more than 50 deep"] * 4
