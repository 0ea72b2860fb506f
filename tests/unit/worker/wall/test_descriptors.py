from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from grader.worker.wall import descriptors
from grader.worker.wall.rehearsal import rehearse

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is inherited there")


def is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


@pytest.mark.parametrize("listing", [descriptors.OWN, "/nowhere"])
def test_only_the_kept_ones_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listing: str) -> None:
    monkeypatch.setattr(descriptors, "OWN", listing)
    kept, other = (os.open(tmp_path, os.O_RDONLY) for _ in range(2))
    high = os.dup2(other, 700)

    def in_child() -> None:
        standard = [is_open(each) for each in (0, 1, 2)]
        descriptors.close_all_but([kept])
        assert standard == [is_open(each) for each in (0, 1, 2)]
        assert is_open(kept)
        assert not is_open(other)
        assert not is_open(high)
        os._exit(0)  # the rehearsal's own pipe is closed, too

    assert rehearse(in_child) is None
    for descriptor in (kept, other, high):
        os.close(descriptor)


def test_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[int] = []
    monkeypatch.setattr(os, "listdir", lambda _: ["0", "1", "2", "3", "4", "9", "11"])
    monkeypatch.setattr(os, "close", closed.append)
    assert descriptors.close_all_but([3, 4]) == "1 closed"  # 11 stands for the listing's own
    assert sorted(closed) == [9, 11]


def test_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    ranges: list[tuple[int, int]] = []

    def no_listing(_: str) -> list[str]:
        raise FileNotFoundError

    monkeypatch.setattr(os, "listdir", no_listing)
    monkeypatch.setattr(os, "closerange", lambda low, high: ranges.append((low, high)))
    descriptors.close_all_but([5])
    assert ranges == [(3, 5), (6, descriptors.HIGHEST)]
