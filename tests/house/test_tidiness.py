"""Rules that a reader relies on: one job a file, files that fit a head, links and commands that exist."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from grader.cli.grade import app as grade_app
from grader.cli.grader import app as grader_app
from grader.cli.schema import schema_text
from grader.inputs import MAKERS
from grader.report import CaseReport, PartReport, Report
from grader.rubric import Answer, Case, Limits, Part, Question, Rubric

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "grader").rglob("*.py"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")])
DOCS = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_says_its_job_and_fits_a_head(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source))
    assert source.count("\n") <= 300


def test_modules_are_short_as_a_rule() -> None:
    lengths = sorted(file.read_text(encoding="utf-8").count("\n") for file in MODULES)
    assert lengths[len(lengths) // 2] <= 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("name", ["rubric", "report", "check"])
def test_committed_schemas_are_the_code_s_own(name: str) -> None:
    assert (ROOT / "docs/schema" / f"{name}.json").read_text(encoding="utf-8") == schema_text(name)


@pytest.mark.parametrize("app", [grade_app, grader_app], ids=["grade", "grader"])
def test_every_command_and_option_is_documented(app: typer.Typer) -> None:
    command = typer.main.get_command(app)
    commands = getattr(command, "commands", {"": command})
    for name, item in commands.items():
        assert not name or f"grader {name}" in DOCS
        options = [option for parameter in item.params for option in parameter.opts if option.startswith("--")]
        missing = [option for option in options if option not in DOCS and "completion" not in option]
        assert missing == []


@pytest.mark.parametrize("model", [Rubric, Limits, Question, Part, Answer, Case], ids=lambda model: model.__name__)
def test_every_rubric_field_is_documented(model: type[Rubric]) -> None:
    page = (ROOT / "docs/rubrics.md").read_text(encoding="utf-8")
    assert [name for name in model.model_fields if f"`{name}`" not in page] == []


def test_every_maker_is_documented() -> None:
    page = (ROOT / "docs/rubrics.md").read_text(encoding="utf-8")
    assert [name for name in MAKERS if f"{{{name}: " not in page] == []


@pytest.mark.parametrize("model", [Report, PartReport, CaseReport], ids=lambda model: model.__name__)
def test_every_report_field_is_described(model: type[Report]) -> None:
    page = (ROOT / "docs/teaching-assistants.md").read_text(encoding="utf-8")
    structure = {"schema_version", "assignment", "submission", "graded_at", "seconds", "question"}
    assert [name for name in model.model_fields if f"`{name}`" not in page and name not in structure] == []


def test_importing_the_package_imports_nothing_heavy() -> None:
    program = "import sys, grader; print(sorted({'numpy', 'pydantic', 'typer', 'yaml'} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "[]"
