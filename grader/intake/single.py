"""One student's folder, as a platform's container holds it: never a class's, whatever lies in it."""

from __future__ import annotations

from pathlib import Path

from grader.intake import plain
from grader.intake.desk import Desk
from grader.intake.model import Handed, Refused
from grader.intake.settle import settle


def take_one(folder: Path, scratch: Path) -> Handed | Refused:
    """Return the submission in a folder; archives in it are opened, and the rules of `entry` choose the file.

    Args:
        folder: what was handed in.
        scratch: an empty folder for what is unpacked, to be removed when it is graded.

    Raises:
        HostError: nothing can be written there.
    """
    return settle(plain.piece("submission", folder=folder), Desk(scratch), 0)
