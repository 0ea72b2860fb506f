"""The script is run here in a forked child; `tests/unit/sandbox` runs it as a process of its own."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.wire import FrameReader, decode, encode, frame
from grader.worker import letters
from grader.worker.wall.layers import EVERY_LAYER

MAIN = Path(grader.__file__).parent / "worker" / "__main__.py"
InChild = Callable[[Callable[[], Any]], Any]

SOURCE = b"""
import builtins, os, sys
try:
    import grader
except ImportError:
    grader = None
def about():
    return {
        "grader": grader,
        "path": list(sys.path),
        "argv": sys.argv,
        "environment": sorted(os.environ),
        "ours": [name for name, module in sys.modules.items() if name.startswith("grader") and module],
        "exit": builtins.exit is builtins.quit is sys.exit,
        "open": [number for number in range(3, 64) if is_open(number)],
    }
def is_open(number):
    try:
        return bool(os.fstat(number))
    except OSError:
        return False
"""


@pytest.fixture
def talk(in_child: InChild) -> Callable[..., list[Any]]:
    """Return what runs the script with letters and returns its answers."""

    def run(*requests: Any) -> list[Any]:
        (requests_end, outside), (inside, answers_end) = os.pipe(), os.pipe()
        os.write(outside, b"".join(frame(encode(letter)) for letter in requests))
        os.close(outside)
        package, folders = str(MAIN.parents[2]), [folder for folder in sys.path if folder]

        def child() -> Any:
            os.environ["SECRET"] = "42"
            sys.path[:] = [str(MAIN.parent), "", *folders]
            sys.argv = ["__main__.py", str(requests_end), str(answers_end), package, "/opt/site"]
            code = compile(MAIN.read_bytes(), str(MAIN), "exec")
            # What a worker prints is no part of the result, which goes the same way; a wall leaves 0 open.
            os.dup2(1, 0)
            os.dup2(2, 1)
            exec(code, {"__name__": "__main__", "__file__": str(MAIN)})
            os.dup2(0, 1)
            return {"argv": sys.argv, "path": sys.path, "exit": vars(builtins)["exit"] is sys.exit}

        try:
            facts = in_child(child)
            os.close(answers_end)
            with os.fdopen(inside, "rb", closefd=False) as pipe:
                answers = [decode(payload) for payload in FrameReader().feed(pipe.read())]
        finally:
            for descriptor in (requests_end, inside):
                os.close(descriptor)
        assert facts == {"argv": ["submission"], "path": [*folders, "/opt/site"], "exit": True}
        return answers

    return run


def test_it_ends_when_the_door_is_closed(talk: Callable[..., list[Any]]) -> None:
    assert talk() == []


@pytest.mark.parametrize("layers", [[], sorted(EVERY_LAYER)], ids=["no wall", "every layer"])
def test_it_hides_what_brought_it_here(talk: Callable[..., list[Any]], layers: list[str]) -> None:
    ready, loaded, answer = talk(
        (letters.WALL, layers, [], os.getpid(), None, None),
        (letters.SETTINGS, 8 << 30, 60, b"", "", 0, None, False),
        (letters.LOAD, {"a.py": SOURCE}, "a.py", letters.WHOLE_FILE),
        (letters.CALL, 1, "about", [], []),
    )
    assert (ready[0], loaded[0], answer[:2]) == (letters.READY, letters.LOADED, (letters.RETURNED, 1))
    found = answer[2]
    threads = ["MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"]
    assert found["environment"] == threads
    assert found["open"] == [3, 4]
    assert (found["grader"], found["ours"], found["argv"], found["exit"]) == (None, [], ["submission"], True)
    assert found["path"][-1] == "/opt/site"
    assert str(MAIN.parent) not in found["path"]
