from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.submission import MAX_BYTES, read_submission, submission_ids


class TestRead:
    def test_bytes_are_kept_as_they_are(self, tmp_path: Path) -> None:
        file = tmp_path / "home work.py"
        file.write_bytes(b"x = 1\r\n\xff")
        submission = read_submission(file, "anna")
        assert (submission.id, submission.name) == ("anna", "home work.py")
        assert submission.source == b"x = 1\r\n\xff"
        assert submission.size == 8
        assert submission.sha256 == hashlib.sha256(b"x = 1\r\n\xff").hexdigest()

    @pytest.mark.parametrize(("more", "kept"), [(0, True), (1, False), (10 << 20, False)])
    def test_a_long_file_is_digested_and_not_kept(self, tmp_path: Path, more: int, *, kept: bool) -> None:
        file = tmp_path / "homework.py"
        content = b"#" * (MAX_BYTES + more)
        file.write_bytes(content)
        submission = read_submission(file, "anna")
        assert submission.source == (content if kept else None)
        assert submission.size == len(content)
        assert submission.sha256 == hashlib.sha256(content).hexdigest()

    def _refused(self, file: Path) -> str:
        with pytest.raises(UserError) as caught:
            read_submission(file, "anna")
        message = str(caught.value)
        assert "\n" not in message
        return message

    def test_a_folder(self, tmp_path: Path) -> None:
        assert "a folder" in self._refused(tmp_path)

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


class TestIds:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [("anna.py", "anna"), ("anna_2.final.py", "anna_2.final"), ("Müller.py", "Müller"), ("anna", "anna")],
    )
    def test_a_plain_name_is_its_own_id(self, name: str, expected: str) -> None:
        assert submission_ids([Path("in") / name]) == [expected]

    @pytest.mark.parametrize(
        "name",
        [
            "a b.py",
            "a'b.py",
            "a\nb.py",
            "-rf.py",
            "..py",
            ".hidden.py",
            "*.py",
            os.fsdecode(b"\xff.py"),
            "🐍.py",
        ],
    )
    def test_any_other_is_made_safe(self, name: str) -> None:
        (made,) = submission_ids([Path(name)])
        assert made.isprintable()
        assert not set(made) & set(" /\\'\"*\n")
        assert made[0] not in ".-"

    def test_names_that_are_made_safe_in_the_same_way_stay_apart(self) -> None:
        assert len(set(submission_ids([Path("a b.py"), Path("a'b.py"), Path("a_b.py")]))) == 3

    @pytest.mark.parametrize("char", ["a", "ü", "漢", "𠀀"])
    def test_a_long_name_still_makes_a_file_name(self, char: str, tmp_path: Path) -> None:
        name = char * (252 // len(char.encode()))
        folder = tmp_path / name
        files = [Path(f"{name}.py"), folder / f"{name}.py", folder / f"{name}.txt"]
        for made in {*submission_ids(files), *submission_ids(files[:1])}:
            (tmp_path / f"{made}.json").touch()

    def test_the_same_name_in_two_folders(self) -> None:
        assert submission_ids([Path("x/hw.py"), Path("y/hw.py"), Path("bo.py")]) == ["x-hw", "y-hw", "bo"]

    def test_the_same_name_and_folder_twice(self) -> None:
        made = submission_ids([Path("a/x/hw.py"), Path("b/x/hw.py"), Path("x-hw.py")])
        assert len(set(made)) == 3
        assert all(item.startswith("x-hw") for item in made)

    def test_ids_do_not_depend_on_the_order(self) -> None:
        files = [Path("x/hw.py"), Path("y/hw.py"), Path("a b.py"), Path("y/hw.txt")]
        assert submission_ids(files[::-1]) == submission_ids(files)[::-1]
