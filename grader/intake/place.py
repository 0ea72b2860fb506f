"""Writes what was unpacked or gathered, each file once, into a new folder of ours and nowhere else."""

from __future__ import annotations

import contextlib
import errno
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.errors import HostError
from grader.intake.bounds import Refusal, Spoiled


class Place:
    """A new folder, whose files are told apart by every file system: also by one that takes `A` for `a`.

    Attributes:
        notes: what happened to files whose names were there already.
        spoiled: the files that are too large, and why; they are left empty.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: dict[Path, str] = {}
        self.spoiled: dict[Path, str] = {}
        self._folders: dict[tuple[str, ...], Path] = {(): folder}
        self._files: dict[tuple[str, ...], str] = {}
        with _blaming(folder):
            folder.mkdir(parents=True)

    def make_folder(self, parts: tuple[str, ...]) -> Path:
        """Return the folder of that name, after making it if need be."""
        key = _key(parts)
        if key not in self._folders:
            if key in self._files:
                raise Refusal(f"the archive holds {'/'.join(parts)} both as a file and as a folder")
            folder = self.make_folder(parts[:-1]) / parts[-1]
            with _blaming(folder):
                folder.mkdir()
            self._folders[key] = folder
        return self._folders[key]

    def write(self, parts: tuple[str, ...], content: Iterable[bytes]) -> Path:
        """Write a file; one of the same name is replaced, one that differs in case only is kept beside it."""
        key = _key(parts)
        shown = "/".join(parts)
        if key in self._folders:
            raise Refusal(f"the archive holds {shown} both as a file and as a folder")
        folder = self.make_folder(parts[:-1])
        first, note = self._files.get(key), ""
        if first is None:
            self._files[key] = shown
        elif first == shown:
            note = f"{shown} is there more than once; the last one was taken"
        else:
            parts, key = self._beside(parts)
            note = f"{shown} differs from {first or 'another'} in case only; it is {parts[-1]} here"
            # Nothing that comes later replaces it.
            self._files[key] = ""
        path = self._write(folder / parts[-1], content)
        if note:
            self.notes[path] = note
        return path

    def _beside(self, parts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        name = Path(parts[-1])
        for number in range(2, 10_000):
            other = (*parts[:-1], f"{name.stem}~{number}{name.suffix}")
            if _key(other) not in self._files and _key(other) not in self._folders:
                return other, _key(other)
        raise Refusal(f"the archive holds {'/'.join(parts)} too often")

    def _write(self, path: Path, content: Iterable[bytes]) -> Path:
        chunks = iter(content)
        with _blaming(path):
            path.unlink(missing_ok=True)
            with path.open("xb") as stream:
                while (chunk := self._next(chunks, path)) is not None:
                    stream.write(chunk)
                if path in self.spoiled:
                    stream.truncate(0)
        return path

    def _next(self, chunks: Iterator[bytes], path: Path) -> bytes | None:
        try:
            return next(chunks, None)
        except Spoiled as spoiled:
            self.spoiled[path] = str(spoiled)
            return None
        except OSError as error:
            # Of reading: without this it would be taken for one of writing, the machine's fault.
            raise Refusal(f"the file cannot be read: {error.strerror or error}") from error


@contextlib.contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Blame the machine for what it cannot write; but a name that it cannot have is whoever's chose it."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ}:
            raise Refusal(f"this machine cannot have a file of that name: {path.name}") from error
        raise HostError(f"{path}: this cannot be written: {error.strerror}") from error


def _key(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", part.casefold()) for part in parts)
