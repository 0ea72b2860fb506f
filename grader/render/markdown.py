"""A report as Markdown: a comment on a pull request.

By GitHub's *GitHub Flavored Markdown Spec*:

1. What a submission had a hand in stands in fenced blocks of code, where nothing is markup: no link, no picture
   that tells who looked, no `@name` that calls somebody, no `#1`. The fence is longer than any run of backticks in
   it.
2. Titles are the course's words. Each punctuation mark in them is escaped, and what makes a link or calls somebody
   is taken apart by a word joiner.
3. A comment may have 65,536 characters: what is too long is cut after a part, and that is said.
"""

from __future__ import annotations

import re

from grader.render.wording import STATUS, line, part_lines, whole_lines
from grader.report import PartReport, Report, plain

_MOST = 60_000
_MARK = "<!-- grader -->"
"""The first line: a workflow finds its earlier comment by it."""
_ICONS = {"right": "✅", "partial": "🟡", "wrong": "❌", "no_answer": "❌", "needs_review": "📝"}
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_CALLS = re.compile(r"(?i)(@|#|:(?=//)|www(?=\.))")


def markdown(report: Report) -> str:
    """Return a report, reduced to what its reader may see, as a comment."""
    blocks = [f"{_MARK}\n## {escaped(report.title)}: {_total(report)}\n"]
    about = list(whole_lines(report))
    if about:
        blocks.append(fenced(about))
    if report.parts:
        rows = "".join(map(_row, report.parts))
        blocks.append(f"| part | | score | |\n|---|---|---:|---|\n{rows}")
    return _bounded(blocks, [_details(part) for part in report.parts if part_lines(part)])


def _bounded(blocks: list[str], details: list[str]) -> str:
    room = _MOST - sum(map(len, blocks))
    for number, block in enumerate(details):
        room -= len(block) + 1
        if room < 0:
            blocks.append(f"What there is to say of {len(details) - number} more parts does not fit here.\n")
            break
        blocks.append(block)
    return "\n".join(blocks)[: _MOST + 2000]


def _total(report: Report) -> str:
    if report.score is None:
        return "not graded"
    earned = report.score if report.final_score is None else report.final_score
    automatic = plain(report.max_score - report.pending_points)
    waiting = f", and {plain(report.pending_points)} more await a person" if report.pending_points else ""
    return f"{plain(earned)} of {automatic}{waiting}"


def _row(part: PartReport) -> str:
    score = f"{plain(part.score)}/{plain(part.max_score)}"
    cells = (escaped(part.id), escaped(part.title), score, f"{_ICONS[part.status]} {STATUS[part.status]}")
    return f"| {' | '.join(cells)} |\n"


def _details(part: PartReport) -> str:
    return f"**Part {escaped(part.id)}**\n\n{fenced(part_lines(part))}"


def escaped(text: str) -> str:
    """Return the course's own words so that they are only words."""
    apart = _CALLS.sub("\\1\u2060", line(text, 300).strip())
    return _PUNCTUATION.sub(r"\\\1", apart)


def fenced(lines: list[str]) -> str:
    """Return lines as a block in which nothing is markup."""
    text = "\n".join(map(line, lines))
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}\n"
