from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge import checker
from grader.judge.checker import begin_submission, consult, function_of
from grader.judge.checks import Checked
from grader.judge.verdict import NeedsReview, Right, Wrong
from grader.wire import Opaque

WRONG = "the answer does not do what the task asks"


def check(body: str) -> Checked:
    return Checked("checks.py", "decide", f"import numpy as np\ndef decide(answer, args):\n    {body}\n")


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("return True", Right()),
        ("return False", Wrong(WRONG)),
        ("return np.bool_(answer == [1.5])", Right()),
        ("return np.all(np.array(answer) > 2)", Wrong(WRONG)),
        ("return 'row 2 is not sorted'", Wrong(WRONG, "row 2 is not sorted")),
        ("return ''", Wrong(WRONG)),
        ("return answer == [1.5] and args == {'x': 3}", Right()),
    ],
)
def test_what_it_says_is_the_verdict(body: str, verdict: Right | Wrong) -> None:
    assert consult(check(body), [1.5], {"x": 3}) == verdict


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return None", "returned neither True, False nor a text"),
        ("return 1", "returned neither True, False nor a text"),
        ("return answer + 'x'", "failed (TypeError: "),
        ("raise ValueError('two\\nlines')", "failed (ValueError: two"),
        ("raise SystemExit(3)", "failed (SystemExit: 3)"),
        ("return decide(answer, args)", "failed (RecursionError: "),
    ],
)
def test_when_it_fails_itself_a_person_must_look(body: str, words: str) -> None:
    verdict = consult(check(body), [1.5], {})
    assert isinstance(verdict, NeedsReview)
    assert verdict.reason.startswith("the course's check `decide` ")
    assert words in verdict.reason


def test_so_it_must_when_it_does_not_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "_SECONDS", 0.05)
    monkeypatch.setattr(checker, "_LEAST_SECONDS", 0.02)
    endless = check("while answer: pass\n    return True")
    for seconds in ("0.05", "0.025", "0.02", "0.02"):
        said = f"the course's check `decide` does not come to an end within {seconds} s; a person must look"
        assert consult(endless, [1.5], {}) == NeedsReview(said)
    # Who comes after is not to suffer for it.
    begin_submission()
    again = consult(endless, [1.5], {})
    assert isinstance(again, NeedsReview)
    assert "within 0.05 s" in again.reason
    assert consult(endless, [], {}) == Right()


def test_it_gets_copies() -> None:
    answer, args = np.zeros(2), {"x": np.zeros(2)}
    body = "answer += 1; args['x'] += 1; args['y'] = 1; return True"
    assert consult(check(body), answer, args) == Right()
    assert answer.tolist() == args["x"].tolist() == [0, 0]
    assert args.keys() == {"x"}


def test_what_did_not_travel_is_seen_as_what_it_is() -> None:
    assert consult(check("return type(answer).__name__ == 'Opaque'"), Opaque("x"), {}) == Right()


def test_an_answer_too_deep_to_be_copied_is_wrong() -> None:
    value: Any = 1.0
    for _ in range(24):
        value = [value]
    assert isinstance(consult(check("return True"), value, {}), Wrong)


def test_its_file_is_run_once_and_may_define_what_it_likes() -> None:
    source = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Limit:\n    value: float\nLIMIT = Limit(2.0)\n"
        "def decide(answer, args): return answer < LIMIT.value\n"
    )
    asked = Checked("checks.py", "decide", source)
    assert consult(asked, 1.5, {}) == Right()
    assert consult(asked, 2.5, {}) == Wrong(WRONG)
    assert function_of(asked) is function_of(Checked("checks.py", "decide", source))


def test_a_file_without_the_function() -> None:
    with pytest.raises(LookupError, match=r"checks\.py has no function `decide`"):
        function_of(Checked("checks.py", "decide", "decide = 3"))
    verdict = consult(Checked("checks.py", "decide", ""), 1.0, {})
    assert isinstance(verdict, NeedsReview)
