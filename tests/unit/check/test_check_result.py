from __future__ import annotations

from checked import Write, clock

from grader.check import CheckResult, Terms, load_subject, prove


def test_json_says_all_of_it(write: Write) -> None:
    result = prove(load_subject(write()), Terms(95, 1, (), clock), lambda _done, _total: None)
    text = result.to_json()
    assert text.endswith("}\n")
    assert CheckResult.model_validate_json(text) == result
