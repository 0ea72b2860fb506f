from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.batch import folder as module
from grader.batch.engine import Finished, Task
from grader.batch.folder import ResultsFolder
from grader.errors import HostError, UserError

GiveUp = Callable[[Task, str], Finished]


class TestPlace:
    def test_it_is_made_with_its_parents(self, tmp_path: Path) -> None:
        ResultsFolder(tmp_path / "a" / "b")
        assert (tmp_path / "a" / "b").is_dir()

    def test_something_else_is_there(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        for place in (tmp_path / "file", tmp_path / "file" / "below"):
            with pytest.raises(UserError, match="it is not a folder"):
                ResultsFolder(place)

    def test_it_cannot_be_made(self) -> None:
        with pytest.raises(HostError, match="the reports cannot go there"):
            ResultsFolder(Path("/proc/none"))


class TestWrite:
    def test_a_file_from_its_pieces(self, tmp_path: Path) -> None:
        assert ResultsFolder(tmp_path).write("a.json", ["one\n", "two"]).read_bytes() == b"one\ntwo"
        assert [file.name for file in tmp_path.iterdir()] == ["a.json"]

    def test_a_folder_is_in_its_place(self, tmp_path: Path) -> None:
        (tmp_path / "a.json" / "x").mkdir(parents=True)
        with pytest.raises(UserError, match="it is a folder"):
            ResultsFolder(tmp_path).write("a.json", ["one"])
        assert [file.name for file in tmp_path.iterdir()] == ["a.json"]

    @pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
    def test_whatever_happens_the_old_one_stays(self, tmp_path: Path, error: BaseException) -> None:
        folder = ResultsFolder(tmp_path)
        folder.write("a.json", ["old"])

        def failing() -> Iterator[str]:
            yield "half"
            raise error

        with pytest.raises((HostError, KeyboardInterrupt)):
            folder.write("a.json", failing())
        assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.json", "old")]


class TestLeftOvers:
    def ended(self) -> int:
        process = subprocess.Popen([sys.executable, "-c", ""])
        process.wait()
        return process.pid

    def names(self, folder: Path) -> list[str]:
        ResultsFolder(folder)
        return sorted(file.name for file in folder.iterdir())

    @pytest.mark.skipif(sys.platform == "win32", reason="there, age alone tells")
    def test_of_a_writer_that_has_ended(self, tmp_path: Path) -> None:
        for pid in (self.ended(), os.getpid(), os.getppid(), 1 << 70):
            (tmp_path / f"{module._mark()}{pid}-x").touch()
        assert len(self.names(tmp_path)) == 3

    def test_of_anothers_process(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def forbidden(_pid: int, _number: int) -> None:
            raise PermissionError

        monkeypatch.setattr(os, "kill", forbidden)
        (tmp_path / f"{module._mark()}77-x").touch()
        assert len(self.names(tmp_path)) == 1

    def test_of_another_machine_after_an_hour(self, tmp_path: Path) -> None:
        for name in (".writing-elsewhere-1-x", ".writing-elsewhere-2-x"):
            (tmp_path / name).touch()
        long_ago = time.time() - 3700
        os.utime(tmp_path / ".writing-elsewhere-1-x", (long_ago, long_ago))
        assert self.names(tmp_path) == [".writing-elsewhere-2-x"]

    def test_one_that_is_gone_meanwhile(self, tmp_path: Path) -> None:
        assert not module._is_left_over(tmp_path / ".writing-elsewhere-1-x")


class TestRead:
    def test_what_was_written(self, tmp_path: Path, tasks: list[Task], give_up: GiveUp) -> None:
        folder = ResultsFolder(tmp_path)
        folder.write(folder.file("s0").name, [give_up(tasks[0], "no").report])
        report = folder.read("s0")
        assert report is not None
        assert (report.submission.id, report.status) == ("s0", "host_fault")

    @pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff"])
    def test_what_is_no_report(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "a.json").write_bytes(content)
        assert ResultsFolder(tmp_path).read("a") is None

    def test_what_is_not_there(self, tmp_path: Path) -> None:
        assert ResultsFolder(tmp_path).read("a") is None
