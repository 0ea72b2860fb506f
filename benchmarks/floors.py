"""What grading would cost without a sandbox: the floors, and the plainest grader. Run as a script.

    python benchmarks/floors.py bare CALLS FILE         this interpreter imports numpy and makes the calls
    python benchmarks/floors.py fork LANES CALLS FILE   a forked child makes them, LANES of them at a time
    python benchmarks/floors.py plain LANES CALLS FILE  and pickles its answers, which `np.allclose` holds against
                                                        those of the first FILE; a line says how many are right

CALLS is a pickle of cases: each a list of calls, a call being a function's name and its arguments, of which a pair
that begins with `ANSWER` stands for what an earlier call of the case has returned. Nothing of ours is imported.
"""

from __future__ import annotations

import contextlib
import gc
import json
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


def make_calls(cases: Cases, file: str) -> list[list[Any]]:
    """Run a module, make all the calls and return what each case's have returned."""
    module = types.ModuleType("submission")
    sys.modules[module.__name__] = module
    exec(compile(Path(file).read_bytes(), file, "exec"), module.__dict__)  # noqa: S102  (a homework)
    answers = []
    with np.errstate(all="ignore"):
        for calls in cases:
            made: list[Any] = []
            answers.append(made)
            for function, args in calls:
                with contextlib.suppress(Exception):
                    made.append(getattr(module, function)(*(_argument(arg, made) for arg in args)))
    return answers


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


def grade_plainly(cases: Cases, files: Sequence[str], lanes: int) -> None:
    """Have every file's calls made by a child of one of so many processes, which compares and counts."""
    key = make_calls(cases, files[0])
    gc.collect()
    gc.freeze()
    for lane in range(lanes):
        if not os.fork():
            status = 1
            try:
                for file in files[lane::lanes]:
                    answers = _answers(cases, file)
                    right = sum(map(_is_close, answers, key))
                    os.write(1, f"{json.dumps({'submission': file, 'right': right})}\n".encode())
                status = 0
            finally:
                os._exit(status)
    for _ in range(lanes):
        os.wait()


def _answers(cases: Cases, file: str) -> Any:
    """Return what a forked child's calls have returned."""
    incoming, outgoing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            with os.fdopen(outgoing, "wb") as stream:
                pickle.dump(make_calls(cases, file), stream, pickle.HIGHEST_PROTOCOL)
            status = 0
        finally:
            os._exit(status)
    os.close(outgoing)
    with os.fdopen(incoming, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    return pickle.loads(data)  # noqa: S301  (which is why nobody should grade like this)


def _is_close(answer: Any, expected: Any) -> bool:
    if isinstance(answer, (list, tuple)):
        return len(answer) == len(expected) and all(map(_is_close, answer, expected))
    return bool(np.allclose(answer, expected, equal_nan=True))


def _argument(arg: Any, made: Sequence[Any]) -> Any:
    return made[arg[1]] if isinstance(arg, tuple) and arg and arg[0] == ANSWER else arg


def main() -> None:
    """Make the calls in the way that is asked for."""
    match sys.argv[1:]:
        case ["bare", calls, file]:
            make_calls(_read(calls), file)
        case ["fork", lanes, calls, *files]:
            fork_for_each(_read(calls), files, int(lanes))
        case ["plain", lanes, calls, *files]:
            grade_plainly(_read(calls), files, int(lanes))
        case _:
            sys.exit(__doc__)


def _read(file: str) -> Cases:
    cases: Cases = pickle.loads(Path(file).read_bytes())  # noqa: S301  (written by the benchmark itself)
    return cases


if __name__ == "__main__":
    main()
