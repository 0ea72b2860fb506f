"""Shared by the wall's tests: a walled child to run code in, an ordinary user, and a machine for BPF."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

PROJECT = Path(__file__).resolve().parents[4]
NOBODY = 65534

# Runs in a fresh interpreter: put the wall up as asked, then run the test's code, which may `report` things.
DRIVER = """
import json, os, sys
from pathlib import Path
plan, code, sites = json.loads(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
sys.path[:0] = plan["path"]
sys.path += sites
if plan["numpy"]:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import numpy as np
from grader.worker.wall.build import WallPlan, prepare, raise_wall
from grader.worker.wall.layers import EVERY_LAYER, WallError
from grader.worker.wall.limits import Limits
from grader.worker.wall.probe import Outside, probe  # our own files are out of reach behind the wall
from grader.worker.wall.roots import read_roots
path = lambda text: None if text is None else Path(text)
prepared = prepare(WallPlan(
    read_roots(sites, plan["protected"]),
    EVERY_LAYER if plan["layers"] is None else frozenset(plan["layers"]),
    submission=path(plan["submission"]),
    scratch=path(plan["scratch"]),
    limits=Limits(**plan["limits"]),
    uid=plan["uid"],
    landlock_abi=plan["abi"],
), settle=plan["settle"])
layers = {layer.name: layer for layer in raise_wall(prepared, parent=os.getppid())}
said = []
report = said.append
def attempt(action):
    try:
        report(action())
    except BaseException as error:
        report(type(error).__name__ + ": " + str(error))
try:
    exec(code)
except BaseException as error:
    report("escaped " + repr(error))
os.write(1, json.dumps(said, default=str).encode())
os._exit(0)
"""


class Walled(Protocol):
    """Run code behind a wall, return what it reported."""

    def __call__(self, code: str, *, layers: list[str] | None = None, **plan: Any) -> list[Any]: ...


class Interpreter(NamedTuple):
    path: str
    user: int | None


def _run(interpreter: Interpreter, code: str, layers: list[str] | None, plan: dict[str, Any]) -> list[Any]:
    sites = [sysconfig.get_path("purelib")] if interpreter.user is None else []
    asked = {
        "path": [str(PROJECT)],
        "numpy": False,
        "protected": [],
        "layers": layers,
        "submission": None,
        "scratch": None,
        "limits": {},
        "uid": None,
        "abi": None,
        "settle": False,
        **plan,
    }
    demoted: dict[str, Any] = {}
    if interpreter.user is not None:
        demoted = {"user": interpreter.user, "group": interpreter.user, "extra_groups": []}
    done = subprocess.run(
        [interpreter.path, "-I", "-B", "-c", DRIVER, json.dumps(asked, default=str), code, json.dumps(sites)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        cwd="/",
        **demoted,
    )
    if not done.stdout:
        return [f"status {done.returncode}", done.stderr.decode()]
    said: list[Any] = json.loads(done.stdout)
    return said


@pytest.fixture(autouse=True)
def _linux_only(request: pytest.FixtureRequest) -> None:
    if sys.platform != "linux" and {"walled", "ordinary"} & set(request.fixturenames):
        pytest.skip("the wall's effects are Linux's")


@pytest.fixture
def walled() -> Walled:
    def run(code: str, *, layers: list[str] | None = None, **plan: Any) -> list[Any]:
        return _run(Interpreter(sys.executable, None), code, layers, plan)

    return run


@pytest.fixture(scope="session")
def _ordinary_interpreter() -> Interpreter:
    """An interpreter that a user who is not root can run: this one, or the system's."""
    if os.geteuid() != 0:
        return Interpreter(sys.executable, None)
    for path in (sys.executable, "/usr/bin/python3"):
        check = f"import sys; sys.path.insert(0, {str(PROJECT)!r}); import grader.worker.wall.build, json"
        try:
            subprocess.run([path, "-I", "-B", "-c", check], user=NOBODY, check=True, cwd="/", capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return Interpreter(path, NOBODY)
    pytest.skip("no interpreter that an ordinary user can run")


@pytest.fixture
def ordinary(_ordinary_interpreter: Interpreter) -> Walled:
    """As `walled`, by a user who is not root."""

    def run(code: str, *, layers: list[str] | None = None, **plan: Any) -> list[Any]:
        return _run(_ordinary_interpreter, code, layers, plan)

    return run


class Machine(Protocol):
    def __call__(self, code: bytes, architecture: int, number: int, *arguments: int) -> int: ...


@pytest.fixture
def machine() -> Machine:
    """What the kernel does with a filter, in twenty lines."""

    def run(code: bytes, architecture: int, number: int, *arguments: int) -> int:
        six = [*arguments, 0, 0, 0, 0, 0, 0][:6]
        data = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, architecture, 0, *(each & (1 << 64) - 1 for each in six))
        at, accumulator = 0, 0
        while True:
            opcode, if_true, if_false, operand = struct.unpack_from("=HBBI", code, at * 8)
            at += 1
            if opcode == 0x20:
                (accumulator,) = struct.unpack_from("=I", data, operand)
            elif opcode == 0x05:
                at += operand
            elif opcode == 0x06:
                return int(operand)
            else:
                tests = {
                    0x15: accumulator == operand,
                    0x35: accumulator >= operand,
                    0x45: bool(accumulator & operand),
                }
                at += if_true if tests[opcode] else if_false

    return run


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that anybody may read, as far as its mode goes, in a folder that anybody may reach."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        if folder.stat().st_uid == os.geteuid() and folder != Path(tempfile.gettempdir()):
            folder.chmod(0o755)
    file = tmp_path / "key.json"
    file.write_text("the key")
    file.chmod(0o666)
    return file
