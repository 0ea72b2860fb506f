"""Folders of no platform's: one student's, or a class's with a file or a folder for each.

1. A folder that holds only one folder is that folder, under the outer one's name; hidden files, `__MACOSX` and
   the like count for nothing.
2. It is one student's if `main.py` lies in it.
3. Without Python files, notebooks and archives it is a class's if it has several folders, else one student's.
4. With Python files, it is one student's if one is called as submissions are (`hw3.py`), or the rules of `entry`
   choose one of them, and if no archive lies beside, and no folder that holds a submission of its own (a
   `main.py`, or a file called as submissions are).
5. Otherwise it is a class's: each folder, each Python file, each notebook without a Python file of its name, and
   each archive is one student's, and its name is the student's id. `setup.py`, `conftest.py` and `__init__.py` are
   nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.intake.bounds import Refusal
from grader.intake.entry import choose, is_main, is_usual
from grader.intake.folders import Entry, entries
from grader.intake.kinds import stem
from grader.intake.model import Piece
from grader.intake.names import bounded, exact_id
from grader.submission import Person

_NOBODYS = frozenset({"setup.py", "conftest.py", "__init__.py"})


def pieces(folder: Path, found: Sequence[Entry], name: str) -> list[Piece]:
    """Return the work in a folder that is called `name`."""
    own = sources(found)
    if _is_one_students(own, found):
        return [piece(name, folder=folder)]
    files = [entry for entry in found if entry.is_archive] + [entry for entry in own if not is_nobodys(entry)]
    made = [piece(entry.name, folder=entry.path, source=entry.name) for entry in found if entry.is_folder]
    made += [piece(stem(entry.name), files=((entry.name, entry.path),), source=entry.name) for entry in files]
    return sorted(made, key=lambda one: one.source)


def is_nobodys(entry: Entry) -> bool:
    """Return whether a file belongs to a folder of Python's and to no student."""
    return not entry.is_folder and entry.name in _NOBODYS


def piece(
    name: str, *, folder: Path | None = None, files: tuple[tuple[str, Path], ...] = (), source: str = ""
) -> Piece:
    """Return the work of the student whose id is `name`."""
    whose = bounded(name)
    return Piece(exact_id(name), (Person(whose, whose),), folder=folder, files=files, source=source)


def sources(found: Sequence[Entry]) -> list[Entry]:
    """Return the Python files, and the notebooks without a Python file of their name."""
    python = [entry for entry in found if entry.suffix == ".py"]
    exported = {stem(entry.name) for entry in python}
    return python + [entry for entry in found if entry.suffix == ".ipynb" and stem(entry.name) not in exported]


def _is_one_students(own: Sequence[Entry], found: Sequence[Entry]) -> bool:
    if any(is_main(entry.name) for entry in own):
        return True
    folders = [entry for entry in found if entry.is_folder]
    archives = [entry for entry in found if entry.is_archive]
    if not own:
        return len(folders) + len(archives) <= 1
    if not any(is_usual(entry.name) for entry in own):
        try:
            # Whose they are does not depend on which of them are notebooks.
            choose([f"{stem(entry.name)}.py" for entry in own])
        except Refusal:
            return False
    return not archives and not any(map(_holds_submission, folders))


def _holds_submission(folder: Entry) -> bool:
    return any(
        is_main(entry.name) or is_usual(entry.name)
        for entry in sources(entries(folder.path))
        if not entry.is_folder
    )
