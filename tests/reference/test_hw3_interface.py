"""The reference answers every part, under the agreed names, and behaves as a fair submission must."""

import copy
import inspect
import typing
from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
import pytest
from hw3_proof import REFERENCE_FOLDER, hw3

INTERFACE: list[tuple[str, str, list[str]]] = [
    ("1A", "sign", ["x"]),
    ("1B", "relu_grad", ["x"]),
    ("1B", "heaviside", ["x"]),
    ("1C", "relu", ["x"]),
    ("1C", "relu_reflected", ["x"]),
    ("1D", "scaled_sigmoid", ["x", "k"]),
    ("1E", "sigmoid_grad", ["x"]),
    ("1E", "sigmoid_jacobian", ["x"]),
    ("1F", "log_sigmoid", ["x"]),
    ("1G", "softplus", ["x"]),
    ("1G", "softplus_grad", ["x"]),
    ("1H", "softmax", ["x"]),
    ("1I", "softmax_scaled", ["x", "c"]),
    ("1J", "softmax_partial", ["x", "i", "j"]),
    ("1K", "softmax_jacobian", ["x"]),
    ("1L", "grad_log_softmax", ["x", "dx_du", "i"]),
    ("1M", "grad_cross_entropy", ["x", "dx_du", "k"]),
    ("2A", "hidden_preactivation", ["W1", "b1", "x"]),
    ("2A", "hidden_activation", ["h_a"]),
    ("2B", "output_shapes", ["d_h", "m"]),
    ("2B", "output_preactivation", ["W2", "b2", "h_s"]),
    ("2C", "output_activation", ["o_a"]),
    ("2D", "binary_softmax", ["x"]),
    ("2E", "mse_grad", ["o_a", "y"]),
    ("2F", "cross_entropy_grad", ["o_a", "y"]),
    ("2G", "mse_to_cross_entropy_ratio", ["o_a"]),
    ("2H", "nll_loss", ["o_a", "y"]),
    ("2I", "n_parameters", ["d", "d_h", "m"]),
    ("2I", "empirical_risk", ["W1", "b1", "W2", "b2", "X", "y"]),
    ("2J", "gd_step", ["theta", "grad", "lr"]),
    ("2K", "gd_step_l2", ["theta", "grad", "lr", "lam"]),
    ("2L", "grad_output_preactivation", ["o_s", "y"]),
    ("2M", "grad_output_elements", ["grad_oa", "h_s", "k", "j"]),
    ("2N", "grad_output_params", ["grad_oa", "h_s"]),
    ("2O", "grad_hidden_element", ["grad_oa", "W2", "j"]),
    ("2P", "grad_hidden", ["grad_oa", "W2"]),
    ("2Q", "grad_hidden_preactivation_element", ["grad_hs", "h_a", "j"]),
    ("2R", "grad_hidden_preactivation", ["grad_hs", "h_a"]),
    ("3A", "conv_output_size", ["size", "kernel", "padding", "stride", "dilation"]),
    ("3A", "layer_shapes", []),
    ("3B", "last_layer_parameters", []),
    ("3C", "convolve", ["signal", "kernel", "mode"]),
]
WRITTEN = {"1I": "ANSWER_1I", "2G": "ANSWER_2G", "3D": "ANSWER_3D"}
NAMES = [name for _, name, _ in INTERFACE]


def arguments(scale: float) -> dict[str, tuple[object, ...]]:
    """Return a call for each function, with entries up to `scale`; weights and derivatives stay ordinary."""
    rng = np.random.default_rng(1)
    x = scale * np.array([-1.0, 1.0, 0.25, -0.5, 0.75])
    signs = np.array([0.0, 0.0, 1.0, 1.0, 0.0])
    dx_du = rng.normal(size=(5, 3))
    w1, b1, w2, b2 = (rng.normal(size=shape) for shape in [(4, 5), (4,), (3, 4), (3,)])
    grad_oa, hidden = rng.normal(size=3), rng.normal(size=4)
    large_hidden = scale * np.array([-1.0, 1.0, 0.5, 0.0])
    return {
        **{name: (x,) for _, name, names in INTERFACE if names == ["x"]},
        "scaled_sigmoid": (x, scale),
        "softmax_scaled": (x, -scale),
        "softmax_partial": (x, 1, 2),
        "grad_log_softmax": (x, dx_du, 2),
        "grad_cross_entropy": (x, dx_du, 2),
        "hidden_preactivation": (w1, b1, x),
        "hidden_activation": (x,),
        "output_shapes": (4, 3),
        "output_preactivation": (w2, b2, large_hidden),
        "output_activation": (x,),
        "binary_softmax": (x[:2],),
        "mse_grad": (x, signs),
        "cross_entropy_grad": (x, signs),
        "mse_to_cross_entropy_ratio": (x,),
        "nll_loss": (x, 0),
        "n_parameters": (5, 4, 3),
        "empirical_risk": (w1, b1, w2, b2, np.stack([x, -x]), np.array([2, 0])),
        "gd_step": (x, rng.normal(size=5), 0.1),
        "gd_step_l2": (x, rng.normal(size=5), 0.1, 0.5),
        "grad_output_preactivation": (np.array([0.2, 0.5, 0.3]), 1),
        "grad_output_elements": (grad_oa, large_hidden, 2, 1),
        "grad_output_params": (grad_oa, large_hidden),
        "grad_hidden_element": (grad_oa, w2, 1),
        "grad_hidden": (grad_oa, w2),
        "grad_hidden_preactivation_element": (hidden, large_hidden, 1),
        "grad_hidden_preactivation": (hidden, large_hidden),
        "conv_output_size": (128, 8, 3, 2, 1),
        "layer_shapes": (),
        "last_layer_parameters": (),
        "convolve": (x, np.array([1.0, 2.0, 3.0]), "same"),
    }


def leaves(value: object) -> Iterator[Any]:
    if isinstance(value, tuple):
        yield from chain.from_iterable(leaves(item) for item in value)
    else:
        yield value


def test_the_reference_has_every_function_in_the_order_of_the_homework_and_no_other() -> None:
    own = [
        name for name, value in vars(hw3).items() if inspect.isfunction(value) and value.__module__ == hw3.__name__
    ]
    assert [name for name in own if not name.startswith("_")] == NAMES


@pytest.mark.parametrize(("part", "name", "parameters"), INTERFACE)
def test_parameters_have_the_agreed_names_in_order(part: str, name: str, parameters: list[str]) -> None:
    signature = inspect.signature(getattr(hw3, name))
    assert list(signature.parameters) == parameters
    for parameter in signature.parameters.values():
        assert parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        assert parameter.default is inspect.Parameter.empty


@pytest.mark.parametrize(("part", "name", "parameters"), INTERFACE)
def test_docstrings_open_with_the_part(part: str, name: str, parameters: list[str]) -> None:
    assert (getattr(hw3, name).__doc__ or "").startswith(f"{part}: ")


def test_the_35_parts_are_all_answered() -> None:
    parts = [f"1{letter}" for letter in "ABCDEFGHIJKLM"]
    parts += [f"2{letter}" for letter in "ABCDEFGHIJKLMNOPQR"]
    parts += ["3A", "3B", "3C", "3D"]
    assert len(parts) == 35
    assert sorted({part for part, _, _ in INTERFACE} | set(WRITTEN)) == parts


@pytest.mark.parametrize("name", WRITTEN.values())
def test_written_answers_are_module_level_texts(name: str) -> None:
    text = getattr(hw3, name)
    assert isinstance(text, str)
    assert 200 < len(text) < 1000


def test_it_needs_nothing_but_numpy() -> None:
    imported = [
        line
        for line in (REFERENCE_FOLDER / "hw3.py").read_text("utf-8").splitlines()
        if line.startswith(("import ", "from "))
    ]
    assert {line.split()[1].partition(".")[0] for line in imported} == {"numpy", "typing"}


def test_every_function_has_a_call() -> None:
    assert sorted(arguments(1.0)) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_arguments_are_left_as_they_were(name: str) -> None:
    given = arguments(1.0)[name]
    before = copy.deepcopy(given)
    getattr(hw3, name)(*given)
    for got, want in zip(given, before, strict=True):
        np.testing.assert_array_equal(np.asarray(got), np.asarray(want))


@pytest.mark.parametrize("name", NAMES)
def test_results_do_not_share_memory_with_the_arguments(name: str) -> None:
    given = arguments(1.0)[name]
    results = [leaf for leaf in leaves(getattr(hw3, name)(*given)) if isinstance(leaf, np.ndarray)]
    arrays = [argument for argument in given if isinstance(argument, np.ndarray)]
    assert not any(np.shares_memory(result, array) for result in results for array in arrays)


@pytest.mark.parametrize("name", NAMES)
def test_results_have_the_promised_types(name: str) -> None:
    function = getattr(hw3, name)
    result = function(*arguments(1.0)[name])
    scalar = typing.get_type_hints(function)["return"]
    if scalar in {int, float}:
        assert type(result) is scalar
    for leaf in leaves(result):
        assert type(leaf) in {int, float} or (type(leaf) is np.ndarray and leaf.dtype == np.float64)


@pytest.mark.parametrize("name", NAMES)
def test_entries_up_to_1000_give_finite_results_without_a_warning(name: str) -> None:
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        result = getattr(hw3, name)(*arguments(1000.0)[name])
    assert all(np.all(np.isfinite(leaf)) for leaf in leaves(result))
