"""The known mistakes: each stands in the rubric, takes its function's arguments, and is wrong in its own way."""

import importlib.util
import inspect
import itertools
import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hw3_proof import REFERENCE_FOLDER, hw3

from grader.rubric import load_rubric


def _load() -> dict[str, Callable[..., Any]]:
    spec = importlib.util.spec_from_file_location("hw3_mistakes", REFERENCE_FOLDER / "hw3_mistakes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with mock.patch.dict(sys.modules, {"hw3": hw3}):
        spec.loader.exec_module(module)
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == "hw3_mistakes" and not name.startswith("_")
    }


MISTAKES = _load()
RUBRIC = load_rubric(REFERENCE_FOLDER.parent / "rubrics" / "hw3.yaml").rubric
LISTED = {
    answer.function: answer.mistakes
    for question in RUBRIC.questions
    for part in question.parts
    for answer in part.all_answers
    if answer.function
}
PAIRS = [(function, mistake.function) for function, mistakes in LISTED.items() for mistake in mistakes]

RNG = np.random.default_rng(5)
X = RNG.normal(size=5)
LARGE = np.array([-1000.0, 1000.0, 0.0, 998.0, -750.0])
SQUARE, THREE, FOUR = RNG.normal(size=(3, 3)), RNG.normal(size=3), RNG.normal(size=(4, 3))
TARGETS = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
KERNEL = np.array([1.0, -2.0, 0.5])
LABELS = np.array([2, 0, 1, 2])
CALLS: dict[str, list[tuple[Any, ...]]] = {
    **{name: [(X,), (np.array([-2.0, 0.0, 3.0]),), (LARGE,)] for name in LISTED},
    **{name: [(X,), (LARGE,), (LARGE - 2000,)] for name in ("softmax", "softmax_jacobian", "output_activation")},
    "relu_grad": [(X,)],
    "scaled_sigmoid": [(X, 2.5), (LARGE, 3.0), (LARGE, -3.0)],
    "softmax_scaled": [(X, 2.5), (LARGE, 3.0), (LARGE, -3.0)],
    "softmax_partial": [(X, 1, 1), (X, 1, 3), (LARGE, 1, 3)],
    "grad_log_softmax": [(THREE, SQUARE, 1), (LARGE, np.eye(5), 1)],
    "grad_cross_entropy": [(THREE, SQUARE, 1), (LARGE, np.eye(5), 1)],
    "hidden_preactivation": [(SQUARE, THREE, RNG.normal(size=3))],
    "output_shapes": [(4, 3)],
    "output_preactivation": [(SQUARE, THREE, RNG.uniform(size=3))],
    "binary_softmax": [(X[:2],), (np.array([1000.0, -1000.0]),), (np.array([-1000.0, -998.0]),)],
    "mse_grad": [(X, TARGETS), (LARGE, TARGETS)],
    "cross_entropy_grad": [(X, TARGETS), (LARGE, TARGETS)],
    "nll_loss": [(X, 2), (LARGE, 0), (LARGE, 3)],
    "n_parameters": [(5, 4, 3)],
    "empirical_risk": [
        (FOUR, RNG.normal(size=4), RNG.normal(size=(3, 4)), THREE, scale * FOUR, LABELS) for scale in (1.0, 1000.0)
    ],
    "gd_step": [(X, X[::-1], 0.3)],
    "gd_step_l2": [(X, X[::-1], 0.3, 0.2)],
    "grad_output_preactivation": [(np.array([0.2, 0.5, 0.3]), 2)],
    "grad_output_elements": [(THREE, X, 1, 2)],
    "grad_output_params": [(THREE, X)],
    "grad_hidden_element": [(THREE, SQUARE, 1)],
    "grad_hidden": [(THREE, SQUARE)],
    "grad_hidden_preactivation_element": [(X, X[::-1], 1), (X, LARGE, 1)],
    "grad_hidden_preactivation": [(X, X[::-1]), (X, LARGE)],
    "conv_output_size": [(33, 5, 2, 1, 1), (16, 4, 1, 3, 1), (30, 3, 0, 1, 3)],
    "layer_shapes": [()],
    "last_layer_parameters": [()],
    "convolve": [(X, KERNEL, "valid"), (X, KERNEL, "full"), (X, KERNEL, "same")],
}


def outcomes(function: Callable[..., Any], name: str) -> list[tuple[Any, Any]]:
    """Return what each call gives, and its arguments afterwards, as lists of rounded numbers."""
    found = []
    for call in CALLS[name]:
        arguments = [np.copy(item) if isinstance(item, np.ndarray) else item for item in call]
        with np.errstate(all="ignore"):
            value = function(*arguments)
        items = [*value] if isinstance(value, tuple) else [value]
        found.append(([spelled(item) for item in items], [spelled(item) for item in arguments]))
    return found


def spelled(value: Any) -> Any:
    return value if isinstance(value, str) else (np.shape(value), [f"{x:.6g}" for x in np.ravel(value)])


def test_every_mistake_is_listed_once_and_every_one_listed_exists() -> None:
    assert sorted(mistake for _, mistake in PAIRS) == sorted(MISTAKES)


def test_there_are_many_and_some_for_every_function() -> None:
    assert len(MISTAKES) >= 60
    assert all(len(mistakes) >= 3 for mistakes in LISTED.values())


def test_the_module_is_the_rubrics() -> None:
    assert RUBRIC.mistakes == "../reference/hw3_mistakes.py"


@pytest.mark.parametrize(("function", "mistake"), PAIRS)
def test_it_is_called_after_its_function_and_takes_the_same_arguments(function: str, mistake: str) -> None:
    assert mistake.startswith(f"{function}_")
    taken, wanted = (inspect.signature(item).parameters for item in (MISTAKES[mistake], getattr(hw3, function)))
    assert list(taken) == list(wanted)
    assert inspect.getdoc(MISTAKES[mistake])


@pytest.mark.parametrize("function", LISTED)
def test_each_differs_from_the_reference_and_from_the_others(function: str) -> None:
    right = outcomes(getattr(hw3, function), function)
    wrong = {item.function: outcomes(MISTAKES[item.function], function) for item in LISTED[function]}
    assert [name for name, found in wrong.items() if found == right] == []
    assert [pair for pair in itertools.combinations(wrong, 2) if wrong[pair[0]] == wrong[pair[1]]] == []


@pytest.mark.parametrize("function", LISTED)
def test_what_is_said_is_one_sentence_and_credit_is_half_or_none(function: str) -> None:
    for mistake in LISTED[function]:
        assert mistake.says.endswith((".", "?"))
        assert not any(mark in mistake.says[:-1] for mark in (". ", "? ", "! "))
        assert mistake.credit in {0, 0.5}


@pytest.mark.parametrize(
    ("mistake", "function"),
    [
        ("softplus_overflows", "softplus"),
        ("gd_step_l2_without_factor_2", "gd_step_l2"),
        ("conv_output_size_one_less", "conv_output_size"),
        ("convolve_without_flip", "convolve"),
    ],
)
def test_the_mistakes_of_the_example_good_py_are_known(mistake: str, function: str) -> None:
    path = REFERENCE_FOLDER.parent / "submissions_example" / "good.py"
    names: dict[str, Any] = {"__name__": "good"}
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), names)
    assert outcomes(MISTAKES[mistake], function) == outcomes(names[function], function)
