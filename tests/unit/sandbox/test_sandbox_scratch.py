from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.scratch import Scratch

InChild = Callable[[Callable[[], Any]], Any]
SIZE = 1 << 20
OTHER = 61_999


@pytest.fixture
def scratch() -> Iterator[Scratch]:
    scratch = Scratch(SIZE, None)
    yield scratch
    scratch.remove()
    assert not Path(scratch.name).exists()


def _deep(top: str, depth: int) -> None:
    """Make folders in folders, deeper than any path could say."""
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(top)
        for _ in range(depth):
            os.mkdir("d")  # noqa: PTH102  (from where we are)
            os.chdir("d")
        Path("leaf").write_text("x")
    finally:
        os.fchdir(here)
        os.close(here)


class TestBound:
    def test_what_fits_is_fine(self, scratch: Scratch) -> None:
        assert not scratch.is_too_full()
        (Path(scratch.name) / "data").write_bytes(b"x" * (SIZE - 4096))
        assert not scratch.is_too_full()

    def test_files_count_together_wherever_they_are(self, scratch: Scratch) -> None:
        for place in ("a", "b/c"):
            (Path(scratch.name) / place).mkdir(parents=True)
            (Path(scratch.name) / place / "data").write_bytes(b"x" * (SIZE // 2 - 4096))
        assert scratch.is_too_full()

    def test_a_hole_counts_as_if_it_were_filled(self, scratch: Scratch) -> None:
        with (Path(scratch.name) / "sparse").open("wb") as stream:
            stream.truncate(SIZE + 1)
        assert scratch.is_too_full()

    @pytest.mark.parametrize("make", [Path.touch, Path.mkdir, lambda path: path.symlink_to("/")])
    def test_what_has_no_bytes_counts_too(self, scratch: Scratch, make: Callable[[Path], None]) -> None:
        for number in range(SIZE // 4096 + 1):
            assert not scratch.is_too_full()
            make(Path(scratch.name) / str(number))
        assert scratch.is_too_full()

    def test_a_link_counts_as_itself(self, scratch: Scratch, tmp_path: Path) -> None:
        (tmp_path / "large").write_bytes(b"x" * 2 * SIZE)
        (Path(scratch.name) / "file").symlink_to(tmp_path / "large")
        (Path(scratch.name) / "folder").symlink_to(tmp_path)
        assert not scratch.is_too_full()

    def test_looking_at_depths_needs_no_stack(self) -> None:
        scratch = Scratch(1 << 30, None)
        _deep(scratch.name, 1500)
        assert not scratch.is_too_full()
        scratch.remove()
        assert not Path(scratch.name).exists()

    def test_what_is_too_deep_for_a_path_is_too_much(self) -> None:
        scratch = Scratch(1 << 30, None)
        _deep(scratch.name, 3000)
        assert scratch.is_too_full()
        scratch.remove()
        assert not Path(scratch.name).exists()

    def test_what_goes_while_it_is_looked_at_is_gone(
        self, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("one", "two"):
            (Path(scratch.name) / name).touch()

        class Entry:
            path = name = "gone"

            def is_dir(self, **_: bool) -> bool:
                return False

            def stat(self, **_: bool) -> os.stat_result:
                raise FileNotFoundError

        with monkeypatch.context() as patched:
            patched.setattr(os, "scandir", lambda _: contextlib.nullcontext([Entry()]))
            assert not scratch.is_too_full()


class TestRemove:
    def test_links_are_removed_and_not_followed(self, tmp_path: Path) -> None:
        scratch = Scratch(SIZE, None)
        (tmp_path / "kept").mkdir()
        (tmp_path / "kept" / "file").touch()
        (Path(scratch.name) / "link").symlink_to(tmp_path / "kept")
        scratch.remove()
        assert not Path(scratch.name).exists()
        assert (tmp_path / "kept" / "file").exists()

    @pytest.mark.parametrize("mode", [0, 0o500])
    def test_folders_that_are_closed(self, mode: int) -> None:
        scratch = Scratch(SIZE, None)
        folder = Path(scratch.name) / "a" / "b" / "c"
        folder.mkdir(parents=True)
        (folder / "file").touch()
        for closed in (folder, *list(folder.parents)[:2]):
            closed.chmod(mode)
        scratch.remove()
        assert not Path(scratch.name).exists()

    def test_what_cannot_be_moved_is_left_to_be_deleted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError

        scratch = Scratch(SIZE, None)
        (Path(scratch.name) / "a" / "b").mkdir(parents=True)
        with monkeypatch.context() as patched:
            patched.setattr(Path, "rename", refuse)
            scratch.remove()
        assert not Path(scratch.name).exists()

    def test_twice(self) -> None:
        scratch = Scratch(SIZE, None)
        scratch.remove()
        scratch.remove()


def test_without_a_user_it_is_our_own(scratch: Scratch) -> None:
    status = Path(scratch.name).stat()
    assert (stat.S_IMODE(status.st_mode), status.st_uid) == (0o700, os.geteuid())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_user_of_its_own_can_write_to_it_and_no_other(in_child: InChild) -> None:
    scratch = Scratch(SIZE, OTHER)

    def write(uid: int) -> Callable[[], bool]:
        def run() -> bool:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            try:
                (Path(scratch.name) / "file").write_text("x")
            except PermissionError:
                return False
            return True

        return run

    assert in_child(write(OTHER))
    assert not in_child(write(OTHER + 1))
    assert (Path(scratch.name) / "file").read_text() == "x"
    scratch.remove()
    assert not Path(scratch.name).exists()
