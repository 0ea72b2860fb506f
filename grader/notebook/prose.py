"""A notebook's Markdown, parted by its headings.

A heading is one of these, outside of a fenced block of code:

1. A line that starts with one to six `#` and a blank.
2. A line that is one HTML heading, `<h2>...</h2>`.
3. What may be meant as one, at level 7, below all others: a line of its own that is bold as a whole, or that the
   next one underlines with `=` or `-`; `##1A` without the blank.

HTML's tags are taken out of it. The text below goes on through the cells, whatever code stands between them, until
the next heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*)|(\w.*)|)$")
_HTML = re.compile(r"\s*<h([1-6])\b[^>]*>(.*)</h\1>\s*$", re.IGNORECASE)
_BOLD = re.compile(r" {0,3}(\*\*|__)([^*_].*)\1[ \t:.]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_TAG = re.compile(r"<[^<>]*>")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its level from 1 to 7, and the text below it up to the next, less blank lines around it."""

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
        lines = text.split("\n")
        for number, line in enumerate(lines):
            mark = _FENCE.match(line)
            heading = None if fence else _heading(lines, number)
            if mark and not fence:
                fence = mark[1]
            elif mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
            if heading is not None:
                below = []
                found.append((*heading, below))
            elif fence or not (number and _UNDERLINE.match(line) and _heading(lines, number - 1)):
                below.append(line)
    return tuple(Section(heading, level, "\n".join(below).strip()) for heading, level, below in found)


def _heading(lines: list[str], number: int) -> tuple[str, int] | None:
    """Return the heading that a line is, and its level; None where it is none."""
    line = lines[number]
    if marked := _HEADING.match(line):
        return _plain((marked[2] or marked[3] or "").strip().rstrip("#")), 7 if marked[3] else len(marked[1])
    if html := _HTML.match(line):
        return _plain(html[2]), int(html[1])
    is_alone = bool(line.strip()) and not (number and lines[number - 1].strip())
    if not is_alone or _UNDERLINE.match(line):
        return None
    if number + 1 < len(lines) and _UNDERLINE.match(lines[number + 1]):
        return _plain(line), 7
    bold = _BOLD.match(line)
    return (_plain(bold[2]), 7) if bold and bold[1] not in bold[2] else None


def _plain(heading: str) -> str:
    return _TAG.sub("", heading).strip()
