"""The two walls, the floors and freedom from cycles, as import contracts in pyproject.toml."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
BOX_FILES = sorted([*(ROOT / "grader/worker").rglob("*.py"), *(ROOT / "grader/wire").rglob("*.py")])


def test_import_contracts_are_kept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(no_cache=True)
    assert status == 0, capsys.readouterr().out


@pytest.mark.parametrize("file", BOX_FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_box_imports_numpy_and_the_standard_library_only(file: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module))
    new = {"annotationlib"}  # in the standard library since Python 3.14
    allowed = {*sys.stdlib_module_names, *new, "numpy"}
    outside = {name for name in imported if name.partition(".")[0] not in allowed}
    assert {name for name in outside if not name.startswith(("grader.worker", "grader.wire"))} == set()
