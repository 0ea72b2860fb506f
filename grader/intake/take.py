"""Goes through the paths of a batch.

1. A path twice is once. Files and folders of one folder that are called as a platform's are (`grade moodle/*`)
   are taken together, so that several files of one student find each other.
2. A link, a file that is no archive by its name, and what is not there is one submission as it is: whoever reads
   it says what is wrong with it.
3. An archive is unpacked, and is then a folder. So is the only archive in it or in a folder.
4. A folder is looked into (`layout`); in its place may be the only folder in it. The folder that the reports go to
   may lie in it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from grader.intake import layout, plain
from grader.intake.bounds import CLASS, MAX_DEPTH, MAX_NESTED, Refusal
from grader.intake.desk import Desk
from grader.intake.entry import is_main, is_usual
from grader.intake.folders import Entry, entries
from grader.intake.kinds import check_text, named_kind, stem
from grader.intake.model import Handed, Piece, Refused
from grader.intake.names import bounded, digest, safe_id
from grader.intake.settle import one_line, refused, settle
from grader.intake.strangers import strangers
from grader.intake.twice import twice
from grader.submission import Person

Result: TypeAlias = "Handed | Refused"


def take_in(
    paths: Sequence[Path],
    scratch: Path,
    tell: Callable[[str], None] = lambda _: None,
    results: Path | None = None,
) -> list[Handed | Refused]:
    """Return what was handed in, in the order of the paths; whatever is wrong with one costs that one only.

    Args:
        paths: as they were typed.
        scratch: an empty folder for what is unpacked, to be removed when everything is graded.
        tell: called with a line on what may have been understood wrongly.
        results: where the reports of an earlier run may lie, which nobody has handed in.

    Raises:
        HostError: nothing can be written there.
    """
    desk = Desk(scratch)
    typed = list({os.path.normpath(path.absolute()): path for path in paths}.values())
    if len(typed) > 1:
        typed = [path for path in typed if not _is_results(path, results)]
    together = _together(typed)
    platforms = frozenset(together)
    found: list[tuple[Path, Result]] = []
    for path in typed:
        entry = _entry(path)
        if entry is None or _group(entry) not in platforms:
            found += [(path, result) for result in _taken(path, entry, desk, tell, results)]
        elif own := together.pop(_group(entry), None):
            made = layout.pieces_of(layout.platform_of(entry), own)
            found += [(path.parent, _located(settle(piece, desk, 0), path.parent)) for piece in made]
    taken = _with_ids(found)
    if several := twice(taken):
        tell(one_line(several))
    return taken


def _together(typed: Sequence[Path]) -> dict[tuple[Path, str], list[Entry]]:
    """Return the entries that are called as a platform's are, by folder and platform."""
    found: dict[tuple[Path, str], list[Entry]] = {}
    for entry in filter(None, map(_entry, typed)):
        found.setdefault(_group(entry), []).append(entry)
    return {group: own for group, own in found.items() if layout.can_be_from(group[1], own)}


def _entry(path: Path) -> Entry | None:
    with contextlib.suppress(OSError, ValueError):
        if not path.is_symlink() and (path.is_dir() or path.is_file()):
            # `.` and `..` have no name of their own.
            name = path.name if path.name not in {"", ".."} else path.resolve().name
            return Entry(unicodedata.normalize("NFC", name), path, path.is_dir())
    return None


def _group(entry: Entry) -> tuple[Path, str]:
    return entry.path.parent.absolute(), layout.platform_of(entry)


def _is_results(path: Path, results: Path | None) -> bool:
    """Whether this is where the reports go, and nothing in it could be a submission."""
    with contextlib.suppress(OSError, Refusal):
        if results is not None and path.samefile(results) and not path.is_symlink():
            return not any(entry.may_be_submission for entry in entries(path))
    return False


def _taken(
    path: Path, entry: Entry | None, desk: Desk, tell: Callable[[str], None], results: Path | None
) -> list[Result]:
    if entry is None or (not entry.is_folder and not entry.is_archive):
        return [_file(path, readable=entry is not None)]
    name = entry.name if entry.is_folder else stem(entry.name)
    try:
        made, depth, doubt = _opened(entry, name, desk, results)
    except Refusal as refusal:
        return [_located(refused(plain.piece(name), str(refusal)), path)]
    if doubt:
        tell(one_line(f"{path}: {doubt}"))
    settled = [settle(piece, desk, depth) for piece in made]
    # Without a source it is the whole path: nobody but the rules says that it is one student's.
    whole = [result for piece, result in zip(made, settled, strict=True) if not piece.source]
    for strange in (strangers(one.path, one.entry) for one in whole if isinstance(one, Handed) and one.entry):
        if strange:
            tell(one_line(f"{path}: {strange}"))
    return [_located(result, path) for result in settled]


def _file(path: Path, *, readable: bool) -> Result:
    piece = plain.piece(stem(path.name), files=((path.name, path),))
    if not readable and named_kind(path.name) and path.is_symlink():
        return _located(refused(piece, "it is a symbolic link; give the archive itself"), path)
    try:
        if readable:
            check_text(path, path.name)
    except Refusal as refusal:
        return _located(refused(piece, str(refusal)), path)
    return Handed(piece.id, path, "", piece.people, piece.platform)


def _opened(entry: Entry, name: str, desk: Desk, results: Path | None) -> tuple[list[Piece], int, str]:
    depth = 0
    for _ in range(MAX_DEPTH):
        if entry.is_folder:
            folder = entry.path
        else:
            folder = desk.unpack(entry.path, entry.name, CLASS)
            depth += 1
        found = [one for one in entries(folder) if not (one.is_folder and _is_results(one.path, results))]
        made = layout.platform_pieces(folder, found)
        if made is not None:
            return made, depth, ""
        if len(found) != 1 or not (found[0].is_folder or (found[0].is_archive and depth < MAX_NESTED)):
            return layout.plain_pieces(folder, found, name), depth, layout.doubt(found)
        entry = found[0]
    raise Refusal(f"there are more than {MAX_DEPTH} folders in folders")


def _located(result: Result, path: Path) -> Result:
    if isinstance(result, Handed):
        return result
    within = f": {result.source}" if result.source else ""
    return dataclasses.replace(result, source=one_line(f"{path}{within}"))


def _with_ids(results: list[tuple[Path, Result]]) -> list[Result]:
    """Tell apart those whose ids differ in case at most: by what holds them, else by where they are."""
    ids = [result.id for _, result in results]
    for better in _BETTER:
        told = [better(path, result) for path, result in results]
        twice, still = _twice(ids), _twice(told)
        ids = [
            more if own.casefold() in twice and more.casefold() not in still else own
            for own, more in zip(ids, told, strict=True)
        ]
    taken: set[str] = set()
    made = []
    for own, (path, result) in zip(ids, results, strict=True):
        unique = next(name for name in _numbered(own) if name.casefold() not in taken)
        taken.add(unique.casefold())
        people = result.people
        if own != result.id and result.platform == "plain" and (is_usual(path.name) or is_main(path.name)):
            # `*/hw3.py`: the folders are called as the students are.
            folder = bounded(path.absolute().parent.name)
            people = (Person(folder, folder),)
        made.append(dataclasses.replace(result, id=unique, people=people))
    return made


def _by_folder(path: Path, result: Result) -> str:
    return f"{safe_id(path.absolute().parent.name or 'root')}-{result.id}"


def _by_place(path: Path, result: Result) -> str:
    return f"{result.id}-{digest(f'{os.path.normpath(path.absolute())}: {result.id}')}"


_BETTER: tuple[Callable[[Path, Result], str], ...] = (_by_folder, _by_place)


def _twice(ids: Sequence[str]) -> set[str]:
    return {own for own, count in Counter(own.casefold() for own in ids).items() if count > 1}


def _numbered(own: str) -> Iterator[str]:
    yield own
    number = 2
    while True:
        yield f"{own}-{number}"
        number += 1
