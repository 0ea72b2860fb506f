"""The limits are for good, so each is tried in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.worker.limits import limit_memory

PROJECT = Path(__file__).resolve().parents[3]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the address space is bounded on Linux alone")


def _limited(code: str, memory_mb: int = 512, seconds: int = 5, before: str = "") -> str:
    script = (
        f"import sys; sys.path.insert(0, {str(PROJECT)!r})\n"
        f"import resource, os\n{before}\n"
        "from grader.worker.limits import limit_memory\n"
        f"limit_memory({memory_mb} << 20, {seconds})\n{code}"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.strip() or f"status {done.returncode}: {done.stderr}"


def _attempt(action: str, error: str) -> str:
    return (
        f"try:\n    {action}\nexcept {error} as failure:\n    print(type(failure).__name__)\nelse: print('done')"
    )


@linux_only
def test_more_memory_than_allowed_is_a_memory_error() -> None:
    assert _limited(_attempt("bytearray(600 << 20)", "MemoryError")) == "MemoryError"
    assert _limited(_attempt("bytearray(100 << 20)", "MemoryError")) == "done"


def test_no_file_can_grow(tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    action = f"os.write(os.open({str(file)!r}, os.O_CREAT | os.O_WRONLY), b'x')"
    assert _limited(_attempt(action, "OSError")) == "OSError"
    assert not file.read_bytes()


def test_descriptors_run_out() -> None:
    assert _limited(_attempt("[os.pipe() for _ in range(100)]", "OSError")) == "OSError"


def test_processor_time_runs_out() -> None:
    assert _limited("while True: pass", seconds=1).startswith("status -")


def test_limits_cannot_be_raised_again() -> None:
    code = "print(len({resource.getrlimit(which) for which in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)}))\n"
    code += "print(resource.getrlimit(resource.RLIMIT_FSIZE))"
    assert _limited(code) == "1\n(0, 0)"


def test_a_lower_bound_that_is_there_already_stays() -> None:
    before = "resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))"
    assert _limited("print(resource.getrlimit(resource.RLIMIT_NOFILE))", before=before) == "(20, 20)"


def test_windows_has_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    limit_memory(1, 1)


@pytest.mark.parametrize(("platform", "space_is_bounded"), [("linux", True), ("darwin", False)])
def test_what_is_set_where(platform: str, *, space_is_bounded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    found: dict[int, tuple[int, int]] = {}
    hard = {resource.RLIMIT_CPU: 3}
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(resource, "setrlimit", found.__setitem__)
    monkeypatch.setattr(resource, "getrlimit", lambda which: (0, hard.get(which, resource.RLIM_INFINITY)))
    limit_memory(1 << 30, 61)
    assert (resource.RLIMIT_AS in found) is space_is_bounded
    assert found[resource.RLIMIT_CPU] == (3, 3)
    assert found[resource.RLIMIT_CORE] == (0, 0)
