"""What the parent puts in front of the worker's command on macOS: a sandbox-exec profile.

A macOS process cannot confine itself through anything that Apple documents; `sandbox-exec` is deprecated and
still there. It is text in, text out: the parent runs it, and proves it with `probe.py` before it believes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

TOOL = "/usr/bin/sandbox-exec"
# The loader's own: shared caches, frameworks, time zones, and the devices that any program has.
SYSTEM = (
    "/System",
    "/usr/lib",
    "/usr/share",
    "/Library/Apple",
    "/private/var/db/timezone",
    "/private/var/db/dyld",
)
DEVICES = ("/dev/null", "/dev/urandom", "/dev/random")


def profile(executable: Path, readable: Iterable[Path], scratch: Path | None = None) -> str:
    """The sandbox's rules: nothing but reading the roots; the last rule that matches wins."""
    folders = [*SYSTEM, *(str(path) for path in readable)]
    lines = [
        "(version 1)",
        "(deny default)",
        f"(allow process-exec (literal {_quoted(str(executable))}))",
        "(allow sysctl-read)",
        "(allow signal (target self))",
        "(allow file-read-metadata)",  # stat of any path: the loader walks up to the root
        *(f"(allow file-read* (subpath {_quoted(folder)}))" for folder in folders),
        *(f"(allow file-read* file-write-data (literal {_quoted(device)}))" for device in DEVICES),
    ]
    if scratch is not None:
        lines.append(f"(allow file-read* file-write* (subpath {_quoted(str(scratch))}))")
    return "\n".join(lines) + "\n"


def command_prefix(rules: str) -> Sequence[str]:
    """What goes before the worker's own command."""
    return (TOOL, "-p", rules)


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
