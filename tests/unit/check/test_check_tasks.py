from __future__ import annotations

from grader.check.impostors import submission, with_variant
from grader.check.subject import Subject
from grader.check.tasks import Compiled, Fate, Graded, Marked, Room, Tried

SLOW = b"import time\ndef double(x): time.sleep(60)\n"
KNOWS_THE_TYPE = b"import numpy as np\ndef double(x): return 2 * x if x.dtype == np.float64 else x\n"


def test_a_submission_in_full(room: Room, subject: Subject) -> None:
    report = Graded(submission("reference", subject.reference.source)).run(room)
    assert report.score == 2
    assert report.max_score == 3
    assert [part.id for part in report.parts] == ["A", "B"]


def test_arguments_in_float32(room: Room) -> None:
    impostor = submission("impostor", KNOWS_THE_TYPE)
    assert Graded(impostor).run(room).score == 2
    assert Graded(impostor, float32=True).run(room).score == 0


def test_compiled_anew(room: Room, subject: Subject) -> None:
    plan, key = subject.exam.plan, subject.exam.key
    assert Compiled(subject.file).run(room) == (plan.digest, key.digest)


def test_known_mistakes(room: Room, subject: Subject) -> None:
    slip = with_variant(subject.reference.source, "slips", "squared", "double")
    beside = {"slips.py": subject.mistakes.read_bytes()}
    named, right, slow = Marked((slip, subject.reference.source, SLOW), ("A", "A", "A"), beside).run(room)
    assert named is not None
    assert right is not None
    assert [(item.kind, item.name) for item in named.findings] == [("mistake", "squared")]
    assert named.score == 0
    assert right.score == 2
    assert slow is None


def test_mutants(room: Room, subject: Subject) -> None:
    affected = frozenset({"two", "double"})
    sources = (subject.reference.source, b"def double(x): return x * (2.0 if len(x) == 2 else 3.0)\n", SLOW)
    alive, caught, slow = Tried(sources, (affected,) * 3).run(room)
    assert alive == Fate(frozenset())
    assert caught == Fate(frozenset({"A/double/drawn"}))
    assert slow == Fate(frozenset(), hung=True)
    assert [fate.is_killed for fate in (alive, caught, slow)] == [False, True, True]


def test_only_what_can_be_affected_is_asked(room: Room) -> None:
    assert Tried((b"",), (frozenset({"double"}),)).run(room)[0].is_killed
