"""Which folders the student's code must read so that imports work, and how to leave others out of them.

Landlock gives rights to a folder and all beneath it and cannot take any back. So a folder with something to
protect inside (a site folder with the grader in it) is opened entry by entry, around what is protected; the
folder itself may then be listed, which importing needs, but not read.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GRADER = Path(__file__).resolve().parents[2]  # our own package: loaded already, no reason to read it
# Where the linker finds what extension modules need, and where Python finds time zones.
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo", "/dev/urandom")
STORES = ("/nix/store", "/gnu/store")  # public folders where each library has its own prefix
SITE_NAMES = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Roots:
    """What may be read, what may only be listed, and what should be out of reach but is not."""

    readable: tuple[Path, ...]
    listable: tuple[Path, ...] = ()
    exposed: tuple[Path, ...] = ()


def interpreter_folders() -> list[Path]:
    """The folders of the running interpreter and of the system's libraries, without any site folder."""
    standard_library = Path(os.__file__).parent
    # With a build of one's own (pyenv, conda), libpython and MKL are here. sysconfig would say the same in 8 ms.
    libraries = [Path(sys.base_prefix, "lib"), Path(sys.base_exec_prefix, sys.platlibdir)]
    stores = [store for store in STORES if Path(sys.base_prefix).is_relative_to(store)]
    return [standard_library, *libraries, *(Path(path) for path in (*stores, *SYSTEM))]


def read_roots(sites: Iterable[Path | str] = (), protected: Iterable[Path | str] = ()) -> Roots:
    """The roots for the running interpreter, importing from `sites` but without `protected`.

    A site folder that is not in `sites` (the base interpreter's, behind a virtual environment) is left out too.
    """
    wanted = [_real(site) for site in sites]
    folders = [_real(folder) for folder in interpreter_folders()]
    others = {folder / name for folder in folders for name in SITE_NAMES} - set(wanted)
    hidden = {_real(path) for path in protected}
    roots = around([*folders, *wanted], {*hidden, *others, GRADER})
    reached = {path for path in hidden if _within(path, roots.readable)}
    return Roots(roots.readable, roots.listable, tuple(sorted(reached)))


def around(folders: Iterable[Path], protected: set[Path]) -> Roots:
    """Open each folder, entry by entry where something protected lies inside it.

    A folder that lies inside something protected is opened: whoever names it means it (an environment's site
    folder inside a project folder).
    """
    there = {path for path in protected if path.exists()}
    doors = {parent for path in there for parent in path.parents}
    found = {pair for folder in folders if folder.exists() for pair in _open(folder, there, doors)}
    readable = _outermost(path for path, is_readable in found if is_readable)
    listable = (path for path, is_readable in found if not is_readable)
    return Roots(tuple(readable), tuple(sorted(path for path in listable if not _within(path, readable))))


def devices() -> tuple[Path, ...]:
    """The devices that may be written to: none that keeps anything."""
    return (Path("/dev/null"),)


def _open(folder: Path, protected: set[Path], doors: set[Path]) -> Iterator[tuple[Path, bool]]:
    if folder not in doors:
        yield folder, True
        return
    yield folder, False
    with os.scandir(folder) as entries:
        # A link's rule would be its target's, wherever that is; what it names in here has its own entry.
        found = [Path(entry.path) for entry in entries if not entry.is_symlink()]
    for path in found:
        if path not in protected:
            yield from _open(path, protected, doors)


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """Without those that another one contains."""
    kept: list[Path] = []
    for path in sorted(set(paths)):  # a folder sorts before what is in it
        if not (kept and _is_in(path, kept[-1])):
            kept.append(path)
    return kept


def _within(path: Path, folders: Iterable[Path]) -> bool:
    return any(_is_in(path, folder) for folder in folders)


def _is_in(path: Path, folder: Path) -> bool:
    """As Path.is_relative_to, which takes 30 microseconds for each of hundreds of pairs."""
    return f"{path}{os.sep}".startswith(f"{folder}{os.sep}")


def _real(path: Path | str) -> Path:
    return Path(path).resolve()
