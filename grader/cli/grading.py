"""The work of `grade`: find the rubric, grade each file, print and write what came of it."""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from grader.batch import (
    Engine,
    Finished,
    Grade,
    LaneEngine,
    NoBox,
    Progress,
    ResultsFolder,
    SerialEngine,
    Task,
    grader_of,
)
from grader.cli.batching import Batch, default_jobs, grade_batch, grade_in_memory
from grader.cli.choose import is_rubric
from grader.cli.paper import Kit, Paper, choose_paper, named_paper, protected
from grader.cli.printing import Form, check_form, print_reports
from grader.cli.showing import deliver
from grader.errors import HostError, UserError
from grader.grade import Exam
from grader.intake import Handed, Refused, take_in
from grader.intake.scratch import scratch_folder, sweep, temporary_files
from grader.key import compile_rubric
from grader.render.gradebook import Shape
from grader.report import Report
from grader.sandbox import Isolation, ProcessBox, canaries
from grader.sandbox.parent import close_to_tracers
from grader.submission import Origin

_MOST_MISSING = 8


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for; `out` is None for reports on standard output, in this `form`.

    `until_right` asks for the exit status 1 as long as anything is wrong.
    """

    submissions: tuple[Path, ...]
    rubric: Path | None
    out: Path | None
    student: bool
    only: tuple[str, ...]
    fail_under: float | None
    limit_seconds: float | None
    isolation: Isolation
    jobs: int | None = None
    fresh: bool = False
    cluster: str = ""
    gradebooks: tuple[Shape, ...] = ()
    until_right: bool = False
    form: Form = "json"


def grade_files(request: Request) -> int:
    """Grade every submission and return the exit status.

    What cannot be read does not keep the others from being graded.

    Raises:
        GraderError: nothing could be graded, or the machine is at fault.
    """
    close_to_tracers()
    # A rubric's mistakes are told before a class is unpacked.
    paper = named_paper(request.rubric) if request.rubric else None
    sweep()
    with scratch_folder("unpacked") as scratch:
        faults = [
            f"{path}: this is called as a rubric, and is no submission; name it with --rubric"
            for path in request.submissions
            if is_rubric(path)
        ]
        doubts: list[str] = []
        submissions = [path for path in request.submissions if not is_rubric(path)]
        handed = take_in(submissions, scratch, doubts.append, request.out)
        paper = paper or choose_paper(Path.cwd(), [item.path for item in handed if isinstance(item, Handed)])
        if isinstance(paper, Kit):
            # Whoever has a kit is a student, and wants to know whether the work is done.
            request = replace(request, student=True, until_right=True)
        tasks = [_task(item, scratch) for item in handed if isinstance(item, Handed) or item.platform != "plain"]
        faults += [
            f"{item.source}: {item.reason}"
            for item in handed
            if isinstance(item, Refused) and item.platform == "plain"
        ]
        try:
            return _graded(request, paper, tasks, faults)
        finally:
            for doubt in doubts:
                _warn(doubt)


def _task(item: Handed | Refused, scratch: Path) -> Task:
    """Return what to grade; whom a platform names gets a report also for what cannot be graded."""
    if isinstance(item, Refused):
        return Task(item.id, Path(item.source), origin=Origin(item.platform, item.people), refusal=item.reason)
    times = (item.submitted_at, item.late, item.late_seconds)
    origin = Origin(item.platform, item.people, *times, item.notes)
    # Where it was unpacked is nobody's business.
    shown = item.id if scratch in item.path.parents else ""
    return Task(item.id, item.path, item.entry, origin, shown=shown)


def _graded(request: Request, paper: Paper, tasks: list[Task], faults: list[str]) -> int:
    check_form(request.form, len(tasks))
    secret = _protected(request, paper)
    # Whoever is killed, a lane or this process, cannot remove its own; workers may be other users.
    with temporary_files("work", 0o711), contextlib.closing(ProcessBox(request.isolation, secret)) as box:
        # It gets ready while the rubric is compiled.
        box.warm_up(2)
        exam = _exam(paper, request)
        # A student's own code may do whatever it likes to its owner's machine.
        if not isinstance(paper, Kit):
            _warn_of_holes(box, canaries.judge(box))
        gc.freeze()
        gc.enable()
        if len(tasks) > 1:
            layers, make_engine = box.layers(), functools.partial(_engine, request, exam, box)
            if request.out is None:
                return _printed(grade_in_memory(tasks, make_engine), request, faults)
            batch = Batch(exam, tasks, ResultsFolder(request.out), request.fresh, layers, request.gradebooks)
            progress = grade_batch(batch, make_engine)
            return _batch_status(progress, faults, request, batch.reports())
        graded = list(map(grader_of(exam, box, _clock), tasks))
    if request.out is None:
        return _printed(graded, request, faults)
    return _written(graded, request, request.out, faults)


def _printed(graded: Iterable[Finished], request: Request, faults: list[str]) -> int:
    reports = list(_reports(graded, faults))
    if reports:
        print_reports(reports, request.form, student=request.student)
    return _status(reports, faults, request)


def _written(graded: Iterable[Finished], request: Request, out: Path, faults: list[str]) -> int:
    reports = list(_reports(graded, faults))
    for report in reports:
        deliver(report, out, student=request.student, at_home=request.until_right)
    return _status(reports, faults, request)


def _reports(graded: Iterable[Finished], faults: list[str]) -> Iterator[Report]:
    """Yield the reports; what has none is a fault."""
    for finished in graded:
        if finished.status == "refused":
            faults.append(finished.line)
        else:
            yield Report.model_validate_json(finished.report)


def _engine(request: Request, exam: Exam, box: ProcessBox) -> Engine:
    @contextlib.contextmanager
    def equip() -> Iterator[Callable[[], Grade]]:
        with contextlib.closing(box.branch()) as branch:

            def prepare() -> Grade:
                # Its sockets must not live on in a lane, or the zygote would not see this process close them.
                box.close()
                branch.settle()
                return grader_of(exam, branch, _clock)

            yield prepare

    def give_up(task: Task, problem: str) -> Finished:
        return grader_of(exam, NoBox(problem), _clock)(task)

    if request.cluster:
        from grader.batch.cluster import ClusterEngine, Room  # noqa: PLC0415  (Dask, an optional extra)

        box.close()
        grading_room = Room(exam.plan.dump(), exam.key.dump(), request.isolation, _clock)
        return ClusterEngine(request.cluster, grading_room, give_up)
    jobs = request.jobs or default_jobs()
    if jobs == 1 or not hasattr(os, "fork"):
        return SerialEngine(grader_of(exam, box, _clock))
    return LaneEngine(jobs, equip, give_up)


def _protected(request: Request, paper: Paper) -> list[Path]:
    """Return the folders that no submission may read, even below those that Python needs."""
    beside = [path.absolute().parent for path in request.submissions]
    folders = [*protected(paper), *beside, *([request.out.absolute()] if request.out else [])]
    return list(dict.fromkeys(Path(os.path.normpath(folder)) for folder in folders))


def _batch_status(progress: Progress, faults: list[str], request: Request, reports: Iterator[Report]) -> int:
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(progress.statuses.items()))
    kept = f"{progress.kept} graded before" if progress.kept else ""
    print(f"{progress.total} submissions: {', '.join(filter(None, [counts, kept]))}")  # noqa: T201  (a command's voice)
    for line in progress.lines("unreadable"):
        # It has a report, which says the same to its student.
        _warn(line)
    _warn_of_missing(progress.missing)
    faults = [*faults, *progress.lines("refused")]
    if broken := progress.lines("host_fault"):
        raise HostError("\n".join([*broken, *faults]))
    if faults:
        raise UserError("\n".join(faults))
    return int(_falls_short(request, reports))


def _status(reports: list[Report], faults: list[str], request: Request) -> int:
    if not request.student:
        _warn_of_missing(Counter(name for report in reports for name in report.missing_modules))
    if faults:
        raise UserError("\n".join(faults))
    broken = [report for report in reports if report.status == "host_fault"]
    if broken:
        raise HostError("; ".join(broken[0].staff_messages))
    return int(_falls_short(request, reports))


def _falls_short(request: Request, reports: Iterable[Report]) -> bool:
    if request.fail_under is not None:
        share = request.fail_under
        return any(_percentage(report) < share for report in reports)
    return request.until_right and not all(map(_is_right, reports))


def _is_right(report: Report) -> bool:
    """Whether nothing is wrong; what a person marks is not."""
    cases = (case for part in report.parts for case in part.cases)
    return report.status == "graded" and all(case.status in {"right", "needs_review"} for case in cases)


def _percentage(report: Report) -> float:
    automatic = report.max_score - report.pending_points
    return float(100 * (report.score or 0) / automatic) if automatic else 100.0


def _warn_of_holes(box: ProcessBox, attempts: tuple[canaries.Attempt, ...]) -> None:
    loose = [attempt.what for attempt in attempts if not attempt.held]
    loose += [f"read {path}" for path in box.exposed()]
    if loose:
        _warn(f"a submission can do this here: {', '.join(loose)} (see `grader doctor`)")


def _warn_of_missing(modules: Counter[str]) -> None:
    if modules:
        found = ", ".join(f"{name} ({count})" for name, count in modules.most_common(_MOST_MISSING))
        more = f" and {len(modules) - _MOST_MISSING} more" if len(modules) > _MOST_MISSING else ""
        _warn(
            f"submissions import what is neither theirs nor installed here: {found}{more}; install what they may "
            "use where the grader is installed, and grade again with --fresh"
        )


def _warn(message: str) -> None:
    print(f"grade: warning: {message}", file=sys.stderr)  # noqa: T201  (a command's voice)


def _exam(paper: Paper, request: Request) -> Exam:
    if isinstance(paper, Kit):
        exam = Exam.of(paper.plan, paper.key)
    else:
        compiled = compile_rubric(paper, paper.document.file.parent)
        for warning in compiled.warnings:
            _warn(str(warning))
        exam = Exam.of(compiled.plan, compiled.key)
    if request.only:
        exam = exam.only(request.only)
    if request.limit_seconds:
        exam = exam.with_seconds(request.limit_seconds)
        # Marks may follow from the limit: a report that was made with another is not taken for one of these.
        exam = replace(exam, provenance=exam.provenance.model_copy(update={"plan": exam.plan.digest}))
    return exam


def _clock() -> tuple[float, str]:
    return time.monotonic(), datetime.now(timezone.utc).isoformat(timespec="seconds")
