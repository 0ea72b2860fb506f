"""What a file's lines import, read off as text: no parser reads a student's file here, or is held up by it."""

from __future__ import annotations

import re

_IMPORTS = re.compile(rb"^[ \t]*(from|import)[ \t]+([^\n#;]*)", re.MULTILINE)


def imported_modules(source: bytes) -> set[str]:
    """Return the top-level names of the modules that lines of `source` import; relative ones have none.

    A line of a text that looks like an import counts as one.
    """
    found = set[bytes]()
    for how, rest in _IMPORTS.findall(source):
        for item in rest.split(b",") if how == b"import" else [rest]:
            found.update(word.partition(b".")[0] for word in item.split()[:1])
    return {name.decode(errors="replace") for name in found if name}
