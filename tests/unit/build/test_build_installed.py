from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any, NoReturn

import pytest

import grader
from grader.build import installed as module
from grader.build.installed import installed
from grader.errors import HostError

NOW = """[project]
name = "grader"
dependencies = ["numpy>=1.24,<3", "Some_Thing >= 2"]
optional-dependencies = { notebook = ["nbformat>=5.7"], test = ["pytest>=8"] }
"""
THEN = ["numpy<3,>=1.24", "some-thing>=2", "nbformat>=5.7; extra == 'notebook'", "dropped>=1"]


class Installed:
    def __init__(self, version: str, requires: list[str]) -> None:
        self.version, self.requires = version, requires


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "pyproject.toml"
    file.write_text(NOW)
    monkeypatch.setattr(module, "_SOURCE", file)
    return file


def stands(monkeypatch: pytest.MonkeyPatch, requires: list[str], version: str = grader.__version__) -> Any:
    found = Installed(version, requires)
    monkeypatch.setattr(module, "distribution", lambda _: found)
    return found


def test_what_runs_here_is_what_was_installed() -> None:
    assert installed().version == grader.__version__


def test_the_same_requirements_in_other_words(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert source.is_file()
    found = stands(monkeypatch, THEN)
    assert installed() is found


@pytest.mark.skipif(sys.version_info < (3, 11), reason="it cannot read TOML")
@pytest.mark.parametrize("lost", THEN[:3])
def test_what_has_come_since_is_missed(source: Path, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    stands(monkeypatch, [line for line in THEN if line != lost])
    with pytest.raises(HostError, match=f"changed since it was installed.*pip install -e {source.parent}"):
        installed()


@pytest.mark.parametrize("text", [None, "[tool.x]", '[project]\nname = "other"\ndependencies = ["gone"]'])
def test_a_project_file_of_others_says_nothing(
    source: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    source.unlink()
    if text is not None:
        source.write_text(text)
    found = stands(monkeypatch, [])
    assert installed() is found


def test_another_version_was_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    stands(monkeypatch, THEN, "0.0.1")
    with pytest.raises(HostError, match="changed since"):
        installed()


def test_a_grader_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> NoReturn:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(module, "distribution", none)
    with pytest.raises(HostError, match="not installed"):
        installed()
