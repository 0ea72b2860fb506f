from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.sandbox.pipes import pipes


def _open() -> int:
    return len([*Path("/dev/fd").iterdir()])


def test_each_end_leads_to_the_other_sides() -> None:
    with pipes() as (ours, its):
        for writing, reading in (
            (ours.requests, its.requests),
            (its.answers, ours.answers),
            (its.prints, ours.prints),
        ):
            os.write(writing, b"x")
            assert os.read(reading, 10) == b"x"
        assert not any(os.get_inheritable(descriptor) for descriptor in (*ours, *its))
    for descriptor in ours:
        os.close(descriptor)


def test_afterwards_ours_are_open() -> None:
    before = _open()
    with pipes() as (ours, its):
        assert _open() == before + 6
    assert _open() == before + 4
    for descriptor in (its.requests, its.answers):
        with pytest.raises(OSError, match="Bad file"):
            os.fstat(descriptor)
    for descriptor in ours:
        os.close(descriptor)


def test_after_a_failure_none_are() -> None:
    before = _open()
    with pytest.raises(ValueError, match="no process"), pipes():
        raise ValueError("no process")
    assert _open() == before


def test_nor_when_there_are_too_few_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = _open(), os.pipe
    opened: list[tuple[int, int]] = []

    def pipe() -> tuple[int, int]:
        if len(opened) == 2:
            raise OSError(24, "Too many open files")
        opened.append(real())
        return opened[-1]

    monkeypatch.setattr(os, "pipe", pipe)
    with pytest.raises(OSError, match="Too many"), pipes():
        pass
    assert _open() == before
