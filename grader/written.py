"""A notebook's Markdown as written answers.

1. The text below a heading that names a part (`## 1I`, `## Question 1I: softmax`) or a variable (`## ANSWER_1I`)
   is the written answer of that part: of its first one, where it has several.
2. It goes on to the next heading that is not below this one, or that names something of the plan, too.
3. Below several such headings, their texts together are the answer.
4. A text that the notebook's code gives the variable comes first. Where that is missing or empty, this one counts,
   also when the code could not be run at all.

Nothing of this enters the box.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Mapping

from grader import outcome as oc
from grader.notebook import Section
from grader.plan import Plan, WrittenAnswer
from grader.submission import Submission

_LEADING = frozenset({"answer", "exercise", "part", "problem", "q", "question", "réponse", "exercice", "partie"})


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
        elif section.level <= level:
            variable = ""
        if variable:
            found.setdefault(variable, []).append((heading, section.text))
    return {
        variable: "\n\n".join(filter(None, itertools.chain(*pieces)))
        for variable, pieces in found.items()
        if any(text for _, text in pieces)
    }


def _names(plan: Plan) -> dict[str, str]:
    """Return the variable that each name of the plan stands for; nothing for a part without a written answer."""
    names = {}
    for part in plan.parts():
        written = [answer.variable for answer in part.answers if isinstance(answer, WrittenAnswer)]
        names[part.id.casefold()] = written[0] if written else ""
        names |= {variable.casefold(): variable for variable in written}
    return names


def _named(heading: str, names: Mapping[str, str]) -> str | None:
    """Return the variable that a heading stands for; None when it names nothing of the plan."""
    words = [word.strip("*_`~:.,;()[]-\u2013\u2014").casefold() for word in heading.split()[:3]]
    # An id, or a variable, may itself start or end so.
    exact = [word.casefold() for word in heading.split()[:2]]
    first = 1 if words and words[0] in _LEADING else 0
    candidates = [*exact[first : first + 1], *words[first : first + 1]]
    return next((names[word] for word in candidates if word in names), None)
