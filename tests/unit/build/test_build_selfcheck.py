from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kit_search import Secrets, decoded, found, interface_lines, lines_of, members, secrets_of

from grader.build.archive import Member
from grader.build.selfcheck import selfcheck_kit
from grader.build.visible import visible_part
from grader.build.wheel import own_wheel
from grader.judge.checks import Equals, Sealed
from grader.key import Compilation, compile_rubric, load_key
from grader.plan import load_plan
from grader.reference import Reference, load_reference
from grader.rubric import LoadedRubric, load_rubric

ROOT = Path(__file__).parents[3]
CHEAP = 1


@dataclass
class Course:
    loaded: LoadedRubric
    compiled: Compilation
    reference: Reference
    variants: bytes

    secrets: Secrets

    def kit(self, wheel: Member) -> bytes:
        return selfcheck_kit(self.loaded, *self.compiled[:2], self.reference, wheel, cost=CHEAP)


@pytest.fixture(scope="module", params=["hw3", "softmax_regression"])
def course(request: pytest.FixtureRequest) -> Course:
    loaded = load_rubric(ROOT / "rubrics" / f"{request.param}.yaml")
    folder = loaded.document.file.parent
    reference = load_reference(folder / loaded.rubric.reference)
    assert isinstance(reference, Reference)
    variants = (folder / str(loaded.rubric.mistakes)).read_bytes()
    compiled = compile_rubric(loaded, folder)
    return Course(loaded, compiled, reference, variants, secrets_of(loaded, *compiled[:2], reference, variants))


@pytest.fixture(scope="module")
def kit(course: Course) -> bytes:
    return course.kit(own_wheel())


def test_what_is_in_it(kit: bytes) -> None:
    wheel = own_wheel()
    names = ["README.md", wheel.name, "selfcheck/key", "selfcheck/plan", "submission.py"]
    assert sorted(zipfile.ZipFile(io.BytesIO(kit)).namelist()) == names
    page = dict(members(kit))["README.md"].decode()
    assert f"pip install ./{wheel.name}" in page
    assert len(kit) < 2 << 20


def test_the_same_of_the_same(course: Course, kit: bytes) -> None:
    assert course.kit(own_wheel()) == kit


def test_nothing_that_must_stay_at_home_is_in_it(course: Course, kit: bytes) -> None:
    assert len(course.secrets.texts) > 400
    assert len(course.secrets.blobs) > 100
    wheel = own_wheel().content
    ours = {line for name, text in members(wheel) if name.endswith(".py") for line in lines_of(text)}
    rightly = interface_lines(course.reference.source) | (
        ours & lines_of(course.variants + course.reference.source)
    )
    assert found(kit, course.secrets, frozenset(rightly)) == []


def test_a_sealed_answer_is_a_seal_and_nothing_else(course: Course, kit: bytes) -> None:
    key = load_key(dict(members(kit))["selfcheck/key"])
    _, whole = visible_part(replace_modes(course.loaded), *course.compiled[:2])
    pairs = list(zip(key.expectations, whole.expectations, strict=True))
    for sealed, plain in pairs:
        assert (sealed.case, len(sealed.checks)) == (plain.case, len(plain.checks))
    exact = [plain for sealed, plain in pairs if any(isinstance(check, Sealed) for check in sealed.checks)]
    assert len(exact) == {"hw3": 4, "softmax_regression": 0}[course.loaded.rubric.assignment]
    assert all(isinstance(item.checks[0], Equals) for item in exact)


def replace_modes(loaded: LoadedRubric) -> LoadedRubric:
    return replace(loaded, rubric=loaded.rubric.model_copy(update={"selfcheck": "value"}))


class TestTheSearchItself:
    """It finds what is planted, wherever it is."""

    def planted(self, course: Course, **files: bytes) -> bytes:
        files_of = {name.replace("__", "/"): content for name, content in files.items()}
        kept = dict(members(course.kit(Member("grader.whl", b"small, to be searched fast"))))
        whole = {name: content for name, content in kept.items() if "!" not in name} | files_of
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in whole.items():
                archive.writestr(name, content)
        return made.getvalue()

    def hidden(self, course: Course) -> Any:
        return next(case for case in course.compiled.plan.cases() if case.visibility != "visible")

    def test_a_hidden_array_anywhere(self, course: Course) -> None:
        array = next(arg for arg in self.hidden(course).call.args if isinstance(arg, np.ndarray))
        assert found(self.planted(course, notes=array.tobytes()), course.secrets)

    def test_a_line_of_the_reference_within_an_archive(self, course: Course) -> None:
        (line, *_) = sorted(lines_of(course.reference.source))
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("deep.py", f"    {line}\n")
        finds = found(self.planted(course, more=inner.getvalue()), course.secrets)
        assert any(item.startswith("more!deep.py") for item in finds)

    def test_a_mistakes_sentence_and_a_hidden_hint_and_a_hidden_name(self, course: Course) -> None:
        key, hidden = (
            course.compiled.key,
            [case.id for case in course.compiled.plan.cases() if case.visibility != "visible"],
        )
        hint = next(item.hint for item in key.expectations if item.case in hidden and item.hint)
        for text in (key.mistakes[0].says, key.mistakes[0].name, hint, hidden[0], str(course.loaded.rubric.seed)):
            assert found(self.planted(course, page=text.encode()), course.secrets), text

    def test_the_whole_plan_and_the_whole_key(self, course: Course) -> None:
        plan, key, _ = course.compiled
        finds = found(self.planted(course, selfcheck__plan=plan.dump(), selfcheck__key=key.dump()), course.secrets)
        assert any(item.startswith("decoded: ") for item in finds)
        assert any(item.startswith("selfcheck/plan: ") for item in finds)
        assert any(item.startswith("selfcheck/key: ") for item in finds)


def test_all_that_is_decoded_is_visible(course: Course, kit: bytes) -> None:
    plan, key = load_plan(dict(members(kit))["selfcheck/plan"]), load_key(dict(members(kit))["selfcheck/key"])
    assert {case.visibility for case in plan.cases()} == {"visible"}
    assert (plan.helpers, plan.late, plan.rubric_digest, key.reference_digest, key.mistakes) == (
        {},
        None,
        "",
        "",
        (),
    )
    assert all(part.uses == () and part.follow_through == 0 for part in plan.parts())
    assert [case.id for case in plan.cases()] == [item.case for item in key.expectations]
    assert not any(isinstance(item, str) and "hidden case" in item for item in decoded(kit))
