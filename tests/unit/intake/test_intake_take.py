from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import intake_downloads as downloads
import pytest
from intake_downloads import WORK, as_folder, as_tar, as_zip, zipped
from intake_malformed import MALFORMED, Malformed

from grader.errors import HostError
from grader.intake import Handed, Person, Refused, take_in
from grader.submission import read_submission


class Batch:
    """What came of some paths, by id."""

    def __init__(self, results: list[Handed | Refused]) -> None:
        self.results = results
        self.handed = {one.id: one for one in results if isinstance(one, Handed)}
        self.refused = {one.id: one for one in results if isinstance(one, Refused)}
        assert len({one.id.casefold() for one in results}) == len(results)
        for one in results:
            assert one.id.isascii()
            assert all(character.isalnum() or character in "._-" for character in one.id)
        for handed in self.handed.values():
            if handed.path.exists() and not handed.path.is_symlink():
                assert read_submission(handed.path, handed.id).files
                assert (handed.path / handed.entry).is_file()
            assert all("\n" not in note for note in handed.notes)
        for refused in self.refused.values():
            assert refused.reason
            assert len(refused.reason.splitlines()) == len(refused.source.splitlines()) == 1


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder beside a sentinel; afterwards nothing but it has changed."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "sentinel").write_text("as it was")
    before = _state(tmp_path)
    (outside / "scratch").mkdir()
    yield outside / "scratch"
    after = {name: state for name, state in _state(tmp_path).items() if not name.startswith("outside/scratch")}
    assert {name: after.get(name) for name in before} == before
    assert {name for name in after if name.startswith("outside")} == {"outside", "outside/sentinel"}
    assert not any(path.is_symlink() for path in (outside / "scratch").rglob("*"))


def _state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if not path.is_symlink()
    }


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def people(handed: Handed) -> list[tuple[str, str, str]]:
    return [(person.id, person.name, person.email) for person in handed.people]


class TestPlatforms:
    @pytest.mark.parametrize("kind", ["folder", "inner", "export.zip", "export.tar.gz", "entries"])
    def test_gradescope(self, kind: str, tmp_path: Path, scratch: Path) -> None:
        batch = Batch(take_in(_download(kind, downloads.gradescope(), tmp_path), scratch))
        assert batch.refused == {}
        one, group, nobody = batch.handed.values()
        assert (one.id, one.platform, one.entry) == ("submission_101", "gradescope", "hw3.py")
        assert (one.submitted_at, one.late, one.late_seconds) == ("2026-03-01T22:59:59.123456+00:00", None, None)
        assert people(one) == [("3031", "Jane Doe", "jane@example.edu")]
        assert people(group)[0] == ("0042", "Jürgen Müller", "juergen@example.edu")
        assert people(group)[1][1:] == ("Ana", "ana@example.edu")
        assert (group.entry, group.submitted_at) == ("main.py", "2026-03-02T08:00:00+01:00")
        assert "main.py was taken" in group.notes[0]
        assert (nobody.people, nobody.submitted_at) == ((), "2026-03-02T09:30:00+00:00")
        assert "does not say who" in nobody.notes[0]

    @pytest.mark.parametrize("kind", ["folder", "submissions.zip", "submissions.tar", "entries"])
    def test_canvas(self, kind: str, tmp_path: Path, scratch: Path) -> None:
        batch = Batch(take_in(_download(kind, downloads.canvas(), tmp_path), scratch))
        handed = batch.handed
        assert {one.platform for one in batch.results} == {"canvas"}
        assert (handed["doejane_4711"].late, handed["doejane_4711"].late_seconds) == (False, 0)
        assert people(handed["doejane_4711"]) == [("4711", "doejane", "")]
        late = handed["mullerjurgen_4712"]
        assert (late.late, late.late_seconds, people(late)) == (True, None, [("4712", "müllerjürgen", "")])
        assert "late" in late.notes[0]
        assert people(handed["anon_Xy12z"]) == [("anon_Xy12z", "", "")]
        assert (handed["anon_Xy12z"].late, handed["anon_Ab34c"].late) == (False, True)
        assert handed["roeann_4713"].entry == "main.py"
        assert names_in(handed["roeann_4713"].path) == ["helper.py", "main.py", "notes.txt"]
        assert handed["zipperzoe_4714"].entry == "main.py"
        assert handed["team_rocket_4716"].people == (Person("4716", "team_rocket"),)
        assert "a text or a link" in batch.refused["wordywill_4715"].reason
        assert "no Python file" in batch.refused["paperpat_4717"].reason
        assert batch.refused["paperpat_4717"].people == (Person("4717", "paperpat"),)

    @pytest.mark.parametrize("old", [False, True])
    @pytest.mark.parametrize("kind", ["folder", "inner", "hw3.zip", "entries"])
    def test_moodle_in_folders(self, kind: str, tmp_path: Path, scratch: Path, *, old: bool) -> None:
        batch = Batch(take_in(_download(kind, downloads.moodle_folders(old=old), tmp_path), scratch))
        handed = batch.handed
        assert {one.platform for one in batch.results} == {"moodle"}
        assert people(handed["Jane_Doe_101"]) == [("101", "Jane Doe", "")]
        assert (handed["Jane_Doe_101"].late, handed["Jane_Doe_101"].submitted_at) == (None, "")
        several = handed["Jurgen_Muller-Ludenscheidt_102"]
        assert people(several) == [("102", "Jürgen Müller-Lüdenscheidt", "")]
        assert (several.path.name, several.entry) == ("code", "main.py")
        assert people(handed["Team_Rocket_7"]) == [("7", "Team Rocket", "")]
        assert people(handed["Default_group"]) == [("Default group", "Default group", "")]
        assert {name: one.reason for name, one in batch.refused.items()} == {
            "Will_Wordy_103": "only a text was handed in online, no file"
        }

    @pytest.mark.parametrize("kind", ["folder", "hw3.zip", "entries"])
    def test_moodle_flat(self, kind: str, tmp_path: Path, scratch: Path) -> None:
        batch = Batch(take_in(_download(kind, downloads.moodle_flat(), tmp_path), scratch))
        assert batch.refused == {}
        assert set(batch.handed) == {"Ann_Roe_102", "Jane_Doe_101"}
        ann = batch.handed["Ann_Roe_102"]
        assert (ann.entry, names_in(ann.path)) == ("main.py", ["main.py", "my_helper.py"])

    def test_moodle_blind(self, tmp_path: Path, scratch: Path) -> None:
        batch = Batch(take_in([as_folder(downloads.moodle_blind(), tmp_path / "d")], scratch))
        assert [people(one) for one in batch.handed.values()] == [
            [("101", "Participant", "")],
            [("102", "Teilnehmer in", "")],
        ]

    def test_a_metadata_file_that_is_broken_costs_the_names_only(self, tmp_path: Path, scratch: Path) -> None:
        tree = downloads.gradescope() | {"assignment_77_export/submission_metadata.yml": b"a: [\n- {"}
        batch = Batch(take_in([as_zip(tree, tmp_path / "e.zip")], scratch))
        assert len(batch.handed) == 3
        assert "line" in batch.refused["submission_metadata"].reason

    def test_a_submission_that_is_only_in_the_metadata_is_told(self, tmp_path: Path, scratch: Path) -> None:
        tree = {name: content for name, content in downloads.gradescope().items() if "101" not in name}
        batch = Batch(take_in([as_zip(tree, tmp_path / "e.zip")], scratch))
        assert "does not hold it" in batch.refused["submission_101"].reason
        assert batch.refused["submission_101"].people[0].name == "Jane Doe"

    def test_a_convention_of_the_classs_own_is_nobody_elses(self, tmp_path: Path, scratch: Path) -> None:
        folder = as_folder({f"lab_1_2_{name}.py": WORK for name in ("ann", "bob", "cy")}, tmp_path / "d")
        for paths in ([folder], sorted(folder.iterdir())):
            assert list(Batch(take_in(paths, scratch)).handed) == ["lab_1_2_ann", "lab_1_2_bob", "lab_1_2_cy"]

    def test_as_many_strays_make_it_plain_and_that_is_told(self, tmp_path: Path, scratch: Path) -> None:
        tree = {"doejane_1_10_hw3.py": WORK, "roeann_2_11_hw3.py": WORK, "reference.py": WORK, "list.csv": b""}
        folder, told = as_folder(tree | {"old.py": WORK}, tmp_path / "d"), list[str]()
        batch = Batch(take_in([folder], scratch, told.append))
        assert {one.platform for one in batch.results} == {"plain"}
        looks = "the folder looks like a download of Canvas's, but for old.py, reference.py"
        looks += "; names and lateness are lost"
        assert told == [f"{folder}: {looks}"]
        assert all(looks in one.notes for one in batch.handed.values())


def _download(kind: str, tree: downloads.Tree, tmp_path: Path) -> list[Path]:
    if kind.endswith(".zip"):
        return [as_zip(tree, tmp_path / kind)]
    if ".tar" in kind:
        return [as_tar(tree, tmp_path / kind)]
    folder = as_folder(tree, tmp_path / "download")
    inner = folder / "assignment_77_export" if (folder / "assignment_77_export").exists() else folder
    if kind == "inner":
        return [as_folder(tree, tmp_path / "outer" / "download").parent]
    return (
        sorted(path for path in inner.iterdir() if path.suffix != ".yml" and path.name[0] != ".")
        if kind == "entries"
        else [folder]
    )


class TestPlain:
    @pytest.mark.parametrize("kind", ["folder", "class.zip", "class.tar.xz", "entries"])
    @pytest.mark.parametrize(
        "tree", [downloads.plain_files(), downloads.plain_folders()], ids=["files", "folders"]
    )
    def test_a_class(self, kind: str, tree: downloads.Tree, tmp_path: Path, scratch: Path) -> None:
        batch = Batch(take_in(_download(kind, tree, tmp_path), scratch))
        assert batch.refused == {}
        assert list(batch.handed) == ["anna", "bob", "carol"]
        assert {one.platform for one in batch.results} == {"plain"}
        assert all(one.people == (Person(one.id, one.id),) for one in batch.handed.values())

    def test_a_student_of_a_bad_archive_costs_no_other(self, tmp_path: Path, scratch: Path) -> None:
        tree = downloads.plain_folders() | {"dora.zip": zipped({"../x.py": b""}), "emil/hw.zip": b"PK"}
        tree |= {
            "fay/work.zip": zipped({f"{n}.py": b"" for n in range(1001)}),
            "gus/main.py": zipped({"a.py": WORK}),
        }
        tree |= {"hal/huge.csv": b"\0" * (30 << 20), "hal/main.py": WORK, "ida/readme.txt": b"", "jo/a.py": b""}
        tree |= {"jo/b.py": b"", "kim/x.zip": zipped({"in.zip": zipped({"main.py": WORK})})}
        batch = Batch(take_in([as_zip(tree, tmp_path / "class.zip")], scratch))
        assert list(batch.handed) == ["anna", "bob", "carol"]
        says = {
            "dora": "leads out",
            "emil": "no such archive",
            "fay": "more than 1000",
            "gus": "it is zip",
            "hal": "bombs",
            "ida": "only readme.txt",
            "jo": "several Python files could be the submission (a.py, b.py)",
            "kim": "archive in an archive",
        }
        assert list(batch.refused) == list(says)
        assert [word for own, word in says.items() if word not in batch.refused[own].reason] == []
        assert batch.refused["ida"].source == f"{tmp_path / 'class.zip'}: ida"

    def test_a_file_is_what_it_is(self, tmp_path: Path, scratch: Path) -> None:
        for name in ("anna.py", "bob.txt"):
            (tmp_path / name).write_bytes(WORK)
        (tmp_path / "link.py").symlink_to(tmp_path / "anna.py")
        (tmp_path / "alias.zip").symlink_to(tmp_path / "anna.py")
        names = ["anna.py", "bob.txt", "link.py", "missing.py", "./anna.py", "alias.zip"]
        batch = Batch(take_in([tmp_path / name for name in names], scratch))
        assert [(one.id, one.path.name, one.entry) for one in batch.handed.values()] == [
            ("anna", "anna.py", ""),
            ("bob", "bob.txt", ""),
            ("link", "link.py", ""),
            ("missing", "missing.py", ""),
        ]
        assert [one.reason for one in batch.refused.values()] == ["it is a symbolic link; give the archive itself"]

    def test_a_link_to_a_folder_is_not_followed(self, tmp_path: Path, scratch: Path) -> None:
        as_folder(downloads.plain_folders(), tmp_path / "real")
        as_folder({"anna.py": WORK, "bob.py": WORK}, tmp_path / "class")
        (tmp_path / "class" / "zed").symlink_to(tmp_path / "real" / "anna")
        (tmp_path / "whole").symlink_to(tmp_path / "real")
        batch = Batch(take_in([tmp_path / "class", tmp_path / "whole"], scratch))
        assert list(batch.handed) == ["anna", "bob", "whole"]

    def test_ids_differ_and_stay(self, tmp_path: Path, scratch: Path) -> None:
        for name in ("x/hw.py", "y/hw.py", "y/HW.PY", "z/ä b.py", "z/con.py"):
            as_folder({name: WORK}, tmp_path)
        paths = sorted(tmp_path.glob("[xyz]/*"))
        first = list(Batch(take_in(paths, scratch)).handed)
        assert first[0] == "x-hw"
        assert len({own.casefold() for own in first}) == 5
        assert list(Batch(take_in(paths[::-1], scratch)).handed) == first[::-1]

    def test_where_every_file_is_called_alike_the_folders_are_the_students(
        self, tmp_path: Path, scratch: Path
    ) -> None:
        told: list[str] = []
        names = ("ann/hw3.py", "bob@uni/hw3.py", "b/ann.py", "c/ann.py")
        as_folder(dict.fromkeys(names, WORK), tmp_path)
        batch = Batch(take_in([tmp_path / name for name in names], scratch, told.append))
        people = {own: one.people[0].id for own, one in batch.handed.items()}
        assert people == {"ann-hw3": "ann", "bob_uni-hw3": "bob@uni", "b-ann": "ann", "c-ann": "ann"}
        (said,) = told
        assert said.endswith("ann (ann-hw3, b-ann, c-ann)")

    def test_ids_that_differ_in_case_or_in_nothing(self, tmp_path: Path, scratch: Path) -> None:
        tree = {"Anna/main.py": WORK, "anna/main.py": WORK, "bob/main.py": WORK, "bob.py": WORK}
        if sys.platform == "linux":
            batch = Batch(take_in([as_folder(tree, tmp_path / "class")], scratch))
            assert [own.partition("-")[0] for own in batch.handed] == ["Anna", "anna", "bob", "bob"]
            assert [own.rpartition("-")[2] for own in batch.handed][3:] == ["2"]

    @pytest.mark.parametrize("make", [as_folder, as_zip])
    def test_a_class_that_is_taken_as_one_is_told(
        self, make: Callable[[downloads.Tree, Path], Path], tmp_path: Path, scratch: Path
    ) -> None:
        path, told = make(downloads.plain_files() | {"solution.py": WORK}, tmp_path / "class.zip"), list[str]()
        assert list(Batch(take_in([path], scratch, told.append)).handed) == [
            "class" if make is as_zip else "class.zip"
        ]
        (line,) = told
        assert line.startswith(f"{path}: this is taken as one submission, solution.py with 3 other Python files")
        told.clear()
        take_in([as_folder({"ann/main.py": WORK, "bob/q1.py": WORK}, tmp_path / "others")], scratch, told.append)
        assert not told

    def test_who_is_there_twice_is_told(self, tmp_path: Path, scratch: Path) -> None:
        tree, told = {"ann.py": WORK, "ann/hw3.py": WORK, "bob.py": WORK}, list[str]()
        batch = Batch(take_in([as_folder(tree, tmp_path / "class")], scratch, told.append))
        assert [[person.id for person in one.people] for one in batch.results] == [["ann"], ["ann"], ["bob"]]
        (line,) = told
        assert line.endswith(f": ann ({', '.join(one.id for one in batch.results[:2])})")

    def test_folders_without_end(self, tmp_path: Path, scratch: Path) -> None:
        batch = Batch(take_in([as_folder({"d/" * 25 + "main.py": WORK}, tmp_path / "anna")], scratch))
        assert "folders in folders" in batch.refused["anna"].reason

    def test_a_folder_that_cannot_be_read_is_told(
        self, tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        folder = as_folder({"main.py": WORK}, tmp_path / "anna")
        monkeypatch.setattr(os, "scandir", refuse)
        (result,) = take_in([folder], scratch)
        assert isinstance(result, Refused)
        assert result.reason == "the folder cannot be read: Permission denied"

    def test_a_scratch_that_cannot_be_written_is_the_machines_fault(self, tmp_path: Path) -> None:
        (tmp_path / "scratch").write_bytes(b"")
        with pytest.raises(HostError, match="cannot be written"):
            take_in([as_zip({"main.py": WORK}, tmp_path / "a.zip")], tmp_path / "scratch")

    def test_an_archive_in_an_archive_may_be_the_class(self, tmp_path: Path, scratch: Path) -> None:
        outer = as_zip({"download.zip": zipped(downloads.plain_files())}, tmp_path / "mail.zip")
        assert list(Batch(take_in([outer], scratch)).handed) == ["anna", "bob", "carol"]

    def test_one_students_archive_is_called_as_it_is(self, tmp_path: Path, scratch: Path) -> None:
        tree = {"hw3/main.py": WORK, "hw3/helper.py": b"", "hw3/HELPER.py": b"", "hw3\\old\\x.py": b""}
        (one,) = Batch(take_in([as_tar(tree, tmp_path / "anna.tar.bz2")], scratch)).handed.values()
        assert (one.id, one.entry, read_submission(one.path, one.id).entry) == ("anna", "main.py", "main.py")
        assert (one.path / "old" / "x.py").exists()
        assert any("differs from hw3/helper.py in case only" in note for note in one.notes)


def test_there_are_thirty_and_more() -> None:
    assert len(MALFORMED) >= 30


@pytest.mark.parametrize("bad", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_archive_is_refused_in_one_line(bad: Malformed, tmp_path: Path, scratch: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / bad.name
    path.write_bytes(bad.content())
    good = as_zip({"main.py": WORK}, tmp_path / "in" / "good.zip")
    batch = Batch(take_in([path, good], scratch))
    assert list(batch.handed) == ["good"]
    (refused,) = batch.refused.values()
    assert bad.says in refused.reason
    assert str(path) in refused.source
