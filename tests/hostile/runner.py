"""The grading process that the attacks are aimed at: holds the secrets, grades what its standard input names.

Run as `python runner.py RUBRIC ISOLATION WITHOUT ...`, with WITHOUT the layers to leave out, by comma. The first
line on standard input is a secret for its memory. It answers with a line that says where things are, and after
that with one line for each line that it reads: `grade FILE` or `close`, which ends whatever the box has started.
"""

from __future__ import annotations

import contextlib
import ctypes
import inspect
import json
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from grader.grade import Exam, grade
from grader.judge.checks import Equals
from grader.key import Expectation, compile_rubric
from grader.report import for_student
from grader.rubric import load_rubric
from grader.sandbox import ProcessBox
from grader.submission import read_submission


def make_box(isolation: str, without: frozenset[str]) -> ProcessBox:
    """Return a box; one that cannot leave a layer out can do nothing but say so."""
    wanted: dict[str, Any] = {"isolation": isolation, "without": without}
    known = inspect.signature(ProcessBox).parameters
    if without and "without" not in known:
        raise SystemExit("this box has no layers to switch off")
    return ProcessBox(**{name: value for name, value in wanted.items() if name in known})


def clock() -> tuple[float, str]:
    return time.monotonic(), datetime.now(timezone.utc).isoformat(timespec="seconds")


def say(content: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def _right_answer(item: Expectation) -> list[float]:
    (equals,) = (check for check in item.checks if isinstance(check, Equals))
    return [float(number) for number in equals.variants[0].value]


def main() -> None:
    rubric, isolation, without, *_ = sys.argv[1:]
    secret = sys.stdin.readline().strip()
    memory = ctypes.create_string_buffer(secret.encode())
    file = Path(rubric)
    exam = Exam.of(*compile_rubric(load_rubric(file), file.parent)[:2])
    right = {item.case: _right_answer(item) for item in exam.key.expectations}
    asked = [case for case in exam.plan.cases() if case.call.function == "attack"]
    visible = next(right[case.id] for case in asked if case.visibility == "visible")
    say({"address": ctypes.addressof(memory), "length": len(secret), "visible": visible})
    layers = frozenset(filter(None, without.split(",")))
    with contextlib.ExitStack() as stack:
        box = stack.enter_context(contextlib.closing(make_box(isolation, layers)))
        for line in sys.stdin:
            word, _, argument = line.strip().partition(" ")
            if word == "close":
                box.close()
                box = stack.enter_context(contextlib.closing(make_box(isolation, layers)))
                say({"closed": True})
                continue
            submission = read_submission(Path(argument), Path(argument).stem)
            report = grade(exam, submission, box, clock)
            intact = memory.value == secret.encode()
            say({"report": report.to_json(), "student": for_student(report).to_json(), "intact": intact})


main()
