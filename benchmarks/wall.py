"""What the wall costs, in milliseconds: finding the roots, preparing, and each layer in a forked child.

python benchmarks/wall.py [repetitions]
"""

from __future__ import annotations

import os
import statistics
import struct
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from grader.worker.wall.build import WallPlan, prepare, raise_wall
from grader.worker.wall.layers import EVERY_LAYER, OPEN_WITHOUT
from grader.worker.wall.roots import read_roots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.worker.wall.build import Prepared
    from grader.worker.wall.layers import LayerName

REPETITIONS = 50
UID = 64000


def milliseconds(action: Callable[[], object]) -> float:
    """How long an action takes."""
    start = time.perf_counter_ns()
    action()
    return (time.perf_counter_ns() - start) / 1e6


def in_child(prepared: Prepared | None) -> tuple[float, float]:
    """Fork, put the wall up and end; how long the wall took, and all of it as the parent sees it."""
    parent = os.getpid()
    reading, writing = os.pipe()
    start = time.perf_counter_ns()
    child = os.fork()
    if child == 0:
        took = 0.0
        if prepared is not None:
            took = milliseconds(lambda: raise_wall(prepared, parent=parent, keep=[writing]))
        os.write(writing, struct.pack("=d", took))
        os._exit(0)
    os.close(writing)
    (wall,) = struct.unpack("=d", os.read(reading, 8))
    os.close(reading)
    os.waitpid(child, 0)
    return wall, (time.perf_counter_ns() - start) / 1e6


def measure(
    plan: WallPlan, layers: Iterable[LayerName], repetitions: int, *, settle: bool = False
) -> tuple[float, float]:
    """The medians for one choice of layers."""
    prepared = prepare(WallPlan(plan.roots, frozenset(layers), uid=plan.uid), settle=settle)
    pairs = [in_child(prepared) for _ in range(repetitions)]
    prepared.close()
    return statistics.median(wall for wall, _ in pairs), statistics.median(total for _, total in pairs)


def main() -> None:
    """Print the table."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS
    sites = [path for path in sys.path if path.endswith("-packages")]
    print(f"numpy {np.__version__}, Python {sys.version.split()[0]}, uid {os.getuid()}")
    print(f"{'roots':24}{milliseconds(lambda: read_roots(sites)):8.2f}  once")
    plan = WallPlan(read_roots(sites, [Path.cwd()]), uid=UID)
    print(f"{'prepare':24}{milliseconds(lambda: prepare(plan).close()):8.2f}  once, first time")
    print(f"{'prepare':24}{milliseconds(lambda: prepare(plan).close()):8.2f}  once")
    bare = statistics.median(in_child(None)[1] for _ in range(repetitions))
    print(f"{'fork and end':24}{'':8}  {bare:8.2f} with the child's end")
    for name in OPEN_WITHOUT:
        wall, total = measure(plan, [name], repetitions)
        print(f"{name:24}{wall:8.3f}  {total - bare:+8.2f}")
    wall, total = measure(plan, EVERY_LAYER, repetitions)
    print(f"{'all':24}{wall:8.3f}  {total - bare:+8.2f}")
    wall, total = measure(plan, EVERY_LAYER, repetitions, settle=True)  # last: it cannot be undone
    print(f"{'all, settled zygote':24}{wall:8.3f}  {total - bare:+8.2f}")


if __name__ == "__main__":
    main()
