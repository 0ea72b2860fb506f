"""The two floors: what grading would cost without a sandbox and without judging. Run as a script.

    python benchmarks/floors.py bare CALLS FILE         this interpreter imports numpy and makes the calls
    python benchmarks/floors.py fork LANES CALLS FILE   a forked child makes them, LANES of them at a time

CALLS is a pickle of cases: each a list of calls, a call being a function's name and its arguments, of which a pair
that begins with `ANSWER` stands for what an earlier call of the case has returned. Nothing of ours is imported,
nothing is compared.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import sys
import types
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import numpy as np

ANSWER = "the answer to call"
Cases: TypeAlias = Sequence[Sequence[tuple[str, Sequence[Any]]]]


def make_calls(cases: Cases, file: str) -> None:
    """Run a module and make all the calls."""
    module = types.ModuleType("submission")
    sys.modules[module.__name__] = module
    exec(compile(Path(file).read_bytes(), file, "exec"), module.__dict__)  # noqa: S102  (a homework)
    with np.errstate(all="ignore"):
        for calls in cases:
            made: list[Any] = []
            for function, args in calls:
                with contextlib.suppress(Exception):
                    made.append(getattr(module, function)(*(_argument(arg, made) for arg in args)))


def fork_for_each(cases: Cases, files: Iterable[str], lanes: int) -> None:
    """Fork a child for every file, so many at a time."""
    gc.collect()
    gc.freeze()
    running = 0
    for file in files:
        if running == lanes:
            os.wait()
            running -= 1
        if not os.fork():
            _be_a_child(cases, file)
        running += 1
    for _ in range(running):
        os.wait()


def _be_a_child(cases: Cases, file: str) -> NoReturn:
    status = 1
    try:
        make_calls(cases, file)
        status = 0
    finally:
        os._exit(status)


def _argument(arg: Any, made: Sequence[Any]) -> Any:
    return made[arg[1]] if isinstance(arg, tuple) and arg and arg[0] == ANSWER else arg


def main() -> None:
    """Make the calls in the way that is asked for."""
    match sys.argv[1:]:
        case ["bare", calls, file]:
            make_calls(_read(calls), file)
        case ["fork", lanes, calls, *files]:
            fork_for_each(_read(calls), files, int(lanes))
        case _:
            sys.exit(__doc__)


def _read(file: str) -> Cases:
    cases: Cases = pickle.loads(Path(file).read_bytes())  # noqa: S301  (written by the benchmark itself)
    return cases


if __name__ == "__main__":
    main()
