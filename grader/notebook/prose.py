"""A notebook's Markdown, parted by its headings.

A heading is a line that starts with one to six `#` and a blank, outside of a fenced block of code (CommonMark's
ATX heading); the text below goes on through the cells, whatever code stands between them, until the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*)|)$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, the number of its `#`, and the text below it up to the next, less blank lines around it."""

    heading: str
    level: int
    text: str


def sections(texts: Iterable[str]) -> tuple[Section, ...]:
    """Return the sections of Markdown cells whose texts these are; what stands before all headings is in none."""
    found: list[tuple[str, int, list[str]]] = []
    for text in texts:
        fence = ""
        below = found[-1][2] if found else []
        # Between two cells there is a paragraph's end.
        below.append("")
        for line in text.split("\n"):
            mark = _FENCE.match(line)
            heading = None if fence else _HEADING.match(line)
            if mark and not fence:
                fence = mark[1]
            elif mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
            if heading is None:
                below.append(line)
            else:
                below = []
                found.append(((heading[2] or "").strip().rstrip("#").strip(), len(heading[1]), below))
    return tuple(Section(heading, level, "\n".join(below).strip()) for heading, level, below in found)
