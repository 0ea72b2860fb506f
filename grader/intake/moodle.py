"""Moodle's *Download all submissions*, in folders or flat.

The names are made by Moodle's `mod/assign/classes/downloader.php` (before 4.1 by `mod/assign/locallib.php`):

1. `<Full name>_<number>_assignsubmission_<plugin>`: a folder for each student and plugin (since Moodle 3.1). The
   number is the identifier of the grading worksheet. A full name holds no underscore, since Moodle makes spaces
   of them.
2. The same with `_` at its end, as versions up to 3.x have it.
3. `<Full name>_<number>_assignsubmission_<plugin>_<file>`: all files in one folder, which a preference asks for.
4. Blind marking puts *Participant*, in the site's language, in place of the name.
5. Teams: `<Group>_<group number>_...`; those who are in no group share one, which has no number. Who is in a
   group, the download does not say.
6. The plugin `file` holds what is graded; `onlinetext` and others are left aside.
7. Times and lateness are not in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from grader.intake.folders import Entry
from grader.intake.model import Piece
from grader.intake.names import bounded, safe_id
from grader.submission import Person

_NAME = re.compile(
    r"(?P<name>[^_]+)(?:_(?P<number>\d+))?_assignsubmission_(?P<plugin>[a-z0-9]+)(?:_(?P<file>.*))?", re.DOTALL
)


def fits(entry: Entry) -> bool:
    """Return whether an entry is called as in a download of Moodle's."""
    match = _NAME.fullmatch(entry.name)
    return match is not None and bool(match["file"]) != entry.is_folder


def pieces(found: Sequence[Entry]) -> list[Piece]:
    """Return each student's or group's work among the entries that fit."""
    whose = defaultdict(list)
    for entry in found:
        match = _NAME.fullmatch(entry.name)
        if match is not None:
            whose[match["name"], match["number"] or ""].append((match, entry))
    return [_piece(name, number, work) for (name, number), work in whose.items()]


def _piece(name: str, number: str, work: list[tuple[re.Match[str], Entry]]) -> Piece:
    mine = [(match, entry) for match, entry in work if match["plugin"] == "file"]
    folders = [entry.path for _, entry in mine if entry.is_folder]
    files = tuple((match["file"], entry.path) for match, entry in mine if not entry.is_folder)
    refusal = ""
    if not mine:
        refusal = "only a text was handed in online, no file"
    elif len(folders) > 1 or (folders and files):
        refusal = "it is there in two forms of Moodle's download; keep one of them"
    whose = f"{name}_{number}" if number else name
    return Piece(
        id=safe_id(whose),
        people=(Person(number or bounded(name), bounded(name)),),
        platform="moodle",
        folder=folders[0] if folders else None,
        files=files,
        source=whose,
        refusal=refusal,
    )
