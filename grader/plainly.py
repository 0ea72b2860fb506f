"""Text of a stranger's, made harmless for whoever reads it."""

from __future__ import annotations

import re
import unicodedata

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")


def printable(text: str) -> str:
    """Return `text` on one line, with all that could move a cursor, reverse or hide text written out."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _written_out(char) for char in text)


def _written_out(char: str) -> str:
    # French puts narrow and no-break spaces before its marks; to a reader they are spaces.
    return " " if unicodedata.category(char) == "Zs" else char.encode("unicode_escape").decode("ascii")


def told(text: str, limit: int = 4000) -> str:
    """Return `text` on as many lines as it has, harmless, the same in every run, and no longer than `limit`.

    Memory addresses differ between runs; they are replaced.
    """
    lines = _ADDRESS.sub("0x...", text).replace("\r\n", "\n").split("\n")
    clean = "\n".join(printable(line.replace("\t", "    ")) for line in lines)
    return clean if len(clean) <= limit else f"{clean[:limit]}\n[{len(clean) - limit} more characters]"
