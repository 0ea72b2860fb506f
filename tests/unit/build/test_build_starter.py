from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

from grader.build.starter import starter_text
from grader.key import compile_rubric
from grader.plan import WrittenAnswer
from grader.reference import Reference, load_reference
from grader.rubric import load_rubric

ROOT = Path(__file__).parents[3]
REFERENCE = '''
def sizes(x):
    """1A: `(x, x + 1)`, as (n,) -> (n,).

    Returns:
        (x,).
    """
    return (x, x + 1)
'''
RUBRIC = """
assignment: quoted
title: 'A "title" with \\\\ in it'
reference: reference.py
questions:
  - id: "1"
    title: Twice
    parts:
      - {id: A, title: 'Is "it" so?', points: 1, function: sizes, cases: [{args: {x: 1}}]}
      - {id: B, title: Again, points: 0.5, answers: [{function: sizes, cases: [{args: {x: 2}}]}, {written: WHY}]}
"""


@functools.cache
def starter(rubric: Path) -> tuple[str, Reference]:
    loaded = load_rubric(rubric)
    compiled = compile_rubric(loaded, rubric.parent)
    reference = load_reference(rubric.parent / loaded.rubric.reference)
    assert isinstance(reference, Reference)
    return starter_text(compiled.plan, compiled.key, reference), reference


@pytest.mark.parametrize("name", ["hw3", "softmax_regression"])
class TestOfTheProjectsRubrics:
    def test_every_answer_is_there_in_the_order_of_the_homework(self, name: str) -> None:
        file = ROOT / "rubrics" / f"{name}.yaml"
        text, _ = starter(file)
        plan = compile_rubric(load_rubric(file), file.parent).plan
        due = [
            answer.variable if isinstance(answer, WrittenAnswer) else answer.signature
            for part in plan.parts()
            for answer in part.answers
        ]
        written = [line.removeprefix("def ").rstrip(":") for line in text.splitlines() if line.startswith("def ")]
        assert written == [item for item in due if "(" in item]
        assert re.findall(r'^(\w+) = """"""$', text, re.MULTILINE) == [item for item in due if "(" not in item]
        assert all(f"# {part.id}: {part.title} (" in text for part in plan.parts())
        assert {"hw3": 45, "softmax_regression": 3}[name] == len(due)

    def test_no_function_has_a_body(self, name: str) -> None:
        text, _ = starter(ROOT / "rubrics" / f"{name}.yaml")
        functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
        assert {ast.unparse(statement) for node in functions for statement in node.body[1:]} == {
            "raise NotImplementedError"
        }
        assert all(ast.get_docstring(node) for node in functions)

    def test_no_formula_and_no_line_of_the_references_gets_in(self, name: str) -> None:
        text, reference = starter(ROOT / "rubrics" / f"{name}.yaml")
        plain = " ".join(line.strip() for line in text.splitlines() if not line.startswith("def "))
        tree = ast.parse(reference.source)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                docstring = ast.get_docstring(node) or ""
                code = re.findall(r"`([^`]+)`", docstring)
                formulas = [item for item in code if re.search(r"[-+*/=^(\[]", item) and len(item) > 3]
                prose = docstring.partition("\n\nArgs:")[0].removesuffix(".").partition(": ")[2]
                sentences = [
                    item for item in re.split(r"[:.;]\s", prose) if re.search(r"[a-z]{3,}.*\s.*[a-z]{3,}", item)
                ]
                lines = [ast.unparse(item) for item in node.body[1:]]
                words = [item for item in sentences if "->" not in item]
                for secret in [*formulas, *words, *lines]:
                    assert " ".join(secret.split()) not in plain, secret
        assert "np." not in text
        assert "`" not in re.sub(r"`\w+`|`raise NotImplementedError`", "", text)

    def test_a_formatter_has_nothing_to_say(self, name: str) -> None:
        text, _ = starter(ROOT / "rubrics" / f"{name}.yaml")
        assert max(map(len, text.splitlines())) <= 110
        assert "\n\n\n\n" not in text


def test_exact_answers_quotes_and_a_function_that_is_asked_for_twice(tmp_path: Path) -> None:
    (tmp_path / "reference.py").write_text(REFERENCE)
    (tmp_path / "rubric.yaml").write_text(RUBRIC)
    text, _ = starter(tmp_path / "rubric.yaml")
    module = ast.parse(text)
    assert str(ast.get_docstring(module)).startswith("A 'title' with \\\\ in it.")
    assert text.count('def sizes(x):\n    """A: Is \'it\' so?"""\n    raise NotImplementedError\n') == 1
    assert "# B: Again (0.5 points)\n# `sizes` is above.\n" in text
    assert '# A: Is "it" so? (1 point)\n' in text
