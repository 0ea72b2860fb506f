"""The page that goes into a self-check kit, for a student who has never seen the grader."""

from __future__ import annotations

import textwrap

from grader.build.visible import NOTE
from grader.judge.checks import Present
from grader.key import Key
from grader.plan import FunctionAnswer, Plan

_UNSEEN = (
    "These are the visible cases only, {cases} of them. What you hand in is also asked cases that you do not see, "
    "so full points here are no promise. Think of zeros, negative numbers, a single entry, large entries, shapes "
    "that are not square. {absent}"
)
_PAGE = """\
# {title}: check your own work

This kit asks your functions the homework's visible cases, on your own computer, and says what is not right yet.
Nothing is uploaded, and no network is needed once it is installed.

## Set up, once

You need Python 3.10 or newer (`python3 --version`). In a terminal, in the folder that you unpacked:

    python3 -m venv .venv
    .venv/bin/python -m pip install ./{wheel} watchfiles

On Windows, in PowerShell or the command prompt:

    py -m venv .venv
    .venv\\Scripts\\python -m pip install ./{wheel} watchfiles

If you write in a notebook, add `nbformat` to that line, and whatever else your homework may import: `scipy`, say.

## Work

Write your answers into `submission.py`. It has every function and every text that is asked for. Then:

    .venv/bin/grade submission.py
    .venv/bin/grade submission.py --watch       again at each save, until Ctrl-C
    .venv/bin/grade submission.py --only {part}     one part

(On Windows `.venv\\Scripts\\grade` in the place of `.venv/bin/grade`. A file or notebook of another name is
graded in the same way.) The table says for each part what it has earned and what is wrong. It shows one wrong
call of each function; all of them are in `reports/submission.json`, which is for you and need not be handed in.
The command ends with status 0 when nothing is wrong any more, and with 1 as long as anything is; 2 means that
the command or a file's name is at fault, 3 that your computer is.

## What it does not tell

{unseen}
- Written answers are marked by a person: here you learn only whether there is a text. Functions without a visible
  case are checked by the grader when you have handed in. The last line counts the points of both.
- Some answers are sealed (integers, shapes, texts): the kit knows whether yours is right, and does not hold the
  right one. A small number can be found by trying; that teaches nothing, and when you hand in, other arguments
  come.
- Your code runs as you. Isolation protects a course from a stranger's code; yours needs none of it here, whatever
  your system. On Linux it runs much as it will when it is graded: without the network, without writing files.
  Elsewhere such code may work here and fail there.

Do not change anything under `selfcheck/`: it is what the check is made of.
"""


def kit_readme(shown: Plan, key: Key, wheel: str) -> str:
    """Return the page.

    Args:
        shown: the visible part of the plan.
        key: its key.
        wheel: file name of the grader's.
    """
    unasked = {item.case for item in key.expectations if Present() in item.checks}
    answers = [answer for part in shown.parts() for answer in part.answers if isinstance(answer, FunctionAnswer)]
    names = [f"`{answer.function}`" for answer in answers if answer.cases[0].id in unasked]
    absent = (
        f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} no visible case at all." if names else ""
    )
    cases = len(key.expectations) - len(unasked)
    paragraph = textwrap.fill(
        _UNSEEN.format(cases=cases, absent=absent).strip(), 113, initial_indent="- ", subsequent_indent="  "
    )
    return _PAGE.format(
        title=shown.title.removesuffix(f" ({NOTE})"), wheel=wheel, part=next(shown.parts()).id, unseen=paragraph
    )
