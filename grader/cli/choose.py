"""Which rubric: the only one at hand, or of several the one whose answers the submissions define."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.errors import AuthorError, UserError
from grader.rubric import LoadedRubric, load_rubric
from grader.submission import read_submission

_DEFINED = re.compile(rb"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]*)?=", re.MULTILINE)
_SAMPLE = 20
COMPANION = ".equivalent"
"""What the name of a file ends in that lies beside a rubric and is none: `hw3.equivalent.yaml`."""


def is_rubric(path: Path) -> bool:
    """Whether what was typed as a submission is called as rubrics are: read as Python it would be a zero."""
    return path.suffix.lower() in {".yaml", ".yml"} and path.is_file()


def choose_rubric(folder: Path, submissions: Sequence[Path]) -> LoadedRubric:
    """Return the rubric under `rubrics/` in `folder` or the nearest of its parents that has one.

    Of several, the one is taken whose functions and texts the first submissions define; nothing of them is run.

    Raises:
        UserError: there is none, or several of which none fits best.
        AuthorError: the only one is at fault.
    """
    found = _rubrics(folder)
    if len(found) == 1:
        return load_rubric(found[0])
    defined = set(_defined(submissions[:_SAMPLE]))
    fitting = sorted(
        ((len(defined & _names(loaded)), loaded) for loaded in _readable(found)), key=lambda item: -item[0]
    )
    if not fitting or not fitting[0][0] or (len(fitting) > 1 and fitting[0][0] == fitting[1][0]):
        names = ", ".join(file.name for file in found)
        raise UserError(f"{found[0].parent} holds several rubrics ({names}); choose one with --rubric")
    return fitting[0][1]


def _rubrics(folder: Path) -> list[Path]:
    for place in (folder, *folder.parents):
        files = sorted([*place.glob("rubrics/*.yaml"), *place.glob("rubrics/*.yml")])
        files = [file for file in files if not file.stem.endswith(COMPANION)]
        if files:
            return [Path(os.path.relpath(file, Path.cwd())) for file in files]
    text = "there is no rubrics/ folder here or above; name the rubric with --rubric"
    raise UserError(f"{text}, or a self-check kit by the folder that it was unpacked into")


def _readable(files: Iterable[Path]) -> Iterable[LoadedRubric]:
    for file in files:
        try:
            yield load_rubric(file)
        except AuthorError:
            # One that is at fault fits nobody; whoever means it names it and reads what is wrong.
            continue


def _names(loaded: LoadedRubric) -> set[bytes]:
    answers = (
        answer for question in loaded.rubric.questions for part in question.parts for answer in part.all_answers
    )
    return {str(answer.function or answer.written).encode() for answer in answers}


def _defined(submissions: Iterable[Path]) -> Iterable[bytes]:
    for path in submissions:
        try:
            sources = read_submission(path, "").sources
        except UserError:
            continue
        for source in sources.values():
            yield from (first or second for first, second in _DEFINED.findall(source))
