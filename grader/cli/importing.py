"""`grader import otter|gspack`: a rubric from another grader's tests."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.errors import HostError, UserError
from grader.importing import Imported, read_gspack, read_otter, rubric_text, skeleton_text
from grader.plainly import printable


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for; without a reference one to be filled in is written beside the rubric."""

    kind: Literal["otter", "gspack"]
    source: Path
    out: Path
    reference: Path | None


def import_tests(request: Request) -> int:
    """Write the rubric, say what was left, and return the exit status: 1 when anything was.

    Raises:
        UserError: there is nothing to read, or something in the place of what would be written.
    """
    imported = read_otter(request.source) if request.kind == "otter" else read_gspack(request.source)
    for item in imported.left:
        print(printable(str(item)))  # noqa: T201  (a command's voice)
    if not imported.parts:
        raise UserError(f"{request.source}: nothing could be converted")
    name = f"{request.kind}: {request.source.name}"
    reference = request.reference or request.out.with_name(f"{request.out.stem}_reference.py")
    relative = Path(os.path.relpath(reference, request.out.parent)).as_posix()
    _write(request.out, rubric_text(imported, name, relative))
    if request.reference is None:
        _write(reference, skeleton_text(imported.parts, name))
    sys.stdout.write(_summary(imported, request.out, None if request.reference else reference))
    return int(bool(imported.left))


def _summary(imported: Imported, out: Path, skeleton: Path | None) -> str:
    cases = sum(len(part.cases) for part in imported.parts)
    also = f", and {skeleton} to be filled in" if skeleton else ""
    return f"{out}: {len(imported.parts)} parts with {cases} cases{also}; {len(imported.left)} remarks\n"


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # What is there may be somebody's work.
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise UserError(f"{file}: there is a file already; nothing is overwritten") from error
    except OSError as error:
        raise HostError(f"{file}: it cannot be written: {error.strerror}") from error
