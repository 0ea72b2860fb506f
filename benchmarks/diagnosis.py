"""What the diagnosers say of every known mistake, when nobody has told them: named, or silent.

python benchmarks/diagnosis.py [RUBRIC...]
"""

from __future__ import annotations

import inspect
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.findings import Judged, find
from grader.judge import judge_answer
from grader.key import compile_rubric
from grader.key.trial import TrialError, outcomes
from grader.plan import FunctionAnswer
from grader.reference import Reference, load_companion, load_reference
from grader.rubric import load_rubric

ROOT = Path(__file__).parents[1]


def diagnoses(file: Path) -> Iterator[tuple[str, str, str]]:
    """Yield each variant of a rubric's, what it does, and the kind of the diagnosis, empty where there is none."""
    loaded = load_rubric(file)
    plan, key, _ = compile_rubric(loaded, file.parent)
    reference = load_reference(file.parent / loaded.rubric.reference)
    assert isinstance(reference, Reference)
    variants = load_companion(file.parent / str(loaded.rubric.mistakes), {reference.file.stem: reference.module})
    assert isinstance(variants, Reference)
    expectations = {item.case: item for item in key.expectations}
    answers = {
        (part.id, answer.function): answer
        for part in plan.parts()
        for answer in part.answers
        if isinstance(answer, FunctionAnswer)
    }
    for mistake in key.mistakes:
        function = variants.function(mistake.name)
        assert function is not None
        answer = answers[mistake.part, mistake.answer]
        cases = []
        for case in answer.cases:
            question = expectations[case.id].question(answer, case, Fraction(0))
            functions = {call.function: reference.function(call.function) for call in case.calls}
            functions[answer.function] = function
            known: dict[str, Callable[..., Any]] = {name: made for name, made in functions.items() if made}
            try:
                found = outcomes(question.calls, known)
            except TrialError:
                continue
            cases.append(Judged(case, question, found, judge_answer(question, found)))
        finding = find(cases, ())
        yield mistake.name, (inspect.getdoc(function) or "").partition("\n")[0], finding.kind if finding else ""


def main() -> None:
    """Print a line for each mistake, and how many are named."""
    files = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "rubrics").glob("[!.]*.yaml"))
    for file in files:
        if file.stem.endswith(".equivalent"):
            continue
        count = Counter[bool]()
        for name, does, kind in diagnoses(file):
            count[bool(kind)] += 1
            print(f"{kind or '-':20} {name:45} {does}")
        print(f"{file.name}: {count[True]} named, {count[False]} silent\n")


if __name__ == "__main__":
    main()
