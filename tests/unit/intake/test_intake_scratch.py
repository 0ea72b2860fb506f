from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from grader.errors import HostError
from grader.intake.scratch import scratch_folder, sweep, temporary_files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders have no lock there")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _killed_while_it_holds_one() -> None:
    pid = os.fork()
    if not pid:
        with scratch_folder("unpacked") as folder:
            (folder / "work.py").touch()
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)


def test_a_folder_is_there_for_as_long_as_it_is_used(temporary: Path) -> None:
    with scratch_folder("lanes", 0o711) as folder:
        (folder / "a").mkdir()
        assert (folder.parent, folder.stat().st_mode & 0o777) == (temporary, 0o711)
    assert list(temporary.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_what_is_used_is_not(temporary: Path) -> None:
    _killed_while_it_holds_one()
    (left,) = temporary.iterdir()
    with scratch_folder("unpacked") as used:
        sweep()
        assert list(temporary.iterdir()) == [used]
    assert not left.exists()


def test_a_folder_is_kept_while_a_lane_of_its_dead_owner_lives(temporary: Path) -> None:
    end, held = os.pipe()
    pid = os.fork()
    if not pid:
        with scratch_folder("lanes"):
            if not os.fork():
                os.close(held)
                os.read(end, 1)
                os._exit(0)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    sweep()
    assert len(list(temporary.iterdir())) == 1
    os.close(held)
    os.close(end)


def test_links_files_other_names_and_other_users_folders_stay(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = temporary / "elsewhere"
    (elsewhere / "thesis").mkdir(parents=True)
    (temporary / "grader-run-link").symlink_to(elsewhere)
    (temporary / "grader-run-file").touch()
    os.mkfifo(temporary / "grader-run-pipe")
    sweep()
    assert len(list(temporary.iterdir())) == 4
    assert (elsewhere / "thesis").is_dir()
    theirs = temporary / "grader-run-theirs"
    theirs.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: theirs.stat().st_uid + 1)
    sweep()
    assert theirs.is_dir()


def test_a_folder_that_is_swept_before_it_is_locked_is_made_anew(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, made = tempfile.mkdtemp, []

    def swept_at_once(**options: str) -> str:
        made.append(real(**options))
        if len(made) < 3:
            sweep()
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", swept_at_once)
    with scratch_folder("unpacked") as folder:
        assert (len(made), str(folder)) == (3, made[-1])
        sweep()
        assert folder.is_dir()


def test_without_locks_a_folder_is_given_and_nothing_is_swept(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", refused)
    with scratch_folder("unpacked") as folder:
        sweep()
        assert folder.is_dir()


def test_no_place_is_the_machines_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/proc/none")
    sweep()
    with pytest.raises(HostError, match="/proc/none: no folder can be made there"), scratch_folder("unpacked"):
        pass


def test_temporary_files_go_into_one_and_only_meanwhile(tmp_path: Path) -> None:
    with temporary_files("work", 0o711):
        folder = Path(tempfile.gettempdir())
        with tempfile.NamedTemporaryFile() as file:
            assert Path(file.name).parent == folder
        assert folder.parent == tmp_path
        assert folder.stat().st_mode & 0o777 == 0o711
    assert tempfile.gettempdir() == str(tmp_path)
    assert not folder.exists()
