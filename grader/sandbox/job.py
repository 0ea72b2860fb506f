"""A Windows job object: what is in it is bounded from outside, starts nothing, and ends with its owner."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, ClassVar, Final

_ONE_PROCESS, _TIME, _MEMORY, _NO_DIALOGS, _END_WITH_OWNER = 0x8, 0x2, 0x100, 0x400, 0x2000
_EXTENDED_LIMITS: Final = 9
_SET_QUOTA_AND_TERMINATE: Final = 0x101
_TICKS_PER_SECOND: Final = 10_000_000
_ENDED: Final = 1

# Fixed sizes, not those of ctypes.wintypes: there a DWORD has eight bytes elsewhere, and could not be looked at.
_Handle, _Size, _Word, _Bool = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32, ctypes.c_int32


class _Basic(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_: ClassVar = [
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", _Word),
        ("smallest_working_set", _Size),
        ("largest_working_set", _Size),
        ("processes", _Word),
        ("affinity", _Size),
        ("priority", _Word),
        ("scheduling", _Word),
    ]


class Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_: ClassVar = [
        ("basic", _Basic),
        ("io", ctypes.c_uint64 * 6),
        ("process_memory", _Size),
        ("job_memory", _Size),
        ("peak_process_memory", _Size),
        ("peak_job_memory", _Size),
    ]


_SIGNATURES: Final[dict[str, tuple[Any, list[Any]]]] = {
    "CreateJobObjectW": (_Handle, [ctypes.c_void_p, ctypes.c_wchar_p]),
    "OpenProcess": (_Handle, [_Word, _Bool, _Word]),
    "AssignProcessToJobObject": (_Bool, [_Handle, _Handle]),
    "SetInformationJobObject": (_Bool, [_Handle, ctypes.c_int, ctypes.c_void_p, _Word]),
    "QueryInformationJobObject": (_Bool, [_Handle, ctypes.c_int, ctypes.c_void_p, _Word, ctypes.c_void_p]),
    "TerminateJobObject": (_Bool, [_Handle, ctypes.c_uint]),
    "CloseHandle": (_Bool, [_Handle]),
}


class Job:
    """A job object for one process.

    Its only handle is here: however this process ends, Windows closes the handle and ends what is in the job.

    Args:
        kernel: the library with the functions; by default Windows's own.

    Raises:
        OSError: there is no such library, or it refuses.
    """

    def __init__(self, kernel: Any = None) -> None:
        self._kernel = _kernel32() if kernel is None else kernel
        self._handle: int | None = self._kernel.CreateJobObjectW(None, None)
        self._checked(self._handle, "create")
        self._set(_ONE_PROCESS | _NO_DIALOGS | _END_WITH_OWNER)

    def hold(self, pid: int) -> None:
        """Put a process into the job, for good.

        Raises:
            OSError: Windows refuses.
        """
        process = self._kernel.OpenProcess(_SET_QUOTA_AND_TERMINATE, False, pid)
        self._checked(process, "open the process for")
        try:
            self._checked(self._kernel.AssignProcessToJobObject(self._handle, process), "put the process into")
        finally:
            self._kernel.CloseHandle(process)

    def limit(self, memory_bytes: int, cpu_seconds: int) -> None:
        """Bound the memory and the processor time of its process.

        Raises:
            OSError: Windows refuses.
        """
        flags = _ONE_PROCESS | _NO_DIALOGS | _END_WITH_OWNER | _MEMORY | _TIME
        self._set(flags, memory_bytes, cpu_seconds * _TICKS_PER_SECOND)

    def peak_memory(self) -> int:
        """Return the most memory that its process has had, in bytes; 0 where Windows does not say."""
        limits = Limits()
        place, size = ctypes.byref(limits), ctypes.sizeof(limits)
        known = self._kernel.QueryInformationJobObject(self._handle, _EXTENDED_LIMITS, place, size, None)
        return int(limits.peak_process_memory) if known else 0

    def end(self) -> None:
        """End what is in the job, and the job; may be called twice."""
        if self._handle is not None:
            self._kernel.TerminateJobObject(self._handle, _ENDED)
            self._kernel.CloseHandle(self._handle)
            self._handle = None

    def _set(self, flags: int, memory: int = 0, ticks: int = 0) -> None:
        limits = Limits()
        limits.basic.flags, limits.basic.processes = flags, 1
        limits.basic.process_time, limits.process_memory = ticks, memory
        place, size = ctypes.byref(limits), ctypes.sizeof(limits)
        done = self._kernel.SetInformationJobObject(self._handle, _EXTENDED_LIMITS, place, size)
        self._checked(done, "set the limits of")

    @staticmethod
    def _checked(result: int | None, what: str) -> None:
        if not result:
            raise OSError(f"cannot {what} a job object (error {_last_error()})")


def _kernel32() -> Any:
    if sys.platform == "win32":
        library = ctypes.WinDLL("kernel32", use_last_error=True)
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        return library
    raise OSError("only Windows has job objects")


def _last_error() -> int:
    if sys.platform == "win32":
        return ctypes.get_last_error()
    return 0
