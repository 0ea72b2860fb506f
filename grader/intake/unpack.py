"""Unpacks one archive into a new folder, within bounds."""

from __future__ import annotations

import os
from pathlib import Path

from grader.intake.bounds import Bounds, Refusal, Tally
from grader.intake.kinds import checked_kind, open_regular
from grader.intake.names import is_junk, safe_parts
from grader.intake.place import Place
from grader.intake.tars import tar_members
from grader.intake.zips import Member, zip_members


def unpack(archive: Path, name: str, folder: Path, bounds: Bounds) -> Place:
    """Unpack an archive that came as `name` into `folder`, which does not exist yet.

    Raises:
        Refusal: it is none, is broken, or holds what it must not.
        HostError: there is no place for it.
    """
    kind = checked_kind(archive, name)
    with open_regular(archive) as stream:
        size = os.fstat(stream.fileno()).st_size
        tally = Tally(bounds, size)
        place = Place(folder)
        members = zip_members(stream, size, bounds) if kind == "zip" else tar_members(stream, kind)
        for member in members:
            tally.entry()
            _put(member, place, tally)
    if not any(folder.iterdir()):
        raise Refusal("the archive holds no file")
    return place


def _put(member: Member, place: Place, tally: Tally) -> None:
    parts = safe_parts(member.name)
    content = member.chunks()
    if member.is_folder:
        if not any(map(is_junk, parts)):
            place.make_folder(parts)
    elif parts and not any(map(is_junk, parts)):
        place.write(parts, tally.count(content, member.packed))
    if member.packed is None:
        # The next one of a stream comes after the rest of what was not kept.
        tally.skip(content)
