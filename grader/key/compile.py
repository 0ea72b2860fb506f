"""A rubric and its reference to the exam paper and the answer key."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np

from grader import records
from grader.errors import AuthorError, Problem
from grader.key.expectations import ExpectationMaker
from grader.key.mistakes import MistakeMaker
from grader.key.model import Expectation, Key, Mistake
from grader.plan import Compiled, FunctionAnswer, Plan, compile_plan
from grader.reference import Reference, load_companion, load_reference
from grader.rubric import LoadedRubric
from grader.rubric import Mistake as RubricMistake


class Compilation(NamedTuple):
    """What a rubric compiles to.

    Attributes:
        plan: the exam paper.
        key: the answer key.
        warnings: what its author should know: mistakes that no case catches or tells apart.
    """

    plan: Plan
    key: Key
    warnings: tuple[Problem, ...]


def compile_rubric(loaded: LoadedRubric, folder: Path) -> Compilation:
    """Turn a rubric into the exam paper and the answer key.

    What the reference prints goes to standard error: standard output may be a report's.

    Args:
        loaded: the rubric.
        folder: the folder that the reference's path is relative to.

    Raises:
        AuthorError: the rubric, or the reference, is at fault; with every problem found.
    """
    with contextlib.redirect_stdout(sys.stderr):
        return _compile(loaded, folder)


def _compile(loaded: LoadedRubric, folder: Path) -> Compilation:
    problems = list(loaded.problems)
    reference = load_reference(folder / loaded.rubric.reference)
    if isinstance(reference, Problem):
        where = loaded.document.problem(("reference",), "this reference cannot be used; see the next line")
        raise AuthorError([*problems, where, reference])
    variants = _variants(loaded, folder, reference)
    if isinstance(variants, Problem):
        where = loaded.document.problem(("mistakes",), "these mistakes cannot be used; see the next line")
        problems += [where, variants]
    compiled = compile_plan(loaded, reference)
    maker = ExpectationMaker(loaded, folder, reference)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        expectations = {item.case: item for item in _expectations(compiled, maker)}
        given = None if isinstance(variants, Problem) else variants
        mistaken = MistakeMaker(loaded, reference, given, expectations)
        mistakes = tuple(_mistakes(loaded, compiled, mistaken)) if not isinstance(variants, Problem) else ()
    problems += [*compiled.problems, *maker.problems, *mistaken.problems]
    try:
        plan_digest = compiled.plan.digest
    except records.RecordError as error:
        text = f"all these arguments together are too large, or one is nested too deep: {error}"
        raise AuthorError([*problems, loaded.document.problem(("questions",), text)]) from error
    if problems:
        raise AuthorError(problems)
    shape_credit = Fraction(loaded.rubric.shape_credit)
    key = Key(plan_digest, reference.digest, shape_credit, tuple(expectations.values()), mistakes)
    return Compilation(compiled.plan, key, tuple(mistaken.warnings))


def _variants(loaded: LoadedRubric, folder: Path, reference: Reference) -> Reference | Problem | None:
    if loaded.rubric.mistakes is None:
        return None
    return load_companion(folder / loaded.rubric.mistakes, {reference.file.stem: reference.module})


def _expectations(compiled: Compiled, maker: ExpectationMaker) -> Iterator[Expectation]:
    for part in compiled.plan.parts():
        for answer in part.answers:
            if isinstance(answer, FunctionAnswer):
                made = (maker.expectation(answer, case, compiled.sources[case.id]) for case in answer.cases)
                yield from (item for item in made if item is not None)


def _mistakes(loaded: LoadedRubric, compiled: Compiled, maker: MistakeMaker) -> Iterator[Mistake]:
    written: dict[tuple[str, str | None], list[RubricMistake]] = {
        (part.id, answer.function): answer.mistakes
        for question in loaded.rubric.questions
        for part in question.parts
        for answer in part.all_answers
    }
    for part in compiled.plan.parts():
        for answer in part.answers:
            if isinstance(answer, FunctionAnswer):
                yield from maker.mistakes(part.id, answer, written[part.id, answer.function])
