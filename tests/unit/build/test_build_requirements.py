from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from typing import Any

import pytest

from grader.build import requirements
from grader.build.requirements import pinned, ranges


class FakePackage:
    def __init__(self, version: str, least: str | None, requires: list[str] | None) -> None:
        self.version = version
        self.metadata = {"Requires-Python": least}
        self.requires = requires


NOTEBOOK = "below>=0.1; extra == 'notebook'"
PACKAGES = {
    "grader": FakePackage(
        "1", ">=3.10", ["numpy>=1.24", "Some_Thing>=2", 'pytest>=8; extra == "test"', "gone>=1", NOTEBOOK]
    ),
    "numpy": FakePackage("2.4.6", ">=3.11", None),
    "some-thing": FakePackage("2.5", None, ["below!=3", "numpy", 'win; sys_platform == "win32"']),
    "below": FakePackage("0.1", ">=3.9,<4", ["some-thing"]),
}


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(name: str) -> Any:
        if name not in PACKAGES:
            raise PackageNotFoundError(name)
        return PACKAGES[name]

    monkeypatch.setattr(requirements, "distribution", found)
    monkeypatch.setattr(requirements, "installed", lambda: found("grader"))


@pytest.mark.usefixtures("packages")
def test_all_that_is_needed_is_pinned_for_the_pythons_that_have_it() -> None:
    assert pinned(["scipy"]).split("\n") == [
        'below==0.1; python_version >= "3.9"',
        'below>=0.1; python_version < "3.9"',
        "gone>=1",
        'numpy==2.4.6; python_version >= "3.11"',
        'numpy>=1.24; python_version < "3.11"',
        "some-thing==2.5",
        "scipy",
        "",
    ]


@pytest.mark.usefixtures("packages")
def test_the_ranges_are_the_grader_s_own() -> None:
    assert ranges(["scipy"]).split("\n") == ["Some_Thing>=2", "below>=0.1", "gone>=1", "numpy>=1.24", "scipy", ""]


def test_the_grader_that_is_installed_needs_what_it_imports() -> None:
    names = {line.partition("=")[0] for line in pinned().split("\n")}
    assert {"numpy", "pydantic", "pydantic-core", "pyyaml"} <= names
    assert not {"pytest", "scipy", "distributed"} & names
