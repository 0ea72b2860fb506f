from __future__ import annotations

import base64
import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import grader
from grader.build import wheel
from grader.build.wheel import own_wheel


def test_it_is_named_as_wheels_are_and_made_the_same_twice() -> None:
    made = own_wheel()
    assert made.name == f"grader-{grader.__version__}-py3-none-any.whl"
    assert made == own_wheel()


def test_what_an_editor_leaves_behind_is_not_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("__init__.py", ".DS_Store", ".idea/notes.py", "__pycache__/x.pyc", "deep/.x.py.swp", "deep/y.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(wheel, "_PACKAGE", tmp_path)
    with zipfile.ZipFile(io.BytesIO(own_wheel().content)) as archive:
        ours = [name for name in archive.namelist() if name.startswith("grader/")]
    assert ours == ["grader/__init__.py", "grader/deep/y.py"]


def test_its_record_lists_every_file_with_its_digest() -> None:
    with zipfile.ZipFile(io.BytesIO(own_wheel().content)) as archive:
        names = set(archive.namelist())
        (record,) = (name for name in names if name.endswith(".dist-info/RECORD"))
        rows = {
            name: (digest, size)
            for name, digest, size in csv.reader(archive.read(record).decode().split("\n")[:-1])
        }
        assert set(rows) == names
        assert rows.pop(record) == ("", "")
        for name, (digest, size) in rows.items():
            content = archive.read(name)
            wanted = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            assert (digest, size) == (f"sha256={wanted}", str(len(content)))
    assert {"grader/py.typed", "grader/worker/__main__.py", "grader/build/container/setup.sh"} <= names
    assert not [name for name in names if "__pycache__" in name]


def test_pip_takes_it(tmp_path: Path) -> None:
    made = own_wheel()
    (tmp_path / made.name).write_bytes(made.content)
    options = [
        "--no-index",
        "--no-deps",
        "--disable-pip-version-check",
        "--quiet",
        "--target",
        str(tmp_path / "to"),
    ]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(tmp_path / made.name)], check=True)
    assert (tmp_path / "to" / "grader" / "grade.py").is_file()
    assert (tmp_path / "to" / "bin" / "grade").is_file()


def test_an_editor_s_own_files_stay_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("grade.py", ".grade.py.swp", "__pycache__/grade.pyc", ".cache/x.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(wheel, "_PACKAGE", tmp_path)
    with zipfile.ZipFile(io.BytesIO(own_wheel().content)) as archive:
        assert [name for name in archive.namelist() if name.startswith("grader/")] == ["grader/grade.py"]
