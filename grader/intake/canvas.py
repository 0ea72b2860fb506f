"""Canvas's *Download submissions*: one folder of files, whose names tell whose they are.

The names are made by Canvas's `lib/content_zipper.rb` (`get_filename`, `add_upload_submission`), which is
public:

1. `<name>_[LATE_]<user>_<attachment>_<file>`: the name is last and first name in small letters, or a group's, of
   what Ruby's `[[:word:]]` matches (letters, marks, digits, connecting punctuation, the two joiners), so that of a
   name of symbols alone nothing is left; the user is a number.
2. `[LATE_]anon_<id>_<attachment>_<file>` where grading is anonymous; the id is of letters and digits.
3. `LATE` says that it came late, not by how much. Canvas knows the others to be in time.
4. `<name>_[LATE_]<user>_text.html` and `..._link.html` are a text and a link in place of a file.
5. A user has one name, an attachment one file. Most attachments are one submission's; members of a group that are
   graded one by one share theirs.
6. A file name that a student had used before gets `-1`, `-2`, ... before its ending (Canvas's guide for
   instructors, "How do I download all student submissions?"). It is taken off again, so that files can import
   each other; of two that then are the same, the one with the higher attachment number was handed in last.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.intake.folders import Entry
from grader.intake.model import Piece
from grader.intake.names import bounded, safe_id
from grader.submission import Person

_WHOSE = r"(?:(?P<late_anon>LATE_)?(?P<anon>anon_[A-Za-z0-9]+)|(?P<name>.*?)_(?P<late>LATE_)?(?P<user>\d+))"
_FILE = re.compile(_WHOSE + r"_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
_TEXT = re.compile(_WHOSE + r"_(?P<file>text|link)\.html", re.DOTALL)
_WORD = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})
_JOINERS = "\u200c\u200d"
_AGAIN = re.compile(r"(?P<stem>.+?)-(?P<number>\d{1,3})(?P<ending>\.\w+)")


def fits(entry: Entry) -> bool:
    """Return whether an entry is called as in a download of Canvas's."""
    return not entry.is_folder and _match(entry.name) is not None


def consistent(found: Sequence[Entry]) -> bool:
    """Return whether in entries that fit a number stands for one thing (5); a few copies may be among them."""
    matches = [match for match in (_match(entry.name) for entry in found) if match is not None]
    users = {(match["anon"] or match["user"], match["name"]) for match in matches}
    files = {(match["attachment"], match["file"]) for match in _uploads(matches)}
    doubled = sum(len(known) - len({number for number, _ in known}) for known in (users, files))
    return 2 * doubled < len(matches)


def numbered(found: Sequence[Entry]) -> bool:
    """Return whether most entries that fit have a number of their own, as in few conventions of a class's."""
    numbers = [match["attachment"] for match in _uploads(filter(None, (_match(entry.name) for entry in found)))]
    return not numbers or 2 * len(set(numbers)) > len(numbers)


def _uploads(matches: Iterable[re.Match[str]]) -> list[re.Match[str]]:
    return [match for match in matches if "attachment" in match.re.groupindex]


def pieces(found: Sequence[Entry]) -> list[Piece]:
    """Return each student's or group's work among the entries that fit."""
    whose = defaultdict(list)
    for entry in found:
        match = _match(entry.name)
        if match is not None and not entry.is_folder:
            whose[match["anon"] or match["user"]].append((match, entry.path))
    return [_piece(user, files) for user, files in whose.items()]


def _match(name: str) -> re.Match[str] | None:
    match = _TEXT.fullmatch(name) or _FILE.fullmatch(name)
    return match if match is not None and all(map(_is_word, match["name"] or "")) else None


def _is_word(character: str) -> bool:
    """Whether Canvas leaves a character in a name; `re` does not know marks, of which Hindi and Thai are full."""
    return unicodedata.category(character) in _WORD or character in _JOINERS


def _piece(user: str, found: list[tuple[re.Match[str], Path]]) -> Piece:
    name = bounded(found[0][0]["name"] or "")
    late = any(match["late"] or match["late_anon"] for match, _ in found)
    uploads = [(match, path) for match, path in found if "attachment" in match.re.groupindex]
    files, notes = _named(sorted(uploads, key=lambda upload: int(upload[0]["attachment"])))
    if late:
        notes.append("Canvas marks it as late; it does not say by how much")
    return Piece(
        id=safe_id(f"{name}_{user}" if name else user),
        people=(Person(user, name),),
        platform="canvas",
        files=tuple(files.items()),
        source=f"{name}_{user}" if name else user,
        late=late,
        late_seconds=None if late else 0.0,
        notes=tuple(notes),
        refusal="" if files else "a text or a link was handed in, no file",
    )


def _named(uploads: Sequence[tuple[re.Match[str], Path]]) -> tuple[dict[str, Path], list[str]]:
    files: dict[str, Path] = {}
    notes = []
    for match, path in uploads:
        again = _AGAIN.fullmatch(match["file"])
        name = again["stem"] + again["ending"] if again and len(uploads) > 1 else match["file"]
        if name in files:
            notes.append(f"{name} was handed in more than once; the last one was taken")
        files[name] = path
    return files, notes
