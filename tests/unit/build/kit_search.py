"""What a self-check kit must not hold, and a search of all that it holds: every member, unpacked, decoded."""

from __future__ import annotations

import ast
import dataclasses
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.judge.checks import Equals
from grader.judge.sealed import is_exact
from grader.judge.show import show
from grader.key import Expectation, Key, load_key
from grader.plan import Plan, WrittenAnswer, load_plan
from grader.reference import Reference
from grader.rubric import LoadedRubric
from grader.wire import encode

SHORT = 12
"""A text this short is no secret of anybody's."""


def members(content: bytes, inside: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield every file of an archive, those of archives within it too."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            found = archive.read(name)
            yield f"{inside}{name}", found
            if zipfile.is_zipfile(io.BytesIO(found)):
                yield from members(found, f"{inside}{name}!")


def decoded(content: bytes) -> list[Any]:
    """Return all values in the plan and the key, at any depth."""
    files = dict(members(content))
    return [*leaves(load_plan(files["selfcheck/plan"])), *leaves(load_key(files["selfcheck/key"]))]


def leaves(value: Any) -> Iterator[Any]:
    yield value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *leaves(item))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)


@dataclasses.dataclass
class Secrets:
    """What must not be found.

    Attributes:
        texts: in any member.
        names: as a whole text in plan or key; they are words that anybody may use.
        values: as a whole value in plan or key.
        blobs: bytes in any member, of values and of arrays' entries.
    """

    texts: set[str] = dataclasses.field(default_factory=set)
    names: set[str] = dataclasses.field(default_factory=set)
    values: list[Any] = dataclasses.field(default_factory=list)
    blobs: set[bytes] = dataclasses.field(default_factory=set)

    def add(self, value: Any) -> None:
        """Keep a value secret, in all the ways in which it may be written."""
        if isinstance(value, np.ndarray) and set(np.unique(value)) <= {-1, 0, 1}:
            return  # so many answers are of zeros and ones that these are no secret
        self.values.append(value)
        for item in leaves(value):
            if isinstance(item, np.ndarray) and item.nbytes >= SHORT and not set(np.unique(item)) <= {-1, 0, 1}:
                self.blobs.add(item.tobytes())
            elif isinstance(item, float) and len(repr(item)) >= SHORT:
                self.texts.add(repr(item))
        if isinstance(value, (tuple, list, dict)) and len(encode(value)) > 20:
            self.blobs.add(encode(value))
        if len(show(value)) >= SHORT:
            self.texts.add(show(value))


def secrets_of(loaded: LoadedRubric, plan: Plan, key: Key, reference: Reference, variants: bytes) -> Secrets:
    """Return what the kit of a rubric must not hold."""
    secrets = Secrets()
    expectations = {item.case: item for item in key.expectations}
    visible = [case for case in plan.cases() if case.visibility == "visible"]
    # What is seen with a visible case is no secret of a hidden one's.
    seen = {encode(arg) for case in visible for call in case.calls for arg in call.args}
    seen |= {encode(value) for case in visible for value in _due(expectations[case.id]) if not is_exact(value)}
    hints = {expectations[case.id].hint for case in visible}
    for case in plan.cases():
        hidden, expectation = case.visibility != "visible", expectations[case.id]
        args = [arg for call in case.calls for arg in call.args] if hidden else []
        for value in [*args, *(value for value in _due(expectation) if hidden or is_exact(value))]:
            if encode(value) not in seen:
                secrets.add(value)
        if hidden:
            secrets.texts |= {case.id, expectation.hint} - hints - {""}
            secrets.names |= {case.name} - {other.name for other in visible}
    secrets.texts |= {mistake.says for mistake in key.mistakes} | {mistake.name for mistake in key.mistakes}
    secrets.texts |= {plan.rubric_digest, key.reference_digest, plan.digest, key.digest, str(loaded.rubric.seed)}
    written = (answer for part in plan.parts() for answer in part.answers if isinstance(answer, WrittenAnswer))
    secrets.texts |= {line for answer in written for line in answer.criteria}
    secrets.texts |= lines_of(reference.source) | lines_of(variants)
    return secrets


def _due(expectation: Expectation) -> list[Any]:
    checks = [check for check in expectation.checks if isinstance(check, Equals)]
    return [variant.value for check in checks for variant in check.variants]


def interface_lines(source: bytes) -> set[str]:
    """Return the lines of a reference that describe an argument or a result in plain words."""
    docstrings = (
        ast.get_docstring(node) or "" for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)
    )
    lines = {line.strip() for text in docstrings for line in text.partition("Args:")[2].splitlines()}
    return {line for line in lines if not re.search(r"[`=*^<>|/]|\w\(|\) \(", line)}


def lines_of(source: bytes) -> set[str]:
    """Return the lines of code and of docstrings that are long enough to be somebody's own."""
    lines = {re.sub(r"\s+", " ", line).strip() for line in source.decode().splitlines()}
    return {line for line in lines if len(line) >= 20 and not line.startswith(("def ", "import ", "from ", "#"))}


def found(content: bytes, secrets: Secrets, but: frozenset[str] = frozenset()) -> list[str]:
    """Return which secrets are in a kit, and where.

    Args:
        content: the kit.
        secrets: what to look for.
        but: texts that are there rightly.
    """
    finds = []
    for name, member in members(content):
        text = re.sub(r"\s+", " ", member.decode("utf-8", "replace"))
        finds += [f"{name}: {item!r}" for item in secrets.texts - but if re.sub(r"\s+", " ", item) in text]
        finds += [f"{name}: {item!r}" for item in secrets.blobs if item in member]
    values = {encode(value) for value in decoded(content) if not dataclasses.is_dataclass(value)}
    finds += [f"decoded: {name!r}" for name in secrets.names if encode(name) in values]
    # A number like 3 is an argument of many a case; what is sealed is looked at where it would stand.
    long = [value for value in secrets.values if isinstance(value, np.ndarray) or len(repr(value)) >= 6]
    return finds + [f"decoded: {value!r}" for value in long if encode(value) in values]
