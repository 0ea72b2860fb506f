from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import HostError
from grader.intake.bounds import Refusal, Spoiled
from grader.intake.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "new")


def test_the_last_of_one_name_is_kept_and_it_is_noted(place: Place) -> None:
    place.write(("a", "b.py"), [b"1"])
    path = place.write(("a", "b.py"), [b"2", b"3"])
    assert path.read_bytes() == b"23"
    assert place.notes == {path: "a/b.py is there more than once; the last one was taken"}


def test_case_tells_apart_everywhere(place: Place) -> None:
    paths = [place.write((name,), [name.encode()]) for name in ("a.py", "A.py", "A~2.py", "a.PY")]
    assert len({path.name.casefold() for path in paths}) == 4
    assert [path.read_bytes() for path in paths] == [b"a.py", b"A.py", b"A~2.py", b"a.PY"]
    assert place.make_folder(("Dir",)) == place.make_folder(("dir",))


def test_a_file_that_is_too_large_is_left_empty(place: Place) -> None:
    def content() -> Iterator[bytes]:
        yield b"much"
        raise Spoiled("too much")

    path = place.write(("a.py",), content())
    assert (path.read_bytes(), place.spoiled) == (b"", {path: "too much"})


def test_a_source_that_cannot_be_read_is_not_the_machines_fault(place: Place) -> None:
    def content() -> Iterator[bytes]:
        yield b"much"
        raise OSError(5, "Input/output error")

    with pytest.raises(Refusal, match="Input/output error"):
        place.write(("a.py",), content())


def test_a_name_that_is_too_long_here_is_its_owners_fault(place: Place) -> None:
    with pytest.raises(Refusal, match="cannot have a file of that name"):
        place.write(("x" * 300,), [])


def test_a_full_disk_is_the_machines_fault(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(HostError, match="No space left"):
        place.write(("a.py",), [])


def test_the_folder_is_new(place: Place) -> None:
    with pytest.raises(HostError, match="cannot be written"):
        Place(place.folder)
