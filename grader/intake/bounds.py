"""How much an archive may hold: what is counted is what comes out, never what a header says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MIB = 1 << 20
RATIO = 200
"""How many bytes may come out of one that went in; text and tables stay below 30, and zeros reach 1,000."""
MAX_NESTED = 2
"""Archives within each other that are opened: a class's, and a student's own in it."""
MAX_DEPTH = 20
"""Folders within each other."""
MAX_NAME = 255
"""Bytes of one name, as file systems have it."""
MAX_PATH = 1000
"""Bytes of a whole path."""


class Refusal(Exception):  # noqa: N818  (not an error of ours: what is said about a stranger's archive)
    """What was handed in cannot be taken; the message is one line for a teaching assistant."""


class Spoiled(Exception):  # noqa: N818  (the same, for one file)
    """One file of a class's archive is too large; it costs the student whose it is, and nobody else."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one archive may hold.

    Attributes:
        entries: files and folders.
        size: bytes that come out.
        free: bytes that may come out before the ratio counts.
        member: bytes of one file, where a file that is larger costs that file only; 0 where it costs the archive.
    """

    entries: int
    size: int
    free: int
    member: int = 0


STUDENT = Bounds(entries=1_000, size=64 * MIB, free=MIB)
CLASS = Bounds(entries=20_000, size=2048 * MIB, free=64 * MIB, member=64 * MIB)


class Tally:
    """Counts what comes out of one archive of `packed` bytes."""

    def __init__(self, bounds: Bounds, packed: int) -> None:
        self._bounds = bounds
        self._most = bounds.free + RATIO * packed
        self._entries = self._streamed = self._kept = 0

    def entry(self) -> None:
        """Count one file or folder."""
        self._entries += 1
        if self._entries > self._bounds.entries:
            raise Refusal(f"the archive holds more than {self._bounds.entries} files and folders")

    def count(self, chunks: Iterable[bytes], packed: int | None) -> Iterator[bytes]:
        """Pass on the content of one file that takes `packed` bytes in the archive, as far as it may go.

        Raises:
            Refusal: the archive holds too much.
            Spoiled: this file alone does.
        """
        size = 0
        for chunk in chunks:
            size += len(chunk)
            self._stream(chunk)
            self._check_member(size, packed)
            if self._kept + size > self._most:
                raise Refusal(f"the archive unpacks to more than {RATIO} times its size, as bombs do")
            yield chunk
        self._kept += size

    def skip(self, chunks: Iterable[bytes]) -> None:
        """Read past what is not kept, as far as it may go."""
        for chunk in chunks:
            self._stream(chunk)

    def _stream(self, chunk: bytes) -> None:
        self._streamed += len(chunk)
        if self._streamed > self._bounds.size:
            raise Refusal(f"the archive holds more than {self._bounds.size // MIB} MiB")

    def _check_member(self, size: int, packed: int | None) -> None:
        if not self._bounds.member:
            return
        if size > self._bounds.member:
            raise Spoiled(f"a file in it has more than {self._bounds.member // MIB} MiB")
        if packed is not None and size > MIB + RATIO * packed:
            raise Spoiled(f"a file in it unpacks to more than {RATIO} times its size, as bombs do")
