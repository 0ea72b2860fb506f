from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from intake_downloads import WORK, zipped
from intake_malformed import many_entries, zip_of

from grader.intake.bounds import CLASS, STUDENT, Refusal
from grader.intake.zips import Member, zip_members


def members(content: bytes, tmp_path: Path, bounds: object = STUDENT) -> list[Member]:
    (tmp_path / "a.zip").write_bytes(content)
    with (tmp_path / "a.zip").open("rb") as raw:
        return list(zip_members(raw, len(content), CLASS if bounds is CLASS else STUDENT))


def test_members_have_their_names_as_the_archive_has_them(tmp_path: Path) -> None:
    found = members(zip_of(("a\\b.py", WORK), ("é.py", b""), ("d/", b"")), tmp_path)
    assert [(one.name, one.is_folder) for one in found][0::2] == [("a\\b.py", False), ("d/", True)]


def test_the_directory_is_not_read_beyond_its_bound(tmp_path: Path) -> None:
    assert len(members(many_entries(1000), tmp_path)) == 1000
    with pytest.raises(Refusal, match="more than 1000"):
        members(many_entries(1001), tmp_path)
    # 65,536 entries say in 16 bits that there are none.
    with pytest.raises(Refusal, match="more files and folders than an honest one"):
        members(many_entries(65_536), tmp_path)
    with pytest.raises(Refusal, match="more than 20000"):
        members(many_entries(65_536), tmp_path, CLASS)


def test_every_cut_is_refused_or_whole(tmp_path: Path) -> None:
    content = zipped({"a.py": WORK})
    for end in range(len(content)):
        with pytest.raises(Refusal):
            members(content[:end], tmp_path)


def test_every_changed_byte_is_refused_or_harmless(tmp_path: Path) -> None:
    content = zipped({"a.py": WORK, "b.py": b"1"})
    (tmp_path / "a.zip").touch()
    for at in range(len(content)):
        changed = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        (tmp_path / "a.zip").write_bytes(changed)
        with (tmp_path / "a.zip").open("rb") as raw, contextlib.suppress(Refusal):
            for one in zip_members(raw, len(changed), STUDENT):
                b"".join(one.chunks())
