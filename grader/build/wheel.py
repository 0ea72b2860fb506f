"""The installed grader as a wheel, written without a network or a build system.

By PEP 427 and the *Binary distribution format*: a zip that is called `<name>-<version>-<tags>.whl`, with the
package and a `.dist-info` folder, whose `RECORD` lists all other files with their SHA-256 in URL-safe base64
without padding.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import grader
from grader.build.archive import Member, zip_of
from grader.build.installed import installed

_PACKAGE = Path(grader.__file__).parent
_TAG = "py3-none-any"
_WHEEL = f"Wheel-Version: 1.0\nGenerator: grader {grader.__version__}\nRoot-Is-Purelib: true\nTag: {_TAG}\n"


def own_wheel() -> Member:
    """Return the wheel of the grader that is running.

    Raises:
        HostError: the grader is not installed, or has changed since, so that nobody knows what it requires.
    """
    info = f"grader-{grader.__version__}.dist-info"
    members = [*_package(), *_described(info)]
    record = "".join(map(_recorded, sorted(members, key=lambda item: item.name)))
    members.append(Member(f"{info}/RECORD", f"{record}{info}/RECORD,,\n".encode()))
    return Member(f"grader-{grader.__version__}-{_TAG}.whl", zip_of(members))


def _package() -> Iterator[Member]:
    for file in sorted(_PACKAGE.rglob("*")):
        within = file.relative_to(_PACKAGE)
        # An editor's and a file manager's own files are hidden ones.
        if file.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in within.parts):
            yield Member(f"grader/{within.as_posix()}", file.read_bytes())


def _described(info: str) -> Iterator[Member]:
    described = installed()
    texts = {name: described.read_text(name) for name in ("METADATA", "entry_points.txt")}
    yield Member(f"{info}/WHEEL", _WHEEL.encode())
    yield from (Member(f"{info}/{name}", text.encode()) for name, text in texts.items() if text)


def _recorded(member: Member) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(member.content).digest()).rstrip(b"=").decode()
    return f"{member.name},sha256={digest},{len(member.content)}\n"
