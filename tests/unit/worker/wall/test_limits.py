from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from grader.worker.wall import limits
from grader.worker.wall.limits import Limits, enforce

if TYPE_CHECKING:
    from conftest import Walled

if sys.platform != "win32":
    import resource
else:
    pytest.skip("no limits there", allow_module_level=True)

INFINITE = resource.RLIM_INFINITY


@pytest.fixture
def kernel_limits(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
    """Limits that bind nobody."""
    table: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "getrlimit", lambda which: table.get(which, (INFINITE, INFINITE)))
    monkeypatch.setattr(resource, "setrlimit", lambda which, pair: table.update({which: pair}))
    return table


def test_what_is_set(kernel_limits: dict[int, tuple[int, int]]) -> None:
    detail = enforce(Limits(memory_bytes=1 << 28, cpu_seconds=7))
    assert kernel_limits[resource.RLIMIT_AS] == (1 << 28, 1 << 28)
    assert kernel_limits[resource.RLIMIT_CPU] == (7, 8)
    assert kernel_limits[resource.RLIMIT_FSIZE] == (0, 0)
    assert kernel_limits[resource.RLIMIT_CORE] == (0, 0)
    assert resource.RLIMIT_STACK not in kernel_limits
    assert "CPU 7" in detail


def test_none_leaves_a_limit_alone(kernel_limits: dict[int, tuple[int, int]]) -> None:
    enforce(Limits(memory_bytes=None))
    assert resource.RLIMIT_AS not in kernel_limits
    assert resource.RLIMIT_CPU not in kernel_limits


def test_a_limit_is_never_raised(kernel_limits: dict[int, tuple[int, int]]) -> None:
    kernel_limits[resource.RLIMIT_AS] = (1 << 20, 1 << 21)
    enforce(Limits(memory_bytes=1 << 28))
    assert kernel_limits[resource.RLIMIT_AS] == (1 << 21, 1 << 21)


def test_what_a_system_refuses_is_said(
    kernel_limits: dict[int, tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_memory(which: int, pair: tuple[int, int]) -> None:
        if which == resource.RLIMIT_AS:
            raise ValueError("current limit exceeds maximum limit")
        kernel_limits[which] = pair

    monkeypatch.setattr(resource, "setrlimit", refuse_memory)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(resource, "RLIMIT_MSGQUEUE", raising=False)
    assert enforce(Limits()).endswith("; refused here: AS 1073741824, MSGQUEUE 0")


def test_linux_must_take_them(kernel_limits: dict[int, tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(which: int, pair: tuple[int, int]) -> None:
        raise ValueError("no")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(ValueError, match="no"):
        enforce(Limits())


def test_windows_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert enforce(Limits()) == "none here"
    assert limits._lower("AS", 1, 1) is False


def test_too_much_memory_is_an_error(walled: Walled) -> None:
    code = "attempt(lambda: len(bytearray(1 << 29))); attempt(lambda: len(bytearray(1 << 20)))"
    assert walled(code, layers=["limits"], limits={"memory_bytes": 1 << 28}) == ["MemoryError: ", 1 << 20]


def test_a_file_cannot_grow(walled: Walled, tmp_path: object) -> None:
    code = f"""
with open({str(tmp_path)!r} + "/grown", "wb", buffering=0) as file:
    attempt(lambda: file.write(b"x"))
"""
    (said,) = walled(code, layers=["limits"])
    assert "File too large" in said


def test_too_many_descriptors(walled: Walled) -> None:
    said = walled("attempt(lambda: [os.dup(1) for _ in range(100)])", layers=["limits"])
    assert "Too many open files" in said[0]


def test_too_much_processor_time_ends_the_process(walled: Walled) -> None:
    said = walled("while True: pass", layers=["limits"], limits={"cpu_seconds": 1})
    assert said[0] == "status -24"  # SIGXCPU


def test_an_ordinary_user_cannot_fork(ordinary: Walled) -> None:
    assert "Resource temporarily unavailable" in ordinary("attempt(os.fork)", layers=["limits"])[0]
