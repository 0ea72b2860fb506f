from __future__ import annotations

from grader.check.dependents import dependents

SOURCE = """
import numpy as np
STEP = 2

def a(x):
    return x * STEP

def b(x):
    return a(x)

class C:
    def run(self):
        return b(1)

alias = a
if True:
    later = alias
"""


def test_whoever_uses_a_name_depends_on_it() -> None:
    found = dependents(SOURCE)
    assert found["a"] == {"a", "b", "C", "alias", "later"}
    assert found["b"] == {"b", "C"}
    assert found["STEP"] == {"STEP", *found["a"]}
    assert found["later"] == {"later"}


def test_two_functions_that_call_each_other() -> None:
    found = dependents("def a(): b()\ndef b(): a()\n")
    assert found == {"a": {"a", "b"}, "b": {"a", "b"}}
