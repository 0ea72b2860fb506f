"""The grading of the one submission in a Gradescope container, with results on disk at every moment."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

from grader.attempts import automatic_points, changes, counting_score, kept_score, refusal
from grader.batch import ResultsFolder
from grader.cli.places import Loaded, Places
from grader.errors import HostError, UserError
from grader.grade import Exam, grade
from grader.intake.metadata import Metadata, read_metadata
from grader.intake.model import Refused
from grader.intake.single import take_one
from grader.plainly import told
from grader.render.autograded import results, shows_points, ungraded, veil_of
from grader.render.gradescope import Results
from grader.report import Report
from grader.sandbox import ProcessBox, canaries
from grader.submission import NOWHERE, Origin, Submission, read_submission

FILE = "results.json"
_EVERY_SECONDS = 0.5
_UNFINISHED = (
    "Grading was ended before it was done. These are the points for what had been asked until then. "
    "Tell course staff; they can run the grading again."
)
_MOST_TOLD = 200_000
_ONE_OF = ("uid", "landlock")


def say(line: str) -> None:
    """Tell course staff; students do not see what is printed."""
    try:
        print(line[:_MOST_TOLD], flush=True)  # noqa: T201  (a command's voice)
    except OSError:
        # A full disk or a reader who has gone must not cost the student a mark; what waits to be told would
        # fail once more at the end.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (for the rest of the process)


class Sitting:
    """One submission in one container.

    Args:
        places: of the container.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._known = Metadata()
        self._loaded: Loaded | None = None
        self._has_points = False
        self._listener: _Listener | None = None

    def grade(self) -> int:
        """Grade it, and return the exit status.

        Raises:
            GraderError: the container is at fault; `give_up` says so to the student.
        """
        places = self._places
        self._known = read_metadata(places.metadata)
        loaded = self._loaded = places.load()
        self._check_known(loaded)
        why = refusal(self._known, loaded.settings)
        if why:
            say(f"autograder: not graded: {why}")
            self._write(self._ungraded("Not graded: too many submissions", (why, *self._keeping()), alarm=False))
            return 0
        # Until there is more, what stands already is better than nothing.
        self.give_up()
        places.lock()
        try:
            return self._graded(loaded)
        finally:
            places.open_results()

    def give_up(self) -> None:
        """Keep what was graded until now, or say that nothing was.

        Raises:
            GraderError: it cannot be written.
        """
        if self._listener is not None:
            self._listener.show_latest()
        if not self._has_points:
            lines = ("This submission has not been graded: the grading did not come to its end.", *self._keeping())
            if self._loaded is not None or not (self._places.results / FILE).exists():
                self._write(self._ungraded("Not graded", lines, alarm=True))

    def _check_known(self, loaded: Loaded) -> None:
        """Refuse to grade by rules that need what cannot be read."""
        if not self._known.problem:
            if (loaded.exam.plan.late and self._known.origin.late is None) or (
                loaded.settings.per_day and self._known.time is None
            ):
                say("autograder: submission_metadata.json does not say when this was handed in, or was due:")
                say("autograder: nobody is late, and nobody has handed in too often")
            return
        if not self._places.metadata.exists():
            say("autograder: there is no submission_metadata.json: nobody is late, and nothing came before")
            return
        settings = loaded.settings
        if loaded.exam.plan.late or settings.per_day or settings.keep == "best":
            raise HostError(self._known.problem)
        say(f"autograder: {self._known.problem}")

    def _graded(self, loaded: Loaded) -> int:
        with contextlib.closing(ProcessBox("auto", self._places.protected)) as box:
            box.warm_up(1)
            check_wall(box)
            with tempfile.TemporaryDirectory(prefix="grader-unpacked-") as scratch:
                submission, notes = handed_in(self._places.submission, Path(scratch), self._known.origin)
                self._listener = _Listener(lambda report: self._show(report, (_UNFINISHED, *notes), whole=False))
                report = grade(loaded.exam, submission, box, clock, self._listener)
        self._listener = None
        if report.status == "host_fault":
            # What was asked until then says little of the submission, and nothing of what the machine did to it.
            self._has_points = False
            raise HostError("; ".join(report.staff_messages))
        self._show(report, notes, whole=True)
        say("\n".join(account(report)))
        return 0

    def _show(self, report: Report, lines: tuple[str, ...], *, whole: bool) -> None:
        """Write the results of a report that has points."""
        assert self._loaded is not None
        exam, settings = self._loaded
        final = report.score if report.final_score is None else report.final_score
        most = automatic_points(exam.plan)
        score, best = counting_score(float(final or 0), self._known.earlier, settings, most)
        shown = [part for part in report.parts if shows_points(part, settings)]
        if len(shown) < len(report.parts) and settings.keep == "best":
            # Which of two submissions is better tells of points that are hidden.
            best = "Of all your submissions, the best one's score counts."
        changed = changes(shown, self._known.earlier)
        said = tuple(filter(None, (*lines, best, changed)))
        self._write(results(report, settings, said, score, whole=whole))
        self._has_points = True

    def _ungraded(self, title: str, lines: tuple[str, ...], *, alarm: bool) -> Results:
        if self._loaded is None:
            return ungraded(title, lines, 0.0, "visible", alarm=alarm)
        exam, settings = self._loaded
        kept = kept_score(self._known.earlier, settings, automatic_points(exam.plan))
        veil = veil_of((case.visibility for case in exam.plan.cases()), settings)
        return ungraded(title, lines, kept or 0.0, veil, alarm=alarm)

    def _keeping(self) -> tuple[str, ...]:
        if self._loaded is None or all(item.score is None for item in self._known.earlier):
            return ()
        which = "best" if self._loaded.settings.keep == "best" else "last"
        return (f"The score of your {which} submission stands.",)

    def _write(self, content: Results) -> None:
        ResultsFolder(self._places.results).write(FILE, [content.to_json()])


class _Listener:
    """Writes what is known so far, now and then; what cannot be written then may be at the end."""

    def __init__(self, show: Callable[[Report], None]) -> None:
        self._show = show
        self._latest: Callable[[], Report] | None = None
        self._next = time.monotonic() + _EVERY_SECONDS

    def __call__(self, make: Callable[[], Report]) -> None:
        now = time.monotonic()
        self._latest = make
        if now >= self._next:
            self.show_latest()
            # However long that takes, most of the time is for the submission.
            self._next = time.monotonic() + max(_EVERY_SECONDS, 4 * (time.monotonic() - now))

    def show_latest(self) -> None:
        """Write what is known, if it is not written yet."""
        make, self._latest = self._latest, None
        if make is not None:
            with contextlib.suppress(HostError, UserError):
                self._show(make())


def handed_in(folder: Path, scratch: Path, origin: Origin) -> tuple[Submission, tuple[str, ...]]:
    """Return the submission in a folder, and what its student should know about which file was taken.

    Raises:
        HostError: nothing can be unpacked.
    """
    found = take_one(folder, scratch)
    if isinstance(found, Refused):
        return Submission("submission", "", (), origin=origin, refusal=found.reason), ()
    try:
        submission = read_submission(found.path, "submission", entry=found.entry, origin=origin)
    except UserError as error:
        why = str(error).removeprefix(f"{found.path}: ").removeprefix(f"{found.path}/")
        return Submission("submission", "", (), origin=origin, refusal=why), ()
    return submission, tuple(told(f"{note[:1].upper()}{note[1:]}.", 600) for note in found.notes)


def check_wall(box: ProcessBox) -> tuple[canaries.Attempt, ...]:
    """Send the canaries in, and refuse a box from which the answers can be read.

    Raises:
        HostError: it does not hold.
    """
    attempts = canaries.judge(box)
    if box.exposed():
        say(f"autograder: without another user, a submission could read {', '.join(box.exposed())}")
    layers = {layer.name: layer for layer in box.layers()}
    if not any(layers[name].in_force for name in _ONE_OF if name in layers):
        why = "; ".join(f"{name}: {layers[name].detail}" for name in _ONE_OF if name in layers)
        raise HostError(f"a submission could read the answers here: {why}")
    return attempts


def self_test(places: Places) -> int:
    """Grade the canaries and an empty submission, say how the wall stands, and return the exit status.

    Raises:
        HostError: nothing can be graded here, or not safely.
    """
    exam = places.load().exam
    with contextlib.closing(ProcessBox("auto", places.protected)) as box:
        attempts = check_wall(box)
        for layer in box.layers():
            say(f"self-test: {layer.name}: {'in force' if layer.in_force else 'not in force'} ({layer.detail})")
        for attempt in attempts:
            say(f"self-test: {attempt.what}: {'held' if attempt.held else 'NOT HELD'} ({attempt.detail})")
        _grade_nothing(exam, box)
    say(f"self-test: {exam.plan.assignment}, {sum(1 for _ in exam.plan.parts())} parts: ready")
    return 0


def _grade_nothing(exam: Exam, box: ProcessBox) -> None:
    with tempfile.TemporaryDirectory(prefix="grader-empty-") as folder:
        file = Path(folder) / "submission.py"
        file.write_text("answer = 1\n", encoding="utf-8")
        report = grade(exam, read_submission(file, "self-test", origin=NOWHERE), box, clock)
    if report.status != "graded" or report.score:
        raise HostError(f"an empty submission came back {report.status} with {report.score} points")


def clock() -> tuple[float, str]:
    """Return seconds from some start, and the time of day."""
    return time.monotonic(), datetime.now(timezone.utc).isoformat(timespec="seconds")


def account(report: Report) -> Iterator[str]:
    """Yield what staff want to know of a report, a line each."""
    yield f"autograder: {report.title}: {report.score} of {report.max_score}, {report.pending_points} pending"
    yield f"autograder: files: {', '.join(file.name for file in report.submission.files)[:2000]}"
    for name, stands in report.isolation.items():
        if stands != "in force":
            yield f"autograder: layer {name} {stands}"
    yield from report.staff_messages
    for part in report.parts:
        yield f"{part.id}: {part.score}/{part.max_score} {part.status}"
        for case in part.cases:
            if case.status != "right":
                yield told(f"  {case.answer}, {case.name} ({case.visibility}): {case.staff_message}", 4000)
