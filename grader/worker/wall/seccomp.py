"""Installing the filter of `policy.py`: assembled once, given the process's own id, enforced in one call."""

from __future__ import annotations

import ctypes
import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.worker.wall import kernel
from grader.worker.wall.bpf import ALLOW
from grader.worker.wall.policy import Opens, program
from grader.worker.wall.syscalls import native, number

if TYPE_CHECKING:
    from grader.worker.wall.bpf import Program

MODE_FILTER = 2
ACTION_AVAILABLE = 2  # seccomp(SECCOMP_GET_ACTION_AVAIL)


@dataclass(frozen=True)
class Filter:
    """A filter that waits for the process that it will bind."""

    program: Program
    opens: Opens
    scratch: bool


def why_not() -> str | None:
    """Why this machine cannot filter system calls, or None if it can."""
    architecture = native()
    if architecture is None:
        return "no table of system calls for this processor"
    call = number("seccomp", architecture) or 0
    try:
        kernel.syscall(call, ACTION_AVAILABLE, 0, struct.pack("=I", ALLOW), name="seccomp")
    except OSError as error:
        return f"the kernel has no filters: {error.strerror}"
    return None


def build(*, opens: Opens, scratch: bool) -> Filter:
    """Assemble the filter for the processor we run on (ask `why_not` first).

    Raises:
        LookupError: there is no table for it.
    """
    architecture = native()
    if architecture is None:
        raise LookupError("no table of system calls for this processor")
    return Filter(program(architecture, opens=opens, scratch=scratch), opens, scratch)


def enforce(prepared: Filter) -> str:
    """Bind this thread, and whatever it starts, for ever. Needs no_new_privs.

    Raises:
        OSError: the kernel refuses the filter.
    """
    code = prepared.program.code(os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("@HP", prepared.program.length, ctypes.addressof(buffer))  # struct sock_fprog
    place = ctypes.create_string_buffer(header, len(header))
    kernel.prctl(kernel.PR_SET_SECCOMP, MODE_FILTER, ctypes.addressof(place))
    writing = "no file opens for writing" if prepared.opens is Opens.READ_ONLY else "Landlock bounds writing"
    return f"allow-list, {prepared.program.length} instructions; {writing}"
