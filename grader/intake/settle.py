"""What is to be graded in one student's work.

1. Files are looked at where they are; several are gathered in a folder of ours under their own names.
2. Without a Python file or a notebook among them, the only archive is opened; not for ever
   (`bounds.MAX_NESTED`).
3. `entry` chooses. The folder that holds the chosen file is the submission, so that the files beside it can be
   imported, unless it is alone there and other files lie further out.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from grader.intake.bounds import MAX_NESTED, STUDENT, Refusal
from grader.intake.desk import Desk
from grader.intake.entry import choose, listed
from grader.intake.folders import walk
from grader.intake.kinds import check_text, named_kind
from grader.intake.model import Handed, Piece, Refused
from grader.plainly import printable

_MAX_LINE = 500
_MAX_NOTES = 10
_SOURCES = (".py", ".ipynb")


def settle(piece: Piece, desk: Desk, depth: int) -> Handed | Refused:
    """Return the submission in a piece of work that came out of `depth` archives."""
    if piece.refusal:
        return refused(piece, piece.refusal)
    try:
        paths = [piece.folder] if piece.folder else [path for _, path in piece.files]
        desk.check(paths)
        path, entry, notes = _found(piece, desk, depth)
        check_text(path / entry if entry else path, entry or piece.files[0][0])
    except Refusal as refusal:
        return refused(piece, str(refusal))
    told = [*piece.notes, *desk.notes(paths), *notes]
    return Handed(
        id=piece.id,
        path=path,
        entry=entry,
        people=piece.people,
        platform=piece.platform,
        submitted_at=piece.submitted_at,
        late=piece.late,
        late_seconds=piece.late_seconds,
        notes=tuple(map(one_line, told[:_MAX_NOTES])),
    )


def refused(piece: Piece, reason: str) -> Refused:
    """Return why a piece of work cannot be graded."""
    return Refused(piece.id, piece.source, one_line(reason), piece.people, piece.platform)


def one_line(text: str) -> str:
    """Return what is said on one harmless line, and not without end."""
    line = printable(text)
    return line if len(line) <= _MAX_LINE else f"{line[:_MAX_LINE]}..."


def _found(piece: Piece, desk: Desk, depth: int) -> tuple[Path, str, list[str]]:
    if piece.folder is not None:
        return _in_folder(piece.folder, desk, depth)
    if len(piece.files) > 1:
        return _in_folder(desk.gather(piece.files), desk, depth)
    name, path = piece.files[0]
    if named_kind(name):
        return _in_archive(name, path, desk, depth)
    if not name.lower().endswith(_SOURCES):
        raise Refusal(f"there is no Python file in it, only {name}")
    return path, "", []


def _in_archive(name: str, path: Path, desk: Desk, depth: int) -> tuple[Path, str, list[str]]:
    if depth >= MAX_NESTED:
        raise Refusal(f"{name} is an archive in an archive in an archive; hand in the files themselves")
    folder = desk.unpack(path, name, STUDENT)
    where, entry, notes = _in_folder(folder, desk, depth + 1)
    return where, entry, [f"unpacked from {name}", *desk.notes([folder]), *notes]


def _in_folder(folder: Path, desk: Desk, depth: int) -> tuple[Path, str, list[str]]:
    files = dict(walk(folder))
    names = list(files)
    archives = [name for name in names if named_kind(name)]
    if archives and not any(name.lower().endswith(_SOURCES) for name in names):
        if len(archives) > 1:
            raise Refusal(f"there is no Python file in it, but several archives: {listed(archives)}")
        return _in_archive(archives[0], files[archives[0]], desk, depth)
    chosen, note = choose(names)
    where, entry = _home(folder, chosen, names)
    return where, entry, [note] if note else []


def _home(folder: Path, chosen: str, names: list[str]) -> tuple[Path, str]:
    path = PurePosixPath(chosen)
    if len(path.parts) == 1:
        return folder, chosen
    beside = f"{path.parent}/"
    inside = [name for name in names if name.startswith(beside)]
    alone = not any(name.lower().endswith(".py") for name in inside if name != chosen)
    if alone and len(inside) < len(names):
        return folder, chosen
    return folder / path.parent, path.name
