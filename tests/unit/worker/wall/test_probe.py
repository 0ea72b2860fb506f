from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from grader.worker.wall import kernel
from grader.worker.wall.layers import EVERY_LAYER
from grader.worker.wall.probe import Outside, Probe, probe

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Walled

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's wall")

CODE = """
for each in probe(Outside(Path({file!r}), Path({folder!r}), os.getppid())):
    report((each.attempt, each.closed_by, each.held, each.detail))
"""


def results(run: Walled, secret: Path, layers: list[str] | None) -> dict[str, Probe]:
    said = run(CODE.format(file=str(secret), folder=str(secret.parent)), layers=layers)
    return {name: Probe(name, tuple(by), held=held, detail=detail) for name, by, held, detail in said}


@pytest.mark.parametrize("who", ["walled", "ordinary"])
def test_the_wall_holds(request: pytest.FixtureRequest, secret: Path, who: str) -> None:
    found = results(request.getfixturevalue(who), secret, None)
    assert [each for each in found.values() if not each.held] == []
    assert len(found) > 30


def test_without_a_wall_nearly_all_is_open(walled: Walled, secret: Path) -> None:
    found = results(walled, secret, [])
    held = {name for name, each in found.items() if each.held}
    may_be_missing = {  # with one interface, on an old or a narrow kernel, or with restrictions of its own
        "reach this machine's network",
        "a socket of AF_INET6",
        "becoming root",
        "inherit a descriptor",
        "share the parent's process group",
        "be read by others of the same user",
        "read the parent's environment",
        "open the parent's memory",
        "read the parent's memory",
        "an io_uring",
        "a user's fault handler",
        "new namespaces",
        "create a file",
    }
    assert held <= may_be_missing
    assert secret.read_text() == "the key"
    assert [path.name for path in secret.parent.iterdir()] == [secret.name]


@pytest.mark.parametrize("layer", sorted(EVERY_LAYER - {"uid"}))
def test_each_layer_alone_closes_what_it_claims(walled: Walled, secret: Path, layer: str) -> None:
    layers = {layer, "no_new_privs"}
    found = results(walled, secret, sorted(layers))
    claimed = [each for each in found.values() if layer in each.closed_by and each.attempt != "becoming root"]
    assert [each for each in claimed if not each.held] == []
    assert claimed or layer == "capabilities"


def test_here_in_this_process(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "unshare", lambda _: None)
    monkeypatch.setattr(os, "setuid", lambda _: None)
    before = secret.stat()
    found = {each.attempt: each for each in probe(Outside(secret, secret.parent, os.getpid()))}
    for attempt in ("read a file", "create a file", "fork", "start a thread", "read the parent's memory"):
        assert not found[attempt].held, found[attempt]
    assert found["more memory than allowed"].held is False
    assert secret.stat().st_mode == before.st_mode
    assert secret.read_text() == "the key"


def test_what_a_processor_has_no_table_for(monkeypatch: pytest.MonkeyPatch, secret: Path) -> None:
    monkeypatch.setattr("grader.worker.wall.probe.native", lambda: None)
    monkeypatch.setattr(kernel, "unshare", lambda _: None)
    monkeypatch.setattr(os, "setuid", lambda _: None)
    found = {each.attempt: each for each in probe(Outside(secret, secret.parent, os.getpid()))}
    assert found["an io_uring"] == Probe(
        "an io_uring", ("seccomp",), held=True, detail="there is no such call here"
    )


@pytest.mark.parametrize("handle", [0, 7])
def test_elsewhere(monkeypatch: pytest.MonkeyPatch, secret: Path, handle: int) -> None:
    asked: list[tuple[int, ...]] = []

    class Library:
        def __init__(self, name: str) -> None:
            assert name == "kernel32"

        def OpenProcess(self, *items: int) -> int:  # noqa: N802  (Windows's name)
            asked.append(items)
            return handle

        def CloseHandle(self, *items: int) -> None:  # noqa: N802
            asked.append(items)

    monkeypatch.setattr(ctypes, "WinDLL", Library, raising=False)
    # There, 0 is Ctrl+C for the whole terminal.
    monkeypatch.setattr(os, "kill", None)
    monkeypatch.setattr(sys, "platform", "win32")
    found: dict[str, Any] = {each.attempt: each for each in probe(Outside(secret, secret.parent, os.getpid()))}
    assert found["fork"].detail == "no fork here"
    assert not found["outlive the parent"].held
    assert found["signal the parent"].held == (not handle)
    assert asked == [(1, False, os.getpid()), *([(handle,)] if handle else [])]
    assert found["new namespaces"].detail == "[Errno 38] only Linux has such calls"
