"""The zip for Gradescope's *Configure Autograder*: scripts, our wheel, the exam compiled; never its sources."""

from __future__ import annotations

import json
from importlib.resources import files

from grader import __version__
from grader.build.archive import Member, zip_of
from grader.build.requirements import pinned, ranges
from grader.build.wheel import own_wheel
from grader.key import Key
from grader.plan import Plan
from grader.rubric.gradescope import Gradescope

EXAM = "exam"
"""The folder of the zip that nobody but root may read."""
SCRIPTS = ("setup.sh", "run_autograder")


def autograder_zip(plan: Plan, key: Key, settings: Gradescope, ungraded: str) -> bytes:
    """Return the archive; the same of the same, byte for byte.

    Args:
        plan: what is asked.
        key: what should come.
        settings: how the assignment behaves there.
        ungraded: the results that stand until there are others.

    Raises:
        HostError: the grader is not installed.
    """
    about = {"assignment": plan.assignment, "grader": __version__, "plan": plan.digest, "key": key.digest}
    texts = {
        f"{EXAM}/settings.json": settings.model_dump_json(indent=1) + "\n",
        f"{EXAM}/ungraded.json": ungraded,
        f"{EXAM}/about.json": json.dumps(about, indent=1) + "\n",
        "requirements.txt": pinned(settings.packages),
        "requirements-ranges.txt": ranges(settings.packages),
    }
    members = [Member(name, text.encode()) for name, text in texts.items()]
    members += [Member(f"{EXAM}/plan", plan.dump(), 0o600), Member(f"{EXAM}/key", key.dump(), 0o600)]
    return zip_of([*members, *map(_script, SCRIPTS), own_wheel()])


def _script(name: str) -> Member:
    content = (files("grader.build") / "container" / name).read_bytes()
    # Git on Windows may have ended the lines anew; then Linux looks for an interpreter called "bash\r".
    return Member(name, content.replace(b"\r\n", b"\n"), 0o755)
