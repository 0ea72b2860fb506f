"""Putting the wall up: everything that can be done once in `prepare`, the rest in each child in `raise_wall`.

The order is forced:
descriptors first, while /proc can still be listed;
namespaces and identity next, which need privileges that later layers take away;
the parent's death and "not dumpable" after them, because the kernel forgets both at a change of identity, and
a process that is not dumpable cannot write the maps of its user namespace;
limits after the uid, so that the count of processes is the new uid's;
no_new_privs before Landlock and seccomp, which ask for it;
seccomp last, since it refuses what all the others do.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.worker.wall import descriptors, identity, landlock, limits, namespaces, process, seccomp
from grader.worker.wall.layers import EVERY_LAYER, OPEN_WITHOUT, Layer, LayerName, WallError
from grader.worker.wall.policy import Opens
from grader.worker.wall.roots import Roots, devices

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

OFF = "switched off"
ELSEWHERE: dict[LayerName, str] = {  # what only Linux has
    "namespaces": "only Linux has namespaces",
    "capabilities": "only Linux has capabilities",
    "parent": "only Linux can tie a process to its parent",
    "undumpable": "only Linux can forbid tracing from within",
    "no_new_privs": "only Linux has it",
    "landlock": "only Linux has Landlock",
    "seccomp": "only Linux has seccomp",
}
ON_WINDOWS: dict[LayerName, str] = {
    "descriptors": "Windows has no list of what a process has open",
    "session": "Windows has no sessions of processes",
    "namespaces": "Windows has no namespaces",
    "uid": "Windows has no way to become another user from within",
    "capabilities": "Windows has no capabilities to give up",
    "parent": "Windows has no tie to a parent",
    "undumpable": "Windows has no switch against being read by the same user",
    "limits": "Windows has no limits that a process sets on itself",
    "no_new_privs": "Windows has no set-uid programs, and no switch against them",
    "landlock": "Windows has no Landlock",
    "seccomp": "Windows has no filter for system calls",
}


@dataclass(frozen=True)
class WallPlan:
    """What the wall should be; every layer can be left out by name."""

    roots: Roots
    layers: frozenset[LayerName] = EVERY_LAYER
    submission: Path | None = None  # a folder whose files the student's code may read
    scratch: Path | None = None  # a folder where it may write, if Landlock can bound it
    limits: limits.Limits = field(default_factory=limits.Limits)
    uid: int | None = None  # to become, where we are root; `raise_wall` may say another of the same kind
    landlock_abi: int | None = None  # no newer than this; to play an older kernel


@dataclass(frozen=True)
class Prepared:
    """What children share: the plan, what cannot be had here and why, a ruleset and a filter."""

    plan: WallPlan
    unavailable: Mapping[LayerName, str]
    ruleset: landlock.Ruleset | None
    filter: seccomp.Filter | None
    settled: Mapping[LayerName, str] = field(default_factory=dict)  # what children inherit, standing already
    settler: int = 0  # the process that has put it up

    def close(self) -> None:
        """Let go of the ruleset."""
        if self.ruleset is not None:
            self.ruleset.close()


def prepare(
    plan: WallPlan, *, settle: bool = False, unavailable: Mapping[LayerName, str] | None = None
) -> Prepared:
    """Find out what this machine has and make what children can share. For a process with one thread.

    Args:
        plan: what the wall should be.
        unavailable: what another process with the same plan has found out; the rehearsals are left out then.
        settle: put up, for good and around this process too, what children can inherit. That is for a zygote,
            which is nothing else and already has every descriptor that it will need: new namespaces cost 0.6 ms
            and would be the half of each child's wall.

    Raises:
        WallError: a layer that this machine has refuses the plan.
    """
    prepared = Prepared(plan, _unavailable(plan) if unavailable is None else unavailable, None, None)
    return _equip(replace(prepared, settled=_settle(prepared) if settle else {}, settler=os.getpid()))


def _settle(prepared: Prepared) -> dict[LayerName, str]:
    settled: dict[LayerName, str] = {}
    able = prepared.plan.layers - prepared.unavailable.keys()
    try:
        if "namespaces" in able:
            settled["namespaces"] = f"{namespaces.enforce()}; put up in advance"
        if "capabilities" in able:
            identity.empty_bounding_set()
        if "undumpable" in able:
            process.set_dumpable(False)
    except OSError as error:
        raise WallError(f"settling: {error}") from error
    return settled


def part(prepared: Prepared) -> None:
    """Share no network and no mounts with the process that has settled the wall and forked this one.

    Raises:
        OSError: the kernel refuses.
    """
    if "namespaces" in prepared.settled:
        namespaces.part()


def for_submission(prepared: Prepared, submission: Path | None, scratch: Path | None = None) -> Prepared:
    """The same wall around other folders, without asking the machine again. The caller closes both.

    Raises:
        WallError: Landlock is there but refuses the plan.
    """
    plan = replace(prepared.plan, submission=submission, scratch=scratch)
    return _equip(replace(prepared, plan=plan))


def _equip(prepared: Prepared) -> Prepared:
    plan = prepared.plan
    able = plan.layers - prepared.unavailable.keys()
    bounded = "landlock" in able
    try:
        ruleset = landlock.build(_allowed(plan), plan.landlock_abi) if bounded else None
    except OSError as error:
        raise WallError(f"landlock: {error}") from error
    opens = Opens.LANDLOCK if bounded else Opens.READ_ONLY
    # Without Landlock nothing would keep writing inside the scratch folder.
    scratch = bounded and plan.scratch is not None
    program = seccomp.build(opens=opens, scratch=scratch) if "seccomp" in able else None
    return replace(prepared, ruleset=ruleset, filter=program)


def _allowed(plan: WallPlan) -> landlock.Allowed:
    return landlock.Allowed(
        read=(*plan.roots.readable, *([plan.submission] if plan.submission else [])),
        listed=plan.roots.listable,
        scratch=(plan.scratch,) if plan.scratch else (),
        devices=devices(),
    )


def _unavailable(plan: WallPlan) -> dict[LayerName, str]:
    """Why some wanted layers cannot be had."""
    if sys.platform == "win32":
        return dict(ON_WINDOWS)
    if sys.platform != "linux":
        return {**ELSEWHERE, **_without_uid(plan)}
    reasons = _without_uid(plan)
    questions: dict[LayerName, Callable[[], str | None]] = {
        "namespaces": namespaces.why_not,
        "capabilities": lambda: identity.why_not_drop(plan.roots.readable),
        "landlock": landlock.why_not,
        "seccomp": seccomp.why_not,
    }
    for name, ask in questions.items():
        reason = ask() if name in plan.layers else None
        if reason is not None:
            reasons[name] = reason
    return reasons


def _without_uid(plan: WallPlan) -> dict[LayerName, str]:
    if "uid" not in plan.layers:
        return {}
    if plan.uid is None:
        return {"uid": "no other uid was asked for"}
    reason = identity.why_not_become(plan.uid, plan.uid, plan.roots.readable)
    return {} if reason is None else {"uid": reason}


def raise_wall(
    prepared: Prepared, *, parent: int, keep: Collection[int] = (), uid: int | None = None
) -> list[Layer]:
    """Put the wall up around this process, for ever.

    Args:
        prepared: what `prepare` made, here or in the process that forked us.
        parent: the process whose end must be ours.
        keep: descriptors that stay open besides the standard three.
        uid: this child's own, where several run at a time; otherwise the plan's.

    Raises:
        WallError: a layer that this machine has could not be put up; do not run anything.
    """
    own = prepared.plan.uid if uid is None else uid
    steps: dict[LayerName, Callable[[], str]] = {
        "descriptors": lambda: descriptors.close_all_but({*keep, *_held(prepared)}),
        "session": process.own_session,
        "namespaces": lambda: _separate(prepared),
        "uid": lambda: identity.become(own or 0, own or 0),
        "capabilities": identity.drop_capabilities,
        "parent": lambda: process.die_with(parent),
        "undumpable": lambda: process.set_dumpable(False),
        "limits": lambda: limits.enforce(prepared.plan.limits),
        "no_new_privs": process.no_new_privileges,
        "landlock": lambda: _bind(prepared),
        "seccomp": lambda: seccomp.enforce(prepared.filter) if prepared.filter else "",
    }
    _refuse_threads(prepared)
    return [_put_up(prepared, name, steps[name]) for name in OPEN_WITHOUT]


def _put_up(prepared: Prepared, name: LayerName, step: Callable[[], str]) -> Layer:
    wanted = name in prepared.plan.layers
    if not wanted and not (name == "no_new_privs" and _needs_it(prepared)):
        return Layer(name, wanted, in_force=False, detail=OFF)
    if name in prepared.unavailable:
        return Layer(name, wanted, in_force=False, detail=prepared.unavailable[name])
    try:
        detail = step()
    except (OSError, process.ParentGoneError) as error:
        raise WallError(f"{name}: {error}") from error
    return Layer(name, wanted, in_force=True, detail=detail)


def _needs_it(prepared: Prepared) -> bool:
    return prepared.ruleset is not None or prepared.filter is not None


def _held(prepared: Prepared) -> tuple[int, ...]:
    return () if prepared.ruleset is None else (prepared.ruleset.descriptor,)


def _separate(prepared: Prepared) -> str:
    standing = prepared.settled.get("namespaces")
    if standing is None:
        return namespaces.enforce()
    if os.getpid() == prepared.settler:
        return standing
    return f"{namespaces.renew()}; {standing}"


def _bind(prepared: Prepared) -> str:
    if prepared.ruleset is None:
        return ""
    detail = landlock.enforce(prepared.ruleset)
    prepared.ruleset.close()
    return detail


def _refuse_threads(prepared: Prepared) -> None:
    """Landlock and seccomp bind the calling thread; one that runs already would stay outside."""
    count = process.threads() if _needs_it(prepared) else None
    if count is not None and count > 1:
        raise WallError(f"{count} threads run, and only the calling one would be bound")
