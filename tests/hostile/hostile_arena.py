"""A place worth breaking into: an exam with planted secrets, and what of it has changed since."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import py_compile
import re
import secrets
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

EXAM = Path(__file__).resolve().parent / "exam"
PUBLIC = ("/tmp", "/var/tmp", "/dev/shm")
OPEN_PLACES = ("rubric", "reference", "result", "other", "environment", "command line", "descriptor", "memory")

_HONEST = "def honest_first(x):\n    return 2 * x + 1\n\n\ndef honest_last(x):\n    return x * x - 1\n"
_NEVER_CHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
_SHADOW = 'print("{marker} ran the planted {name}")\n'


@dataclass
class Arena:
    """One folder with everything in it, owned by the user who grades.

    Attributes:
        folder: the place.
        tokens: the secrets, by where each is planted.
        marker: what an attack prints when it has seen its own success.
    """

    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)
    marker: str = field(default_factory=lambda: f"breach-{secrets.token_hex(8)}")

    @property
    def rubric(self) -> Path:
        return self.folder / "course" / "rubric.yaml"

    @property
    def reference(self) -> Path:
        return self.folder / "course" / "reference.py"

    @property
    def results(self) -> Path:
        return self.folder / "results"

    @property
    def other(self) -> Path:
        return self.folder / "submissions" / "other.py"

    @property
    def desk(self) -> Path:
        return self.folder / "desk"

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"


def build(uid: int | None) -> Arena:
    """Make an arena below the temporary folder and give it to `uid`."""
    arena = Arena(Path(tempfile.mkdtemp(prefix="exam-")))
    arena.folder.chmod(0o755)
    arena.tokens = {place: f"TOKEN-{place.replace(' ', '-')}-{secrets.token_hex(16)}" for place in OPEN_PLACES}
    for folder in (arena.rubric.parent, arena.results, arena.other.parent, arena.desk, arena.inbox):
        folder.mkdir()
    for file in (arena.rubric, arena.reference):
        file.write_text(_planted((EXAM / file.name).read_text(encoding="utf-8"), arena.tokens), encoding="utf-8")
    (arena.results / "other.json").write_text(f'{{"score": 7, "note": "{arena.tokens["result"]}"}}\n')
    arena.other.write_text(f'"""Another student. {arena.tokens["other"]}"""\n\n\n{_HONEST}')
    arena.other.chmod(0o600)
    for folder in (arena.desk, arena.inbox):
        for name in ("numpy", "random", "json", "sitecustomize"):
            (folder / f"{name}.py").write_text(_SHADOW.format(marker=arena.marker, name=f"{name}.py"))
    if uid is not None:
        for path in (arena.folder, *arena.folder.rglob("*")):
            os.chown(path, uid, uid)
    return arena


def _planted(text: str, tokens: dict[str, str]) -> str:
    numbers = ", ".join(f"{secrets.randbelow(10**9) / 1000:.3f}" for _ in range(4))
    text = text.replace("@numbers@", f"[{numbers}]")
    return re.sub(r"@token:(\w+)@", lambda found: tokens[found[1]], text)


def hand_in(arena: Arena, name: str, source: bytes, uid: int | None) -> Path:
    """Put a submission into the inbox, with a compiled file beside it that says something else."""
    for old in arena.inbox.glob("*"):
        if old.name == "__pycache__":
            shutil.rmtree(old)
        elif old.suffix == ".py" and old.stem not in {"numpy", "random", "json", "sitecustomize"}:
            old.unlink()
    file = arena.inbox / f"{name}.py"
    poison = _SHADOW.format(marker=arena.marker, name="compiled file") + _HONEST
    file.write_text(poison)
    compiled = Path(importlib.util.cache_from_source(str(file)))
    py_compile.compile(str(file), str(compiled), doraise=True, invalidation_mode=_NEVER_CHECKED)
    file.write_bytes(source)
    for path in (file, compiled.parent, compiled):
        if uid is not None:
            os.chown(path, uid, uid)
    return file


def snapshot(arena: Arena, *, alone: bool) -> dict[str, Any]:
    """Return everything that must stay as it is, by path.

    Args:
        arena: the place.
        alone: nobody else has business in the public folders, so that any new name there is an attack's.
    """
    seen: dict[str, Any] = {}
    for folder in PUBLIC:
        if Path(folder).is_dir():
            names = (path.name for path in Path(folder).iterdir())
            seen[folder] = sorted(
                name for name in names if name.startswith("hostile-") or (alone and name[:5] != "exam-")
            )
    for path in (arena.folder, *sorted(arena.folder.rglob("*"))):
        seen[str(path)] = _state(path)
    for table in ("shm", "msg", "sem") if alone else ():
        listing = Path("/proc/sysvipc") / table
        seen[str(listing)] = len(listing.read_text().splitlines()) if listing.exists() else 0
    return seen


def _state(path: Path) -> dict[str, Any]:
    about = path.lstat()
    state = {
        "mode": oct(about.st_mode),
        "owner": (about.st_uid, about.st_gid),
        "links": about.st_nlink,
        "changed": about.st_mtime_ns,
        "attributes": _attributes(path),
    }
    if stat.S_ISREG(about.st_mode):
        state["content"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return state


def _attributes(path: Path) -> list[str]:
    if sys.platform != "linux":
        return []
    try:
        return sorted(os.listxattr(path, follow_symlinks=False))
    except OSError:
        return []


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Say what differs between two snapshots."""
    said = [f"gone: {path}" for path in before.keys() - after.keys()]
    said += [f"new: {path}" for path in after.keys() - before.keys()]
    for path in before.keys() & after.keys():
        old, new = before[path], after[path]
        if old != new and isinstance(old, dict):
            said.append(f"changed: {', '.join(key for key in old if old[key] != new.get(key))} of {path}")
        elif old != new:
            said.append(f"changed: {path}: {old} -> {new}")
    return sorted(said)
