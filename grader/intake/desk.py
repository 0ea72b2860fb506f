"""Where archives are opened: folders of ours in the scratch folder, and what is known of the files in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.intake.bounds import MIB, STUDENT, Bounds, Refusal, Tally
from grader.intake.kinds import open_regular
from grader.intake.names import safe_parts
from grader.intake.place import Place
from grader.intake.unpack import unpack

_GATHERED = Bounds(entries=STUDENT.entries, size=STUDENT.size, free=STUDENT.size)


class Desk:
    """A scratch folder, which the caller made and removes."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._count = 0
        self._spoiled: dict[Path, str] = {}
        self._notes: dict[Path, str] = {}

    def unpack(self, archive: Path, name: str, bounds: Bounds) -> Path:
        """Unpack an archive and return the folder.

        Raises:
            Refusal: it cannot be.
        """
        return self._known(unpack(archive, name, self._next(), bounds))

    def gather(self, files: Sequence[tuple[str, Path]]) -> Path:
        """Copy files under their own names into one folder and return it.

        Raises:
            Refusal: they cannot be read, or are too much.
        """
        tally = Tally(_GATHERED, 0)
        place = Place(self._next())
        for name, path in files:
            tally.entry()
            parts = safe_parts(name)
            with open_regular(path) as stream:
                place.write(parts[-1:] or ("unnamed",), tally.count(iter(lambda: stream.read(MIB), b""), None))
        return self._known(place)

    def check(self, paths: Sequence[Path]) -> None:
        """Refuse files and folders with a file in them that was too large to unpack."""
        for reason in self._about(self._spoiled, paths):
            raise Refusal(reason)

    def notes(self, paths: Sequence[Path]) -> list[str]:
        """Return what happened while these files and folders were unpacked."""
        return list(self._about(self._notes, paths))

    def _next(self) -> Path:
        self._count += 1
        return self._scratch / f"{self._count:05}"

    def _known(self, place: Place) -> Path:
        self._spoiled.update(place.spoiled)
        self._notes.update(place.notes)
        return place.folder

    @staticmethod
    def _about(known: dict[Path, str], paths: Sequence[Path]) -> Iterator[str]:
        wanted = set(paths)
        for path, text in known.items():
            if path in wanted or wanted & set(path.parents):
                yield text
