from __future__ import annotations

import pytest

from grader.intake.bounds import Refusal
from grader.intake.entry import choose, is_aside, listed


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["anything.py", "data.csv"], "anything.py"),
        (["test_me.py"], "test_me.py"),
        (["deep/in/it.py"], "deep/in/it.py"),
        (["main.py", "hw3.py", "a.py"], "main.py"),
        (["hw3.py", "network.py"], "hw3.py"),
        (["Homework_3.py", "network.py", "plots.py"], "Homework_3.py"),
        (["my_solution.py", "b.py"], "my_solution.py"),
        (["softmax.py", "test_softmax.py", "setup.py", "utils.py"], "softmax.py"),
        (["softmax.py", "tests/main.py"], "softmax.py"),
        (["softmax.py", "pack/main.py"], "softmax.py"),
        (["src/main.py", "src/other.py"], "src/main.py"),
        (["utils.py", "test_a.py", "main_test.py"], None),
        (["a.py", "b.py"], None),
        (["hw3.py", "hw4.py"], None),
        (["hw3.ipynb", "readme.md"], "hw3.ipynb"),
        (["hw3.py", "hw3.ipynb"], "hw3.py"),
        (["main.ipynb", "b.ipynb"], "main.ipynb"),
        (["softmax.ipynb", "utils.py", "test_softmax.py"], "softmax.ipynb"),
        (["softmax.ipynb", "network.py"], "network.py"),
        (["HW3.PY"], "HW3.PY"),
    ],
)
def test_the_rules(names: list[str], chosen: str | None) -> None:
    for order in (names, names[::-1]):
        if chosen is None:
            with pytest.raises(
                Refusal, match=r"several Python files could be the submission \(.*call one of them"
            ):
                choose(order)
        else:
            assert choose(order)[0] == chosen


def test_that_it_was_chosen_is_noted() -> None:
    assert choose(["main.py", "a.py"])[1].startswith("of 2 Python files main.py was taken")
    assert choose(["main.py", "a.csv"])[1] == ""


@pytest.mark.parametrize(
    ("names", "says"), [([], "; hand in the file itself"), (["a.pdf", "b.txt"], ", only a.pdf, b.txt")]
)
def test_nothing_to_choose_from(names: list[str], says: str) -> None:
    with pytest.raises(Refusal, match=f"there is no Python file in it{says}"):
        choose(names)


def test_helpers_stand_back() -> None:
    assert is_aside("a/tests/x.py")
    assert not is_aside("contest.py")
    assert not is_aside("attestation.py")


def test_long_lists_are_cut() -> None:
    assert listed([f"{number}.py" for number in range(10)]).endswith("7.py and 2 more")


def test_of_several_notebooks_it_speaks_of_notebooks() -> None:
    with pytest.raises(
        Refusal, match=r"several notebooks could be the submission \(.*; call one of them main.ipynb"
    ):
        choose(["a.ipynb", "b.ipynb"])
    assert choose(["hw3.ipynb", "b.ipynb"]) == (
        "hw3.ipynb", "of 2 notebooks hw3.ipynb was taken as the submission"
    )  # fmt: skip
