"""Whether a folder that was taken as one submission looks like a class's: files that have nothing to do with it.

A `solution.py` or `main.py` among a class's files makes all of them one student's (`plain`, rules 2 and 4). What
belongs together imports each other or is called as helpers are; words tell that well enough for a warning, and
nobody's code need be parsed for it.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from grader.intake.bounds import Refusal
from grader.intake.entry import is_aside, listed
from grader.intake.folders import entries
from grader.intake.kinds import open_regular, stem
from grader.intake.plain import sources

_MAX_BYTES = 256 * 1024
_TELLING = ("import", "%run", ".py")


def strangers(folder: Path, entry: str) -> str:
    """Return how many files were taken as helpers of `entry`, and which neither import nor are imported.

    Nothing is returned where none of several is a stranger.

    Args:
        folder: a submission.
        entry: the file of it that is run.
    """
    found = {one.name: one.path for one in sources(entries(folder))}
    helpers = [name for name in found if name != entry]
    if entry not in found or sum(not is_aside(name) for name in helpers) < 2:
        return ""
    stems = set(map(stem, found))
    mentioned = {name: (_words(path) & stems) - {stem(name)} for name, path in found.items()}
    known = set().union(*mentioned.values())
    strange = [name for name in helpers if not (is_aside(name) or mentioned[name] or stem(name) in known)]
    if not strange:
        return ""
    kind = "Python files" if all(name.endswith(".py") for name in helpers) else "Python files and notebooks"
    taken = f"this is taken as one submission, {entry} with {len(helpers)} other {kind} as its helpers"
    alone = f"{listed(strange)} {'is' if len(strange) == 1 else 'are'} not imported there"
    return f"{taken}, but {alone}; if these are other students', name the files themselves, or take {entry} away"


def _words(path: Path) -> set[str]:
    """Return the words of all lines that could name a module or a file."""
    text = ""
    # Whoever reads it for grading says why it cannot be read.
    with contextlib.suppress(Refusal), open_regular(path) as stream:
        text = stream.read(_MAX_BYTES).decode(errors="replace")
    lines = (line for line in text.splitlines() if any(word in line for word in _TELLING))
    return {word for line in lines for word in re.findall(r"\w+", line)}
