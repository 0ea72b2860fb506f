from __future__ import annotations

import ast
import re

from grader.check.mutants import mutants

SOURCE = '''
"""A module."""
LIMIT = 3

def twice(x: float, by: int = 2) -> float:
    """Twice."""
    result: float = by * x
    unset: int
    return result

def other(x):
    return x - 1
'''


def test_each_has_one_function_changed_in_one_place() -> None:
    made = mutants(SOURCE, ["twice"])
    right = {ast.unparse(node) for node in ast.parse(SOURCE).body}
    for mutant in made:
        assert mutant.function == "twice"
        changed = [node for node in ast.parse(mutant.source).body if ast.unparse(node) not in right]
        assert [node.name for node in changed if isinstance(node, ast.FunctionDef)] == ["twice"]
        assert sum(line.startswith(("+ ", "+\t")) for line in mutant.diff.splitlines()) <= 1
    assert "\n-    result = by * x\n+    result = by / x" in "\n".join(mutant.diff for mutant in made)


def test_defaults_are_changed_and_annotations_are_not() -> None:
    diffs = "\n".join(mutant.diff for mutant in mutants(SOURCE, ["twice"]))
    assert "+def twice(x, by=3):" in diffs
    assert "float" not in diffs


def test_none_comes_twice_and_none_is_the_reference() -> None:
    made = mutants("def f(x):\n    return x * 1 + x * 1\n", ["f"])
    assert len({mutant.source for mutant in made}) == len(made) == len({mutant.id for mutant in made})
    assert all(mutant.diff for mutant in made)


def test_an_id_survives_an_edit_elsewhere() -> None:
    edited = SOURCE.replace("Twice.", "Two times.").replace("x - 1", "x - 2").replace("x: float", "x")
    ids = [mutant.id for mutant in mutants(SOURCE, ["twice"])]
    assert ids == [mutant.id for mutant in mutants(edited, ["twice"])]
    assert all(re.fullmatch(r"twice/[a-z]+/[0-9a-f]{8}", name) for name in ids)


def test_a_long_list_is_thinned_evenly() -> None:
    every = mutants(SOURCE, ["twice", "other"])
    few = mutants(SOURCE, ["twice", "other"], most=3)
    assert [sum(mutant.function == name for mutant in few) for name in ("twice", "other")] == [3, 3]
    assert [mutant.id for mutant in few if mutant in every] == [mutant.id for mutant in few]


def test_only_the_functions_that_are_named() -> None:
    assert {mutant.function for mutant in mutants(SOURCE, ["other"])} == {"other"}
    assert mutants(SOURCE, []) == []


def test_a_docstring_alone_and_decorators_stay() -> None:
    assert mutants('@cache(1)\ndef f():\n    """Nothing."""\n', ["f"]) == []


def test_axis_and_keepdims_are_changed_once() -> None:
    made = mutants("def f(x):\n    return x.sum(axis=0, keepdims=True)\n", ["f"])
    changed = sorted(mutant.diff.splitlines()[-1] for mutant in made)
    assert changed == [
        "+    return -x.sum(axis=0, keepdims=True)",
        "+    return x.mean(axis=0, keepdims=True)",
        "+    return x.sum(axis=0)",
        "+    return x.sum(keepdims=True)",
        "+    return x.sum(keepdims=True, axis=1)",
    ]


def test_ids_are_the_same_in_every_version_of_python() -> None:
    # Versions write the tuples of this function differently, and their trees have other fields.
    made = mutants("def f(x):\n    a, b = x[-2:]\n    return (a, b)\n", ["f"])
    assert [mutant.id for mutant in made][:2] == ["f/slice/181d1cde", "f/slice/af2422dc"]
