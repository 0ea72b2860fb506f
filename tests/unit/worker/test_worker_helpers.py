from __future__ import annotations

import importlib.util
import linecache
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.worker.helpers import HelperFinder

Install = Callable[[dict[str, str]], HelperFinder]


@pytest.fixture(autouse=True)
def _leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(linecache, "cache", {})
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
def install() -> Install:
    def run(files: dict[str, str]) -> HelperFinder:
        finder = HelperFinder({path: source.encode() for path, source in files.items()})
        sys.meta_path.append(finder)
        return finder

    return run


def _import(name: str) -> Any:
    return importlib.import_module(name)


def test_a_module_is_found_by_its_name(install: Install) -> None:
    install({"helper_of_mine.py": "me = __name__\nfile = __file__\npackage = __package__\n"})
    module = _import("helper_of_mine")
    assert (module.me, module.file, module.package) == ("helper_of_mine", "helper_of_mine.py", "")


def test_its_names_are_kept_for_who_imports_all_of_them(install: Install) -> None:
    finder = install({"helper_of_mine.py": "from math import *\ndef double(x): return 2 * x\n"})
    module = _import("helper_of_mine")
    names = finder.names["helper_of_mine"]
    assert names.owns(module, "double")
    assert names.star_source(module, "cos") == "math"


def test_packages_and_folders(install: Install) -> None:
    finder = install(
        {
            "pack_of_mine/__init__.py": "from .inner import VALUE\n",
            "pack_of_mine/inner.py": "VALUE = 1\n",
            "pack_of_mine/deep/leaf.py": "from pack_of_mine.inner import VALUE as ABOVE\n",
            "folder_of_mine/leaf.py": "VALUE = 2\n",
        }
    )
    assert _import("pack_of_mine").VALUE == 1
    assert _import("pack_of_mine.deep.leaf").ABOVE == 1
    assert _import("folder_of_mine.leaf").VALUE == 2
    assert set(finder.names) == {
        "pack_of_mine",
        "pack_of_mine.inner",
        "pack_of_mine.deep.leaf",
        "folder_of_mine.leaf",
    }


@pytest.mark.parametrize("name", ["nowhere_at_all", "nowhere_at_all.deep", "folder", "helper_of_mine.py"])
def test_what_is_not_there_is_nobodys(install: Install, name: str) -> None:
    finder = install({"helper_of_mine.py": "", "folder_of_mine/leaf.py": ""})
    assert finder.find_spec(name) is None


@pytest.mark.parametrize("name", ["numpy", "random", "json", "sys", "linecache"])
def test_none_takes_the_place_of_what_others_import(install: Install, name: str) -> None:
    install({f"{name}.py": "stolen = True\n", f"{name}/__init__.py": "stolen = True\n"})
    if name != "sys":
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert not isinstance(spec.loader, HelperFinder)
    assert not hasattr(_import(name), "stolen")


def test_the_bytes_that_were_read_are_run_and_no_file(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "helper_of_mine.py").write_text("VALUE = 'changed since'\n")
    monkeypatch.chdir(tmp_path)
    install({"helper_of_mine.py": "VALUE = 'read'\n"})
    assert _import("helper_of_mine").VALUE == "read"


def test_a_syntax_error_names_file_line_and_text(install: Install) -> None:
    install({"helper_of_mine.py": "x = 1\nx = = 2\n"})
    with pytest.raises(SyntaxError) as caught:
        _import("helper_of_mine")
    error = caught.value
    assert (error.filename, error.lineno, error.offset, error.text) == ("helper_of_mine.py", 2, 5, "x = = 2")
    assert error.msg == "invalid syntax"
    assert "helper_of_mine" not in sys.modules


def test_what_a_helper_raises_goes_to_who_imports_it(install: Install) -> None:
    install({"helper_of_mine.py": "1 / 0\n"})
    with pytest.raises(ZeroDivisionError):
        _import("helper_of_mine")
    assert linecache.getline("helper_of_mine.py", 1) == "1 / 0\n"


def test_a_module_without_a_spec_is_no_python(install: Install) -> None:
    with pytest.raises(KeyError):
        install({}).exec_module(types.ModuleType("made_by_hand"))
