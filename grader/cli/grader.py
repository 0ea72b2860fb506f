"""`grader`: sub-commands for those who prepare or look after an assignment."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.running import finish

app = typer.Typer(
    add_completion=True, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False
)


class SchemaName(str, Enum):
    """What there is a JSON Schema of."""

    rubric = "rubric"
    report = "report"
    check = "check"


@app.callback()
def about() -> None:
    """Prepare and look after assignments. To grade, use the command [bold]grade[/bold]."""


@app.command()
def schema(name: Annotated[SchemaName, typer.Argument(help="What to describe.", show_default=False)]) -> None:
    """Print the JSON Schema of a rubric, a report or a check; editors complete and check a rubric with it."""

    def work() -> int:
        from grader.cli.schema import print_schema  # noqa: PLC0415  (pydantic, which --help need not wait for)

        return print_schema(name.value)

    finish("grader", work)


_CHECK_EPILOG = """
[bold]Exit status[/bold]: 0 the rubric holds, 1 something is wrong, 2 a mistake in the call, the rubric or the
reference, 3 the machine is at fault, 130 interrupted.
"""


@app.command(epilog=_CHECK_EPILOG)
def check(
    rubric: Annotated[
        Path, typer.Argument(metavar="RUBRIC", help="The rubric to prove.", show_default=False, readable=False)
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON instead of a table.")] = False,
    out: Annotated[Path | None, typer.Option(help="Also write the JSON to this file.")] = None,
    min_score: Annotated[float, typer.Option(help="Least mutation score, in percent.", min=0, max=100)] = 95.0,
    jobs: Annotated[
        int | None, typer.Option(help="Processes that grade; by default one for each processor.", min=1, max=256)
    ] = None,
) -> None:
    """Prove a rubric: grade its reference, submissions that answer nothing, known mistakes, and small slips."""

    def work() -> int:
        from grader.cli.check import Request, check_rubric  # noqa: PLC0415  (numpy, which --help need not wait for)

        return check_rubric(Request(rubric, as_json, out, min_score, jobs))

    finish("grader", work)


_COMPARE_EPILOG = """
[bold]Exit status[/bold]: 0 nobody's marks differ, 1 somebody's do or are missing on one side, 2 a mistake in the
call or a damaged report, 3 the machine is at fault, 130 interrupted.
"""


@app.command(epilog=_COMPARE_EPILOG)
def compare(
    old: Annotated[
        Path,
        typer.Argument(metavar="OLD", help="The results folder, or the report, of before.", show_default=False),
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="That of now.", show_default=False)],
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a line of CSV for each that differs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """Compare two gradings: whose marks differ, in which parts, by how much, and why."""
    if as_csv and as_json:
        raise typer.BadParameter("--csv and --json exclude each other")

    def work() -> int:
        from grader.cli.compare import Request, compare_results  # noqa: PLC0415  (pydantic, which --help need not wait for)

        return compare_results(Request(old, new, "csv" if as_csv else "json" if as_json else "table"))

    finish("grader", work)


@app.command()
def gradescope(
    rubric: Annotated[
        Path,
        typer.Argument(metavar="RUBRIC", help="The rubric to build it of.", show_default=False, readable=False),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="The zip to write.")] = Path("autograder.zip"),
) -> None:
    """Build the autograder for Gradescope: a zip with the exam compiled, without the reference."""

    def work() -> int:
        from grader.cli.gradescope import Request, build_autograder  # noqa: PLC0415  (numpy, which --help need not wait for)

        return build_autograder(Request(rubric, out))

    finish("grader", work)


@app.command()
def starter(
    rubric: Annotated[
        Path,
        typer.Argument(metavar="RUBRIC", help="The rubric to write it of.", show_default=False, readable=False),
    ],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write; by default it is printed.")
    ] = None,
) -> None:
    """Write the file that students start from: every function and text that is asked for, without the answers."""

    def work() -> int:
        from grader.cli.handouts import write_starter  # noqa: PLC0415  (numpy, which --help need not wait for)

        return write_starter(rubric, out)

    finish("grader", work)


@app.command()
def selfcheck(
    rubric: Annotated[
        Path,
        typer.Argument(metavar="RUBRIC", help="The rubric to build it of.", show_default=False, readable=False),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="The zip to write.")] = Path("kit.zip"),
) -> None:
    """Build a self-check kit for students: the visible cases, to be graded at home, and nothing of the others."""

    def work() -> int:
        from grader.cli.handouts import write_kit  # noqa: PLC0415  (numpy, which --help need not wait for)

        return write_kit(rubric, out)

    finish("grader", work)


_IMPORT_EPILOG = """
[bold]Exit status[/bold]: 0 all was converted, 1 something was not and is listed,
2 a mistake in the call or the tests, 3 the machine is at fault, 130 interrupted.
"""
_import = typer.Typer(
    no_args_is_help=True, rich_markup_mode="rich", help="Make a rubric of another grader's tests."
)
app.add_typer(_import, name="import")
_Out = Annotated[Path, typer.Option("--out", "-o", help="The rubric to write; nothing is overwritten.")]
_Reference = Annotated[
    Path | None,
    typer.Option(help="The reference solution; without it one to be filled in is written beside the rubric."),
]


@_import.command(epilog=_IMPORT_EPILOG)
def otter(
    tests: Annotated[
        Path,
        typer.Argument(
            metavar="TESTS_DIR",
            help="A folder of tests, one of them, or a notebook with tests.",
            show_default=False,
        ),
    ],
    *,
    out: _Out = Path("rubric.yaml"),
    reference: _Reference = None,
) -> None:
    """Convert otter's tests as far as they are plain calls with expected values; nothing of them is run."""

    def work() -> int:
        from grader.cli.importing import Request, import_tests  # noqa: PLC0415  (yaml, which --help need not wait for)

        return import_tests(Request("otter", tests, out, reference))

    finish("grader", work)


@_import.command(epilog=_IMPORT_EPILOG)
def gspack(
    rubric: Annotated[Path, typer.Argument(metavar="RUBRIC.json", help="Its rubric.", show_default=False)],
    *,
    out: _Out = Path("rubric.yaml"),
    reference: _Reference = None,
) -> None:
    """Convert gspack's rubric: its variables become functions without arguments."""

    def work() -> int:
        from grader.cli.importing import Request, import_tests  # noqa: PLC0415  (yaml, which --help need not wait for)

        return import_tests(Request("gspack", rubric, out, reference))

    finish("grader", work)


@app.command()
def doctor() -> None:
    """Check this machine: what is installed, and what stands between a submission and the rest."""

    def work() -> int:
        from grader.cli.doctor import examine  # noqa: PLC0415  (numpy, which --help need not wait for)

        return examine()

    finish("grader", work)


def main() -> None:
    """Run the `grader` command and exit with its status."""
    app(prog_name="grader")
