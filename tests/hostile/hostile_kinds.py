"""The kinds of box that a machine has, and running attacks against one of them."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import hostile_containment as containment

_SUPERVISOR = Path(__file__).resolve().parent / "hostile_supervisor.py"
_ORDINARY = 42424  # nobody's number
_AT_ONCE = 2
_SECONDS = 900.0


@dataclass(frozen=True)
class Kind:
    """Who grades, and from where.

    Attributes:
        name: for people.
        uid: the user to become; None for whoever we are.
        reachable: every user can run the interpreter. Root's own, below its private home, cannot be run by the
            user that the wall would make of a worker, so that there is no such layer.
    """

    name: str
    uid: int | None
    reachable: bool


ROOT = Kind("root", None, reachable=False)
USER = Kind("user", _ORDINARY if os.geteuid() == 0 else None, reachable=True)
FULL = Kind("root with every layer", None, reachable=True)
KINDS = (ROOT, USER)

Findings = dict[str, list[str]]
"""What each attack achieved, by its name: nothing, is what is wanted."""


def why_not(kind: Kind) -> str:
    """Why this kind of box cannot be had by us; empty when it can."""
    return "only root can grade as root" if kind in {ROOT, FULL} and os.geteuid() != 0 else ""


def run(
    kind: Kind,
    attacks: Sequence[str],
    *,
    isolation: str = "auto",
    without: Iterable[str] = (),
    caged: bool = False,
) -> Findings:
    """Run attacks and return what each achieved.

    Args:
        kind: who grades.
        attacks: their names.
        isolation: as the box takes it.
        without: layers of the wall to leave out.
        caged: refuse to run where there is no cage. With layers left out, nothing runs without one.

    Raises:
        RuntimeError: this machine cannot run them, and says why.
    """
    without = sorted(without)
    reason = containment.why_not()
    if reason and (caged or without):
        raise RuntimeError(f"no attack runs against less than the whole wall outside of a cage: {reason}")
    if reason and kind.uid is not None:
        _must_reach_the_interpreter(kind.uid)
    job = {
        "isolation": isolation,
        "without": without,
        "uid": kind.uid,
        "contained": not reason,
        "reachable": kind.reachable,
    }
    started = [_start({**job, "attacks": attacks[part::_AT_ONCE]}) for part in range(min(_AT_ONCE, len(attacks)))]
    found: Findings = {}
    try:
        for process in started:
            found |= _collect(process)
    finally:
        for process in started:  # what has ended is not signalled
            process.kill()
    for name in set(attacks) - set(found):
        found[name] = ["it was not run to its end"]
    return found


def _start(job: dict[str, object]) -> subprocess.Popen[str]:
    inner = [sys.executable, "-B", str(_SUPERVISOR), json.dumps(job)]
    return subprocess.Popen(
        containment.command(inner) if job["contained"] else inner,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": "/tmp"},  # in the cage, where it is another one
        start_new_session=True,
    )


def _collect(process: subprocess.Popen[str]) -> Findings:
    try:
        output, errors = process.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
    found: Findings = {}
    for line in output.splitlines():
        each = json.loads(line)
        found.setdefault(each["attack"], []).extend(each["findings"])
    if process.returncode != 0:
        raise RuntimeError(f"the supervisor ended with status {process.returncode}: {errors[-2000:]}")
    return found


@functools.cache
def _must_reach_the_interpreter(uid: int) -> None:
    tried = subprocess.run(
        [sys.executable, "-c", "import numpy, pydantic, yaml"],
        user=uid,
        group=uid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode != 0:
        raise RuntimeError(
            f"there is no cage here ({containment.why_not()}), and an ordinary user cannot run {sys.executable}: "
            f"put the environment where everybody may read it. {tried.stderr[-300:]}"
        )
