"""3A to 3C: convolution, against loops and the published numbers."""

from itertools import product

import numpy as np
import pytest
from hw3_proof import Array, close, hw3

SIGNAL: Array = np.array([1.0, 1.0, 4.0, 4.0, 4.0, 1.0, 1.0])
BOX: Array = np.array([0.25, 0.25, 0.25])
PUBLISHED = {
    "valid": [3 / 2, 9 / 4, 3, 9 / 4, 3 / 2],
    "full": [1 / 4, 1 / 2, 3 / 2, 9 / 4, 3, 9 / 4, 3 / 2, 1 / 2, 1 / 4],
    "same": [1 / 2, 3 / 2, 9 / 4, 3, 9 / 4, 3 / 2, 1 / 2],
}


def positions(size: int, kernel: int, padding: int, stride: int, dilation: int) -> int:
    """Count the places where every entry of the kernel lies on the padded input."""
    count, start = 0, -padding
    while start + dilation * (kernel - 1) < size + padding:
        count += 1
        start += stride
    return count


def full(signal: Array, kernel: Array) -> list[float]:
    """Convolve by the definition; entry t is the sum over m of signal[m] kernel[t - m]."""
    return [
        sum(signal[m] * kernel[t - m] for m in range(len(signal)) if 0 <= t - m < len(kernel))
        for t in range(len(signal) + len(kernel) - 1)
    ]


def kept(signal: Array, kernel: Array, mode: str) -> list[float]:
    """Cut the full convolution to `mode`, for a kernel of odd length."""
    reach = len(kernel) - 1
    margin = {"full": 0, "same": reach // 2, "valid": reach}[mode]
    whole = full(signal, kernel)
    return whole[margin : len(whole) - margin]


def test_3a_conv_output_size_counts_the_kernel_s_positions() -> None:
    for geometry in product(range(8, 14), range(1, 5), range(4), range(1, 5), range(1, 3)):
        assert hw3.conv_output_size(*geometry) == positions(*geometry), geometry


@pytest.mark.parametrize(
    ("geometry", "want"),
    [((128, 8, 3, 2, 1), 64), ((64, 2, 0, 2, 1), 32), ((32, 3, 1, 1, 1), 32), ((7, 3, 0, 1, 2), 3)],
)
def test_3a_known_sizes(geometry: tuple[int, ...], want: int) -> None:
    assert hw3.conv_output_size(*geometry) == want


def test_3a_layer_shapes() -> None:
    assert hw3.layer_shapes() == ((32, 64, 64), (32, 32, 32), (64, 32, 32))


def test_3a_layer_shapes_by_counting_positions() -> None:
    first = positions(128, 8, 3, 2, 1)
    second = positions(first, 2, 0, 2, 1)
    third = positions(second, 3, 1, 1, 1)
    assert [height for _, height, _ in hw3.layer_shapes()] == [first, second, third]
    assert [width for _, _, width in hw3.layer_shapes()] == [first, second, third]


def test_3b_last_layer_parameters() -> None:
    assert hw3.last_layer_parameters() == 18432


def test_3b_last_layer_parameters_by_counting_weights() -> None:
    _, (channels_in, _, _), (channels_out, _, _) = hw3.layer_shapes()
    assert hw3.last_layer_parameters() == np.zeros((channels_out, channels_in, 3, 3)).size


@pytest.mark.parametrize("mode", PUBLISHED)
def test_3c_published_numbers(mode: str) -> None:
    assert hw3.convolve(SIGNAL, BOX, mode).tolist() == PUBLISHED[mode]


@pytest.mark.parametrize("mode", PUBLISHED)
@pytest.mark.parametrize(("n", "k"), [(1, 1), (6, 1), (7, 3), (3, 3), (10, 5), (5, 5)])
def test_3c_convolve_in_loops(mode: str, n: int, k: int) -> None:
    rng = np.random.default_rng([n, k])
    signal, kernel = rng.normal(size=n), rng.normal(size=k)
    assert close(hw3.convolve(signal, kernel, mode), kept(signal, kernel, mode), atol=1e-14)


@pytest.mark.parametrize("mode", PUBLISHED)
def test_3c_an_asymmetric_kernel_is_flipped(mode: str) -> None:
    impulse, kernel = np.array([0.0, 0.0, 1.0, 0.0, 0.0]), np.array([1.0, 2.0, 3.0])
    got = hw3.convolve(impulse, kernel, mode)
    assert got.tolist() == kept(np.array([0.0, 0.0, 1.0, 0.0, 0.0]), kernel, mode)
    # An impulse gives back the kernel as it stands; sliding without the flip would give it reversed.
    assert [entry for entry in got if entry] == [1, 2, 3]
