from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.submission import MAX_BYTES, MAX_SOURCES, File, Submission, read_submission


class TestRead:
    def test_bytes_are_kept_as_they_are(self, tmp_path: Path) -> None:
        file = tmp_path / "home work.py"
        file.write_bytes(b"x = 1\r\n\xff")
        submission = read_submission(file, "anna")
        content = b"x = 1\r\n\xff"
        assert (submission.id, submission.entry, submission.folder) == ("anna", "home work.py", None)
        assert submission.files == (File("home work.py", content, hashlib.sha256(content).hexdigest(), 8),)
        assert submission.sources == {"home work.py": content}
        assert submission.problem == ""

    @pytest.mark.parametrize(("more", "kept"), [(0, True), (1, False), (10 << 20, False)])
    def test_a_long_file_is_digested_and_not_kept(self, tmp_path: Path, more: int, *, kept: bool) -> None:
        file = tmp_path / "homework.py"
        content = b"#" * (MAX_BYTES + more)
        file.write_bytes(content)
        submission = read_submission(file, "anna")
        (read,) = submission.files
        assert read.source == (content if kept else None)
        assert read.size == len(content)
        assert read.sha256 == hashlib.sha256(content).hexdigest()
        assert submission.sources == ({"homework.py": content} if kept else {})
        told = f"it has {len(content)} bytes; at most {MAX_BYTES} are read"
        assert submission.problem == ("" if kept else told)

    @pytest.mark.parametrize("more", [b"", b'"outputs": [null, true, "%s"]' % (b"x" * MAX_BYTES)])
    @pytest.mark.parametrize("begins", [b'{\n "cells": [{"cell_type": "code",', b'\xef\xbb\xbf{"nbformat": 4,'])
    def test_a_notebook_that_was_renamed_is_told_and_not_run(
        self, tmp_path: Path, begins: bytes, more: bytes
    ) -> None:
        file = tmp_path / "homework.py"
        file.write_bytes(begins + more)
        submission = read_submission(file, "anna")
        assert submission.sources == {}
        assert submission.problem.startswith("this is a notebook's content, and no Python: hand it in under")

    def test_a_dict_is_no_notebook(self, tmp_path: Path) -> None:
        file = tmp_path / "homework.py"
        file.write_bytes(b'{"cells": 3}\nnbformat = 4\n')
        assert read_submission(file, "anna").problem == ""

    def test_any_ending_is_python_where_a_file_was_named(self, tmp_path: Path) -> None:
        file = tmp_path / "homework"
        file.write_bytes(b"x = 1")
        assert read_submission(file, "anna").sources == {"homework": b"x = 1"}

    @pytest.mark.skipif(sys.platform != "linux", reason="names are text here")
    def test_a_name_that_is_no_text_becomes_one(self, tmp_path: Path) -> None:
        file = tmp_path / os.fsdecode(b"m\xff.py")
        file.write_bytes(b"x = 1")
        for submission in (read_submission(file, "anna"), read_submission(tmp_path, "anna", entry=file.name)):
            assert (submission.entry, submission.sources, submission.problem) == ("m?.py", {"m?.py": b"x = 1"}, "")

    def test_of_a_folder_endings_count_in_capitals_too(self, tmp_path: Path) -> None:
        (tmp_path / "HW3.PY").write_bytes(b"x = 1")
        assert read_submission(tmp_path, "anna").sources == {"HW3.PY": b"x = 1"}

    def _refused(self, file: Path) -> str:
        with pytest.raises(UserError) as caught:
            read_submission(file, "anna")
        message = str(caught.value)
        assert "\n" not in message
        return message

    def test_nothing(self, tmp_path: Path) -> None:
        assert "No such file" in self._refused(tmp_path / "homework.py")

    def test_a_link_must_not_lead_elsewhere(self, tmp_path: Path) -> None:
        (tmp_path / "key.py").write_text("secret = 1")
        link = tmp_path / "homework.py"
        link.symlink_to(tmp_path / "key.py")
        assert "symbolic link" in self._refused(link)

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
    def test_a_fifo_does_not_block(self, tmp_path: Path) -> None:
        fifo = tmp_path / "homework.py"
        os.mkfifo(fifo)
        assert "not a regular file" in self._refused(fifo)

    def test_a_device(self) -> None:
        assert "not a regular file" in self._refused(Path(os.devnull))

    def test_a_file_that_must_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        file = tmp_path / "homework.py"
        file.touch()
        monkeypatch.setattr(os, "open", refuse)
        assert "Permission denied" in self._refused(file)

    def test_a_name_that_is_none(self) -> None:
        assert "no file name" in self._refused(Path("home\0work.py"))

    def test_a_name_that_would_move_the_cursor(self, tmp_path: Path) -> None:
        assert "home\\x1b[2Jwork\\n.py" in self._refused(tmp_path / "home\x1b[2Jwork\n.py")


class TestFolder:
    def _read(self, folder: Path, **files: str | bytes) -> Submission:
        for name, content in files.items():
            path = folder / name.replace("__", "/").replace("_csv", ".csv")
            path = path if path.suffix else path.with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_submission(folder, "anna")

    def _refused(self, folder: Path) -> str:
        with pytest.raises(UserError) as caught:
            read_submission(folder, "anna")
        message = str(caught.value)
        assert "\n" not in message
        return message

    def test_all_files_are_told_and_python_is_kept(self, tmp_path: Path) -> None:
        submission = self._read(tmp_path, main="import helper", pack__inner="x = 1", data_csv="1,2", helper="")
        assert [file.name for file in submission.files] == ["data.csv", "helper.py", "main.py", "pack/inner.py"]
        assert submission.sources == {"helper.py": b"", "main.py": b"import helper", "pack/inner.py": b"x = 1"}
        data = submission.files[0]
        assert data == File("data.csv", None, hashlib.sha256(b"1,2").hexdigest(), 3)
        assert (submission.entry, submission.folder, submission.problem) == ("main.py", tmp_path.resolve(), "")

    def test_the_only_python_file_is_run_whatever_its_name(self, tmp_path: Path) -> None:
        assert self._read(tmp_path, homework_3="x = 1", data_csv="1").entry == "homework_3.py"

    def test_also_below(self, tmp_path: Path) -> None:
        submission = self._read(tmp_path, src__homework="x = 1")
        assert (submission.entry, submission.problem) == ("src/homework.py", "")

    def test_of_several_it_is_the_main_one(self, tmp_path: Path) -> None:
        assert self._read(tmp_path, a="", main="", z="").entry == "main.py"

    @pytest.mark.parametrize("files", [{}, {"one": "", "two": ""}, {"data_csv": "1"}, {"a__main": "", "b": ""}])
    def test_without_one_there_is_nothing_to_run(self, tmp_path: Path, files: dict[str, str]) -> None:
        problem = self._read(tmp_path, **files).problem
        assert problem.startswith("there is no main.py in it, but ")
        assert problem.endswith("; put your answers into main.py")
        assert all(name.partition("_")[0] in problem for name in files)

    def test_a_long_file_is_not_kept(self, tmp_path: Path) -> None:
        submission = self._read(tmp_path, main="", helper=b"#" * (MAX_BYTES + 1))
        assert (list(submission.sources), submission.problem) == (["main.py"], "")
        submission = self._read(tmp_path, main=b"#" * (MAX_BYTES + 1))
        assert submission.problem == f"it has {MAX_BYTES + 1} bytes; at most {MAX_BYTES} are read"

    def test_sources_that_are_too_long_together_are_not_run(self, tmp_path: Path) -> None:
        count = MAX_SOURCES // MAX_BYTES
        files = {f"part_{number}": b"#" * MAX_BYTES for number in range(count)}
        assert self._read(tmp_path, **files, main="").problem == ""
        told = f"its Python files have {MAX_SOURCES + 1} bytes together; at most {MAX_SOURCES} are read"
        assert self._read(tmp_path, main="#").problem == told

    def test_what_is_no_students_work_is_passed_over(self, tmp_path: Path) -> None:
        for place in ("__pycache__", "__MACOSX", "node_modules", ".git", "pack/__pycache__", "pack/.venv"):
            (tmp_path / place).mkdir(parents=True)
            (tmp_path / place / "x.py").touch()
        (tmp_path / ".hidden.py").touch()
        submission = self._read(tmp_path, main="", _git="", pack__deep="")
        assert [file.name for file in submission.files] == ["_git.py", "main.py", "pack/deep.py"]

    def test_links_lead_nowhere(self, tmp_path: Path) -> None:
        folder, other = tmp_path / "anna", tmp_path / "bo"
        self._read(other, main="secret = 1")
        folder.mkdir()
        (folder / "main.py").symlink_to(other / "main.py")
        (folder / "pack").symlink_to(other)
        submission = self._read(folder, homework="x = 1")
        assert [file.name for file in submission.files] == ["homework.py"]
        (tmp_path / "link").symlink_to(folder)
        assert "symbolic link" in self._refused(tmp_path / "link")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
    def test_a_fifo_in_it_is_passed_over(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "data.py")
        assert [file.name for file in self._read(tmp_path, main="").files] == ["main.py"]

    def test_it_has_a_bound_in_files(self, tmp_path: Path) -> None:
        for place in ("a", "b"):
            (tmp_path / place).mkdir()
            for number in range(250):
                (tmp_path / place / f"{number}.csv").touch()
        assert len(read_submission(tmp_path, "anna").files) == 500
        (tmp_path / "main.py").touch()
        assert "more than 500 files" in self._refused(tmp_path)
        for number in range(251):
            (tmp_path / "a" / f"more-{number}.csv").touch()
        assert "too many files" in self._refused(tmp_path)

    def test_in_depth(self, tmp_path: Path) -> None:
        folder = tmp_path.joinpath(*"abcdefgh")
        folder.mkdir(parents=True)
        (folder / "main.py").touch()
        assert read_submission(tmp_path, "anna").entry == "a/b/c/d/e/f/g/h/main.py"
        (folder / "i").mkdir()
        assert "folders in folders" in self._refused(tmp_path)

    def test_and_in_bytes(self, tmp_path: Path) -> None:
        with (tmp_path / "data.csv").open("wb") as stream:
            stream.truncate(64 << 20)
        assert read_submission(tmp_path, "anna").files[0].size == 64 << 20
        (tmp_path / "main.py").write_text("#")
        assert f"more than {64 << 20} bytes" in self._refused(tmp_path)

    def test_one_that_must_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "iterdir", refuse)
        assert "the folder cannot be read: Permission denied" in self._refused(tmp_path)

    def test_a_file_in_it_that_must_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        self._read(tmp_path, main="")
        monkeypatch.setattr(os, "open", refuse)
        assert "main.py: the submission cannot be read: Permission denied" in self._refused(tmp_path)

    @pytest.mark.skipif(sys.platform != "linux", reason="names are text here")
    def test_names_that_are_no_text_become_text(self, tmp_path: Path) -> None:
        (tmp_path / os.fsdecode(b"d\xff.csv")).touch()
        assert [file.name for file in self._read(tmp_path, main="").files] == ["d?.csv", "main.py"]


def test_a_file_of_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "sparse.py"
    with file.open("wb") as stream:
        stream.truncate(200 << 30)
    with pytest.raises(UserError, match="larger than"):
        read_submission(file, "sparse")


def test_a_name_too_long_for_the_file_system_is_one_files_fault(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 300 + ".py")
    with pytest.raises(UserError, match="too long"):
        read_submission(path, "a")


CELLS = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": "x = 1"}]}'


class TestNotebooks:
    def test_a_notebook_has_the_code_of_its_cells_and_its_own_digest(self, tmp_path: Path) -> None:
        file = tmp_path / "book.ipynb"
        file.write_text(CELLS)
        submission = read_submission(file, "book")
        assert submission.sources == {"book.ipynb": b"x = 1\n"}
        assert submission.files[0].sha256 == hashlib.sha256(CELLS.encode()).hexdigest()
        assert submission.files[0].size == len(CELLS)
        assert (submission.entry, submission.cells, submission.problem) == ("book.ipynb", (1,), "")
        assert submission.places.said(1) == "cell 1, line 1"

    def test_a_python_file_has_no_cells(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text("x = 1")
        submission = read_submission(tmp_path / "a.py", "a")
        assert (submission.notebook, submission.cells) == (None, ())
        assert submission.places.said(1) == "line 1"

    @pytest.mark.parametrize(
        ("names", "entry"),
        [
            (["a.ipynb"], "a.ipynb"), (["a.ipynb", "b.csv"], "a.ipynb"), (["a.ipynb", "b.py"], "b.py"),
            (["a.ipynb", "b.ipynb"], "main.py"), (["A.IPYNB"], "A.IPYNB"),
        ],
    )  # fmt: skip
    def test_of_a_folder_the_only_one_is_run(self, tmp_path: Path, names: list[str], entry: str) -> None:
        for name in names:
            (tmp_path / name).write_text(CELLS)
        submission = read_submission(tmp_path, "anna")
        assert submission.entry == entry
        assert set(submission.sources) <= {entry}

    def test_of_a_folder_another_one_is_run_where_that_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()
        for name in ("a.ipynb", "sub/b.ipynb", "c.py"):
            (tmp_path / name).write_text(CELLS)
        submission = read_submission(tmp_path, "anna", entry="sub/b.ipynb")
        assert submission.sources["sub/b.ipynb"] == b"x = 1\n"
        assert "a.ipynb" not in submission.sources
        assert read_submission(tmp_path, "anna", entry="d.ipynb").problem.startswith("there is no d.ipynb in it")

    def test_what_is_none_has_a_problem(self, tmp_path: Path) -> None:
        (tmp_path / "book.ipynb").write_text("{}")
        submission = read_submission(tmp_path / "book.ipynb", "book")
        assert submission.problem.startswith("this notebook cannot be used: its format")
        with (tmp_path / "large.ipynb").open("wb") as stream:
            stream.truncate(20 << 20)
        assert "clear its outputs" in read_submission(tmp_path / "large.ipynb", "large").problem
