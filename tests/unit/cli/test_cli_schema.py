from __future__ import annotations

import json

import pytest
from pydantic import BaseModel

from grader.check import CheckResult
from grader.cli.schema import print_schema, schema_text
from grader.report import Report
from grader.rubric import Rubric


@pytest.mark.parametrize(("name", "model"), [("rubric", Rubric), ("report", Report), ("check", CheckResult)])
def test_it_describes_every_field_and_allows_no_other(name: str, model: type[BaseModel]) -> None:
    schema = json.loads(schema_text(name))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["properties"]) == set(model.model_fields)
    assert schema["additionalProperties"] is False


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_schema("report") == 0
    assert capsys.readouterr().out == schema_text("report")
