"""`grade SUBMISSION...`: grade files with a rubric and leave a report for each."""

from __future__ import annotations

import gc
import os
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.running import finish

app = typer.Typer(add_completion=True, rich_markup_mode="rich", pretty_exceptions_enable=False)

_EPILOG = """
[bold]Examples[/bold]

  grade homework.py                      the table, and reports/homework.json

  grade *.py --out marks                 a report each under marks/

  grade homework.py --student            only what its student may see

  grade homework.py --json | jq .score   the report alone on standard output

  grade homework.py --watch              again at each save

  grade --only 1H,2A -- -odd.py          two parts of -odd.py

[bold]Exit status[/bold]: 0 graded,
1 below --fail-under (with a self-check kit: something is wrong),
2 a mistake in the call, the rubric or the reference,
3 the machine is at fault, 130 interrupted.
"""


class GradebookName(str, Enum):
    """Whose gradebook."""

    canvas = "canvas"
    moodle = "moodle"
    gradescope = "gradescope"


class FormatName(str, Enum):
    """What reads the report."""

    junit = "junit"
    prairielearn = "prairielearn"
    autolab = "autolab"
    markdown = "markdown"


class IsolationName(str, Enum):
    """How much of a wall is asked for."""

    strict = "strict"
    auto = "auto"
    off = "off"


@app.command(epilog=_EPILOG)
def grade(  # noqa: PLR0913  (a command's options)
    submissions: Annotated[
        list[Path],
        # A file that cannot be read is refused later, in a line, and does not keep the others from being graded.
        typer.Argument(
            metavar="SUBMISSION...",
            help="Python files, folders, archives, or a platform's download of a class.",
            show_default=False,
            readable=False,
        ),
    ],
    *,
    rubric: Annotated[
        Path | None,
        typer.Option(help="The rubric or self-check kit; by default under rubrics/ or selfcheck/, here or above."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the reports go.")] = Path("reports"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report alone, as JSON, and write nothing.")
    ] = False,
    form: Annotated[
        FormatName | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help="Print what the student may see as a platform reads it, and write nothing: "
            "junit, prairielearn, autolab or markdown.",
        ),
    ] = None,
    student: Annotated[bool, typer.Option("--student", help="Show only what a student may see.")] = False,
    only: Annotated[
        str | None, typer.Option(help="Grade these parts alone, for instance 1H,2A.", metavar="PARTS")
    ] = None,
    fail_under: Annotated[
        float | None,
        typer.Option(
            help="Exit with 1 below this percentage of the points that no person must mark.", min=0, max=100
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(help="Processes that grade side by side; by default one for each processor.", min=1, max=256),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Grade also what has a report by the same rubric and grader already.")
    ] = False,
    gradebook: Annotated[
        list[GradebookName],
        typer.Option(
            metavar="NAME",
            help="Of many: also write the gradebook as this platform imports it: canvas, moodle or gradescope; "
            "may be repeated.",
        ),
    ] = [],  # noqa: B006  (typer's way to say none)
    cluster: Annotated[
        str,
        typer.Option(help="Grade on a Dask cluster: tcp://host:8786, or local:N for one here.", metavar="ADDRESS"),
    ] = "",
    watch: Annotated[bool, typer.Option("--watch", help="Grade again at each save, until Ctrl-C.")] = False,
    limit_seconds: Annotated[
        float | None, typer.Option(help="Seconds for each call, instead of the rubric's.", min=0.01, max=3600)
    ] = None,
    isolation: Annotated[
        IsolationName,
        typer.Option(
            help="strict: refuse to run without a full wall; auto: use what there is; off: trust the code."
        ),
    ] = IsolationName.auto,
) -> None:
    """Grade submissions: run them in a sealed process, score them, say what is wrong."""
    if as_json and form:
        raise typer.BadParameter("--json and --format exclude each other")
    if only is not None and not only.strip(" ,"):
        # An unset variable of a script's, say: all parts are not what it asks for.
        raise typer.BadParameter("--only names no part")

    def work() -> int:
        from grader.cli import grading  # noqa: PLC0415  (numpy and pydantic, which --help need not wait for)

        request = grading.Request(
            submissions=tuple(submissions),
            rubric=rubric,
            out=None if as_json or form else out,
            student=student,
            only=tuple(filter(None, map(str.strip, (only or "").split(",")))),
            fail_under=fail_under,
            limit_seconds=limit_seconds,
            isolation=isolation.value,
            jobs=jobs,
            fresh=fresh,
            cluster=cluster,
            gradebooks=tuple(item.value for item in gradebook),
            form=form.value if form else "json",
        )
        if watch:
            from grader.cli.watching import grade_at_each_save  # noqa: PLC0415  (only then)

            return grade_at_each_save(submissions, out, lambda: grading.grade_files(request))
        return grading.grade_files(request)

    finish("grade", work)


def main() -> None:
    """Run the `grade` command and exit with its status."""
    # What is imported stays: looking for garbage among it takes a tenth of a short run.
    gc.disable()
    # No plugin that happens to be installed has a say in what a report holds; looking for them takes time, too.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    # Numpy's BLAS starts a thread for each processor when it is imported; a homework's matrices are done before
    # those are awake. Workers have one thread, too.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app(prog_name="grade")
