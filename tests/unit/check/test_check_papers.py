from __future__ import annotations

import numpy as np

from grader.check.papers import asking, in_float32, only_functions
from grader.check.subject import Subject
from grader.plan import FunctionAnswer


def test_only_what_calls_a_function(subject: Subject) -> None:
    plan = subject.exam.plan
    assert [part.id for part in asking(plan, {"double"}).parts()] == ["A"]
    assert list(asking(plan, {"two"}).cases()) == []
    assert asking(plan, set()).questions == ()


def test_without_written_answers(subject: Subject) -> None:
    plan = only_functions(subject.exam.plan)
    assert [type(answer) for part in plan.parts() for answer in part.answers] == [FunctionAnswer]
    assert list(plan.cases()) == list(subject.exam.plan.cases())


def test_arrays_become_narrow_and_keep_their_values(subject: Subject) -> None:
    for wide, narrow in zip(subject.exam.plan.cases(), in_float32(subject.exam.plan).cases(), strict=True):
        before, after = wide.call.args[0], narrow.call.args[0]
        assert isinstance(before, np.ndarray)
        assert isinstance(after, np.ndarray)
        assert after.dtype == np.float32
        np.testing.assert_allclose(after, before, rtol=1e-6)
