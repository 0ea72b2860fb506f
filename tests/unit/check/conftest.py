"""The small rubric on the disk, compiled, and in a room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from checked import REFERENCE, RUBRIC, SLIPS, Write, clock

from grader.check.pool import Setup
from grader.check.subject import Subject, load_subject
from grader.check.tasks import Room


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes the rubric, perhaps another reference or other mistakes, and returns its path."""

    def write(rubric: str = RUBRIC, reference: str = REFERENCE, slips: str = SLIPS) -> Path:
        (tmp_path / "rubrics").mkdir(exist_ok=True)
        file = tmp_path / "rubrics" / "checked.yaml"
        file.write_text(rubric, encoding="utf-8")
        (tmp_path / "reference.py").write_text(reference, encoding="utf-8")
        (tmp_path / "slips.py").write_text(slips, encoding="utf-8")
        return file

    return write


@pytest.fixture
def subject(write: Write) -> Subject:
    """Return the rubric, compiled."""
    return load_subject(write())


@pytest.fixture
def setup(subject: Subject) -> Setup:
    """Return what a helper needs."""
    return Setup(subject.exam, (), clock)


@pytest.fixture
def room(setup: Setup) -> Iterator[Room]:
    """Return a room with a box."""
    with setup.room() as (room, _):
        yield room
