"""The work of `grade`: find the rubric, grade each file, print and write what came of it."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console

from grader.errors import HostError, UserError
from grader.grade import Exam, grade
from grader.key import compile_rubric
from grader.plainly import printable
from grader.render.terminal import table
from grader.report import Report, for_student
from grader.rubric import LoadedRubric, load_rubric
from grader.sandbox import Isolation, ProcessBox, canaries
from grader.sandbox.parent import close_to_tracers
from grader.submission import read_submission, submission_ids

_NARROWEST, _WIDTH = 20, 80


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for; `out` is None for JSON on standard output."""

    submissions: tuple[Path, ...]
    rubric: Path | None
    out: Path | None
    student: bool
    only: tuple[str, ...]
    fail_under: float | None
    limit_seconds: float | None
    isolation: Isolation


def grade_files(request: Request) -> int:
    """Grade every submission and return the exit status.

    A file that cannot be read does not keep the others from being graded.

    Raises:
        GraderError: nothing could be graded, or the machine is at fault.
    """
    close_to_tracers()
    file = request.rubric or find_rubric(Path.cwd())
    loaded = load_rubric(file)
    paths = list({os.path.normpath(path.absolute()): path for path in request.submissions}.values())
    reference = file.parent / loaded.rubric.reference
    secret = [file.parent, reference.parent, request.out or file, *(path.absolute().parent for path in paths)]
    protected = {Path(os.path.normpath(path.absolute())): None for path in secret}
    with contextlib.closing(ProcessBox(request.isolation, protected)) as box:
        # One for the canaries, one for the first submission; both get ready while the rubric is compiled.
        box.warm_up(2)
        exam = _exam(loaded, file.parent, request)
        _warn_of_holes(box, canaries.judge(box))
        gc.freeze()
        gc.enable()
        reports, faults = [], []
        for path, submission_id in zip(paths, submission_ids(paths), strict=True):
            try:
                submission = read_submission(path, submission_id)
            except UserError as error:
                faults.append(error)
                continue
            report = grade(exam, submission, box, _clock)
            reports.append(report)
            if request.out is not None:
                _show(report, request, _write(report, request.out))
    if request.out is None and reports:
        _print_json([for_student(report) if request.student else report for report in reports])
    return _status(reports, faults, request)


def _status(reports: list[Report], faults: list[UserError], request: Request) -> int:
    if faults:
        raise UserError("\n".join(map(str, faults)))
    broken = [report for report in reports if report.status == "host_fault"]
    if broken:
        raise HostError("; ".join(broken[0].staff_messages))
    share = request.fail_under
    return int(share is not None and any(_percentage(report) < share for report in reports))


def _percentage(report: Report) -> float:
    automatic = report.max_score - report.pending_points
    return float(100 * (report.score or 0) / automatic) if automatic else 100.0


def _warn_of_holes(box: ProcessBox, attempts: tuple[canaries.Attempt, ...]) -> None:
    loose = [attempt.what for attempt in attempts if not attempt.held]
    loose += [f"read {path}" for path in box.exposed()]
    if loose:
        message = f"grade: warning: a submission can do this here: {', '.join(loose)} (see `grader doctor`)"
        print(message, file=sys.stderr)  # noqa: T201  (a command's voice)


def _exam(loaded: LoadedRubric, folder: Path, request: Request) -> Exam:
    plan, key = compile_rubric(loaded, folder)
    exam = Exam.of(plan, key)
    if request.only:
        exam = exam.only(request.only)
    return exam.with_seconds(request.limit_seconds) if request.limit_seconds else exam


def find_rubric(folder: Path) -> Path:
    """Return the only rubric under `rubrics/` in `folder` or the nearest of its parents that has one.

    Raises:
        UserError: there is none, or more than one.
    """
    for place in (folder, *folder.parents):
        found = sorted([*place.glob("rubrics/*.yaml"), *place.glob("rubrics/*.yml")])
        if len(found) == 1:
            return Path(os.path.relpath(found[0], Path.cwd()))
        if found:
            names = ", ".join(file.name for file in found)
            raise UserError(f"{place / 'rubrics'} holds several rubrics ({names}); choose one with --rubric")
    raise UserError("there is no rubrics/ folder here or above; name the rubric with --rubric")


def _clock() -> tuple[float, str]:
    return time.monotonic(), datetime.now(timezone.utc).isoformat(timespec="seconds")


def _write(report: Report, folder: Path) -> Path:
    """Write a report so that at any moment the file is whole: the old one or the new one."""
    target = folder / f"{report.submission.id}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _replacing(target) as name:
            Path(name).write_text(report.to_json(), encoding="utf-8")
    except (FileExistsError, NotADirectoryError) as error:
        raise UserError(f"{folder}: the reports cannot go there, it is not a folder") from error
    except IsADirectoryError as error:
        raise UserError(f"{target}: the report cannot go there, it is a folder") from error
    except OSError as error:
        raise HostError(f"{target}: the report cannot be written: {error.strerror}") from error
    return target


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[str]:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".report-", suffix=".json")
    os.close(descriptor)
    try:
        yield name
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


class _Output(Console):
    def on_broken_pipe(self) -> None:
        """Let `finish` see it: rich would exit with 1, which here means too few points."""
        raise BrokenPipeError


def _show(report: Report, request: Request, written: Path) -> None:
    console = _Output(highlight=False, soft_wrap=False)
    if console.width < _NARROWEST:
        # Nothing at all fits; whoever says so (COLUMNS=0) does not mean it.
        console.width = _WIDTH
    shown = for_student(report) if request.student else report
    console.print(table(shown, student=request.student, width=console.width))
    console.print(f"Report: {printable(str(written))}", style="dim", soft_wrap=True, markup=False)


def _print_json(reports: list[Report]) -> None:
    if len(reports) == 1:
        sys.stdout.write(reports[0].to_json())
    else:
        items = [json.loads(report.to_json()) for report in reports]
        sys.stdout.write(json.dumps(items, indent=2, ensure_ascii=False) + "\n")
