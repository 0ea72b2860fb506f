"""Archives that must be refused, each made cheaply: how its bytes are made, and a word of what is said."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

from intake_downloads import WORK, zipped

GOOD = {"main.py": WORK, "data.csv": b"1,2,3\n" * 50}
ZEROS = b"\0" * (1 << 20)


class Malformed(NamedTuple):
    """An archive, the name that it comes as, and what the refusal says."""

    name: str
    content: Callable[[], bytes]
    says: str


def zip_of(
    *members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, mode: int = 0, flags: int = 0
) -> bytes:
    """Return a zip whose members all have this method, file mode and flags in both of their headers."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        # `zipfile` would mend the names; each is put in place of as many letters.
        for letter, (name, content) in zip("ABCDEF", members, strict=False):
            info = zipfile.ZipInfo(letter * len(name.encode()))
            info.external_attr = mode << 16
            archive.writestr(info, content, method)
    data = stream.getvalue()
    for letter, (name, _) in zip("ABCDEF", members, strict=False):
        data = data.replace(letter.encode() * len(name.encode()), name.encode())
    if flags:
        data = _patched(data, b"PK\x03\x04", 6, flags)
        data = _patched(data, b"PK\x01\x02", 8, flags)
    return data


def _patched(data: bytes, magic: bytes, offset: int, value: int) -> bytes:
    at = data.index(magic) + offset
    return data[:at] + struct.pack("<H", value) + data[at + 2 :]


def overlapping() -> bytes:
    """Return a zip of a thousand entries that all have the bytes of one: ten kilobytes stand for a gigabyte."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = compressor.compress(ZEROS) + compressor.flush()
    crc = zlib.crc32(ZEROS)
    name = b"a.py"
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(kernel), len(ZEROS), len(name), 0)
    local = b"PK\x03\x04" + fields + name + kernel
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    count = 1000
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(entry) * count, len(local), 0)
    return local + entry * count + b"PK\x05\x06" + end


def many_entries(count: int) -> bytes:
    """Return a zip of `count` empty files, without the time that `zipfile` takes for it."""
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, 9, 0)
    names = [b"%06d.py" % number for number in range(count)]
    local = b"".join(b"PK\x03\x04" + fields + name for name in names)
    directory = b"".join(
        b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, number * 39) + name
        for number, name in enumerate(names)
    )
    # The number of entries has 16 bits; whoever wants to can let it say anything.
    end = struct.pack("<HHHHIIH", 0, 0, count % 65536, count % 65536, len(directory), len(local), 0)
    return local + directory + b"PK\x05\x06" + end


def tar_of(*infos: tarfile.TarInfo, content: bytes = b"") -> bytes:
    """Return a tar of these members; those with a size have this content."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(content) if info.size else None)
    return stream.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0) -> tarfile.TarInfo:
    """Return a header."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, size
    return info


def _good_tar() -> bytes:
    return tar_of(member("main.py", size=len(WORK)), member("b.py", size=len(WORK)), content=WORK)


def _corrupt_zip() -> bytes:
    data = bytearray(zip_of(("main.py", bytes(range(256)) * 40), method=zipfile.ZIP_STORED))
    data[500] ^= 0xFF
    return bytes(data)


def _corrupt_header() -> bytes:
    data = bytearray(_good_tar())
    data[1024 + 20] ^= 0xFF
    return bytes(data)


def _long_headers() -> bytes:
    return tar_of(member("/".join(["n" * 100] * 4000) + ".py"))


def _nested(depth: int) -> bytes:
    data = zipped(GOOD)
    for _ in range(depth):
        data = zipped({"inner.zip": data})
    return data


def _mib_of_zeros(count: int, pack: Callable[[bytes], bytes], members: int = 3) -> bytes:
    # Compressed streams can be put one after another.
    header = member("zeros.py", size=count << 20).tobuf(tarfile.GNU_FORMAT)
    return (pack(header) + pack(ZEROS) * count) * members + pack(b"\0" * 1024)


MALFORMED = {
    "traversal": Malformed("a.zip", lambda: zip_of(("../evil.py", WORK)), "leads out"),
    "traversal inside": Malformed("a.zip", lambda: zip_of(("a/../../evil.py", WORK)), "leads out"),
    "traversal by backslashes": Malformed("a.zip", lambda: zip_of(("..\\..\\evil.py", WORK)), "leads out"),
    "absolute": Malformed("a.zip", lambda: zip_of(("/tmp/evil.py", WORK)), "absolute"),
    "drive": Malformed("a.zip", lambda: zip_of(("C:\\evil.py", WORK)), "absolute"),
    "share": Malformed("a.zip", lambda: zip_of(("\\\\host\\evil.py", WORK)), "absolute"),
    "NUL": Malformed("a.zip", lambda: zip_of(("evil.py\0.txt", WORK)), "NUL"),
    "link": Malformed("a.zip", lambda: zip_of(("main.py", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777), "a link"),
    "pipe": Malformed("a.zip", lambda: zip_of(("main.py", b""), mode=stat.S_IFIFO | 0o666), "a device or a pipe"),
    "device": Malformed(
        "a.zip", lambda: zip_of(("main.py", b""), mode=stat.S_IFCHR | 0o666), "a device or a pipe"
    ),
    "encrypted": Malformed("a.zip", lambda: zip_of(("main.py", WORK), flags=1), "encrypted"),
    "strongly encrypted": Malformed("a.zip", lambda: zip_of(("main.py", WORK), flags=0x41), "encrypted"),
    "by bzip2": Malformed("a.zip", lambda: zip_of(("main.py", WORK), method=zipfile.ZIP_BZIP2), "bzip2"),
    "by LZMA": Malformed("a.zip", lambda: zip_of(("main.py", WORK), method=zipfile.ZIP_LZMA), "LZMA"),
    "truncated": Malformed("a.zip", lambda: zipped(GOOD)[:-30], "downloaded to its end"),
    "only its start": Malformed("a.zip", lambda: zipped(GOOD)[:40], "downloaded to its end"),
    "corrupt content": Malformed("a.zip", _corrupt_zip, "cannot be unpacked"),
    "empty file": Malformed("a.zip", lambda: b"", "empty"),
    "no members": Malformed("a.zip", lambda: zipped({}), "holds no file"),
    "junk only": Malformed("a.zip", lambda: zipped({"__MACOSX/._main.py": b"\0"}), "holds no file"),
    "prepended zip": Malformed("a.zip", lambda: zipped({"a.py": b""}) + zipped(GOOD), "before the start"),
    "prepended text": Malformed("a.zip", lambda: b"#!/bin/sh\n" + zipped(GOOD), "no such archive"),
    "overlapping bomb": Malformed("a.zip", overlapping, "overlap"),
    "100,000 entries": Malformed("a.zip", lambda: many_entries(100_000), "more than 20000 files"),
    "300,000 entries": Malformed(
        "a.zip", lambda: many_entries(300_000), "more files and folders than an honest one"
    ),
    "bomb": Malformed("a.zip", lambda: zipped({"main.py": ZEROS * 20}), "as bombs do"),
    "many bombs": Malformed("a.zip", lambda: zipped({f"{n}.csv": ZEROS for n in range(100)}), "as bombs do"),
    "bomb in a bomb": Malformed("a.zip", lambda: _nested(3), "archive in an archive"),
    "deep": Malformed("a.zip", lambda: zip_of(("d/" * 25 + "main.py", WORK)), "folders in folders"),
    "long name": Malformed("a.zip", lambda: zip_of(("n" * 300 + ".py", WORK)), "too long"),
    "long path": Malformed("a.zip", lambda: zip_of((f"{'n' * 200}/" * 6 + "m.py", WORK)), "too long"),
    "file and folder": Malformed("a.zip", lambda: zip_of(("a.py", WORK), ("a.py/b.py", WORK)), "both as a file"),
    "folder and file": Malformed("a.zip", lambda: zip_of(("A.py/b.py", WORK), ("a.py", WORK)), "both as a file"),
    "tar for a zip": Malformed("a.zip", _good_tar, "it is tar"),
    "gzip for a zip": Malformed("a.zip", lambda: gzip.compress(_good_tar()), "it is gzip"),
    "RAR for a zip": Malformed("a.zip", lambda: b"Rar!\x1a\x07\x01\0" + b"\0" * 600, "it is a RAR archive"),
    "page for a zip": Malformed("a.zip", lambda: b"<!DOCTYPE html><title>Log in</title>", "it is a web page"),
    "zip for a tar": Malformed("a.tar", lambda: zipped(GOOD), "it is zip"),
    "zip for Python": Malformed("a.py", lambda: zipped(GOOD), "it is zip"),
    "RAR": Malformed("a.rar", lambda: b"Rar!\x1a\x07\x01\0", "not opened"),
    "7-Zip": Malformed("a.7z", lambda: b"7z\xbc\xaf\x27\x1c", "not opened"),
    "one compressed file": Malformed("main.py.gz", lambda: gzip.compress(WORK), "not opened"),
    "tar traversal": Malformed("a.tar", lambda: tar_of(member("../evil.py")), "leads out"),
    "tar absolute": Malformed("a.tar", lambda: tar_of(member("/tmp/evil.py")), "absolute"),
    "tar link": Malformed("a.tar", lambda: tar_of(member("main.py", tarfile.SYMTYPE, "/etc/passwd")), "a link"),
    "tar hard link": Malformed("a.tar", lambda: tar_of(member("main.py", tarfile.LNKTYPE, "../key.py")), "a link"),
    "tar device": Malformed("a.tar", lambda: tar_of(member("main.py", tarfile.CHRTYPE)), "a device"),
    "tar pipe": Malformed("a.tar", lambda: tar_of(member("main.py", tarfile.FIFOTYPE)), "a device"),
    "tar truncated": Malformed("a.tar", lambda: _good_tar()[:700], "broken"),
    "tar without an end": Malformed("a.tar", lambda: _good_tar()[:2048], "downloaded to its end"),
    "tar corrupt": Malformed("a.tar", _corrupt_header, "broken"),
    "tar long headers": Malformed("a.tar", _long_headers, "headers"),
    "tar.gz truncated": Malformed("a.tar.gz", lambda: gzip.compress(_good_tar())[:-9], "downloaded to its end"),
    "tar.gz of no tar": Malformed("a.tar.gz", lambda: gzip.compress(WORK * 100), "broken"),
    "tar.xz corrupt": Malformed("a.tar.xz", lambda: lzma.compress(_good_tar())[:80] + b"\0" * 90, "broken"),
    "tar.gz bomb": Malformed("a.tgz", lambda: _mib_of_zeros(30, gzip.compress), "as bombs do"),
    "tar.bz2 bomb": Malformed("a.tar.bz2", lambda: _mib_of_zeros(30, bz2.compress), "as bombs do"),
    "tar.xz bomb": Malformed(
        "a.tar.xz", lambda: _mib_of_zeros(30, lambda data: lzma.compress(data, preset=0)), "bombs"
    ),
    "large file in a tar": Malformed("a.tar.bz2", lambda: _mib_of_zeros(70, bz2.compress, 1), "more than 64 MiB"),
}
