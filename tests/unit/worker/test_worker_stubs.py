from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from grader.worker import stubs

NAME = "plotting_library_that_nobody_has"


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stubs, "_PLOTTING", frozenset({NAME}))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    for name in (NAME, f"{NAME}.pyplot"):
        monkeypatch.setitem(sys.modules, name, None)
        monkeypatch.delitem(sys.modules, name)
    stubs.install()


def _pyplot() -> Any:
    return importlib.import_module(f"{NAME}.pyplot")


def test_a_missing_plotting_library_can_be_imported_with_its_submodules() -> None:
    assert isinstance(importlib.import_module(NAME), stubs.Stub)
    assert isinstance(_pyplot(), stubs.Stub)


def test_what_students_do_with_it_has_no_effect() -> None:
    plt = _pyplot()
    figure, axes = plt.subplots(figsize=(3, 3))
    axes[0].plot([1, 2], label="loss")
    figure.savefig("loss.png")
    plt.rcParams.update({"font.size": 12})
    with plt.style.context("dark"):
        plt.show()


def test_a_progress_bar_gives_what_it_is_put_around() -> None:
    bars = importlib.import_module(NAME)
    bar = bars.tqdm([1, 2], desc="epoch")
    assert ([*bar], len(bar), [*bars.trange(1, 3)], [*bars.tqdm(total=3)]) == ([1, 2], 2, [1, 2], [])
    bar.set_description("loss")
    with bars.tqdm(iter("ab")) as other:
        assert len(other) == 0
        assert [*other] == ["a", "b"]


def test_a_star_import_brings_nothing_and_does_not_fail() -> None:
    names: dict[str, object] = {}
    exec(f"from {NAME}.pyplot import *", names)
    assert set(names) == {"__builtins__"}


@pytest.mark.parametrize("thing", ["module", "attribute"])
def test_special_attributes_are_not_made_up(thing: str) -> None:
    plt = _pyplot()
    assert not hasattr(plt if thing == "module" else plt.figure, "__array__")


def test_other_missing_libraries_stay_missing() -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("some_other_library_that_nobody_has")


def test_an_installed_library_comes_before_its_stand_in() -> None:
    assert sys.meta_path[-1].__class__ is stubs.StubFinder


def test_what_a_plot_gives_back_can_be_set_measured_and_taken_apart() -> None:
    plt = _pyplot()
    plt.rcParams["figure.figsize"] = (8, 4)
    del plt.rcParams["figure.figsize"]
    figure, (left, middle, right) = plt.subplots(1, 3)
    for axes in (left, middle, right):
        axes.plot([1, 2])
    _, grid = plt.subplots(2, 2)
    grid[1, 0].set_title("loss")
    assert len(left.lines) == 0
    assert not plt.fignum_exists(1)
    assert 2 * figure.dpi + 1 is figure.dpi - 1
