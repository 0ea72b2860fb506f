from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import child, nursery, polling, posix

LIKE = Path(__file__).with_name("windows_like.py")


@pytest.mark.skipif(sys.platform == "win32", reason="the other choice")
def test_here_pipes_are_polled_and_descendants_killed() -> None:
    assert (child.Child, child.connect) == (posix.PosixChild, polling.connect)
    assert (child.interpreter(), child.INSTEAD) == (sys.executable, {})
    assert child.executed is posix.executed


@pytest.mark.skipif(sys.platform != "linux", reason="forks from a zygote")
def test_linux_has_a_nursery() -> None:
    assert child.nursery is nursery.nursery


def test_windows_has_threads_and_a_job(tmp_path: Path) -> None:
    script = tmp_path / "shown.py"
    script.write_text(
        "from grader.sandbox import child, threads, windows\n"
        "assert child.connect is threads.connect and child.Child is windows.WindowsChild\n"
        "import sys\nsys._base_executable = '/base/python'\n"
        "assert child.executed is windows.WindowsChild and child.nursery([], [], None) is None\n"
        "assert child.INSTEAD is windows.INSTEAD and child.interpreter() == '/base/python'\n"
    )
    root = Path(child.__file__).parents[2]
    shown = subprocess.run(
        [sys.executable, str(LIKE), str(script)],
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, "")
