"""A million mutated frames into the decoder: each gives a value or a `WireError`, in bounded time and space.

    python benchmarks/fuzz_wire.py [FRAMES]

Exits with an exception when a frame gives anything else. Prints the slowest frame and the peak of memory.
"""

from __future__ import annotations

import random
import resource
import sys
import time

import numpy as np

from grader.wire import Value, WireError, decode, encode

VALUES: tuple[Value, ...] = (
    None,
    [1, -(2**70), 1.5, 1j, "é", b"\x00", True],
    {"a": np.arange(6.0).reshape(2, 3), "b": (np.float32(1), [[[]]])},
    ("returned", 3, [np.zeros((0, 3)), np.array([True, False])], []),
    [[[[[["deep"]]]]]],
    np.ones(50),
)
SEEDS = [encode(value) for value in VALUES]


def mutated(draw: random.Random) -> bytes:
    """Return a valid frame with a few bytes changed, cut, doubled or put elsewhere."""
    frame = bytearray(draw.choice(SEEDS))
    for _ in range(draw.randint(1, 6)):
        place = draw.randrange(len(frame) + 1)
        match draw.randrange(4):
            case 0:
                frame[place : place + 1] = draw.randbytes(1)
            case 1:
                del frame[place : place + draw.randint(1, 8)]
            case 2:
                frame[place:place] = draw.choice((b"\xff" * 8, b"l\xff\xff\xff\x7f", b"ad\x02", draw.randbytes(3)))
            case _:
                frame += frame[place : place + 20]
    return bytes(frame)


def main(frames: int) -> None:
    """Print the counts."""
    draw = random.Random(0)  # noqa: S311  (the same frames in every run)
    values, slowest = 0, 0.0
    for _ in range(frames):
        frame = mutated(draw)
        start = time.perf_counter()
        try:
            decode(frame)
            values += 1
        except WireError:
            pass
        slowest = max(slowest, time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{frames} frames: {values} values, {frames - values} refused")
    print(f"slowest {slowest * 1000:.1f} ms, peak memory {peak:.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
