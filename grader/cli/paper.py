"""What to grade with: a rubric and its reference, or a self-check kit, wherever it is at hand."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from grader.build import KIT
from grader.cli.choose import choose_rubric
from grader.errors import UserError
from grader.key import Key, load_key
from grader.plan import Plan, load_plan
from grader.records import RecordError
from grader.rubric import LoadedRubric, load_rubric


@dataclass(frozen=True, slots=True)
class Kit:
    """A self-check kit: the visible part of an exam, for whoever grades their own work.

    Attributes:
        folder: of its plan and key.
        plan: what to ask.
        key: what should come.
    """

    folder: Path
    plan: Plan
    key: Key


Paper: TypeAlias = LoadedRubric | Kit


def named_paper(path: Path) -> Paper:
    """Return what `--rubric` names: a rubric's file, or the folder of a kit.

    Raises:
        UserError: it cannot be read.
        AuthorError: the rubric is at fault.
    """
    for folder in (path, path / KIT):
        if _is_kit(folder):
            return load_kit(folder)
    return load_rubric(path)


def choose_paper(folder: Path, submissions: Sequence[Path]) -> Paper:
    """Return the rubric or the kit in `folder` or the nearest parent that has one, or else the submission's kit.

    Raises:
        UserError: there is none, or several rubrics of which none fits best.
        AuthorError: the only rubric is at fault.
    """
    for place in (folder, *folder.parents):
        if any(place.glob("rubrics/*.y*ml")):
            return choose_rubric(folder, submissions)
        if _is_kit(place / KIT):
            return load_kit(place / KIT)
    for place in submissions[0].absolute().parents if submissions else ():
        if _is_kit(place / KIT):
            return load_kit(place / KIT)
    return choose_rubric(folder, submissions)


def _is_kit(folder: Path) -> bool:
    # One of the two is enough: what is left of a kit is to be said, and not that there is none.
    return (folder / "plan").is_file() or (folder / "key").is_file()


def load_kit(folder: Path) -> Kit:
    """Read a kit.

    Raises:
        UserError: it cannot be read.
    """
    try:
        plan, key = load_plan((folder / "plan").read_bytes()), load_key((folder / "key").read_bytes())
    except OSError as error:
        text = f"the self-check kit cannot be read: {error.strerror}; unpack the zip again"
        raise UserError(f"{folder}: {text}") from error
    except RecordError as error:
        text = f"the self-check kit is damaged, or this is another version of the grader: {error}"
        raise UserError(f"{folder}: {text}; unpack it again, and install the grader that came with it") from error
    if key.plan_digest != plan.digest:
        raise UserError(f"{folder}: plan and key are of two different kits; unpack one of them again")
    return Kit(folder, plan, key)


def protected(paper: Paper) -> list[Path]:
    """Return the folders that a submission must not read."""
    if isinstance(paper, Kit):
        return [_normal(paper.folder)]
    file = paper.document.file
    beside = [file.parent / name for name in (paper.rubric.reference, paper.rubric.mistakes) if name]
    return [_normal(path.absolute().parent) for path in (file, *beside)]


def _normal(path: Path) -> Path:
    return Path(os.path.normpath(path.absolute()))
