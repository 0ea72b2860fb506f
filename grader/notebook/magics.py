"""A code cell as Python alone: IPython's own lines are taken out, and every other line keeps its number.

IPython's transformer is not used: IPython and what it needs are some twenty packages, and its transformer runs a
tokenizer over the cell, again after each change. The rules are IPython's (`IPython/core/inputtransformer2.py`):

1. What the first line with text is indented by, or a prompt (`>>>`, `In [1]:`) that it begins with, comes off all
   lines.
2. A cell that starts with `%%name` is that magic's. The body is run where IPython runs it as Python whose names
   stay (`%%time`, `%%capture`, `%%prun`), else the cell is left out.
3. A line is IPython's if it starts a statement with `%` (magic), `!` (shell) or `?`, ends in `?` (help), or
   assigns what a magic or the shell gives (`files = !ls`). So is a bare command that IPython knows (`pip install
   ...`, `cd ..`). It goes on after a backslash. What `%time` times is a statement like any other.
4. No line is within a text or brackets that an earlier line has opened, nor after a backslash.

A line that is taken out leaves `pass` at its indentation, so that a block that held nothing else is still one. The
scan is one pass over the text, of a few regular expressions that never go back.
"""

from __future__ import annotations

import re

_RUN = frozenset({"time", "capture", "prun"})
_CELL_MAGIC = re.compile(r"\s*%%(\w*)")
_INDENT = re.compile(r"[ \t]+(?=\S)")
_PROMPTS = (re.compile(r"(?:>>>|\.\.\.)(?: |$)"), re.compile(r"In \[\d+\]: ?|[ \t]*\.{3,}: ?"))
_TIMED = re.compile(r"%time[ \t]+(?=[^\s-])")
_OURS = re.compile(
    r"[%!?]"
    r"|(?:pip3?|conda|mamba)\s+(?:install|uninstall|list|show|freeze|update|upgrade)\b"
    r"|(?:cd|ls|cat|cp|mv|rm|mkdir|rmdir)\s+(?:-\w|[\w./~])"
    r"|(?:matplotlib|load_ext|reload_ext|autoreload)\s+\w"
    r"|[^'\"#]*\?\s*$"
    r"|\w(?:[\w.*,\s:]|\[(?:'[^'=]*'|\"[^\"=]*\"|[^]='\"])*\])*=\s*[%!]"
)
_TOKEN = re.compile(r"#.*|'''|\"\"\"|'(?:\\.|[^'\\])*'?|\"(?:\\.|[^\"\\])*\"?|[()\[\]{}]|\\$")
_LONG = {quotes: re.compile(rf"\\.|{quotes}") for quotes in ("'''", '"""')}


def python_lines(cell: str) -> list[str]:
    """Return the lines of a cell with what is no Python taken out: as many lines as it has."""
    lines = _bared(cell.split("\n"))
    magic = _CELL_MAGIC.match("\n".join(lines))
    if magic is not None and magic[1] not in _RUN:
        return [""] * len(lines)
    scan, made, goes_on = _Scan(), [], False
    for line in lines:
        bare = line.lstrip()
        indent = line[: len(line) - len(bare)]
        timed = _TIMED.match(bare) if scan.is_start and not goes_on else None
        if timed and not _OURS.match(bare, timed.end()):
            made.append(indent + bare[timed.end() :])
            scan.feed(made[-1])
        elif goes_on or (scan.is_start and _OURS.match(bare)):
            made.append(f"{indent}pass" if not goes_on else "")
            goes_on = line.endswith("\\")
        else:
            made.append(line)
            scan.feed(line)
    return made


def _bared(lines: list[str]) -> list[str]:
    """Return the lines without what IPython takes off all of them, going by the first that holds anything."""
    first = next((line for line in lines if line.strip()), "")
    indent = _INDENT.match(first)
    if indent:
        lines = [line.removeprefix(indent[0]) for line in lines]
        first = first.removeprefix(indent[0])
    for prompt in _PROMPTS:
        if prompt.match(first) and not first.startswith("..."):
            return [prompt.sub("", line, count=1) if prompt.match(line) else line for line in lines]
    return lines


class _Scan:
    """Knows, line by line, whether the next one starts a statement."""

    def __init__(self) -> None:
        self._text = ""
        self._brackets = 0
        self._continued = False

    @property
    def is_start(self) -> bool:
        return not (self._text or self._brackets or self._continued)

    def feed(self, line: str) -> None:
        """Go through a line."""
        self._continued = False
        position = 0
        while position < len(line):
            found = self._end_of_text(line, position) if self._text else _TOKEN.search(line, position)
            if found is None:
                return
            if not self._text:
                self._note(found[0])
            elif found[0] == self._text:
                self._text = ""
            position = found.end()

    def _end_of_text(self, line: str, position: int) -> re.Match[str] | None:
        return _LONG[self._text].search(line, position)

    def _note(self, mark: str) -> None:
        if mark in _LONG:
            self._text = mark
        elif mark in "([{":
            self._brackets += 1
        elif mark in ")]}":
            self._brackets = max(self._brackets - 1, 0)
        elif mark == "\\":
            self._continued = True
