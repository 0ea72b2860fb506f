"""A notebook's Markdown as written answers.

1. The text below a heading that names a part (`## 1I`, `## Question 1I: softmax`, `## 1.i)`) or a variable
   (`## ANSWER_1I`) is the written answer of that part: of its first one, where it has several. Marks, blanks and
   leading words (`Réponse à la question`) do not count.
2. It goes on to the next heading that is not below this one, or that names something of the plan, too. A heading
   that only says `Answer` ends nothing.
3. Below several such headings, their texts together are the answer.
4. A text that the notebook's code gives the variable comes first. Where that is missing or empty, this one counts,
   also when the code could not be run at all.

Nothing of this enters the box.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from grader import outcome as oc
from grader.notebook import Section
from grader.plan import Plan, WrittenAnswer
from grader.submission import Submission

_LEADING = frozenset({
    "answer", "exercise", "my", "part", "problem", "q", "question", "response", "solution", "task", "the", "to",
    "your", "a", "exercice", "l", "la", "ma", "n", "no", "numero", "partie", "probleme", "reponse", "votre",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+|\d+")
_BLANKS = re.compile(r"\s")
_ENDS = re.compile(r"[^\w\s]*(?:\s|$)")
_ENDS_MARKED = re.compile(r"[^\w\s]+(?:\s|$)|\s*([^\w\s]|$)")
_MOST_WORDS = 8
"""An id may have so many: `1. (b) ii` has three."""
_MOST_LETTERS = 200

_Words: TypeAlias = tuple[str, ...]


def with_prose(plan: Plan, submission: Submission, sitting: oc.Sitting) -> oc.Sitting:
    """Return a sitting in which the notebook's Markdown answers what its code does not."""
    if submission.notebook is None:
        return sitting
    found = _answers(plan, submission.notebook.sections)
    given = {
        variable: oc.Outcome(oc.Answered(text))
        for variable, text in found.items()
        if _is_open(sitting.texts.get(variable))
    }
    return dataclasses.replace(sitting, texts={**sitting.texts, **given})


def _is_open(outcome: oc.Outcome | None) -> bool:
    """Whether the code gives no text, so that the Markdown may."""
    result = outcome.result if outcome else None
    if isinstance(result, oc.Answered):
        return isinstance(result.value, str) and not result.value.strip()
    return True


def _answers(plan: Plan, sections: Iterable[Section]) -> dict[str, str]:
    names = _names(plan)
    found: dict[str, list[tuple[str, str]]] = {}
    variable, level = "", 0
    for section in sections:
        named, heading = _named(section.heading, names), section.heading
        if named is not None:
            variable, level, heading = named, section.level, ""
        elif section.level <= min(level, 6) and not _only_leads(heading):
            variable = ""
        if variable:
            found.setdefault(variable, []).append((heading, section.text))
    return {
        variable: "\n\n".join(filter(None, itertools.chain(*pieces)))
        for variable, pieces in found.items()
        if any(text for _, text in pieces)
    }


def _names(plan: Plan) -> dict[_Words, str]:
    """Return the variable that each name of the plan stands for; nothing for a part without a written answer."""
    names: dict[_Words, str] = {}
    for part in plan.parts():
        written = [answer.variable for answer in part.answers if isinstance(answer, WrittenAnswer)]
        names[_words(part.id)] = written[0] if written else ""
        names |= {_words(variable): variable for variable in written}
    return names


def _named(heading: str, names: Mapping[_Words, str]) -> str | None:
    """Return the variable that a heading stands for; None when it names nothing of the plan."""
    plain = _plain(heading)
    found = list(_WORD.finditer(plain))
    words = [word[0] for word in found]
    for first, word in enumerate(found):
        for end in range(min(first + _MOST_WORDS, len(words)), first, -1):
            name = tuple(words[first:end])
            if name in names and _is_all(plain, word.start(), found[end - 1].end()):
                return names[name]
        if words[first] not in _LEADING:
            return None
    return None


def _is_all(plain: str, start: int, end: int) -> bool:
    """Whether an id ends here: `1` not in `1.2`; with a blank in it (`1 a`), neither before a further word."""
    ends = _ENDS_MARKED if _BLANKS.search(plain, start, end) else _ENDS
    return ends.match(plain, end) is not None


def _only_leads(heading: str) -> bool:
    words = _words(heading)
    return bool(words) and _LEADING.issuperset(words)


def _words(text: str) -> _Words:
    """Return a text's words and numbers without case, accents and marks: `1.2 a)` is `1`, `2` and `a`."""
    return tuple(_WORD.findall(_plain(text)))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text[:_MOST_LETTERS].casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
