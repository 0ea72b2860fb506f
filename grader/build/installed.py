"""What the installed grader says of itself, as long as it is true of the grader that is running.

A grader that was installed in place (`pip install -e`) is described as it was then. What it has come to require
since would be missing in every container that is built from it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import grader
from grader.errors import HostError

SHIPPED_EXTRA = "notebook"
"""The extra that a container has too: notebooks may be handed in."""
_SOURCE = Path(grader.__file__).parents[1] / "pyproject.toml"


def installed() -> Distribution:
    """Return the grader's distribution.

    Raises:
        HostError: the grader is not installed, so that nobody knows what it requires; or is another by now.
    """
    try:
        found = distribution("grader")
    except PackageNotFoundError as error:
        raise HostError("the grader is not installed; install it with pip, then it can be packed") from error
    wanted = _declared(_SOURCE)
    if found.version != grader.__version__ or not wanted <= _plain(found.requires or ()):
        raise HostError(
            f"the grader in {_SOURCE.parent} has changed since it was installed, and what it needs now would be "
            f"missing; run: pip install -e {_SOURCE.parent}"
        )
    return found


def _declared(file: Path) -> set[str]:
    """Return what a grader that lies beside its project file requires now; nothing where there is no such file."""
    if sys.version_info < (3, 11):
        return set()  # it cannot read TOML; there the version alone tells
    import tomllib  # noqa: PLC0415  (new in 3.11)

    try:
        project: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    except FileNotFoundError:
        return set()
    if project.get("name") != "grader":
        return set()
    extra = project.get("optional-dependencies", {}).get(SHIPPED_EXTRA, ())
    return _plain([*project.get("dependencies", ()), *(f"{line}; extra == '{SHIPPED_EXTRA}'" for line in extra)])


def _plain(requirements: Iterable[str]) -> set[str]:
    """Return requirements in one form, whoever wrote them: a builder orders and quotes anew."""
    return set(map(_plain_one, requirements))


def _plain_one(requirement: str) -> str:
    required, _, marker = re.sub(r"[\s()]", "", requirement).replace('"', "'").partition(";")
    name = re.split(r"[<>=!~]", required, maxsplit=1)[0]
    bounds = sorted(required.removeprefix(name).split(","))
    return f"{normal(name)} {','.join(bounds)};{marker}"


def normal(name: str) -> str:
    """Return a package's name as indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()
