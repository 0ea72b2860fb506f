"""The members of a tar archive, plain or compressed, read once from its start to its end."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import tarfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol, cast

from grader.intake.bounds import Refusal
from grader.intake.zips import Member

_CHUNK = 1 << 16
_HEADERS = 1 << 17
"""Bytes of headers before one member: long names and attributes; `tarfile` reads them whole."""
_BROKEN = (
    tarfile.TarError, zlib.error, lzma.LZMAError, struct.error,
    EOFError, OSError, ValueError, OverflowError, MemoryError,
)  # fmt: skip


_HeaderError = tarfile.HeaderError


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Inflow:
    """What comes out of the compression; while headers are read there is an end to it."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self.allowance: int | None = _HEADERS

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        if self.allowance is not None:
            self.allowance -= len(data)
            if self.allowance < 0:
                raise Refusal("the headers of the archive are longer than an honest one's")
        return data


class _Info(tarfile.TarInfo):
    """A header; a broken one is told, where `tarfile` would take it for the end of the archive."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> _Info:
        try:
            return super().fromtarfile(tarfile)
        except _HeaderError as error:
            # Zeros are the end; anything else, and nothing at all, is not.
            if type(error).__name__ == "EOFHeaderError":
                raise
            raise Refusal("the archive is broken, or was not downloaded to its end") from error


def tar_members(stream: BinaryIO, kind: str) -> Iterator[Member]:
    """Yield the members of a tar archive; the content of each must be read before the next.

    Raises:
        Refusal: it is broken, or holds what is neither file nor folder.
    """
    inflow = _Inflow(_inflated(stream, kind))
    try:
        # A stream is only ever read, whatever a file can do.
        with tarfile.open(fileobj=cast(BinaryIO, inflow), mode="r|", tarinfo=_Info) as archive:
            for info in archive:
                inflow.allowance = None
                _check(info)
                yield Member(info.name, info.isdir(), lambda info=info: _chunks(archive, info))  # type: ignore[misc]
                inflow.allowance = _HEADERS
        # Only at the end of the compression its checksum is known.
        while inflow.read(_CHUNK):
            pass
    except _BROKEN as error:
        raise Refusal("the archive is broken, or was not downloaded to its end") from error


def _inflated(stream: BinaryIO, kind: str) -> _Stream:
    if kind == "gzip":
        return gzip.GzipFile(fileobj=stream)
    if kind == "bzip2":
        return bz2.BZ2File(stream)
    return lzma.LZMAFile(stream, format=lzma.FORMAT_XZ) if kind == "xz" else stream


def _chunks(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    try:
        content = archive.extractfile(info)
        while content is not None and (chunk := content.read(_CHUNK)):
            yield chunk
    except _BROKEN as error:
        raise Refusal(f"the archive is broken: {info.name[:80]} cannot be unpacked") from error


def _check(info: tarfile.TarInfo) -> None:
    if info.isdir() or (info.isreg() and not info.issparse()):
        return
    what = "a link" if info.issym() or info.islnk() else "a device, a pipe or a file with holes"
    raise Refusal(f"the archive holds {what}: {info.name[:80]}")
