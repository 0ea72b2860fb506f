"""The attacks as data: what each file declares about itself, and its text as it is handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "attacks"
EVERYTHING = frozenset({"honest_first", "honest_last"})

_DOCSTRING = re.compile(rb'^[^\n"]*\n*"""(.*?)"""', re.DOTALL)
_EARNS = re.compile(r"^Earns: (\d+/\d+)$", re.MULTILINE)
_COSTS = re.compile(r"^Costs: ([a-z_, ]+)$", re.MULTILINE)
# `"@repeat TEXT COUNT@"` stands for TEXT as many times: a bomb that fits a repository.
_REPEAT = re.compile(rb'"@repeat (\S+) (\d+)@"')


@dataclass(frozen=True)
class Attack:
    """One file under `attacks/`.

    Attributes:
        name: of the file, without its ending.
        purpose: its docstring: what it tries, what must happen.
        earns: the share of the attacking function's points that it may get.
        costs: the honest functions that this attack takes down with itself, by its author's own fault.
    """

    name: str
    purpose: str
    earns: Fraction
    costs: frozenset[str]

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.py"

    def text(self, where: dict[str, Any]) -> bytes:
        """Return the submission, with what an insider would know about the place put in."""
        source = self.file.read_bytes().replace(b'"@where@"', repr(where).encode())
        return _REPEAT.sub(lambda found: found[1] * int(found[2]), source)


def read_attack(name: str) -> Attack:
    """Read what an attack declares in its docstring."""
    found = _DOCSTRING.match((FOLDER / f"{name}.py").read_bytes())
    purpose = found[1].decode("ascii", "replace").strip() if found else ""
    earns, costs = _EARNS.search(purpose), _COSTS.search(purpose)
    lost = frozenset(costs[1].split(", ")) if costs else frozenset()
    return Attack(name, purpose, Fraction(earns[1]) if earns else Fraction(0), lost)


def every_attack() -> list[Attack]:
    """Return all attacks in the order of their names."""
    return [read_attack(file.stem) for file in sorted(FOLDER.glob("*.py"))]
