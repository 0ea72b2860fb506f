"""Names that strangers chose, made safe: as paths within a scratch folder, and as ids."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from grader.intake.bounds import MAX_DEPTH, MAX_NAME, MAX_PATH, Refusal

MAX_TEXT = 200
"""Characters of a person's name that are kept."""

_JUNK = frozenset({"__macosx", "__pycache__", "node_modules", "thumbs.db", "desktop.ini"})
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_MAX_ID = 80
# A report is called as its id: these are names of what stands beside the reports.
_TAKEN = frozenset({"run"})


def is_junk(name: str) -> bool:
    """Return whether a file or folder belongs to a computer, not to its owner: hidden, a cache, `__MACOSX`."""
    return name.startswith(".") or name.casefold() in _JUNK


def safe_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a path that stands in an archive, each a name that every file system takes.

    Backslashes separate, as old programs on Windows write them. Nothing is left of the archive itself (`./`).

    Raises:
        Refusal: the path leads out of the archive, or is longer or deeper than an honest one.
    """
    slashed = name.replace("\\", "/")
    if "\0" in name:
        raise Refusal(f"a name in the archive holds a NUL character: {_short(name)}")
    if slashed.startswith("/") or re.match(r"[A-Za-z]:/", slashed):
        raise Refusal(f"a file in the archive has an absolute path: {_short(name)}")
    raw = [part for part in slashed.split("/") if part not in {"", "."}]
    if ".." in raw:
        raise Refusal(f"a path in the archive leads out of it: {_short(name)}")
    parts = tuple(map(_safe_part, raw))
    if len(parts) > MAX_DEPTH + 1:
        raise Refusal(f"the archive holds more than {MAX_DEPTH} folders in folders: {_short(name)}")
    if len("/".join(parts).encode()) > MAX_PATH or any(len(part.encode()) > MAX_NAME for part in parts):
        raise Refusal(f"a name in the archive is too long: {_short(name)}")
    return parts


def _safe_part(part: str) -> str:
    # A Mac writes an accent as a character of its own; without this, two spellings of one name would be two files.
    text = unicodedata.normalize("NFC", part.encode(errors="replace").decode())
    text = _FORBIDDEN.sub("_", text)
    # Windows drops these from the end of a name.
    text = text[: len(text.rstrip(". "))] + "_" * (len(text) - len(text.rstrip(". ")))
    return f"_{text}" if _RESERVED.fullmatch(text) else text


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:77]}..."


def safe_id(text: str) -> str:
    """Return an id that resembles `text`; two texts may get the same."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", letters).lstrip(".-").rstrip(".")[:_MAX_ID].rstrip("._")
    return plain if plain.strip("_") and not _RESERVED.fullmatch(plain) else f"submission-{digest(text)}"


def exact_id(text: str) -> str:
    """Return `text` where it is an id that nothing of ours has, else one like it that no other text gets."""
    plain = safe_id(text)
    return plain if plain == text and plain.casefold() not in _TAKEN else f"{plain}-{digest(text)}"


def digest(text: str) -> str:
    """Return eight hexadecimal digits that tell `text` from others."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]


def bounded(text: str) -> str:
    """Return a person's name or address without what surrounds it, and no longer than anybody's is."""
    return unicodedata.normalize("NFC", text).strip()[:MAX_TEXT]
