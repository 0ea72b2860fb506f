"""A job object of a Windows that is played: which functions are called, with what, and what a refusal does."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from windows_like import Kernel

from grader.sandbox import job as job_module
from grader.sandbox.job import Job, Limits

BASIC = 0x8 | 0x400 | 0x2000  # one process, no dialogs, ends with its owner


class Watched(Kernel):
    """Also keeps the limits that were set, and can refuse."""

    def __init__(self, refused: str = "") -> None:
        self.limits: list[Limits] = []
        self.refused = refused
        super().__init__()
        if refused:
            setattr(self, refused, lambda *_: 0)

    def SetInformationJobObject(self, job: int, kind: int, place: Any, size: int) -> int:  # noqa: N802
        self.limits.append(Limits.from_buffer_copy(place._obj))
        return super().SetInformationJobObject(job, kind, place, size)


def test_the_structure_is_windowss_own() -> None:
    """The sizes and offsets that winnt.h gives on a 64-bit system."""
    assert ctypes.sizeof(Limits) == 144
    basic = Limits.basic
    assert (basic.offset, basic.size) == (0, 64)
    fields: Any = Limits._fields_[0][1]
    assert {name: getattr(fields, name).offset for name in ("flags", "processes", "affinity", "priority")} == {
        "flags": 16,
        "processes": 40,
        "affinity": 48,
        "priority": 56,
    }
    assert (Limits.process_memory.offset, Limits.peak_process_memory.offset) == (112, 128)


def test_it_is_bounded_before_anything_is_in_it() -> None:
    kernel = Watched()
    Job(kernel)
    (limits,) = kernel.limits
    assert (limits.basic.flags, limits.basic.processes, limits.process_memory) == (BASIC, 1, 0)


def test_memory_and_time_come_later_and_the_rest_stays() -> None:
    kernel = Watched()
    Job(kernel).limit(512 << 20, 30)
    limits = kernel.limits[-1]
    assert limits.basic.flags == BASIC | 0x100 | 0x2
    assert (limits.basic.processes, limits.process_memory) == (1, 512 << 20)
    assert limits.basic.process_time == 30 * 10**7


def test_what_is_in_it_ends_with_it() -> None:
    kernel = Kernel()
    with subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"]) as process:
        job = Job(kernel)
        job.hold(process.pid)
        assert len(kernel.open) == 1
        job.end()
        assert process.wait(20) == -9
        job.end()
    assert kernel.open == set()


def test_how_much_memory_it_has_had() -> None:
    job = Job(Kernel())
    job.hold(os.getpid())
    if Path("/proc/self/status").exists():
        assert 1 << 20 < job.peak_memory() < 1 << 36
    assert Job(Watched("QueryInformationJobObject")).peak_memory() == 0


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ("CreateJobObjectW", "cannot create a job object"),
        ("SetInformationJobObject", "cannot set the limits of a job object"),
        ("OpenProcess", "cannot open the process for a job object"),
        ("AssignProcessToJobObject", "cannot put the process into a job object"),
    ],
)
def test_what_windows_refuses_is_an_error(refused: str, said: str) -> None:
    kernel = Watched(refused)
    with pytest.raises(OSError, match=said):
        Job(kernel).hold(os.getpid())
    assert not [handle for handle in kernel.open if handle >= 1_000_000]


@pytest.mark.skipif(sys.platform == "win32", reason="there they are")
def test_elsewhere_there_are_none() -> None:
    with pytest.raises(OSError, match="only Windows has job objects"):
        Job()


def test_every_function_that_is_called_has_a_signature() -> None:
    used = {name for name in vars(Kernel) if name[0].isupper()}
    assert set(job_module._SIGNATURES) == used
