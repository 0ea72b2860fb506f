"""A report as JUnit XML, which GitLab, GitHub's actions, Jenkins and most others show.

By GitLab's page *Unit test reports* (the subset that it reads) and the cocotb project's *JUnit Tests Report
Reference* (what several readers have in common):

1. `testsuites` holds a `testsuite` for each part, with `tests`, `failures`, `errors`, `skipped` and `time`.
2. A `testcase` has `classname`, which GitLab shows as the suite, `name` and `time`. Of two with the same names
   GitLab takes the first: later ones get a number.
3. What is not right holds a `failure`, of which some readers show the attribute `message` and others the text;
   what a person marks is `skipped`. When the machine was at fault there is one `error`.
4. XML 1.0 has no control characters, not even escaped ones: they are written out, or replaced.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator

from grader.render.wording import case_title, line, whole_lines
from grader.report import CaseReport, PartReport, Report, plain

# What XML 1.0 allows (its section 2.2), less the halves of surrogate pairs.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> str:
    """Return a report, reduced to what its reader may see, as a file's content."""
    suites = [_fault(report)] if report.status == "host_fault" else [_suite(part) for part in report.parts]
    about = "\n".join(whole_lines(report))
    output = f"<system-out>{_escaped(about)}</system-out>\n" if about and report.status != "host_fault" else ""
    if output:
        said = _attributes(name="submission", tests="0", failures="0", errors="0", skipped="0", time="0")
        suites.append(f"<testsuite {said}>\n{output}</testsuite>\n")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{head}<testsuites {_attributes(name=report.title)}>\n{''.join(suites)}</testsuites>\n"


def _fault(report: Report) -> str:
    said = _attributes(message="\n".join(whole_lines(report)))
    case = f'<testcase classname="grader" name="grading" time="0">\n<error {said}/>\n</testcase>\n'
    return (
        f'<testsuite name="grader" tests="1" failures="0" errors="1" skipped="0" time="0">\n{case}</testsuite>\n'
    )


def _suite(part: PartReport) -> str:
    title = line(f"{part.id} {part.title} ({plain(part.score)}/{plain(part.max_score)})", 300)
    counts = Counter(_outcome(case) for case in part.cases)
    said = _attributes(
        name=title,
        tests=str(len(part.cases)),
        failures=str(counts["failure"]),
        errors="0",
        skipped=str(counts["skipped"]),
        time=f"{sum(case.seconds for case in part.cases):.6f}",
    )
    return f"<testsuite {said}>\n{''.join(_cases(part))}</testsuite>\n"


def _cases(part: PartReport) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for case in part.cases:
        name = case_title(case)
        seen[name] += 1
        unique = name if seen[name] == 1 else f"{name} [{seen[name]}]"
        said = _attributes(classname=line(part.id, 100), name=unique, time=f"{case.seconds:.6f}")
        yield f"<testcase {said}>\n{_result(case)}</testcase>\n"


def _outcome(case: CaseReport) -> str:
    return {"right": "", "needs_review": "skipped"}.get(case.status, "failure")


def _result(case: CaseReport) -> str:
    message = line(case.message)
    match _outcome(case):
        case "failure":
            return f"<failure {_attributes(type=case.status, message=message)}>{_escaped(message)}</failure>\n"
        case "skipped":
            return f"<skipped {_attributes(message=message)}/>\n"
    return ""


def _attributes(**values: str) -> str:
    return " ".join(f'{name}="{_escaped(value)}"' for name, value in values.items())


def _escaped(text: str) -> str:
    return html.escape(_FORBIDDEN.sub("\ufffd", text))
