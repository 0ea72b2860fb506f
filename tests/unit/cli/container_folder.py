"""A folder with the layout of a Gradescope container, and an exam in it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from grader.build.gradescope import autograder_zip
from grader.cli.autograder import run
from grader.cli.gradescope import placeholder
from grader.key import Compilation
from grader.render.gradescope import Results
from grader.rubric.gradescope import Gradescope

GOOD = """
import numpy as np

def double(x):
    return 2 * np.asarray(x)

def total(x):
    return float(np.sum(x))
"""
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)


class Container:
    """A folder with a container's layout, and what can be seen from outside."""

    def __init__(self, root: Path, compiled: Compilation) -> None:
        self.root, self.compiled = root, compiled
        for name in ("source", "submission", "results"):
            (root / name).mkdir(parents=True)
        self.set_up()

    def set_up(self, **settings: Any) -> None:
        wanted, plan = Gradescope.model_validate(settings), self.compiled.plan
        made = autograder_zip(plan, self.compiled.key, wanted, placeholder(plan, wanted))
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            archive.extractall(self.root / "source")

    def hand_in(self, **files: str) -> None:
        for name, content in files.items():
            (self.root / "submission" / f"{name}.py").write_text(content)

    def tell(self, **known: Any) -> None:
        content = json.dumps({"created_at": NOW.isoformat(), **known})
        (self.root / "submission_metadata.json").write_text(content)

    def run(self, *more: str) -> int:
        return run(["--root", str(self.root), *more])

    def results(self) -> Results:
        return Results.model_validate_json((self.root / "results" / "results.json").read_bytes())

    def tests(self) -> dict[str, Any]:
        return {str(test.name): test for test in self.results().tests or ()}


def earlier(hours: float, score: float, *, counted: bool = True, **parts: float) -> dict[str, Any]:
    tests = [
        {"score": value, "visibility": "visible", "extra_data": {"part": part}} for part, value in parts.items()
    ]
    return {
        "submission_time": (NOW - timedelta(hours=hours)).isoformat(),
        "score": score,
        "autograder_error": False,
        "results": {"score": score, "tests": tests, "extra_data": {"counted": counted}},
    }
