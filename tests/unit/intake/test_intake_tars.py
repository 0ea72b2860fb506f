from __future__ import annotations

import contextlib
import io
import tarfile
from pathlib import Path

import pytest
from intake_downloads import WORK, as_tar
from intake_malformed import member, tar_of

from grader.intake.bounds import Refusal
from grader.intake.tars import tar_members


def read(content: bytes, kind: str = "tar") -> dict[str, bytes]:
    return {one.name: b"".join(one.chunks()) for one in tar_members(io.BytesIO(content), kind)}


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_form(form: int) -> None:
    stream = io.BytesIO()
    name = "a/" * 45 + "é.py"
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        archive.addfile(member(name, size=len(WORK)), io.BytesIO(WORK))
        archive.addfile(member("d", tarfile.DIRTYPE))
    assert read(stream.getvalue()) == {name: WORK, "d": b""}


@pytest.mark.parametrize("suffix", ["tar", "gz", "bz2", "xz"])
def test_every_cut_is_refused_or_whole(suffix: str, tmp_path: Path) -> None:
    kind = {"gz": "gzip", "bz2": "bzip2"}.get(suffix, suffix)
    content = as_tar({"a.py": WORK, "b.py": WORK}, tmp_path / f"a.{suffix}").read_bytes()
    whole = read(content, kind)
    for end in range(0, len(content), 97 if suffix == "tar" else 7):
        try:
            found = read(content[:end], kind)
        except Refusal:
            continue
        # Of a tar the padding after its end may be missing.
        assert (found, suffix, end >= 2560) == (whole, "tar", True)


def test_every_changed_byte_is_refused_or_harmless() -> None:
    content = tar_of(member("a.py", size=len(WORK)), member("b.py"), content=WORK)
    for at in range(0, 2048, 3):
        changed = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        with contextlib.suppress(Refusal):
            read(changed)


def test_a_sparse_file_is_no_file() -> None:
    with pytest.raises(Refusal, match="holes"):
        read(tar_of(member("a.py", tarfile.GNUTYPE_SPARSE)))


def test_headers_that_claim_gigabytes() -> None:
    long = member("././@LongLink", tarfile.GNUTYPE_LONGNAME)
    long.size = 1 << 33
    content = long.tobuf(tarfile.GNU_FORMAT) + b"n" * (1 << 20)
    with pytest.raises(Refusal, match="headers"):
        read(content)
