from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grader.follow import again, wrong_helpers
from grader.plan import Call, Case, FunctionAnswer, Limits, Part, PartAnswer, Plan, Question, WrittenAnswer

HELPERS = {
    "softmax": "def softmax(x):\n    return np.exp(x) / np.exp(x).sum()",
    "loss": "def loss(x, y):\n    return -np.log(softmax(x)[y])",
    "deep": "def deep(x, y):\n    return loss(x, y) + deep.__name__.count('z')",
}


def part(part_id: str, *names: str, uses: tuple[str, ...] = (), texts: tuple[str, ...] = ()) -> Part:
    answers: list[PartAnswer] = [
        FunctionAnswer(
            name,
            ("x",),
            "weighted",
            (Case(f"{part_id}/{name}", "", "hidden", Fraction(1), False, (Call(name, ()),)),),
        )
        for name in names
    ]
    answers += [WrittenAnswer(text, ()) for text in texts]
    return Part(part_id, "Part", Fraction(2), tuple(answers), uses, Fraction(4, 5))


def plan(*parts: Part, **more: Any) -> Plan:
    first, *others = parts
    questions = (Question("1", "First", (first,)), Question("2", "Second", tuple(others)))
    return Plan("hw", "Homework", "", Limits(2, 20, 60, 512), questions, helpers=more.get("helpers", HELPERS))


A, B, C = part("A", "softmax"), part("B", "loss", uses=("softmax",)), part("C", "train", uses=("softmax", "loss"))


@pytest.mark.parametrize(
    ("wrong", "imperfect", "sittings"),
    [
        ((), (), []),
        (("softmax",), ("A",), []),
        (("softmax",), ("A", "B"), [(("B",), ("softmax",))]),
        (("softmax",), ("A", "C"), [(("C",), ("softmax",))]),
        (("softmax",), ("A", "B", "C"), [(("B", "C"), ("softmax",))]),
        (("softmax", "loss"), ("A", "B", "C"), [(("B",), ("softmax",)), (("C",), ("softmax", "loss"))]),
        (("train",), ("C",), []),
    ],
)
def test_one_sitting_for_each_set_of_helpers(wrong: Any, imperfect: Any, sittings: list[Any]) -> None:
    found = [
        (tuple(item.id for item in sitting.plan.parts()), tuple(sitting.lent))
        for sitting in again(plan(A, B, C), wrong, imperfect)
    ]
    assert found == sittings


def test_nothing_is_lent_that_is_not_given_away() -> None:
    paper = plan(A, B, C, helpers={"loss": HELPERS["loss"]})
    assert list(again(paper, ("softmax",), ("A", "B", "C"))) == []
    (sitting,) = again(paper, ("softmax", "loss"), ("B", "C"))
    assert sitting.lent == {"loss": HELPERS["loss"]}
    assert wrong_helpers(paper, C, ("softmax", "loss")) == ("loss",)


def test_a_helper_comes_with_those_that_it_calls() -> None:
    uses = part("D", "train", uses=("deep",))
    (sitting,) = again(plan(A, uses), ("deep",), ("D",))
    assert sitting.lent == HELPERS
    (sitting,) = again(plan(A, part("D", "train", uses=("loss",))), ("loss",), ("D",))
    assert list(sitting.lent) == ["softmax", "loss"]


def test_only_those_parts_are_asked() -> None:
    paper = plan(A, part("B", "loss", uses=("softmax",), texts=("WHY",)), C)
    (sitting,) = again(paper, ("softmax",), ("B",))
    assert [case.id for case in sitting.plan.cases()] == ["B/loss"]
    assert [question.id for question in sitting.plan.questions] == ["2"]
    assert sitting.plan.limits == paper.limits
