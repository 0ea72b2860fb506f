"""The file that a student starts from: every function and text that is asked for, and nothing of the answers."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterator

from grader.build.interface import Interface, interface
from grader.judge.checks import Equals
from grader.judge.sealed import is_exact
from grader.key import Key
from grader.plan import FunctionAnswer, Part, Plan, WrittenAnswer
from grader.reference import Reference
from grader.report import plain, points

_WIDTH = 84
_HEAD = '''"""{title}

Write each function in the place of its `raise NotImplementedError`, and each text between its quotes.
Keep the names and the order of the arguments: you are graded by them.
"""

import numpy as np
'''


def starter_text(plan: Plan, key: Key, reference: Reference) -> str:
    """Return the starter file.

    Args:
        plan: what is asked, in the order of the homework.
        key: tells which answers are exact.
        reference: gives the functions' parameters and shapes.
    """
    exact = _exact(plan, key)
    blocks = [_HEAD.format(title=_quoted(_sentence(plan.title)))]
    written: set[str] = set()
    for question in plan.questions:
        blocks.append(f"\n\n# Question {question.id}: {question.title}\n")
        for part in question.parts:
            blocks += [
                f"\n\n# {part.id}: {part.title} ({_worth(part)})\n",
                *_answers(part, reference, exact, written),
            ]
    return re.sub(r"\n{4,}", "\n\n\n", "".join(blocks))


def _exact(plan: Plan, key: Key) -> set[str]:
    """Return the functions some of whose answers are exact."""
    of_case = {
        case.id: answer.function
        for part in plan.parts()
        for answer in part.answers
        if isinstance(answer, FunctionAnswer)
        for case in answer.cases
    }
    return {
        of_case[item.case]
        for item in key.expectations
        for check in item.checks
        if isinstance(check, Equals) and any(is_exact(variant.value) for variant in check.variants)
    }


def _answers(part: Part, reference: Reference, exact: Collection[str], written: set[str]) -> Iterator[str]:
    for answer in part.answers:
        name = answer.variable if isinstance(answer, WrittenAnswer) else answer.function
        if name in written:
            yield f"# `{name}` is above.\n"
            continue
        written.add(name)
        if isinstance(answer, WrittenAnswer):
            yield f'\n\n{name} = """"""\n'
        else:
            yield _function(part, answer, reference, exact=name in exact)


def _function(part: Part, answer: FunctionAnswer, reference: Reference, *, exact: bool) -> str:
    function = reference.function(answer.function)
    assert function is not None  # the plan is compiled from it
    known = interface(answer.function, function, exact=exact)
    docstring = textwrap.indent("\n".join(_docstring(part, known)), "    ", lambda line: bool(line.strip()))
    return f"\n\ndef {known.signature}:\n{docstring}\n    raise NotImplementedError\n"


def _docstring(part: Part, known: Interface) -> Iterator[str]:
    head = _quoted(_sentence(f"{part.id}: {part.title}"))
    if not (known.shapes or known.arguments or known.result):
        yield f'"""{head}"""'
        return
    yield f'"""{head}'
    if known.shapes:
        yield f"\n{known.shapes}"
    if known.arguments:
        yield "\nArgs:"
        for name, text in known.arguments.items():
            yield textwrap.fill(f"{name}: {text}", _WIDTH, initial_indent="    ", subsequent_indent=" " * 8)
    if known.result:
        yield f"\nReturns:\n{textwrap.fill(known.result, _WIDTH, initial_indent='    ', subsequent_indent='    ')}"
    yield '"""'


def _worth(part: Part) -> str:
    worth = plain(points(part.points))
    return f"{worth} point{'' if worth == '1' else 's'}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _quoted(text: str) -> str:
    """Return a title as it may stand in a docstring."""
    return text.replace("\\", "\\\\").replace('"', "'")
