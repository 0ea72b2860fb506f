from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.intake.bounds import MIB, RATIO, Bounds, Refusal, Spoiled, Tally

BOUNDS = Bounds(entries=2, size=10 * MIB, free=MIB)


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(0, size, 1 << 16):
        yield b"\0" * (1 << 16)


def test_entries() -> None:
    tally = Tally(BOUNDS, 100)
    tally.entry()
    tally.entry()
    with pytest.raises(Refusal, match="more than 2 files"):
        tally.entry()


@pytest.mark.parametrize(
    ("packed", "size", "says"), [(MIB, 11 * MIB, "10 MiB"), (100, MIB + MIB // 4, "as bombs do")]
)
def test_bytes_over_all_files(packed: int, size: int, says: str) -> None:
    tally = Tally(BOUNDS, packed)
    for _ in range(3):
        assert sum(map(len, tally.count(chunks(size // 4), None))) <= size // 4 + (1 << 16)
    with pytest.raises(Refusal, match=says):
        sum(map(len, tally.count(chunks(size // 2), None)))


def test_what_is_within_passes() -> None:
    tally = Tally(BOUNDS, MIB // RATIO)
    assert sum(map(len, tally.count(chunks(MIB), None))) == MIB


def test_one_file_may_cost_itself_only() -> None:
    tally = Tally(Bounds(entries=2, size=10 * MIB, free=2 * MIB, member=3 * MIB), MIB)
    with pytest.raises(Spoiled, match="bombs"):
        sum(map(len, tally.count(chunks(2 * MIB), 10)))
    with pytest.raises(Spoiled, match="3 MiB"):
        sum(map(len, tally.count(chunks(4 * MIB), None)))
    tally.skip(chunks(MIB))
    assert sum(map(len, tally.count(chunks(MIB), 10))) == MIB
    with pytest.raises(Refusal, match="10 MiB"):
        tally.skip(chunks(9 * MIB))
