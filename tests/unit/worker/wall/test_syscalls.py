from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from grader.worker.wall.syscalls import (
    AARCH64,
    ARCHITECTURES,
    EVERY_GROUP,
    REFUSED,
    X86_64,
    Architecture,
    native,
    number,
)

BOTH = pytest.mark.parametrize("architecture", [X86_64, AARCH64], ids=lambda each: each.name)

FOR_32_BITS = range(403, 424)  # the same calls with 64 bits of time

# Typed from the kernel's tables, not from ours.
FACTS = {
    "read": (0, 63),
    "write": (1, 64),
    "open": (2, None),
    "openat": (257, 56),
    "close": (3, 57),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "ioctl": (16, 29),
    "fcntl": (72, 25),
    "socket": (41, 198),
    "connect": (42, 203),
    "clone": (56, 220),
    "fork": (57, None),
    "execve": (59, 221),
    "kill": (62, 129),
    "ptrace": (101, 117),
    "prctl": (157, 167),
    "gettid": (186, 178),
    "futex": (202, 98),
    "exit_group": (231, 94),
    "tgkill": (234, 131),
    "unshare": (272, 97),
    "prlimit64": (302, 261),
    "seccomp": (317, 277),
    "getrandom": (318, 278),
    "memfd_create": (319, 279),
    "bpf": (321, 280),
    "statx": (332, 291),
    "io_uring_setup": (425, 425),
    "clone3": (435, 435),
    "openat2": (437, 437),
    "landlock_create_ruleset": (444, 444),
}


@pytest.mark.parametrize("name", FACTS)
def test_known_numbers(name: str) -> None:
    assert (number(name, X86_64), number(name, AARCH64)) == FACTS[name]


def test_every_name_is_in_one_group() -> None:
    names = Counter(name for group in EVERY_GROUP for name in group.calls)
    assert [name for name, times in names.items() if times > 1] == []


@BOTH
def test_every_number_has_one_name(architecture: Architecture) -> None:
    numbers = Counter(n for group in EVERY_GROUP for n in group.numbers(architecture).values())
    assert [n for n, times in numbers.items() if times > 1] == []


def test_architectures_share_the_newer_numbers() -> None:
    pairs = [pair for group in EVERY_GROUP for pair in group.calls.values()]
    assert all(x86 == arm for x86, arm in pairs if max(x86 or 0, arm or 0) >= 424)


@BOTH
def test_no_newer_number_is_forgotten(architecture: Architecture) -> None:
    numbers = {n for group in EVERY_GROUP for n in group.numbers(architecture).values()}
    assert set(range(424, 472)) <= numbers


def test_every_call_exists_somewhere() -> None:
    assert [name for group in EVERY_GROUP for name, pair in group.calls.items() if pair == (None, None)] == []


def test_a_group_says_why() -> None:
    assert all(group.why and group.name for group in EVERY_GROUP)
    assert "fork" in next(group for group in REFUSED if group.name == "new processes").calls


def test_a_name_that_is_in_no_table() -> None:
    assert number("no_such_call", X86_64) is None


def test_native(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, architecture in ARCHITECTURES.items():
        monkeypatch.setattr("platform.machine", lambda name=name: name)
        assert native() is architecture
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert native() is None


def test_the_kernel_headers_of_this_machine_agree() -> None:
    headers = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if not headers.exists():
        pytest.skip("no kernel headers")
    found = re.findall(r"#define __NR_(\w+) (\d+)", headers.read_text())
    ours = {name: n for group in EVERY_GROUP for name, n in group.numbers(X86_64).items()}
    assert {name: ours.get(name) for name, _ in found} == {name: int(text) for name, text in found}


def test_the_generic_headers_of_this_machine_agree() -> None:
    headers = Path("/usr/include/asm-generic/unistd.h")
    if not headers.exists():
        pytest.skip("no kernel headers")
    found = re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", headers.read_text())
    ours = {name: n for group in EVERY_GROUP for name, n in group.numbers(AARCH64).items()}
    renamed = {"fstatat": "newfstatat"}  # by its own second table
    skipped = {"arch_specific_syscall", "syscalls", "sync_file_range2"}  # marks, and another machine's name
    wrong = {
        name: (text, ours.get(renamed.get(name, name)))
        for name, text in found
        if name not in skipped and int(text) not in FOR_32_BITS and ours.get(renamed.get(name, name)) != int(text)
    }
    assert wrong == {}
