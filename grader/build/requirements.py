"""What the grader needs beside itself: the very versions of here, and the ranges where those cannot be had.

A container's Python may be older or newer than this one. A package that says which Pythons it runs on is pinned
for these only; for older ones pip chooses within the range. Where a pin cannot be had for another reason, such as
a Python that is too new for it, `setup.sh` falls back to the ranges alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from grader.build.installed import SHIPPED_EXTRA, installed, normal

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LEAST_PYTHON = re.compile(r">=\s*(3\.\d+)")


def pinned(extra: Iterable[str] = ()) -> str:
    """Return the requirements with their versions, a line each.

    Raises:
        HostError: nobody knows what the grader requires; see `installed`.
    """
    lines = []
    for name, required in sorted(_closure(installed()).items()):
        if not _is_here(name):
            # An extra that this machine does without; a submission may not.
            lines.append(required)
            continue
        found = distribution(name)
        least = _LEAST_PYTHON.search(found.metadata["Requires-Python"] or "")
        pin = f"{normal(name)}=={found.version}"
        lines.append(f'{pin}; python_version >= "{least[1]}"' if least else pin)
        if least and required:
            lines.append(f'{required}; python_version < "{least[1]}"')
    return _text([*lines, *extra])


def ranges(extra: Iterable[str] = ()) -> str:
    """Return what the grader itself asks for, a line each.

    Raises:
        HostError: nobody knows; see `installed`.
    """
    return _text([*sorted(_direct(installed()).values()), *extra])


def _closure(top: Distribution) -> dict[str, str]:
    """Return every package that `top` needs, with the range that `top` itself asks for, if it does."""
    found = dict(_direct(top))
    waiting = list(found)
    while waiting:
        try:
            needed = _direct(distribution(waiting.pop()))
        except PackageNotFoundError:
            continue
        for name in needed:
            if name not in found:
                found[name] = ""
                waiting.append(name)
    return {name: required for name, required in found.items() if required or _is_here(name)}


def _direct(package: Distribution) -> dict[str, str]:
    """Return the requirements of a package that hold anywhere, by name."""
    return dict(_named(package.requires or ()))


def _holds_anywhere(marker: str) -> bool:
    # What only some platforms or Pythons need, pip finds out there. Notebooks may be handed in.
    return marker.replace("'", '"').strip() in {"", f'extra == "{SHIPPED_EXTRA}"'}


def _named(requirements: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in requirements:
        required, _, marker = line.partition(";")
        match = _NAME.match(required.strip())
        if match and _holds_anywhere(marker):
            yield normal(match[0]), required.strip()


def _is_here(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
