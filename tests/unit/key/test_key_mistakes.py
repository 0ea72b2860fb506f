from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from small_rubric import compilation, compiled, marked, refused, warned

from grader.key import mistakes

REFERENCE = "def f(x): return 2 * x\ndef g(y): return y / 2"
HEAD = "mistakes: wrong.py"
CASES = ("{args: [[1, 2]]}", "{args: [[0, 0]]}", "{args: [3], name: one}")


def variants(folder: Path, source: str) -> None:
    (folder / "wrong.py").write_text(f"import numpy as np\nfrom hw import g\n{source}\n", encoding="utf-8")


def known(*items: str) -> str:
    return "mistakes:\n" + "\n".join(f"- {{{item}}}" for item in items)


THRICE = 'function: thrice, says: "Twice, not thrice.", credit: 0.25'
NEGATIVE = "function: negative, says: The sign is wrong."


def test_a_mistake_is_kept_with_what_it_answers(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x): return 3 * x\ndef negative(x): return -2 * x")
    _, key = compiled(tmp_path, REFERENCE, *CASES, head=HEAD, part=known(THRICE, NEGATIVE))
    first, second = key.mistakes
    assert (first.part, first.answer, first.name) == ("1A", "f", "thrice")
    assert (first.says, first.credit) == ("Twice, not thrice.", Fraction(1, 4))
    assert (second.name, second.credit) == ("negative", Fraction(0))
    assert [trace.case for trace in first.traces] == ["1A/f/1", "1A/f/2", "1A/f/one"]
    assert [trace.answers[0].tolist() for trace in first.traces[:2]] == [[3, 6], [0, 0]]
    assert first.traces[2].answers == (9,)
    assert [trace.caught for trace in first.traces] == [True, False, True]


def test_where_it_raises_it_answers_nothing_and_is_caught(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x): return {3: 0}[x]")
    case = "{args: [3], expect: 0}"
    assert warned(tmp_path, REFERENCE, case, head=HEAD, part=known(THRICE)) == [
        "hw.yaml:15: P.mistakes[0]: no case of `f` catches `thrice`"
    ]
    _, key = compiled(tmp_path, REFERENCE, "{args: [1]}", head=HEAD, part=known(THRICE))
    assert key.mistakes[0].traces == ()


def test_one_that_does_not_come_to_an_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mistakes, "patience", lambda _: 0.1)
    variants(tmp_path, "def thrice(x):\n    while True: pass")
    (told,) = refused(tmp_path, REFERENCE, *CASES, head=HEAD, part=known(THRICE))
    assert told == (
        "hw.yaml:17: P.mistakes[0].function: `thrice` does not come to an end within 0.1 s; let it raise instead: "
        "a mistake is known by what it answers"
    )


def test_every_call_of_a_property_is_made_with_the_variant_and_the_reference_s_others(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x): return 3 * x")
    case = "{args: [4], property: {inverse_of: g}}"
    _, key = compiled(tmp_path, REFERENCE, case, head=HEAD, part=known(THRICE))
    (trace,) = key.mistakes[0].traces
    assert trace.answers == (12, 6.0)


def test_variants_may_use_the_reference_s_functions_by_its_file_s_name(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x): return 6 * g(x)")
    _, key = compiled(tmp_path, REFERENCE, "{args: [4]}", head=HEAD, part=known(THRICE))
    assert key.mistakes[0].traces[0].answers == (12,)


def test_arguments_after_the_call_and_printed_text_are_answers_too(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x):\n    x *= 3\n    print('thrice')")
    reference = "def g(y): return y\ndef f(x):\n    x *= 2\n    print('twice')"
    cases = ("{args: [[1, 2]], observe: [x]}", "{args: [[1, 2]], observe: printed}")
    _, key = compiled(tmp_path, reference, *cases, head=HEAD, part=known(THRICE))
    after, printed = (trace.answers[0] for trace in key.mistakes[0].traces)
    assert after["x"].tolist() == [3, 6]
    assert printed == "thrice\n"


def test_a_mistake_that_no_case_catches_is_warned_of(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x): return 2 * x if np.ndim(x) else 3 * x")
    assert warned(tmp_path, REFERENCE, *CASES[:2], head=HEAD, part=known(THRICE)) == [
        "hw.yaml:16: P.mistakes[0]: no case of `f` catches `thrice`"
    ]
    assert warned(tmp_path, REFERENCE, *CASES, head=HEAD, part=known(THRICE)) == []


def test_mistakes_that_no_case_tells_apart_are_warned_of(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x): return 3 * x\ndef negative(x): return x * 3 if np.ndim(x) else -x")
    part = known(THRICE, NEGATIVE)
    assert warned(tmp_path, REFERENCE, *CASES[:2], head=HEAD, part=part) == [
        "hw.yaml:17: P.mistakes[1]: no case of `f` tells `negative` from `thrice`"
    ]
    assert warned(tmp_path, REFERENCE, *CASES, head=HEAD, part=part) == []


def test_one_that_raises_where_the_other_answers_is_told_apart(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x): return 3 * x\ndef negative(x): return 3 * x[:]")
    assert warned(tmp_path, REFERENCE, *CASES, head=HEAD, part=known(THRICE, NEGATIVE)) == []


def test_a_variant_that_there_is_not_is_a_problem(tmp_path: Path) -> None:
    variants(tmp_path, "negative = 3")
    lines = refused(tmp_path, REFERENCE, *CASES[:1], head=HEAD, part=known(THRICE, NEGATIVE))
    assert lines == [
        "hw.yaml:15: P.mistakes[0].function: there is no function `thrice` in wrong.py",
        "hw.yaml:16: P.mistakes[1].function: there is no function `negative` in wrong.py",
    ]


def test_mistakes_without_a_module_are_a_problem(tmp_path: Path) -> None:
    (line,) = refused(tmp_path, REFERENCE, *CASES[:1], part=known(THRICE))
    assert line.endswith("there is no function `thrice` in a module; name it with `mistakes:` at the top")


def test_a_module_that_cannot_be_used_is_one_problem_with_two_lines(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x: return 3")
    lines = refused(tmp_path, REFERENCE, *CASES[:1], head=HEAD, part=known(THRICE))
    assert lines[0] == "hw.yaml:3: mistakes: these mistakes cannot be used; see the next line"
    assert lines[1].startswith("wrong.py:3: this module has a syntax error")
    assert len(lines) == 2
    (tmp_path / "wrong.py").unlink()
    lines = refused(tmp_path, REFERENCE, *CASES[:1], head=HEAD, part=known(THRICE))
    assert lines[1].startswith("wrong.py:1: this module cannot be read")


def test_cases_with_problems_of_their_own_do_not_make_more_of_them(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x): return 3 * x")
    cases = ("{args: [a]}", "{args: [1], property: {sums_to: 7}}")
    (line,) = refused(tmp_path, REFERENCE, *cases, head=HEAD, part=known(THRICE))
    assert line.startswith("hw.yaml:14: P.cases[1].property: the reference itself does not hold to it")


def test_a_student_s_answers_are_recognised_and_given_the_credit(tmp_path: Path) -> None:
    variants(tmp_path, "def thrice(x): return 3 * x\ndef negative(x): return -2 * x")
    paper = compilation(tmp_path, REFERENCE, CASES[0], CASES[2], head=HEAD, part=known(THRICE, NEGATIVE))
    report = marked(paper, "def f(x): return x + x + x")
    (finding,) = report.findings
    assert (finding.answer, finding.kind, finding.name) == ("f", "mistake", "thrice")
    assert finding.message == "Twice, not thrice."
    assert str(report.score) == "0.25"
    assert report.status == "partial"
    report = marked(paper, "def f(x): return -x - x")
    assert [item.name for item in report.findings] == ["negative"]
    assert (report.score, report.status) == (Decimal(0), "wrong")
    assert marked(paper, "def f(x): return x * 2").findings == ()
