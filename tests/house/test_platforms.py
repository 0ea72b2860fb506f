"""Every module can be imported on Windows, as far as a Linux that pretends can tell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIKE = ROOT / "tests/unit/sandbox/windows_like.py"
IMPORT_ALL = """
import importlib, os, pkgutil, sys
assert sys.platform == "win32" and not hasattr(os, "fork")
for name in ("O_NONBLOCK", "WNOHANG"):
    delattr(os, name)
try:
    import fcntl
except ImportError:
    pass
else:
    raise AssertionError("this does not pretend well")
import grader
assert "grader.cli" not in sys.modules
for module in pkgutil.walk_packages(grader.__path__, "grader."):
    if not module.name.endswith("__main__"):  # which runs; the tests of the box run it
        importlib.import_module(module.name)
        print(module.name)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="plays Windows on Linux")
def test_every_module_can_be_imported_on_windows(tmp_path: Path) -> None:
    script = tmp_path / "import_all.py"
    script.write_text(IMPORT_ALL)
    shown = subprocess.run(
        [sys.executable, str(LIKE), str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    found = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for file in (ROOT / "grader").rglob("*.py")
        if file.name != "__main__.py"
    }
    assert {"grader", *shown.stdout.split()} == found
