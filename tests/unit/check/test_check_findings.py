from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from grader.check import findings as fd
from grader.check.impostors import submission, with_variant
from grader.check.mutants import Mutant
from grader.check.result import (
    MisfitResult,
    MistakeResult,
    MutantResult,
    MutationResult,
    PartResult,
    ReferenceResult,
    TrivialResult,
)
from grader.check.subject import Subject
from grader.check.tasks import Fate, Graded, Marked, Room
from grader.errors import HostError
from grader.report import Report

Grade = Callable[[str], Report]
SEEN, DRAWN = "A/double/seen", "A/double/drawn"


@pytest.fixture
def grade(room: Room) -> Grade:
    return lambda source: Graded(submission("any", source.encode())).run(room)


def _digests(subject: Subject) -> tuple[str, str]:
    return subject.exam.plan.digest, subject.exam.key.digest


def test_a_reference_that_is_right(grade: Grade, subject: Subject) -> None:
    source = subject.reference.source.decode()
    found = fd.reference(subject.exam, [grade(source), grade(source)], _digests(subject), [grade(source)])
    assert [item.is_right for item in found] == [True] * 4
    assert found[-1].run == "graded with arguments in float32"


def test_a_reference_that_is_not(grade: Grade, subject: Subject) -> None:
    right = grade(subject.reference.source.decode())
    wrong = grade("def double(x): return x + x if len(x) == 2 else x\n")
    first, second, third = fd.reference(subject.exam, [right, wrong], ("another", ""), [])
    assert first.is_right
    assert second.detail.startswith("A/double/drawn (")
    assert third.detail == "it answers otherwise there"


def test_two_reports_that_differ(grade: Grade, subject: Subject) -> None:
    report = grade(subject.reference.source.decode())
    other = report.model_copy(update={"messages": ("something",)})
    found = fd.reference(subject.exam, [report, other], _digests(subject), [])
    assert found[1].detail == "the two reports differ"


def test_a_fault_of_the_machine_s_is_nobody_s_zero(grade: Grade) -> None:
    broken = grade("").model_copy(update={"status": "host_fault", "staff_messages": ("it is off",)})
    with pytest.raises(HostError, match="it is off"):
        fd.trivial(["is empty"], [broken])


def test_what_answers_nothing(grade: Grade) -> None:
    reports = [grade(""), grade("def double(x): return 2 * x\n"), grade("essay = 'Because.'")]
    found = fd.trivial(["one", "two", "three"], reports)
    assert [(item.name, float(item.score), item.earning) for item in found] == [
        ("one", 0, ()),
        ("two", 2, ("A",)),
        ("three", 0, ("B",)),
    ]


def test_known_mistakes(room: Room, subject: Subject) -> None:
    source = with_variant(subject.reference.source, "slips", "squared", "double")
    sources = (source, subject.reference.source, b"def double(x): return -2 * x\n")
    marked = Marked(sources, ("A",) * 3, {"slips.py": subject.mistakes.read_bytes()}).run(room)
    (known,) = subject.exam.key.mistakes
    found = fd.mistakes([known] * 4, [*marked, None])
    assert [(item.loses, item.is_named) for item in found] == [
        (True, True),
        (False, False),
        (True, False),
        (True, False),
    ]
    assert found[0].named == ""
    assert found[1].named == found[3].named == "nothing"
    assert found[2].named not in {"", "nothing"}
    assert fd.wrong_cases(subject.exam.plan, [*marked[:2], None]) == [{SEEN, DRAWN}, set(), set()]


def test_the_mutation_score(subject: Subject) -> None:
    marks = dict.fromkeys(("same", "caught", "gone"), "Why.")
    subject = replace(subject, equivalents=marks)
    ids = ["dead", "hung", "caught", "same", "alive"]
    mutants = [(Mutant(name, "double", "sign", "", f"diff of {name}"), frozenset({"double"})) for name in ids]
    fates = [
        Fate(frozenset({SEEN})),
        Fate(frozenset(), hung=True),
        Fate(frozenset({SEEN})),
        *[Fate(frozenset())] * 2,
    ]
    found = fd.mutation(subject, mutants, fates, 90)
    assert (found.mutants, found.killed, found.score, found.least) == (5, 3, 75, 90)
    assert found.survivors == (MutantResult(id="alive", parts=("A",), diff="diff of alive", reason=""),)
    assert [item.id for item in found.equivalent] == ["same"]
    assert (found.refuted, found.stale) == (("caught",), ("gone",))


def test_without_a_mutant_nothing_is_amiss(subject: Subject) -> None:
    assert fd.mutation(subject, [], [], 95).score == 100


def _mutation(**fields: Any) -> MutationResult:
    made = {"mutants": 1, "killed": 1, "equivalent": (), "survivors": (), "refuted": (), "stale": (), "score": 100}
    return MutationResult(**{**made, "least": 95, **fields})


def _mistake(**fields: Any) -> MistakeResult:
    made = {"part": "A", "function": "f", "name": "slip", "loses": True, "is_named": True, "named": ""}
    return MistakeResult(**{**made, **fields})


def _misfit(kind: Any) -> MisfitResult:
    return MisfitResult(case=SEEN, kind=kind, detail="is so")


def _part(**fields: Any) -> PartResult:
    made = {"id": "A", "title": "", "points": 2, "cases": 1, "hidden_share": 0.5, "mistakes": 0, "mutants": 0}
    return PartResult(**{**made, "seconds": 0.0, **fields})


def test_no_problems() -> None:
    right = ReferenceResult(run="graded", is_right=True, detail="")
    nothing = TrivialResult(name="is empty", score=Decimal(0), earning=())
    assert fd.problems([right], [nothing], [_mistake()], _mutation(), [_misfit("too_loose")]) == ()


def test_each_problem_is_a_sentence() -> None:
    assert fd.problems(
        [ReferenceResult(run="graded", is_right=False, detail="A 0/2")],
        [TrivialResult(name="is empty", score=Decimal(2), earning=("A", "B"))],
        [_mistake(loses=False), _mistake(is_named=False, named="scale")],
        _mutation(score=80),
        [_misfit("too_tight")],
    ) == (
        "the reference, graded: A 0/2",
        "a submission that is empty earns in A, B",
        "A: the mistake `slip` costs nothing",
        "A: the mistake `slip` is not named; the report says scale",
        "the mutation score is 80 %, below 95 %",
        f"{SEEN}: the tolerance is too tight: is so",
    )


def test_warnings() -> None:
    written = _part(cases=0, hidden_share=0)
    lines = [_part(), _part(id="B", hidden_share=0), _part(id="C", points=0), written]
    assert fd.warnings(_mutation(stale=("old",), refuted=("mad",)), lines, [_misfit("too_loose")]) == (
        "mad is marked equivalent, but a case catches it",
        "old is marked equivalent, and is no mutant of the reference any more",
        "B: all cases are visible, so that answers learnt by heart pay",
        "C is worth 0 points",
        f"{SEEN}: the tolerance is so",
    )
