"""Hypothesis draws the same examples in every run, none fails for being slow; a small assignment to grade with.

And a child to do in what cannot be undone.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import coverage
import pytest
from hypothesis import settings

from grader.sandbox import ProcessBox

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # Started in the background, the tests would hand down that Ctrl-C means nothing.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("grader", derandomize=True, deadline=None)
settings.load_profile("grader")

SMALL_RUBRIC = """
assignment: small
title: A small homework
reference: ../reference.py
limits: {seconds: 1, import_seconds: 1, submission_seconds: 20, memory_mb: 512}
questions:
  - id: "1"
    title: All
    parts:
      - id: A
        title: Twice
        points: 2
        function: double
        cases:
          - args: {x: [1.0, 2.0]}
          - {args: {x: [3.5]}, visibility: hidden}
      - id: B
        title: The sum
        points: 2
        function: total
        cases:
          - args: {x: [1.0, 2.0]}
          - {args: {x: [4.25]}, visibility: hidden}
      - {id: C, title: In words, points: 1, written: essay, criteria: [It is a text.]}
"""
SMALL_REFERENCE = """
import numpy as np

def double(x):
    return 2 * np.asarray(x)

def total(x):
    return float(np.sum(x))
"""


@pytest.fixture(scope="session")
def make_small() -> Callable[[Path], Path]:
    """Return what makes a folder with a rubric of 5 points, its reference, and a submission that earns 4."""

    def make(place: Path) -> Path:
        folder = place / "small"
        (folder / "rubrics").mkdir(parents=True)
        (folder / "rubrics" / "small.yaml").write_text(SMALL_RUBRIC, encoding="utf-8")
        (folder / "reference.py").write_text(SMALL_REFERENCE, encoding="utf-8")
        (folder / "good.py").write_text(f"{SMALL_REFERENCE}\nessay = 'Because.'\n", encoding="utf-8")
        return folder

    return make


@pytest.fixture
def small(tmp_path: Path, make_small: Callable[[Path], Path]) -> Path:
    """Return such a folder of the test's own."""
    return make_small(tmp_path)


@pytest.fixture(autouse=True)
def _thaw() -> Iterator[None]:
    """Undo what `grade` does when it is run in this process: hypothesis looks for who refers to its generator.

    What is frozen is not found, and since Python 3.14 that is where it is.
    """
    yield
    gc.unfreeze()


@pytest.fixture(scope="module")
def shared_box() -> Iterator[ProcessBox]:
    """Return a box for all that a file grades, as a batch has one for all submissions."""
    with contextlib.closing(ProcessBox()) as box:
        yield box


InChild: TypeAlias = Callable[[Callable[[], Any]], Any]


@pytest.fixture(scope="session")
def in_child() -> InChild:
    """Return what runs a function in a forked child and returns its result, and what it raises as a failure.

    For what changes a process for good: a wall, another user. The result comes back through standard output, which
    every wall leaves open; so do the lines that the child covered.
    """

    def run(action: Callable[[], Any]) -> Any:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(writing, 1)
            try:
                _report(action)
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        status = os.waitpid(child, 0)[1]
        assert said, f"the child ended with status {status}"
        result, failure, lines = pickle.loads(said)
        if lines:
            _add_to_coverage(lines)
        if failure:
            pytest.fail(failure)
        return result

    return run


def _report(action: Callable[[], Any]) -> None:
    measure = None
    if coverage.Coverage.current() is not None:
        coverage.CoverageData(no_disk=True).dumps()  # imports what cannot be imported behind a wall
        measure = coverage.Coverage(data_file=None, branch=True, source=["grader"])
        measure.start()
    result, failure = None, ""
    try:
        result = action()
    except BaseException:  # noqa: BLE001  (nothing may escape into the parent's test)
        failure = traceback.format_exc()
    lines = b""
    if measure is not None:
        measure.stop()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of there being nothing
            lines = measure.get_data().dumps()
    content = memoryview(pickle.dumps((result, failure, lines)))
    while content:
        content = content[os.write(1, content) :]


def _add_to_coverage(lines: bytes) -> None:
    current = coverage.Coverage.current()
    if current is not None:
        data = coverage.CoverageData(no_disk=True)
        data.loads(lines)
        current.get_data().update(data)
