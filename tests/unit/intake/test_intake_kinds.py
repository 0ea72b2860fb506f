from __future__ import annotations

import os
from pathlib import Path

import pytest
from intake_downloads import WORK, zipped

from grader.intake.bounds import Refusal
from grader.intake.kinds import check_text, checked_kind, content_kind, named_kind, open_regular, stem


@pytest.mark.parametrize(
    ("name", "kind", "bare"),
    [
        ("a.ZIP", "zip", "a"),
        ("a.b.tar.gz", "gzip", "a.b"),
        ("a.tgz", "gzip", "a"),
        ("a.tar", "tar", "a"),
        ("a.rar", "unread", "a"),
        ("a.py.gz", "unread", "a.py"),
        ("a.py", "", "a"),
        (".zip", "zip", ".zip"),
    ],
)
def test_names(name: str, kind: str, bare: str) -> None:
    assert (named_kind(name), stem(name)) == (kind, bare)


def test_content() -> None:
    assert content_kind(zipped({})) == "zip"
    assert content_kind(b"%PDF-1.7") == "a PDF"
    assert content_kind(WORK) == content_kind(b"") == content_kind(b"\0" * 512) == content_kind(b"x" * 600) == ""


def test_a_name_must_not_lie(tmp_path: Path) -> None:
    file = tmp_path / "any"
    file.write_bytes(zipped({}))
    assert checked_kind(file, "a.zip") == "zip"
    with pytest.raises(Refusal, match="it is zip; rename it"):
        check_text(file, "a.py")
    file.write_bytes(b"<html>")
    check_text(file, "a.py")
    with pytest.raises(Refusal, match="it is a web page"):
        checked_kind(file, "a.zip")


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    for name, says in (("link", "symbolic link"), ("fifo", "not a regular"), ("none", "No such file")):
        with pytest.raises(Refusal, match=says):
            open_regular(tmp_path / name)
