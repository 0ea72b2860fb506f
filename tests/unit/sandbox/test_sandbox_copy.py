from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.copy import FolderCopy

InChild = Callable[[Callable[[], Any]], Any]
OTHER = 61_999


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that nobody but its owner may look into, whatever their umask was."""
    (tmp_path / "pack").mkdir(mode=0o700)
    for name in ("main.py", "pack/data.csv", "private.txt"):
        (tmp_path / name).write_text(name)
        (tmp_path / name).chmod(0o600)
    tmp_path.chmod(0o700)
    return tmp_path


def _mine() -> int:
    """Return a user to whose group this process may give files."""
    return OTHER if os.geteuid() == 0 else os.getegid()


def _inside(place: str) -> list[str]:
    return sorted(path.relative_to(place).as_posix() for path in Path(place).rglob("*"))


def test_the_files_of_the_submission_are_there_and_no_others(folder: Path) -> None:
    copy = FolderCopy(folder, ("main.py", "pack/data.csv"), _mine())
    assert _inside(copy.name) == ["main.py", "pack", "pack/data.csv"]
    assert (Path(copy.name) / "pack/data.csv").read_text() == "pack/data.csv"
    copy.remove()
    assert not Path(copy.name).exists()
    assert (folder / "main.py").exists()


def test_what_has_gone_and_what_became_a_link_is_left_out_or_leads_nowhere(folder: Path) -> None:
    (folder / "main.py").unlink()
    (folder / "main.py").symlink_to(folder / "private.txt")
    copy = FolderCopy(folder, ("main.py", "gone.py", "pack"), _mine())
    assert _inside(copy.name) == ["main.py"]
    assert (Path(copy.name) / "main.py").is_symlink()
    copy.remove()


def test_nobody_but_its_user_may_look_into_it(folder: Path) -> None:
    copy = FolderCopy(folder, ("main.py",), _mine())
    status = Path(copy.name).stat()
    assert (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid) == (0o750, os.geteuid(), _mine())
    copy.remove()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_that_user_reads_it_and_can_change_nothing(folder: Path, in_child: InChild) -> None:
    umask = os.umask(0o077)
    try:
        copy = FolderCopy(folder, ("main.py", "pack/data.csv"), OTHER)
    finally:
        os.umask(umask)

    def read(uid: int) -> Callable[[], list[str]]:
        def run() -> list[str]:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            place, found = Path(copy.name), []
            actions: list[Callable[[], object]] = [
                (place / "pack/data.csv").read_text,
                lambda: (place / "main.py").write_text("changed"),
                lambda: (place / "new.py").write_text("new"),
            ]
            for action in actions:
                try:
                    found.append(str(action()))
                except PermissionError:
                    found.append("refused")
            return found

        return run

    assert in_child(read(OTHER)) == ["pack/data.csv", "refused", "refused"]
    assert in_child(read(OTHER + 1)) == ["refused", "refused", "refused"]
    copy.remove()
