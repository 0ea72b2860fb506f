"""A Gradescope container's folders and files, and the exam that `setup.sh` has locked away in one of them."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from grader.errors import HostError
from grader.grade import Exam
from grader.key.model import load_key
from grader.plan import load_plan
from grader.records import RecordError
from grader.rubric.gradescope import Gradescope

_CGROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_OWN_MB = 256
"""What the grader itself takes of a container's memory, with a worker that has just begun: 100 MiB measured."""
_LEAST_MB = 192


class Loaded(NamedTuple):
    """What the container was built for."""

    exam: Exam
    settings: Gradescope


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything is.

    Attributes:
        source: the unpacked zip.
        submission: what was handed in.
        results: where `results.json` goes.
        metadata: what the platform knows of the submission.
    """

    source: Path
    submission: Path
    results: Path
    metadata: Path

    @classmethod
    def under(cls, root: Path, source: Path | None = None) -> Places:
        """Return the places of a container whose folder is `root`."""
        return cls(
            source or root / "source",
            root / "submission",
            root / "results",
            root / "submission_metadata.json",
        )

    @property
    def protected(self) -> tuple[Path, ...]:
        """What no submission may read."""
        return (self.source, self.submission, self.results, self.metadata)

    def lock(self) -> None:
        """Leave everything to its owner, as far as the container lets us; the worker is another user."""
        if sys.platform != "win32":
            for path, mode in ((self.results, 0o700), (self.submission, 0o700), (self.metadata, 0o600)):
                with contextlib.suppress(OSError):
                    path.chmod(mode)

    def open_results(self) -> None:
        """Let whoever fetches the results read them, when no submission runs any more."""
        for path, mode in ((self.results, 0o755), (self.results / "results.json", 0o644)):
            with contextlib.suppress(OSError):
                path.chmod(mode)

    def load(self) -> Loaded:
        """Read the exam.

        Raises:
            HostError: it is not there, or is damaged.
        """
        folder = self.source / "exam"
        try:
            plan = load_plan((folder / "plan").read_bytes())
            key = load_key((folder / "key").read_bytes())
            settings = Gradescope.model_validate_json((folder / "settings.json").read_bytes())
        except OSError as error:
            raise HostError(f"{error.filename}: the exam cannot be read: {error.strerror}") from error
        except (RecordError, ValidationError) as error:
            raise HostError(f"{folder}: the exam is damaged; upload the zip again: {error}") from error
        if key.plan_digest != plan.digest:
            raise HostError(f"{folder}: plan and key are of two exams; upload the zip again")
        room = _memory_mb()
        most = plan.limits.memory_mb if room is None else max(min(plan.limits.memory_mb, room), _LEAST_MB)
        limits = dataclasses.replace(plan.limits, memory_mb=most)
        exam = Exam.of(plan, key)
        return Loaded(dataclasses.replace(exam, plan=dataclasses.replace(plan, limits=limits)), settings)


def _memory_mb() -> int | None:
    """Return what a worker may have of the container's memory; None where nothing bounds it.

    Beyond that the kernel would end a process of its own choice, perhaps the grader, and not the student's call.
    """
    if sys.platform == "win32":
        return None
    for name in _CGROUPS:
        with contextlib.suppress(OSError, ValueError):
            limit = int(Path(name).read_text(encoding="ascii"))
            if limit < os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"):
                return (limit >> 20) - _OWN_MB
    return None
