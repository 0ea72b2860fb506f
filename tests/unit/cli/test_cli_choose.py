from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli.choose import choose_rubric
from grader.errors import AuthorError, UserError


@pytest.fixture(autouse=True)
def _here(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small)


def chosen(*submissions: Path, folder: Path | None = None) -> Path:
    return choose_rubric(folder or Path.cwd(), submissions).document.file


def other(small: Path, name: str = "other.yml", function: str = "halve", **changes: str) -> Path:
    """Write another rubric beside the small one, about another function."""
    text = (small / "rubrics" / "small.yaml").read_text(encoding="utf-8")
    for old, new in {"double": function, "total": "product", "essay": "WHY", **changes}.items():
        text = text.replace(old, new)
    file = small / "rubrics" / name
    file.write_text(text, encoding="utf-8")
    return file


def submission(small: Path, source: str | bytes, name: str = "anna.py") -> Path:
    file = small / name
    file.write_bytes(source if isinstance(source, bytes) else source.encode())
    return file


def test_the_only_one_here_or_above(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen() == Path("rubrics/small.yaml")
    (small / "deep" / "rubrics").mkdir(parents=True)
    monkeypatch.chdir(small / "deep")
    assert chosen() == Path("../rubrics/small.yaml")


def test_none_at_all(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="name the rubric with --rubric"):
        chosen(folder=tmp_path / "nowhere")


def test_the_only_one_may_be_at_fault(small: Path) -> None:
    (small / "rubrics" / "small.yaml").write_text("assignment: [", encoding="utf-8")
    with pytest.raises(AuthorError):
        chosen()


def test_a_companion_of_a_rubric_is_none(small: Path) -> None:
    (small / "rubrics" / "small.equivalent.yaml").write_text("mutants: []", encoding="utf-8")
    assert chosen() == Path("rubrics/small.yaml")


def test_of_several_none_is_guessed_without_a_submission(small: Path) -> None:
    other(small)
    with pytest.raises(UserError, match=r"\(other.yml, small.yaml\); choose one with --rubric"):
        chosen()


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def double(x): return x", "small.yaml"),
        ("def halve(x): return x", "other.yml"),
        ("async def halve(x): return x", "other.yml"),
        ("import x\nWHY = 'because'\n", "other.yml"),
        ("essay: str = 'because'\n", "small.yaml"),
        ("class total: pass", "small.yaml"),
        ("def double(x): pass\ndef total(x): pass\ndef halve(x): pass", "small.yaml"),
        ("def halve(x: return x", "other.yml"),
        ("raise SystemExit\ndef halve(x): return x", "other.yml"),
        (b"def halve(x): return '\xff'", "other.yml"),
    ],
)
def test_of_several_it_is_the_one_whose_answers_are_defined(small: Path, source: str | bytes, name: str) -> None:
    other(small)
    assert chosen(submission(small, source)).name == name


@pytest.mark.parametrize(
    "source",
    [
        "",
        "x = 1",
        "def other(x): pass",
        "# def halve(x): pass",
        "    def halve(x): pass",
        "def double(x): pass\ndef halve(x): pass",
    ],
)
def test_when_none_fits_best_the_caller_must_say(small: Path, source: str) -> None:
    other(small)
    with pytest.raises(UserError, match="choose one with --rubric"):
        chosen(submission(small, source))


def test_several_submissions_have_a_say_and_a_folder_is_one_too(small: Path) -> None:
    other(small)
    first = submission(small, "def double(x): pass")
    folder = small / "ben"
    folder.mkdir()
    (folder / "main.py").write_text("def halve(x): pass\nWHY = 1\ndef product(x): pass\n", encoding="utf-8")
    assert chosen(first, folder).name == "other.yml"


def test_what_cannot_be_read_says_nothing(small: Path) -> None:
    other(small)
    assert chosen(small / "missing.py", submission(small, "def halve(x): pass")).name == "other.yml"


def test_a_rubric_at_fault_fits_nobody(small: Path) -> None:
    other(small).write_text("assignment: [", encoding="utf-8")
    assert chosen(submission(small, "def double(x): pass")).name == "small.yaml"
    (small / "rubrics" / "small.yaml").write_text("assignment: [", encoding="utf-8")
    with pytest.raises(UserError, match="choose one with --rubric"):
        chosen(submission(small, "def double(x): pass"))
