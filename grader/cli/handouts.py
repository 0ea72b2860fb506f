"""`grader starter` and `grader selfcheck`: what students are given before they begin."""

from __future__ import annotations

import sys
from pathlib import Path

from grader.batch import ResultsFolder
from grader.build.guessable import guessable_draws
from grader.build.selfcheck import selfcheck_kit
from grader.build.starter import starter_text
from grader.build.wheel import own_wheel
from grader.cli.packing import write_zip
from grader.cli.printing import pipe_utf8
from grader.errors import AuthorError, Problem, UserError
from grader.key import Compilation, compile_rubric
from grader.reference import Reference, load_reference
from grader.rubric import LoadedRubric, load_rubric


def write_starter(rubric: Path, out: Path | None) -> int:
    """Write the starter file, to standard output by default, and return the exit status.

    Raises:
        GraderError: the rubric cannot be compiled, or the file is there already or cannot be written.
    """
    _, compiled, reference = _compiled(rubric)
    text = starter_text(compiled.plan, compiled.key, reference)
    if out is None:
        pipe_utf8()
        sys.stdout.write(text)
        return 0
    if out.exists():
        # It may be somebody's homework.
        raise UserError(f"{out} is there already; remove it, or give another name")
    place = out.absolute()
    ResultsFolder(place.parent).write_bytes(place.name, [text.encode()])
    return 0


def write_kit(rubric: Path, out: Path) -> int:
    """Write the self-check kit and return the exit status.

    Raises:
        GraderError: the rubric cannot be compiled, or the kit cannot be written.
    """
    loaded, compiled, reference = _compiled(rubric)
    if warning := guessable_draws(loaded):
        _warn(f"{rubric}: {warning}")
    content = selfcheck_kit(loaded, compiled.plan, compiled.key, reference, own_wheel())
    write_zip(out, content)
    print(f"{out}: {len(content) / 1024:.0f} KB")  # noqa: T201  (a command's voice)
    return 0


def _compiled(rubric: Path) -> tuple[LoadedRubric, Compilation, Reference]:
    loaded = load_rubric(rubric)
    folder = loaded.document.file.parent
    compiled = compile_rubric(loaded, folder)
    for warning in compiled.warnings:
        _warn(warning)
    reference = load_reference(folder / loaded.rubric.reference)
    if isinstance(reference, Problem):  # it could be run a moment ago
        raise AuthorError([reference])
    return loaded, compiled, reference


def _warn(warning: object) -> None:
    print(f"grader: warning: {warning}", file=sys.stderr)  # noqa: T201  (a command's voice)
