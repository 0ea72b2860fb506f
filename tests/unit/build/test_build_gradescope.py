from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.build import gradescope
from grader.build.gradescope import autograder_zip
from grader.key import Compilation, compile_rubric
from grader.key.model import load_key
from grader.plan import load_plan
from grader.rubric import load_rubric
from grader.rubric.gradescope import Gradescope


@pytest.fixture(scope="module")
def compiled(make_small: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    file = make_small(tmp_path_factory.mktemp("zip")) / "rubrics" / "small.yaml"
    return compile_rubric(load_rubric(file), file.parent)


@pytest.fixture(scope="module")
def archive(compiled: Compilation) -> zipfile.ZipFile:
    settings = Gradescope.model_validate({"packages": ["scipy>=1.10"], "per_day": 4})
    made = autograder_zip(compiled.plan, compiled.key, settings, "{}")
    assert made == autograder_zip(compiled.plan, compiled.key, settings, "{}")
    return zipfile.ZipFile(io.BytesIO(made))


def test_scripts_from_a_checkout_on_windows_can_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "container").mkdir()
    (tmp_path / "container" / "setup.sh").write_bytes(b"#!/usr/bin/env bash\r\ntrue\r\n")
    monkeypatch.setattr(gradescope, "files", lambda _: tmp_path)
    assert gradescope._script("setup.sh").content == b"#!/usr/bin/env bash\ntrue\n"


def test_the_scripts_are_at_the_root_and_can_be_run(archive: zipfile.ZipFile) -> None:
    for name in ("setup.sh", "run_autograder"):
        assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")
        assert archive.getinfo(name).external_attr >> 16 & 0o777 == 0o755


def test_the_exam_comes_back_equal_and_is_for_its_owner(archive: zipfile.ZipFile, compiled: Compilation) -> None:
    assert load_plan(archive.read("exam/plan")).digest == compiled.plan.digest
    assert load_key(archive.read("exam/key")).digest == compiled.key.digest
    assert archive.getinfo("exam/key").external_attr >> 16 & 0o777 == 0o600
    assert Gradescope.model_validate_json(archive.read("exam/settings.json")).per_day == 4
    assert json.loads(archive.read("exam/about.json"))["assignment"] == "small"


def test_what_submissions_may_use_is_installed(archive: zipfile.ZipFile) -> None:
    for name in ("requirements.txt", "requirements-ranges.txt"):
        assert archive.read(name).decode().endswith("scipy>=1.10\n")


def test_nothing_of_the_sources_is_in_it(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    assert not [name for name in names if name.endswith((".yaml", ".py"))]
    content = b"".join(archive.read(name) for name in names)
    assert b"np.asarray(x)\n" not in content
    assert b"def double" not in content
