"""Text of a stranger's, made harmless for whoever reads it."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")


def printable(text: str) -> str:
    """Return `text` on one line, with all that could move a cursor, reverse or hide text written out."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def told(text: str, limit: int = 4000) -> str:
    """Return `text` on as many lines as it has, harmless, the same in every run, and no longer than `limit`.

    Memory addresses differ between runs; they are replaced.
    """
    lines = _ADDRESS.sub("0x...", text).replace("\r\n", "\n").split("\n")
    clean = "\n".join(printable(line.replace("\t", "    ")) for line in lines)
    return clean if len(clean) <= limit else f"{clean[:limit]}\n[{len(clean) - limit} more characters]"
