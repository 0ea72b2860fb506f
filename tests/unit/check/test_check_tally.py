from __future__ import annotations

from fractions import Fraction

from checked import RUBRIC, Write

from grader.check.impostors import submission
from grader.check.subject import Subject, load_subject
from grader.check.tally import cases, hidden_share, parts
from grader.check.tasks import Graded, Room

SEEN, DRAWN = "A/double/seen", "A/double/drawn"


def test_a_line_for_each_part(room: Room, subject: Subject) -> None:
    report = Graded(submission("reference", subject.reference.source)).run(room)
    slow = [case.model_copy(update={"seconds": 0.25}) for case in report.parts[0].cases]
    timed = [report.parts[0].model_copy(update={"cases": tuple(slow)}), *report.parts[1:]]
    affected = [frozenset({"double"}), frozenset({"two"})]
    first, second = parts(subject, report.model_copy(update={"parts": tuple(timed)}), affected)
    assert first.points == 2
    assert (first.id, first.cases, first.mistakes, first.mutants) == ("A", 2, 1, 1)
    assert first.hidden_share == 0.5
    assert first.seconds == 0.5
    assert (second.id, second.cases, second.hidden_share, second.mutants) == ("B", 0, 0, 0)


def test_hidden_cases_count_by_their_weight(write: Write) -> None:
    plan = load_subject(write(RUBRIC.replace("essential: true", "weight: 3"))).exam.plan
    assert [hidden_share(part) for part in plan.parts()] == [Fraction(3, 4), Fraction(0)]


def test_a_line_for_each_case(subject: Subject) -> None:
    caught = [frozenset({SEEN, DRAWN}), frozenset({DRAWN}), frozenset[str]()]
    lines = cases(subject.exam.plan, caught)
    assert [(line.id, line.catches, line.alone) for line in lines] == [(SEEN, 1, 0), (DRAWN, 2, 1)]
