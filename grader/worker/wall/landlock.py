"""Landlock: which files a process may read, that it may write none, and by kernel no TCP and no signals.

No right to execute is ever given: mapping an extension module needs reading only, so no program at all can be
started. A ruleset is made once and bound by each child in one call, since a ruleset is a descriptor that a fork
inherits. Never add a rule in a child: the descriptor is the same ruleset for all of them.
"""

from __future__ import annotations

import os
import stat
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.worker.wall import kernel

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
VERSION, PATH_BENEATH = 1, 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 0x1, 0x2, 0x4, 0x8
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG = 0x10, 0x20, 0x80, 0x100
REFER, TRUNCATE, IOCTL_DEV = 0x2000, 0x4000, 0x8000
FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # the rest makes sense for folders only

# What each version of the interface can take away; what it does not know of is not restricted by it.
FILES_BY_ABI = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
NEWEST_FILES = 5
TCP_FROM, SCOPES_FROM = 4, 6
BIND_AND_CONNECT_TCP = 0x3
ABSTRACT_SOCKETS_AND_SIGNALS = 0x3

OPEN_PATH = 0o10000000 | 0o2000000  # O_PATH, O_CLOEXEC: names that other systems lack

READ = READ_FILE | READ_DIR
# No devices, sockets or pipes; links would let a file escape the folder's own accounting.
SCRATCH = READ | WRITE_FILE | TRUNCATE | REFER | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG
DEVICE = READ_FILE | WRITE_FILE | TRUNCATE  # /dev/null, to throw output away


@dataclass(frozen=True)
class Allowed:
    """The paths that a ruleset leaves open, by what may be done beneath them."""

    read: tuple[Path, ...] = ()
    listed: tuple[Path, ...] = ()
    scratch: tuple[Path, ...] = ()
    devices: tuple[Path, ...] = ()

    def rules(self) -> Iterable[tuple[Path, int]]:
        """Each path with its rights."""
        yield from ((path, READ) for path in self.read)
        yield from ((path, READ_DIR) for path in self.listed)
        yield from ((path, SCRATCH) for path in self.scratch)
        yield from ((path, DEVICE) for path in self.devices)


def abi() -> int:
    """Which version of Landlock this kernel has.

    Raises:
        OSError: it has none, or something (a container's profile) forbids asking.
    """
    return kernel.syscall(CREATE_RULESET, None, 0, VERSION, name="landlock_create_ruleset")


def why_not() -> str | None:
    """Why this machine cannot confine files, or None if it can."""
    try:
        abi()
    except OSError as error:
        return f"no Landlock: {error.strerror}"
    return None


def files_handled(version: int) -> int:
    """The file rights that a version takes away unless a rule gives them back."""
    return FILES_BY_ABI[min(version, NEWEST_FILES)]


def attributes(version: int) -> bytes:
    """The struct landlock_ruleset_attr that takes away everything a version can."""
    fields = [files_handled(version)]
    if version >= TCP_FROM:
        fields.append(BIND_AND_CONNECT_TCP)
    if version >= SCOPES_FROM:
        fields.append(ABSTRACT_SOCKETS_AND_SIGNALS)
    return struct.pack(f"={len(fields)}Q", *fields)


@dataclass(frozen=True)
class Ruleset:
    """A ruleset in the kernel, by descriptor, and the version that it was made for."""

    descriptor: int
    version: int

    def close(self) -> None:
        """Let go of it; a process that it binds stays bound."""
        os.close(self.descriptor)


def build(allowed: Allowed, version: int | None = None) -> Ruleset:
    """Make a ruleset; it is the caller's to close. `version` plays an older kernel.

    Raises:
        OSError: the kernel refuses, or a path cannot be opened. A path that does not exist is passed over.
    """
    have = abi()
    version = have if version is None else min(version, have)
    what = attributes(version)
    descriptor = kernel.syscall(CREATE_RULESET, what, len(what), 0, name="landlock_create_ruleset")
    try:
        for path, rights in allowed.rules():
            _allow(descriptor, path, rights & files_handled(version))
    except BaseException:
        os.close(descriptor)
        raise
    return Ruleset(descriptor, version)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, OPEN_PATH)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= FOR_FILES
        if rights:  # an empty rule is an error
            rule = struct.pack("=Qi", rights, place)
            kernel.syscall(ADD_RULE, ruleset, PATH_BENEATH, rule, 0, name=f"landlock_add_rule({path})")
    finally:
        os.close(place)


def enforce(ruleset: Ruleset) -> str:
    """Bind this thread, and whatever it starts, for ever. Needs no_new_privs.

    Raises:
        OSError: the kernel refuses.
    """
    kernel.syscall(RESTRICT_SELF, ruleset.descriptor, 0, name="landlock_restrict_self")
    return describe(ruleset.version)


def describe(version: int) -> str:
    """What a version of Landlock does and does not cover."""
    missing = [
        text
        for since, text in (
            (3, "truncating"),
            (TCP_FROM, "TCP"),
            (5, "device ioctls"),
            (SCOPES_FROM, "signals and abstract sockets"),
        )
        if version < since
    ]
    return f"ABI {version}" + (f", too old for {', '.join(missing)}" if missing else "")
