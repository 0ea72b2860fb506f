from __future__ import annotations

import errno
import mmap
from typing import TYPE_CHECKING

import pytest

from grader.worker.wall.bpf import ALLOW, FAIL, KILL_PROCESS
from grader.worker.wall.policy import Opens, program
from grader.worker.wall.syscalls import (
    AARCH64,
    ABSENT,
    ALLOWED,
    EVERY_GROUP,
    REFUSED,
    SCRATCH,
    X86_64,
    Architecture,
    number,
)

if TYPE_CHECKING:
    from conftest import Machine

PID = 4711
DENIED, UNKNOWN = FAIL | errno.EPERM, FAIL | errno.ENOSYS
EITHER = pytest.mark.parametrize("architecture", [X86_64, AARCH64], ids=lambda each: each.name)
O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND = 0o1, 0o2, 0o100, 0o1000, 0o2000
O_CLOEXEC, O_TMPFILE = 0o2000000, 0o20000000
AT_FDCWD = -100


class Judge:
    """Ask one filter about calls by name."""

    def __init__(
        self, machine: Machine, architecture: Architecture, opens: Opens = Opens.LANDLOCK, *, scratch: bool = False
    ) -> None:
        self.machine, self.architecture = machine, architecture
        self.code = program(architecture, opens=opens, scratch=scratch).code(PID)

    def number(self, nr: int, *arguments: int) -> int:
        return self.machine(self.code, self.architecture.audit, nr, *arguments)

    def __call__(self, name: str, *arguments: int) -> int:
        nr = number(name, self.architecture)
        assert nr is not None
        return self.number(nr, *arguments)


@EITHER
def test_every_allowed_call_is_allowed(machine: Machine, architecture: Architecture) -> None:
    judge = Judge(machine, architecture)
    numbers = [nr for group in ALLOWED for nr in group.numbers(architecture).values()]
    assert {judge.number(nr, 1, 2, 3) for nr in numbers} == {ALLOW}


@EITHER
@pytest.mark.parametrize("opens", Opens)
def test_every_refused_call_is_refused(machine: Machine, architecture: Architecture, opens: Opens) -> None:
    judge = Judge(machine, architecture, opens, scratch=True)
    numbers = [nr for group in REFUSED for nr in group.numbers(architecture).values()]
    assert {judge.number(nr, arg, arg) for nr in numbers for arg in (0, 1, PID)} == {DENIED}


@EITHER
def test_absent_calls_look_like_an_older_kernel(machine: Machine, architecture: Architecture) -> None:
    judge = Judge(machine, architecture)
    assert {judge.number(nr) for nr in ABSENT.numbers(architecture).values()} == {UNKNOWN}
    assert "clone3" in ABSENT.calls
    assert "openat2" in ABSENT.calls


@EITHER
def test_whatever_is_in_no_table_is_unknown(machine: Machine, architecture: Architecture) -> None:
    judge = Judge(machine, architecture)
    ours = {nr for group in EVERY_GROUP for nr in group.numbers(architecture).values()}
    others = set(range(1200)) - ours | {0x3FFFFFFF}
    assert {judge.number(nr) for nr in others} == {UNKNOWN}


@pytest.mark.parametrize("audit", [0x40000003, 0x40000028, 0xC00000B7, 0])  # i386, arm, the other one, none
def test_foreign_conventions_end_the_process(machine: Machine, audit: int) -> None:
    code = program(X86_64, opens=Opens.LANDLOCK, scratch=False).code(PID)
    assert {machine(code, audit, nr) for nr in range(500)} == {KILL_PROCESS}


def test_x32_ends_the_process(machine: Machine) -> None:
    judge = Judge(machine, X86_64)
    assert {judge.number(0x40000000 + nr) for nr in range(600)} == {KILL_PROCESS}
    assert judge.number(0xFFFFFFFF) == KILL_PROCESS


REFUSED_BY_NAME = """
    socket socketpair connect bind listen accept4 sendto sendmsg recvmsg
    fork vfork clone execve execveat
    ptrace process_vm_readv process_vm_writev process_madvise pidfd_open pidfd_getfd pidfd_send_signal kcmp
    rt_sigqueueinfo rt_tgsigqueueinfo setpriority sched_setaffinity sched_setattr setrlimit setpgid setsid
    setuid setresuid setgroups capset personality
    unshare setns mount umount2 pivot_root chroot open_tree fsopen bpf perf_event_open userfaultfd keyctl add_key
    open_by_handle_at name_to_handle_at seccomp landlock_restrict_self arch_prctl modify_ldt iopl
    io_uring_setup io_uring_enter io_uring_register io_setup epoll_create1 eventfd2 signalfd4 timerfd_create splice
    memfd_create memfd_secret shmget shmat msgget semget mq_open mlock mlockall
    truncate chmod fchmod fchmodat fchmodat2 chown fchown fchownat utime utimes utimensat futimesat
    setxattr fsetxattr setxattrat removexattr mknod mknodat link linkat symlink symlinkat creat file_setattr
    inotify_init inotify_init1 inotify_add_watch fanotify_init
"""
REFUSED_CALLS = [
    pytest.param(each, name, id=f"{each.name}-{name}")
    for each in (X86_64, AARCH64)
    for name in REFUSED_BY_NAME.split()
    if number(name, each) is not None
]


@pytest.mark.parametrize(("architecture", "name"), REFUSED_CALLS)
def test_refused_by_name(machine: Machine, architecture: Architecture, name: str) -> None:
    assert Judge(machine, architecture)(name, PID, PID) == DENIED


@EITHER
def test_files_change_only_with_a_scratch_folder(machine: Machine, architecture: Architecture) -> None:
    numbers = SCRATCH.numbers(architecture).values()
    without, having = Judge(machine, architecture), Judge(machine, architecture, scratch=True)
    assert {without.number(nr) for nr in numbers} == {DENIED}
    assert {having.number(nr) for nr in numbers} == {ALLOW}


@EITHER
@pytest.mark.parametrize("name", ["kill", "tkill", "tgkill"])
def test_signals_go_to_oneself_only(machine: Machine, architecture: Architecture, name: str) -> None:
    judge = Judge(machine, architecture)
    assert judge(name, PID, PID, 6) == ALLOW
    assert {judge(name, other, PID, 6) for other in (0, 1, -1, -PID, PID + 1)} == {DENIED}


@EITHER
def test_limits_of_oneself_can_be_read(machine: Machine, architecture: Architecture) -> None:
    judge = Judge(machine, architecture)
    assert judge("prlimit64", 0, 7, 0, 0x7FFF0000) == ALLOW
    assert judge("prlimit64", PID + 1, 7, 0, 0x7FFF0000) == DENIED
    assert {judge("prlimit64", 0, 7, new) for new in (0x1000, 1 << 32, 0x7FFF12345678)} == {DENIED}


@EITHER
@pytest.mark.parametrize("position", [("open", ()), ("openat", (AT_FDCWD,))])
def test_opening(machine: Machine, architecture: Architecture, position: tuple[str, tuple[int, ...]]) -> None:
    name, before = position
    if number(name, architecture) is None:
        return
    path = 0x7F0012345678
    strict = Judge(machine, architecture, Opens.READ_ONLY)
    bounded = Judge(machine, architecture, Opens.LANDLOCK)
    for flags in (0, O_CLOEXEC, O_APPEND):
        assert strict(name, *before, path, flags) == bounded(name, *before, path, flags) == ALLOW
    for flags in (O_WRONLY, O_RDWR, O_WRONLY | O_CREAT | O_TRUNC, O_CREAT, O_TMPFILE | O_RDWR, 3):
        assert strict(name, *before, path, flags) == DENIED
        assert bounded(name, *before, path, flags) == ALLOW
    assert strict(name, *before, path, O_TRUNC) == bounded(name, *before, path, O_TRUNC) == DENIED


@EITHER
def test_fcntl(machine: Machine, architecture: Architecture) -> None:
    judge = Judge(machine, architecture)
    assert {judge("fcntl", 5, command) for command in (0, 1, 2, 3, 4, 1030)} == {ALLOW}
    assert judge("fcntl", 5, 4, 0o4000) == ALLOW  # not blocking
    assert judge("fcntl", 5, 4, 0o20000) == DENIED  # signals, please
    refused = (5, 6, 7, 8, 9, 10, 15, 36, 1024, 1026, 1031, 1033)  # locks, owners, leases, watches, sizes, seals
    assert {judge("fcntl", 5, command) for command in refused} == {DENIED}


@EITHER
def test_ioctl(machine: Machine, architecture: Architecture) -> None:
    judge = Judge(machine, architecture)
    assert judge("ioctl", 1, 0x5401) == judge("ioctl", 1, 0x5413) == ALLOW
    # TIOCSTI, TIOCLINUX, owners of signals, attributes of files
    refused = (0x5412, 0x541C, 0x8901, 0x8902, 0x5452, 0x40086602, 0xC020660B)
    assert {judge("ioctl", 1, command) for command in refused} == {DENIED}


@EITHER
def test_prctl(machine: Machine, architecture: Architecture) -> None:
    judge = Judge(machine, architecture)
    assert {judge("prctl", option) for option in (2, 3, 15, 16, 21, 39)} == {ALLOW}
    # death with the parent, dumpable, capabilities, seccomp, the memory map, Yama
    refused = (1, 4, 8, 22, 23, 24, 28, 35, 36, 38, 47, 0x59616D61)
    assert {judge("prctl", option) for option in refused} == {DENIED}


@EITHER
def test_it_fits_in_a_page(architecture: Architecture) -> None:
    assert program(architecture, opens=Opens.LANDLOCK, scratch=True).length * 8 < mmap.PAGESIZE
