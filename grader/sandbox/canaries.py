"""Two canaries before every run: a good module must be answered for, an attacking one must be held.

Both are sent into a worker of the very box that the submissions will be run in. If the good one does not come back
right, or the attacking one achieves something that a layer in force should have stopped, nothing is graded.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grader.errors import HostError
from grader.sandbox.box import Box, Delivered, Needs, Worker
from grader.worker import letters

_GOOD = b"import numpy as np\n\ndef double(x):\n    return 2 * np.asarray(x)\n"
_SECONDS = 30.0
_MEMORY_MB = 512
_NEEDS = Needs(memory_mb=_MEMORY_MB, cpu_seconds=30)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing that the attacking canary tried.

    Attributes:
        what: in a few words.
        held: whether it was stopped.
        detail: how, or what it got.
        layers: any of which should stop it.
    """

    what: str
    held: bool
    detail: str
    layers: tuple[str, ...]


def judge(box: Box) -> tuple[Attempt, ...]:
    """Send both canaries into a worker of `box` and return what the attacking one tried.

    Raises:
        HostError: one of them misbehaves.
    """
    worker = box.start(_NEEDS)
    try:
        _ask_the_good_one(worker)
        attempts = _let_the_other_try(worker)
    finally:
        worker.close()
    standing = {layer.name for layer in box.layers() if layer.in_force}
    loose = [attempt for attempt in attempts if not attempt.held and standing.intersection(attempt.layers)]
    if loose:
        raise HostError(
            "the sandbox does not hold: "
            + "; ".join(f"{item.what} ({item.detail}) in spite of {', '.join(item.layers)}" for item in loose)
        )
    return attempts


def _ask_the_good_one(worker: Worker) -> None:
    loaded = worker.ask((letters.LOAD, {"canary.py": _GOOD}, "canary.py", letters.WHOLE_FILE), _SECONDS)
    reply = loaded
    if isinstance(loaded, Delivered):
        reply = worker.ask((letters.CALL, 1, "double", [np.arange(3.0)], []), _SECONDS)
    letter = reply.letter if isinstance(reply, Delivered) else None
    match letter:
        case (letters.RETURNED, 1, np.ndarray() as value, []) if value.tolist() == [0.0, 2.0, 4.0]:
            return
    raise HostError(f"a call in the sandbox does not come back as it should: {loaded}, {reply}")


def _let_the_other_try(worker: Worker) -> tuple[Attempt, ...]:
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="grader-canary-") as folder:
        file = Path(folder) / "secret"
        file.write_text(token)
        before = file.stat().st_mode
        reply = worker.ask((letters.PROBE, str(file), folder, 2 * _MEMORY_MB << 20), _SECONDS)
        unchanged = file.read_text() == token and file.stat().st_mode == before
    match reply:
        case Delivered((letters.PROBED, list(found)), _, printed) if unchanged and token not in printed:
            return tuple(_attempts(found))
    raise HostError(f"the attacking canary did not come back, or left its mark: {reply}")


def _attempts(found: Iterable[tuple[str, bool, str, list[str]]]) -> Iterable[Attempt]:
    for what, held, detail, layers in found:
        yield Attempt(what, held, detail, tuple(layers))
