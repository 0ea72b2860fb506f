"""The script is run here with a door that is closed already; `tests/unit/sandbox` runs it as a process."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import grader

MAIN = Path(grader.__file__).parent / "worker" / "__main__.py"


@pytest.fixture
def _restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ours = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "grader"}
    environment, leave = dict(os.environ), vars(builtins).copy()
    monkeypatch.setattr(sys, "argv", sys.argv)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    yield
    sys.modules.update(ours)
    os.environ.clear()
    os.environ.update(environment)
    vars(builtins).update({name: leave[name] for name in ("exit", "quit") if name in leave})


@pytest.mark.usefixtures("_restored")
def test_it_hides_what_brought_it_here() -> None:
    (requests, outside), (inside, answers) = os.pipe(), os.pipe()
    os.close(outside)
    package, folders = str(MAIN.parents[2]), [folder for folder in sys.path if folder]
    sys.path[:] = [str(MAIN.parent), "", *folders]
    sys.argv = ["__main__.py", str(requests), str(answers), package, "/opt/site"]
    exec(compile(MAIN.read_bytes(), str(MAIN), "exec"), {"__name__": "__main__", "__file__": str(MAIN)})
    found = {
        "path": [*sys.path],
        "argv": sys.argv,
        "ours": [name for name, module in sys.modules.items() if name.startswith("grader") and module is not None],
        "threads": [name for name in os.environ if name.endswith("_THREADS")],
    }
    for descriptor in (requests, inside, answers):
        os.close(descriptor)
    assert found == {"path": [*folders, "/opt/site"], "argv": ["submission"], "ours": [], "threads": []}
    assert vars(builtins)["exit"] is vars(builtins)["quit"] is sys.exit
    with pytest.raises(ImportError):
        __import__("grader")
