"""docs/rubrics.md is the language: its tables are the models' own, its examples compile, nothing is left out."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from grader.key import compile_rubric
from grader.rubric import Property, load_rubric
from grader.rubric import model as rubric_model
from grader.rubric import properties as rubric_properties
from grader.rubric.fields import LocatedModel

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import tables  # noqa: E402  (a script beside the page)

PAGE = (ROOT / "docs/rubrics.md").read_text(encoding="utf-8")
MODELS = [
    kind
    for module in (rubric_model, rubric_properties)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, LocatedModel) and kind is not LocatedModel
]


def test_the_tables_are_the_models_own() -> None:
    assert tables.rendered(PAGE) == PAGE


@pytest.mark.parametrize("model", set(MODELS), ids=lambda model: model.__name__)
def test_every_model_has_its_table(model: type[LocatedModel]) -> None:
    assert f"<!-- fields of {model.__name__} -->" in PAGE


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_of_every_property_compiles(tmp_path: Path) -> None:
    (rubric,) = [block for block in blocks("yaml") if "assignment: properties" in block]
    reference, checks = blocks("python")
    for name, content in (("rubric.yaml", rubric), ("reference.py", reference), ("checks.py", checks)):
        (tmp_path / name).write_text(content)
    loaded = load_rubric(tmp_path / "rubric.yaml")
    assert loaded.problems == ()
    compile_rubric(loaded, tmp_path)
    cases = [
        case
        for question in loaded.rubric.questions
        for part in question.parts
        for answer in part.all_answers
        for case in answer.cases
    ]
    shown = {name for case in cases if case.property for name in case.property.names}
    assert shown == set(Property.model_fields)
