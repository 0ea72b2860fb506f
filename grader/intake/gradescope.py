"""Gradescope's *Export submissions*: `assignment_<id>_export/` with a folder for each submission.

Gradescope does not document it; this is what nine public programs read that were written for it:

1. `submission_metadata.yml` (Ruby's YAML; keys are symbols, `:submitters`) makes a folder such an export. Its
   top level maps `submission_<id>` to what is known of it, and there is a folder of that name.
2. `:submitters` lists `:name`, `:sid` (a number or a text, or none) and `:email`: several for a group, none
   after everybody was removed from it.
3. `:created_at` is when it was handed in, in UTC. The due date is not there, and so neither is lateness.
4. `:score`, `:status`, `:results` and `:history` are another grader's, and are not looked at.
5. `.DS_Store` and `__MACOSX/` occur, and are nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.intake import ruby
from grader.intake.bounds import Refusal
from grader.intake.folders import Entry
from grader.intake.kinds import open_regular
from grader.intake.model import Piece
from grader.intake.names import bounded, safe_id
from grader.submission import Person

METADATA = ("submission_metadata.yml", "submission_metadata.yaml")
_NAME = re.compile(r"submission_[A-Za-z0-9]+")
_MAX_PEOPLE = 100
_NOBODY = Person("")


def metadata_in(folder: Path) -> Path | None:
    """Return the file that makes a folder an export of Gradescope's."""
    return next((folder / name for name in METADATA if (folder / name).is_file()), None)


def fits(entry: Entry) -> bool:
    """Return whether an entry is called as a submission in an export is."""
    return entry.is_folder and _NAME.fullmatch(entry.name) is not None


def pieces(found: Sequence[Entry], metadata: Path, *, whole: bool) -> list[Piece]:
    """Return the submission in each entry that fits; those that only the metadata name, for a `whole` export.

    An unreadable file of metadata costs the names, not the marks.
    """
    try:
        known, problem = _known(metadata), ""
    except (Refusal, ValueError) as error:
        known, problem = {}, str(error)
    made = [_piece(entry.name, entry.path, known.get(entry.name)) for entry in found if fits(entry)]
    if problem:
        told = f"{metadata.name} cannot be read, so nobody knows who handed in what: {problem}"
        made.append(Piece("submission_metadata", (), "gradescope", source=metadata.name, refusal=told))
    if whole:
        there = {entry.name for entry in found}
        made += [_piece(name, None, about) for name, about in known.items() if name not in there]
    return made


def _known(metadata: Path) -> dict[str, Any]:
    with open_regular(metadata) as stream:
        content = stream.read(ruby.MAX_BYTES + 1)
    if len(content) > ruby.MAX_BYTES:
        raise Refusal(f"it has more than {ruby.MAX_BYTES} bytes")
    known = ruby.read(content.decode("utf-8-sig", errors="replace"))
    if not isinstance(known, dict):
        raise Refusal("it does not say what is known of each submission")
    return {name: about for name, about in known.items() if _NAME.fullmatch(name)}


def _piece(name: str, folder: Path | None, about: Any) -> Piece:
    about = about if isinstance(about, dict) else {}
    submitters = about.get("submitters")
    people = tuple(
        _person(submitter)
        for submitter in (submitters if isinstance(submitters, list) else [])[:_MAX_PEOPLE]
        if isinstance(submitter, dict) and _person(submitter) != _NOBODY
    )
    return Piece(
        id=safe_id(name),
        people=people,
        platform="gradescope",
        folder=folder,
        source=name,
        submitted_at=ruby.iso_time(about.get("created_at", "")),
        notes=() if people else ("the export does not say who handed it in",),
        refusal="" if folder else "the metadata name it, but the export does not hold it",
    )


def _person(submitter: dict[str, Any]) -> Person:
    sid, name, email = (_text(submitter.get(key)) for key in ("sid", "name", "email"))
    return Person(sid, name, email)


def _text(value: Any) -> str:
    """Return a text; YAML's ways to write nothing are nothing."""
    return bounded(value) if isinstance(value, str) and value not in {"~", "null"} else ""
