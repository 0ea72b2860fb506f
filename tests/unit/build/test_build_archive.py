from __future__ import annotations

import io
import stat
import zipfile

from grader.build.archive import Member, zip_of

MEMBERS = [Member("b.txt", b"two", 0o600), Member("a/x.sh", b"#!one" * 100, 0o755)]


def test_files_are_sorted_and_keep_content_and_mode() -> None:
    with zipfile.ZipFile(io.BytesIO(zip_of(MEMBERS))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a/x.sh", "b.txt"]
        assert archive.read("a/x.sh") == b"#!one" * 100
        modes = [info.external_attr >> 16 for info in archive.infolist()]
    assert modes == [stat.S_IFREG | 0o755, stat.S_IFREG | 0o600]


def test_the_same_files_make_the_same_bytes() -> None:
    assert zip_of(MEMBERS) == zip_of(iter(reversed(MEMBERS)))
