from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.build.visible import visible_part
from grader.cli.paper import Kit, choose_paper, load_kit, named_paper, protected
from grader.errors import UserError
from grader.key import compile_rubric
from grader.rubric import LoadedRubric, load_rubric


@pytest.fixture
def kit(tmp_path: Path, make_small: Callable[[Path], Path]) -> Path:
    """Return a folder with a kit, and no rubric above it."""
    rubric = make_small(tmp_path / "course") / "rubrics" / "small.yaml"
    loaded = load_rubric(rubric)
    shown, answers = visible_part(loaded, *compile_rubric(loaded, rubric.parent)[:2], cost=1)
    folder = tmp_path / "home" / "kit"
    (folder / "selfcheck").mkdir(parents=True)
    (folder / "selfcheck" / "plan").write_bytes(shown.dump())
    (folder / "selfcheck" / "key").write_bytes(answers.dump())
    return folder


def test_a_kit_is_found_here_above_and_beside_the_submission(kit: Path, tmp_path: Path) -> None:
    (kit / "deep").mkdir()
    for folder, submissions in ((kit, []), (kit / "deep", []), (tmp_path, [kit / "submission.py"])):
        found = choose_paper(folder, submissions)
        assert isinstance(found, Kit)
        assert found.folder == kit / "selfcheck"


def test_the_nearest_counts(kit: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small)
    assert isinstance(choose_paper(small, []), LoadedRubric)
    assert isinstance(choose_paper(small, [kit / "submission.py"]), LoadedRubric)
    (small / "selfcheck").symlink_to(kit / "selfcheck")
    assert isinstance(choose_paper(small, []), LoadedRubric)
    inside = small / "below"
    inside.mkdir()
    (inside / "selfcheck").symlink_to(kit / "selfcheck")
    assert isinstance(choose_paper(inside, []), Kit)


def test_a_kit_can_be_named(kit: Path, small: Path) -> None:
    assert isinstance(named_paper(kit), Kit)
    assert isinstance(named_paper(kit / "selfcheck"), Kit)
    assert isinstance(named_paper(small / "rubrics" / "small.yaml"), LoadedRubric)
    with pytest.raises(UserError, match="not a regular file"):
        named_paper(small)


def test_none_at_all(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no rubrics/ folder"):
        choose_paper(tmp_path, [tmp_path / "x.py"])


def test_a_damaged_kit_is_said(kit: Path, make_small: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = kit / "selfcheck"
    plan, key = (folder / "plan").read_bytes(), (folder / "key").read_bytes()
    (folder / "key").write_bytes(key[:-1])
    with pytest.raises(UserError, match="damaged, or this is another version of the grader"):
        load_kit(folder)
    (folder / "key").write_bytes(key)
    (folder / "plan").write_bytes(plan.replace(b"A small homework", b"A large homework"))
    with pytest.raises(UserError, match="of two different kits"):
        load_kit(folder)
    (folder / "plan").unlink()
    with pytest.raises(UserError, match="cannot be read: No such file or directory; unpack the zip again"):
        choose_paper(kit, [])


def test_what_a_submission_must_not_read(kit: Path, small: Path) -> None:
    assert protected(load_kit(kit / "selfcheck")) == [kit / "selfcheck"]
    assert protected(load_rubric(small / "rubrics" / "small.yaml")) == [small / "rubrics", small]
