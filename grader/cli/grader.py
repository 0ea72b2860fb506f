"""`grader`: sub-commands for those who prepare or look after an assignment."""

from __future__ import annotations

from enum import Enum
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


@app.callback()
def about() -> None:
    """Prepare and look after assignments. To grade, use the command [bold]grade[/bold]."""


@app.command()
def schema(name: Annotated[SchemaName, typer.Argument(help="What to describe.", show_default=False)]) -> None:
    """Print the JSON Schema of a rubric or a report; editors complete and check a rubric with it."""

    def work() -> int:
        from grader.cli.schema import print_schema  # noqa: PLC0415  (pydantic, which --help need not wait for)

        return print_schema(name.value)

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
