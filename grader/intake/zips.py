"""The members of a zip archive, read without trust in what it says about itself.

A zip can say too little (a directory that claims few entries), too much (entries that share their bytes, so that
ten megabytes become petabytes: Fifield, *A better zip bomb*, 2019), and two things at once (data before its
start).
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from grader.intake.bounds import Bounds, Refusal

_CHUNK = 1 << 16
_LOCAL_HEADER = 30
_DIRECTORY_ENTRY = 512
"""Bytes of the directory that each of the allowed entries may take: 46 and its name."""
_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz", 98: "PPMd", 99: "encryption"}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file or folder of an archive.

    Attributes:
        name: as the archive has it.
        chunks: yields the content; nothing for a folder.
        packed: the bytes that it takes in the archive; None where only the whole is known.
    """

    name: str
    is_folder: bool
    chunks: Callable[[], Iterator[bytes]]
    packed: int | None = None


class _Capped:
    """A file of which no more is read at once than a directory of honest size needs: `zipfile` reads it whole."""

    def __init__(self, stream: BinaryIO, size: int, cap: int) -> None:
        self._stream = stream
        self._size = size
        self._cap = cap
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1, /) -> bytes:
        rest = max(self._size - self.tell(), 0)
        wanted = rest if size < 0 else min(size, rest)
        if wanted > self._cap:
            raise Refusal("the archive holds more files and folders than an honest one does")
        return self._stream.read(wanted)


def zip_members(stream: BinaryIO, size: int, bounds: Bounds) -> Iterator[Member]:
    """Yield the members of a zip archive of `size` bytes.

    Raises:
        Refusal: it is broken, encrypted, or made to deceive.
    """
    try:
        # Of a file only these four are used.
        capped = cast(BinaryIO, _Capped(stream, size, max(bounds.entries * _DIRECTORY_ENTRY, 1 << 18)))
        with zipfile.ZipFile(capped) as archive:
            infos = archive.infolist()
            if len(infos) > bounds.entries:
                raise Refusal(f"the archive holds more than {bounds.entries} files and folders")
            _check_extents(infos)
            for info in infos:
                _check(info)
                yield _member(archive, info)
    except _BROKEN as error:
        raise Refusal("the zip is broken, or was not downloaded to its end") from error


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    def chunks() -> Iterator[bytes]:
        try:
            with archive.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except _BROKEN as error:
            raise Refusal(f"the zip is broken: {info.filename[:80]} cannot be unpacked") from error

    # What follows a NUL is cut off of `filename`.
    return Member(info.orig_filename, info.is_dir(), chunks, info.compress_size)


def _check(info: zipfile.ZipInfo) -> None:
    shown = info.orig_filename[:80]
    if info.flag_bits & 0x41:
        raise Refusal(f"the archive is encrypted ({shown}); hand it in without a password")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
        raise Refusal(
            f"the archive is compressed by {method}, which is not opened here; pack it as an ordinary zip"
        )
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        what = "a link" if kind == stat.S_IFLNK else "a device or a pipe"
        raise Refusal(f"the archive holds {what}: {shown}")


def _check_extents(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that share bytes, and whatever stands before the first."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Refusal("entries of the archive overlap, as bombs do")
        if not end and info.header_offset:
            raise Refusal("there is something else before the start of the archive")
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
