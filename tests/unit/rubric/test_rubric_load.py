from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import AuthorError, UserError
from grader.rubric import Limits, LoadedRubric, load, load_rubric

HEAD = "assignment: hw\nreference: hw.py\nquestions:\n"
QUESTION = "- id: {0}\n  title: Question {0}\n  parts:\n"
PART = "  - id: {0}\n    title: Part\n    points: 2\n    function: f\n    cases:\n    - args: [1]\n"
RUBRIC = HEAD + QUESTION.format("Q1") + PART.format("1A")
"""Lines: 1 assignment, 2 reference, 3 questions, 4 id, 5 title, 6 parts, 7 id, 8 title, 9 points, 10 function,
11 cases, 12 args."""


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "hw.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def loaded(folder: Path, text: str | bytes) -> LoadedRubric:
    return load_rubric(written(folder, text))


def problems(folder: Path, text: str | bytes) -> list[str]:
    """Return every problem without the file's name, whether or not a part of the rubric is left."""
    file = written(folder, text)
    try:
        found = load_rubric(file).problems
    except AuthorError as error:
        found = error.problems
    shown = [str(problem) for problem in sorted(found)]
    assert all(line.startswith(f"{file}:") and "\n" not in line for line in shown)
    return [line.removeprefix(f"{file}:") for line in shown]


def test_a_rubric_without_mistakes(tmp_path: Path) -> None:
    result = loaded(tmp_path, RUBRIC)
    assert result.problems == ()
    assert result.source == RUBRIC.encode()
    assert result.rubric.questions[0].parts[0].id == "1A"
    assert result.rubric.questions[0].parts[0].cases[0].path == ("questions", 0, "parts", 0, "cases", 0)
    assert result.document.line(("questions", 0, "parts", 0, "points")) == 9


def test_a_byte_order_mark_and_windows_lines_are_fine(tmp_path: Path) -> None:
    assert loaded(tmp_path, b"\xef\xbb\xbf" + RUBRIC.replace("\n", "\r\n").encode()).problems == ()


@pytest.mark.parametrize("identifier", ["010", "1E1", "2E5", "NO", "on", "1.0", "null", "1:30", "0x1A", "=1"])
def test_ids_are_what_was_typed(tmp_path: Path, identifier: str) -> None:
    text = RUBRIC.replace("id: Q1", f"id: {identifier}").replace("id: 1A", f"id: {identifier}")
    rubric = loaded(tmp_path, text).rubric
    assert rubric.questions[0].id == rubric.questions[0].parts[0].id == identifier


def test_numbers_are_what_they_look_like(tmp_path: Path) -> None:
    text = RUBRIC.replace(
        "args: [1]", "args: {x: [1e-6, 2E5], y: on, z: 010}\n      tolerance: {rtol: 1e-6, atol: 1E-9}"
    )
    case = loaded(tmp_path, text).rubric.questions[0].parts[0].cases[0]
    assert case.args == {"x": [1e-6, 2e5], "y": "on", "z": "010"}
    assert (case.tolerance.rtol, case.tolerance.atol) == (1e-6, 1e-9)


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ("5", ": this should be a mapping of fields, not 5"),
        ("{}", ": name at least one property: value, same_result, "),
        ("{colour: 1}", ".colour: unknown field; the fields here are value, same_result, "),
        ("{sums_too: 1}", ".sums_too: unknown field; did you mean `sums_to`?"),
        ("{value: false}", ".value: this should be True, not False"),
        ("{positive: false}", ".positive: this should be True, not False"),
        ("{leaves_arguments: x}", ".leaves_arguments: this is a list of parameters, or `true` for all"),
        ("{leaves_arguments: []}", ".leaves_arguments: this is a list of parameters, or `true` for all"),
        ("{leaves_arguments: false}", ".leaves_arguments: this is a list of parameters, or `true` for all"),
        ("{leaves_arguments: [2x]}", ".leaves_arguments: `2x` is not a Python name"),
        ("{sums_to: x}", ".sums_to.value: this should be a number"),
        ("{sums_to: {axis: 0}}", ".sums_to.value: this field is missing"),
        ("{sums_to: {value: 1, axes: 0}}", ".sums_to.axes: unknown field; did you mean `axis`?"),
        ("{sums_to: .inf}", ".sums_to.value: this should be a finite number, not inf"),
        ("{within: [1]}", ".within: this list should have at least 2 items"),
        ("{within: [1, 2, 3]}", ".within: this list should have at most 2 items"),
        ("{within: [2, 1]}", ": `within` is [least, greatest]"),
        ("{shape: 3}", ".shape: this should be a valid list, not 3"),
        ("{shape: [-1]}", ".shape[0]: this should be greater than or equal to 0, not -1"),
        ("{monotone: up}", ".monotone.direction: this should be 'increasing', 'decreasing', "),
        ("{equivariant: {argument: x}}", ".equivariant.by: this field is missing"),
        ("{equivariant: {argument: x, by: {}}}", ".equivariant.by: give exactly one of permute, reverse, "),
        ("{equivariant: {argument: x, by: {scale: 2, same: true}}}", ".equivariant.by: give exactly one of "),
        (
            "{equivariant: {argument: x, by: {scal: 2}}}",
            ".equivariant.by.scal: unknown field; did you mean `scale`?",
        ),
        ("{equivariant: {argument: x, by: {same: true}, answer: {turn: 2}}}", ".equivariant.answer.turn: unknown"),
        ("{split: {arguments: [x]}}", ".split.at: this field is missing"),
        ("{split: {arguments: [x], at: [0]}}", ".split.at[0]: this should be greater than 0, not 0"),
        ("{split: {arguments: [x], at: [1], join: max}}", ".split.join: this should be 'concatenate', 'sum' or"),
        ("{gradient_of: 5}", ".gradient_of.function: this should be a valid string, not 5"),
        ("{gradient_of: {function: f, whose: me}}", ".gradient_of.whose: this should be 'reference' or 'student'"),
        ("{gradient_of: {function: f, step: 0}}", ".gradient_of.step: this should be greater than 0, not 0"),
        ("{inverse_of: {function: f, argument: 2x}}", ".inverse_of.argument: `2x` is not a Python name"),
        ("{agrees_with: {args: [1]}}", ".agrees_with.function: this field is missing"),
        ("{checker: f}", ".checker: this String should match pattern "),
        ("{same_result: 3}", ".same_result: this should be a valid list, not 3"),
        ("{same_result: []}", ".same_result: this list should have at least one item"),
        (
            "{same_result: [1]}",
            ".same_result[0]: arguments are a mapping by parameter name, or a list by position",
        ),
    ],
)
def test_one_mistake_in_a_property_is_one_line(tmp_path: Path, wanted: str, problem: str) -> None:
    found = problems(tmp_path, RUBRIC.replace("args: [1]", f"{{args: [1], property: {wanted}}}"))
    assert len(found) == 1, found
    assert found[0].startswith(f"12: questions[0].parts[0].cases[0].property{problem}")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("mistakes: [{function: g}]", ".mistakes[0].says: this field is missing"),
        (
            "mistakes: [{function: g, says: x, credit: 2}]",
            ".mistakes[0].credit: this should be less than or equal to",
        ),
        (
            "mistakes: [{function: g, says: x, crdit: 1}]",
            ".mistakes[0].crdit: unknown field; did you mean `credit`?",
        ),
        ("uses: g", ".uses: this should be a valid list, not 'g'"),
        ("uses: [2x]", ".uses[0]: `2x` is not a Python name"),
        ("follow_through: 2", ".follow_through: this should be less than or equal to 1, not 2"),
    ],
)
def test_one_mistake_about_a_part_s_helpers_and_known_mistakes_is_one_line(
    tmp_path: Path, line: str, problem: str
) -> None:
    one_line(tmp_path, "    points: 2\n", f"    points: 2\n    {line}\n", "10: {P}" + problem)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("mistakes: []", "mistakes: this should be a valid string"),
        ("give_away: g", "give_away: this should be a valid list, not 'g'"),
        ("give_away: [2x]", "give_away[0]: `2x` is not a Python name"),
        ("follow_through: -1", "follow_through: this should be greater than or equal to 0, not -1"),
        ("float32: maybe", "float32: this should be true or false"),
        ("seed: true", "seed: this should be a whole number, not True"),
        ("seed: 1.5", "seed: this should be a whole number, not 1.5"),
    ],
)
def test_one_mistake_at_the_top_is_one_line(tmp_path: Path, line: str, problem: str) -> None:
    one_line(tmp_path, "assignment: hw\n", f"assignment: hw\n{line}\n", f"2: {problem}")


def one_line(folder: Path, old: str, new: str, problem: str) -> None:
    assert RUBRIC.count(old) == 1
    found = problems(folder, RUBRIC.replace(old, new))
    assert len(found) == 1, found
    assert found[0].startswith(problem.format(Q="questions[0]", P="questions[0].parts[0]"))
    assert len(found[0]) < 200


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("points: 2", "points: -1", "9: {P}.points: this should be greater than or equal to 0, not -1"),
        ("points: 2", "points: two", "9: {P}.points: this should be a number, not 'two'"),
        ("points: 2", "points: true", "9: {P}.points: this should be a number, not True"),
        ("points: 2", "points: 1.005", "9: {P}.points: this Decimal input should have no more than 2 decimal"),
        ("points: 2", "points: .nan", "9: {P}.points: this should be a finite number, not nan"),
        ("points: 2", "points: " + "9" * 990, "9: {P}.points: this should be less than or equal to 100000, not 9"),
        ("points: 2", "points: [1]", "9: {P}.points: this should be a number"),
        ("    points: 2\n", "", "7: {P}.points: this field is missing"),
        ("title: Part", "title:", "8: {P}.title: this should be a valid string, not None"),
        ("id: 1A", "id: [1]", "7: {P}.id: this should be a valid string"),
        ("id: 1A", "id: '1,A'", "7: {P}.id: an id holds no blanks and no commas"),
        ("id: 1A", "id: 1 A", "7: {P}.id: an id holds no blanks and no commas"),
        ("title: Part", "titel: Part", "8: {P}.titel: unknown field; did you mean `title`?"),
        ("function: f", "functoin: f", "10: {P}.functoin: unknown field; did you mean `function`?"),
        ("function: f", "function: 2f", "10: {P}.function: `2f` is not a Python name"),
        ("function: f", "function: class", "10: {P}.function: `class` is not a Python name"),
        ("cases:", "case:", "11: {P}.case: unknown field; did you mean `cases`?"),
        ("cases:\n    - args: [1]\n", "cases: []\n", "7: {P}: `f` has no cases; without one it cannot be graded"),
        ("    cases:\n    - args: [1]\n", "", "7: {P}: `f` has no cases; without one it cannot be graded"),
        ("points: 2", "points: 2\n    points: 3", "10: {P}.points: this key is there already, in line 9"),
        (RUBRIC.partition("parts:")[2], " []\n", "6: {Q}.parts: this list should have at least one item"),
        (RUBRIC.partition("questions:")[2], " []\n", "3: questions: this list should have at least one item"),
        (RUBRIC.partition("questions:")[2], " 5\n", "3: questions: this should be a valid list, not 5"),
        ("q" + RUBRIC.partition("q")[2], "", "1: questions: this field is missing"),
        ("assignment: hw", "asignment: hw", "1: asignment: unknown field; did you mean `assignment`?"),
        ("assignment: hw", "assignment: h/w", "1: assignment: this "),
        ("assignment: hw", "assignment:", "1: assignment: this should be a valid string, not None"),
        ("reference: hw.py", "reference:", "2: reference: this should be a valid string, not None"),
    ],
)  # fmt: skip
def test_one_mistake_is_one_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    one_line(tmp_path, old, new, problem)


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        ("arg: [1]", ".arg: unknown field; did you mean `args`?"),
        ("args: 1", ".args: arguments are a mapping by parameter name, or a list by position"),
        ("args:", ".args: arguments are a mapping by parameter name, or a list by position"),
        ("[1]", ": this should be a mapping of fields"),
        ("5", ": this should be a mapping of fields, not 5"),
        ("{args: [1], weight: 0}", ".weight: this should be greater than 0, not 0"),
        ("{args: [1], visibility: secret}", ".visibility: this should be 'visible', 'hidden', "),
        ("{args: [1], tolerance: {rtol: 1}}", ".tolerance.rtol: this should be less than 1, not 1"),
        ("{args: [1], tolerance: {atol: -1}}", ".tolerance.atol: this should be greater than"),
        ("{args: [1], tolerance: {rtol: 0, atol: 0}}", ".tolerance: no float can be this exact"),
        ("{args: [1], tolerance: {rtoll: 1}}", ".tolerance.rtoll: unknown field; did you mean `rtol`?"),
        ('{args: [1], hint: "a\\nb"}', ".hint: this must be one line of printable text"),
        ("{args: [1], essential: maybe}", ".essential: this should be true or false"),
        ("{args: [1], observe: x}", ".observe: this is a list of parameters, or `return` or `printed`"),
        ("{args: [1], observe: []}", ".observe: this is a list of parameters, or `return` or `printed`"),
        ("{args: [1], observe: 5}", ".observe: this is a list of parameters, or `return` or `printed`"),
        ("{args: [1], observe: [1]}", ".observe: 1 is not a Python name"),
        ("{args: [1], observe: [2x]}", ".observe: `2x` is not a Python name"),
        ("{args: [1], expect_any: [{name: a}]}", ".expect_any[0]: give either `expect:` or `function:`"),
        ("{args: [1], expect_any: [{expect: 1}]}", ".expect_any[0].name: this field is missing"),
        ("{args: [1], expect: 1, expect_any: [{name: a, expect: 1}]}", ": give either `expect:` or `expect_any:`"),
        ("{args: [1], expect: 1, property: {finite: true}}", ": with a property alone nothing is expected; add"),
        (
            "{property: {same_result: [{x: 1}]}}",
            ": `same_result` needs two argument sets: two in its list, or one",
        ),
        ("args: {x: 1, x: 2}", ".args.x: this key is there already, in line 12"),
        ("args: !x [1]", ".args: the tag !x means nothing here"),
    ],
)
def test_one_mistake_in_a_case_is_one_line(tmp_path: Path, case: str, problem: str) -> None:
    one_line(tmp_path, "args: [1]", case, "12: {P}.cases[0]" + problem)


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("seed: -1", "seed: this should be greater than or equal to 0, not -1"),
        ("limits: {seconds: 0}", "limits.seconds: this should be greater than 0, not 0"),
        ("limits: {second: 1}", "limits.second: unknown field; did you mean `seconds`?"),
        ("limits: 5", "limits: this should be a mapping of fields, not 5"),
        ("limits:", "limits: this should be a mapping of fields, not None"),
        ("tolerance: {rtol: .nan}", "tolerance.rtol: this should be less than 1, not nan"),
        ("shape_credit: 2", "shape_credit: this should be less than or equal to 1, not 2"),
        ("colour: 1", "colour: unknown field; the fields here are assignment, title, "),
        ('"a\\nb": 1', "a b: unknown field; the fields here are assignment, title, "),
        ("assignment: x", "assignment: this key is there already, in line 1"),
    ],
)
def test_one_mistake_in_the_head_is_one_line(tmp_path: Path, field: str, problem: str) -> None:
    one_line(tmp_path, "questions:", f"{field}\nquestions:", f"3: {problem}")


def test_all_mistakes_are_found_at_once(tmp_path: Path) -> None:
    text = (
        HEAD.replace("questions", "seed: x\nlimits: {seconds: -1, x: 9}\nquestions")
        + QUESTION.format("Q1")
        + PART.format("1A").replace("points: 2", "points: -2")
        + PART.format("1B").replace("args: [1]", "weight: -2\n    - {args: [1], weight: -1, visible: no}")
        + PART.format("1A")
        + QUESTION.format("Q1")
        + PART.format("2A").replace("args: [1]", "args: [1]\n    - name: same\n    - name: same")
    )
    assert problems(tmp_path, text) == [
        "3: seed: this should be a whole number, not 'x'",
        "4: limits.seconds: this should be greater than 0, not -1",
        f"4: limits.x: unknown field; the fields here are {', '.join(Limits.model_fields)}",
        "11: questions[0].parts[0].points: this should be greater than or equal to 0, not -2",
        "20: questions[0].parts[1].cases[0].weight: this should be greater than 0, not -2",
        "21: questions[0].parts[1].cases[1].visible: unknown field; did you mean `visibility`?",
        "21: questions[0].parts[1].cases[1].weight: this should be greater than 0, not -1",
        "22: questions[0].parts[2].id: the part id `1A` is there already, in line 9",
        "28: questions[1].id: the question id `Q1` is there already, in line 6",
        "38: questions[1].parts[0].cases[2].name: the case of `f` in part 2A `same` is there already, in line 37",
    ]


def test_what_is_right_is_kept_so_that_its_calls_can_be_checked_too(tmp_path: Path) -> None:
    text = (
        HEAD
        + QUESTION.format("Q1")
        + PART.format("1A").replace("points: 2", "points: -2")
        + PART.format("1B").replace("- args: [1]", "- args: 5\n    - args: [2]\n    - weight: 0\n    - args: [3]")
        + QUESTION.format("Q2")
        + PART.format("2A").replace("args: [1]", "args: 5")
        + QUESTION.format("Q3")
        + PART.format("3A")
    )
    result = loaded(tmp_path, text)
    kept = [
        (question.id, part.id, [case.args for case in part.cases])
        for question in result.rubric.questions
        for part in question.parts
    ]
    assert kept == [("Q1", "1B", [[2], [3]]), ("Q3", "3A", [[1]])]
    assert len(result.problems) == 4
    # What is left knows where it stood, for the problems that are found later.
    assert result.rubric.questions[0].parts[0].cases[1].path == ("questions", 0, "parts", 1, "cases", 3)
    assert result.rubric.questions[1].path == ("questions", 2)


def test_mistakes_that_only_show_when_others_are_gone_stand_at_their_own_lines(tmp_path: Path) -> None:
    text = (
        HEAD
        + QUESTION.format("Q1")
        + PART.format("1A").replace("points: 2", "points: -2")
        + PART.format("1B").replace("function: f\n", "function: f\n    written: W\n    colour: red\n")
        + PART.format("1C").replace(
            "- args: [1]", "- {args: [1], tolerance: {rtol: 1}, weight: 0}\n    - args: [1]"
        )
        + PART.format("1D")
    )
    assert [line.partition(";")[0] for line in problems(tmp_path, text)] == [
        "9: questions[0].parts[0].points: this should be greater than or equal to 0, not -2",
        "13: questions[0].parts[1]: give either `function:` with cases, or `written:`",
        "18: questions[0].parts[1].colour: unknown field",
        "26: questions[0].parts[2].cases[0].tolerance.rtol: this should be less than 1, not 1",
        "26: questions[0].parts[2].cases[0].weight: this should be greater than 0, not 0",
    ]


def test_a_limit_that_is_wrong_costs_the_limits_only(tmp_path: Path) -> None:
    result = loaded(tmp_path, RUBRIC + "limits: {seconds: 0, memory_mb: 512}\ntolerance: {rtol: 2}\nseed: -1\n")
    assert len(result.problems) == 3
    assert (result.rubric.limits.memory_mb, result.rubric.seed, result.rubric.tolerance.rtol) == (1024, 0, 1e-6)


ANSWERS = """\
  - id: 1A
    title: Part
    points: 2
    answers:
    - {function: f, cases: [{args: [1]}]}
    - {written: W}
    - {function: f, cases: [{args: [1]}]}
    - {written: W}
"""


def test_ids_and_functions_stand_once(tmp_path: Path) -> None:
    assert problems(tmp_path, HEAD + QUESTION.format("Q1") + ANSWERS) == [
        "13: questions[0].parts[0].answers[2].function: the function in part 1A `f` is there already, in line 11",
        "14: questions[0].parts[0].answers[3].written: the written answer `W` is there already, in line 12",
    ]


def test_one_function_may_stand_in_several_parts(tmp_path: Path) -> None:
    assert problems(tmp_path, RUBRIC + PART.format("1B")) == []


def test_spaces_around_an_id_do_not_make_another(tmp_path: Path) -> None:
    text = RUBRIC + PART.format('"1A "').replace("function: f", "function: g")
    assert problems(tmp_path, text) == [
        "13: questions[0].parts[1].id: the part id `1A` is there already, in line 7"
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "1: the file is empty; a rubric starts with `assignment:`"),
        (b"# nothing\n", "1: the file is empty; a rubric starts with `assignment:`"),
        (b"just words\n", "1: this should be a mapping of fields, not 'just words'"),
        (b"x" * 10_000, "1: this should be a mapping of fields, not 'xxx"),
        (b"- 1\n- 2\n", "1: this should be a mapping of fields"),
        (b"~\n", "1: this should be a mapping of fields, not None"),
        (b"\na: \xe9\n", "2: this is not UTF-8; save the rubric as UTF-8"),
        (RUBRIC.encode("utf-16"), "1: this is not UTF-8; save the rubric as UTF-8"),
        (b"a:\n\t- 1\n", "2: this is not YAML: found character "),
        (b"a: [1\n", "2: this is not YAML: "),
        (b"a: 1\nb: \x00\n", "2: this is not YAML: it holds the control character 0x00"),
        (b"\n" + b"[" * 100_000, "2: this is nested more than 50 deep"),
        (RUBRIC.encode() + b"---\n" + RUBRIC.encode(), "13: this is not YAML: "),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_file_that_is_no_rubric_is_one_line(tmp_path: Path, content: bytes, problem: str) -> None:
    (found,) = problems(tmp_path, content)
    assert found.startswith(problem)
    assert len(found) < 200


def test_aliases_that_stand_for_billions_of_values_take_no_time(tmp_path: Path) -> None:
    bomb = "seed: &a [0, 0, 0, 0, 0, 0, 0, 0]\n" + "".join(
        f"k{index}: &{name} [{', '.join([f'*{before}'] * 8)}]\n"
        for index, (before, name) in enumerate(zip("abcdefghijkl", "bcdefghijklm", strict=True))
    )
    assert any("too many or too deep values" in line for line in problems(tmp_path, bomb + RUBRIC))


def test_the_largest_rubric_is_read_and_a_larger_one_is_not(tmp_path: Path) -> None:
    head = RUBRIC.encode() + b"# "
    assert loaded(tmp_path, head + b"x" * (4 * 1024 * 1024 - len(head))).problems == ()
    for filler in (b"x", "é".encode(), "𝄞".encode()):
        for shift in range(len(filler)):
            content = head + b"x" * shift + filler * (4 * 1024 * 1024 // len(filler))
            with pytest.raises(UserError, match="larger than 4194304 bytes"):
                load_rubric(written(tmp_path, content))


def test_a_file_that_cannot_be_read_is_the_user_s_fault(tmp_path: Path) -> None:
    for file in (tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(UserError, match="the rubric cannot be read: "):
            load_rubric(file)


def test_many_mistakes_are_a_line_each(tmp_path: Path) -> None:
    cases = "".join(f"    - {{args: {number}, colour: 1}}\n" for number in range(300))
    assert len(problems(tmp_path, RUBRIC.replace("    - args: [1]\n", cases))) == 600


def test_taking_out_what_is_wrong_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = RUBRIC + PART.format("1B") + PART.format("1C").replace("points: 2", "points: -2")
    assert len(loaded(tmp_path, text).problems) == 1
    monkeypatch.setattr(load, "_MAX_ROUNDS", 1)
    with pytest.raises(AuthorError, match="points: this should be greater"):
        loaded(tmp_path, text)
