"""Which system calls a student's process may make: the filter's text, as a pure function.

It is a list of what is allowed, not of what is refused. A list of refusals is complete on the day that it is
written; every kernel since has brought new ways to open, map, signal and spawn. What CPython and numpy need is
small and hardly moves (the lists in `syscalls.py`; measured on 3.10 to 3.14 with numpy and scipy), and a C
library that probes for something newer is told "not implemented" and falls back, as on an older kernel.

A refusal is an error number, not a kill: a student who starts a thread should read "can't start new thread" at
that line, and every other answer should still count. Only a call in a foreign convention (32-bit, x32), which
no honest program makes and whose numbers mean something else, ends the process.

Arguments that are pointers cannot be judged, since another thread could change what they point at after the
judgement. That is why clone3 and openat2 are "not implemented": libc then uses clone and openat, whose flags are
plain numbers.
"""

from __future__ import annotations

import enum
import errno
import functools
from typing import TYPE_CHECKING

from grader.worker.wall.bpf import (
    ARCHITECTURE,
    IF_AT_LEAST,
    LOAD,
    NUMBER,
    Block,
    Instruction,
    Program,
    allow,
    assemble,
    by_number,
    choose,
    fail,
    high,
    if_any_bit,
    if_one_of,
    if_own_pid,
    kill,
    low,
)
from grader.worker.wall.syscalls import ABSENT, ALLOWED, REFUSED, SCRATCH, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.worker.wall.syscalls import Architecture, Group


class Opens(enum.Enum):
    """Who decides which files may be opened for writing."""

    READ_ONLY = "the filter: none"
    LANDLOCK = "Landlock, by path"  # lets `open(os.devnull, "w")` work, which a filter cannot tell apart


# open(2); these have the same values on both architectures.
WRITE_ACCESS, CREATE, TRUNCATE, TEMPORARY = 0o3, 0o100, 0o1000, 0o20000000

# fcntl(2): duplicating, flags. Not the owner and signal of a descriptor (they signal other processes), not
# locks and leases (they stall others), not the size of pipes (kernel memory).
FCNTL_SAFE = (0, 1, 2, 3, 1030)  # F_DUPFD F_GETFD F_SETFD F_GETFL F_DUPFD_CLOEXEC
FCNTL_SET_FLAGS, ASYNC = 4, 0o20000  # F_SETFL, but never O_ASYNC, which asks for signals

# ioctl(2): is it a terminal and how wide, how much is there to read, close on exec, blocking.
IOCTL_SAFE = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)

# prctl(2): the thread's name (libc sets it) and questions that change nothing.
PRCTL_SAFE = (2, 3, 15, 16, 21, 39)  # GET_PDEATHSIG GET_DUMPABLE SET_NAME GET_NAME GET_SECCOMP GET_NO_NEW_PRIVS

DENIED = fail(errno.EPERM)


@functools.cache  # a zygote asks again for every submission with a folder of its own
def program(architecture: Architecture, *, opens: Opens, scratch: bool) -> Program:
    """The filter for one architecture."""
    verdicts: dict[int, Block] = {}
    writers = [SCRATCH] if scratch else []
    _give(verdicts, architecture, [*ALLOWED, *writers], allow())
    _give(verdicts, architecture, [*REFUSED, *([] if scratch else [SCRATCH])], DENIED)
    _give(verdicts, architecture, [ABSENT], fail(errno.ENOSYS))
    for name, block in _checked(opens).items():
        nr = number(name, architecture)
        if nr is not None:
            verdicts[nr] = block
    tree = by_number(verdicts, otherwise=fail(errno.ENOSYS))
    if architecture.foreign_from is not None:
        tree = choose(IF_AT_LEAST, architecture.foreign_from, yes=kill(), no=tree)
    native = (Instruction(LOAD, NUMBER), *tree)
    return assemble(if_one_of(ARCHITECTURE, [architecture.audit], yes=native, no=kill()))


def _give(verdicts: dict[int, Block], architecture: Architecture, groups: Iterable[Group], verdict: Block) -> None:
    for group in groups:
        verdicts.update(dict.fromkeys(group.numbers(architecture).values(), verdict))


def _checked(opens: Opens) -> dict[str, Block]:
    """What is judged by its arguments."""
    self_only = if_own_pid(low(0), yes=allow(), no=DENIED)
    return {
        "open": _opening(low(1), opens),
        "openat": _opening(low(2), opens),
        "fcntl": if_one_of(
            low(1),
            FCNTL_SAFE,
            yes=allow(),
            no=if_one_of(
                low(1), [FCNTL_SET_FLAGS], yes=if_any_bit(low(2), ASYNC, yes=DENIED, no=allow()), no=DENIED
            ),
        ),
        "ioctl": if_one_of(low(1), IOCTL_SAFE, yes=allow(), no=DENIED),
        "prctl": if_one_of(low(0), PRCTL_SAFE, yes=allow(), no=DENIED),
        # Signals to oneself are abort() and raise(). With one thread its id is the process's; musl uses tkill.
        "kill": self_only,
        "tkill": self_only,
        "tgkill": self_only,
        # Reading one's own limits: process 0 is the caller, and there is no new limit.
        "prlimit64": if_one_of(
            low(0),
            [0],
            yes=if_one_of(low(2), [0], yes=if_one_of(high(2), [0], yes=allow(), no=DENIED), no=DENIED),
            no=DENIED,
        ),
    }


def _opening(flags: int, opens: Opens) -> Block:
    if opens is Opens.READ_ONLY:
        return if_any_bit(flags, WRITE_ACCESS | CREATE | TRUNCATE | TEMPORARY, yes=DENIED, no=allow())
    # A read-only open may truncate. Landlock knows of that from ABI 3 on only, so it is never let through.
    return if_any_bit(flags, TRUNCATE, yes=if_any_bit(flags, WRITE_ACCESS, yes=allow(), no=DENIED), no=allow())
