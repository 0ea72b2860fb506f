"""What does each layer of the wall stop? Runs the attacks with each switched off in turn; makes a table of it.

    python tests/hostile/layers.py            prints the table
    python tests/hostile/layers.py --write    puts it into docs/security.md

Every run is in a cage, since an attack that works does its worst; root only. An attack that achieves nothing with
all layers off does not need them, and is not run again with one off.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Callable, Collection
from pathlib import Path

from hostile_catalogue import every_attack
from hostile_kinds import FULL, run

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from grader.worker.wall.layers import EVERY_LAYER, OPEN_WITHOUT

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- layers: begin -->", "<!-- layers: end -->"
ALL = "all of them"

Table = dict[str, frozenset[str]]
"""For each layer, or for all of them, the attacks that succeed without it; in the order of the page."""


def breaking(names: Collection[str], without: Collection[str]) -> frozenset[str]:
    """Return those of the attacks that succeed without some layers."""
    found = run(FULL, sorted(names), without=without, caged=True)
    return frozenset(name for name, findings in found.items() if findings)


def measure(say: Callable[[str], object]) -> Table:
    """Run everything and return the table."""
    names = [attack.name for attack in every_attack()]
    everything = breaking(names, EVERY_LAYER)
    say(f"{ALL}: {len(everything)} of {len(names)}")
    table: Table = {}
    for layer in OPEN_WITHOUT:
        table[layer] = breaking(everything, {layer})
        say(f"{layer}: {len(table[layer])}")
    return {**table, ALL: everything}


def system() -> str:
    """Return what the table depends on: another kernel lets other attacks in, with a layer off."""
    return ".".join(platform.release().split(".")[:2])


def rendered(table: Table, total: int, measured_on: str) -> str:
    """Return the table as Markdown."""
    needed = table[ALL]
    twice = needed - frozenset[str]().union(*(table[layer] for layer in OPEN_WITHOUT))
    alone = total - len(needed)
    text = f"""\
Measured on Linux {measured_on}. Of {total} attacks, {alone} achieve nothing even with every layer off: a process
apart, the wire and the judge are enough for them. {len(needed)} need the wall; {len(twice)} of these are stopped
by more than one of its layers.

| switched off | attacks that then succeed |
|---|---|
"""
    rows: list[tuple[str, Collection[str]]] = [(f"`{layer}`", table[layer]) for layer in OPEN_WITHOUT]
    rows.append(("no single one alone", twice))
    return text + "\n".join(
        f"| {what} | {', '.join(f'`{name}`' for name in sorted(names)) or 'none'} |" for what, names in rows
    )


def read(page: str) -> Table:
    """Return the table that a page holds: the inverse of `rendered`."""
    table: Table = {}
    for first, names in re.findall(r"^\| (`\w+`|no single [^|]+) \| (.*) \|$", between(page), re.MULTILINE):
        name = first.strip("`") if first.startswith("`") else ALL
        table[name] = frozenset(re.findall(r"`(\w+)`", names))
    return {**table, ALL: frozenset[str]().union(*table.values())}


def measured_on(page: str) -> str:
    """Return the system that the table of a page was measured on."""
    found = re.search(r"^Measured on Linux ([\w.]+)\. ", between(page), re.MULTILINE)
    return found[1] if found else ""


def between(page: str) -> str:
    """Return what stands between the markers."""
    return page.partition(BEGIN)[2].partition(END)[0].strip()


def replaced(page: str, text: str) -> str:
    """Return the page with another text between the markers."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}"


def main(arguments: list[str]) -> None:
    text = rendered(measure(lambda line: sys.stderr.write(f"{line}\n")), len(every_attack()), system())
    if arguments == ["--write"]:
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
    else:
        sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
