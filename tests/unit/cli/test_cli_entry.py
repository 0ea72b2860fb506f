from __future__ import annotations

import sys
import types

import pytest

from grader.cli import entry


@pytest.mark.parametrize("name", ["grade", "grader"])
def test_a_command_is_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    command = types.SimpleNamespace(main=lambda: done.append(name))
    monkeypatch.setitem(sys.modules, f"grader.cli.{name}", command)
    getattr(entry, name)()
    assert done == [name]


def test_an_interrupt_while_it_is_imported_is_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_module: str) -> types.ModuleType:
        raise KeyboardInterrupt

    monkeypatch.setattr("importlib.import_module", interrupted)
    with pytest.raises(SystemExit) as caught:
        entry.grade()
    assert caught.value.code == 130
