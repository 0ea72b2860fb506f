"""`grader schema rubric|report|check`: print a JSON Schema."""

from __future__ import annotations

import json
import sys

from grader.check import CheckResult
from grader.report import Report
from grader.rubric import Rubric


def schema_text(name: str) -> str:
    """Return the JSON Schema of `name`, as it stands in docs/schema."""
    models = {
        "rubric": Rubric.model_json_schema,
        "report": Report.model_json_schema,
        "check": CheckResult.model_json_schema,
    }
    content = models[name](mode="validation" if name == "rubric" else "serialization")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **content}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def print_schema(name: str) -> int:
    """Print the schema and return the exit status."""
    sys.stdout.write(schema_text(name))
    return 0
