from __future__ import annotations

from fractions import Fraction

from grader.build.kit_readme import kit_readme
from grader.judge.checks import Check, HasShape, Present
from grader.key import Expectation, Key
from grader.plan import Call, Case, FunctionAnswer, Limits, Part, PartAnswer, Plan, Question, WrittenAnswer


def test_the_page_names_what_is_in_the_kit_and_what_is_not() -> None:
    cases = [
        Case(f"A/{name}", "case 1", "visible", Fraction(1), essential=False, calls=(Call(name, ()),))
        for name in "fg"
    ]
    answers: tuple[PartAnswer, ...] = (
        *(FunctionAnswer(case.call.function, (), "weighted", (case,)) for case in cases),
        WrittenAnswer("W", ()),
    )
    part = Part("A7", "Part", Fraction(1), answers)
    plan = Plan("hw", "Week 7 (visible cases only)", "", Limits(1, 1, 1, 512), (Question("1", "Q", (part,)),))
    checks: list[Check] = [HasShape(()), Present()]
    made = (
        Expectation(case.id, (check,), "return", 0.0, 0.0, nonfinite=False, hint="")
        for case, check in zip(cases, checks, strict=True)
    )
    page = kit_readme(plan, Key(plan.digest, "", Fraction(0), tuple(made)), "grader-9-py3-none-any.whl")
    assert page.startswith("# Week 7: check your own work\n")
    assert "pip install ./grader-9-py3-none-any.whl watchfiles" in page
    assert "--only A7 " in page
    assert "visible cases only, 1 of them" in page
    assert "`g` has no visible case" in page
    assert "`f`" not in page
    assert max(map(len, page.splitlines())) <= 115
