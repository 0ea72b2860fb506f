from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grader.worker.wall import roots
from grader.worker.wall.roots import Roots, around, devices, interpreter_folders, read_roots


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("site/numpy/core", "site/grader/worker", "site/extra", "project/.venv/lib/site", "project/key"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "site/one.py").touch()
    (tmp_path / "site/away").symlink_to(tmp_path / "project")
    return tmp_path


def test_a_folder_with_nothing_to_protect_is_one_root(tree: Path) -> None:
    assert around([tree / "site"], set()) == Roots((tree / "site",))


def test_a_protected_folder_is_left_out_of_what_contains_it(tree: Path) -> None:
    site = tree / "site"
    found = around([site], {site / "grader"})
    assert found.readable == (site / "extra", site / "numpy", site / "one.py")
    assert found.listable == (site,)


def test_a_deeper_one_opens_more_doors(tree: Path) -> None:
    site = tree / "site"
    found = around([site], {site / "numpy" / "core"})
    assert set(found.readable) == {site / "extra", site / "grader", site / "one.py"}
    assert found.listable == (site, site / "numpy")


def test_links_are_not_followed_out(tree: Path) -> None:
    found = around([tree / "site"], {tree / "site" / "grader"})
    assert not any("away" in str(path) for path in found.readable)


def test_a_root_inside_something_protected_is_meant(tree: Path) -> None:
    venv = tree / "project/.venv/lib"
    assert around([venv], {tree / "project"}).readable == (venv,)


def test_what_does_not_exist_is_passed_over(tree: Path) -> None:
    assert around([tree / "none"], {tree / "site/none"}) == Roots(())


def test_roots_inside_roots_are_one(tree: Path) -> None:
    assert around([tree / "site", tree / "site/numpy", tree / "site"], set()).readable == (tree / "site",)


def test_names_that_begin_alike_are_not_inside(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib64").mkdir()
    assert len(around([tmp_path / "lib", tmp_path / "lib64"], set()).readable) == 2


def test_the_interpreter_is_readable() -> None:
    folders = [folder.resolve() for folder in interpreter_folders()]
    assert any(Path(os.__file__).resolve().is_relative_to(folder) for folder in folders)


def test_our_own_package_is_never_readable() -> None:
    found = read_roots([roots.GRADER.parent])
    inside = [path for path in found.readable if roots.GRADER.is_relative_to(path)]
    assert inside == []
    assert roots.GRADER.parent in found.listable


def test_the_base_interpreters_sites_need_asking_for() -> None:
    base = Path(os.__file__).resolve().parent / "site-packages"
    if not base.is_dir():
        pytest.skip("no site folder there")
    assert not any(base.is_relative_to(path) for path in read_roots([]).readable)
    assert any(base.is_relative_to(path) for path in read_roots([base]).readable)


def test_a_protected_root_is_reported(tree: Path) -> None:
    site = tree / "site"
    assert read_roots([site], [site]).exposed == (site,)
    assert read_roots([site], [site / "later"]).exposed == (site / "later",)  # would be readable once it exists
    assert read_roots([site], [site / "grader", tree / "project"]).exposed == ()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's folders")
def test_nothing_private_is_a_root() -> None:
    private = [Path(name) for name in ("/etc/passwd", "/proc", "/home", "/var", "/sys", "/run")]
    readable = read_roots([]).readable
    assert not any(path.is_relative_to(root) for path in private for root in readable)


@pytest.mark.parametrize("store", roots.STORES)
def test_an_interpreter_in_a_store_needs_all_of_it(monkeypatch: pytest.MonkeyPatch, store: str) -> None:
    monkeypatch.setattr(sys, "base_prefix", f"{store}/abc-python3")
    assert Path(store) in interpreter_folders()


def test_only_null_is_written_to() -> None:
    assert devices() == (Path("/dev/null"),)
