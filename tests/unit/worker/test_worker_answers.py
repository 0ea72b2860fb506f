from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from grader.wire import Opaque, Value, WireError, decode, encode
from grader.worker import letters
from grader.worker.answers import seal, unseal

LETTERS: list[tuple[Value, ...]] = [
    (letters.RETURNED, 1, 2.5, []),
    (letters.RETURNED, -(1 << 63), None, []),
    (letters.RETURNED, 7, np.arange(6.0).reshape(2, 3), []),
    (letters.RETURNED, 8, [], []),
    (letters.RETURNED, 9, [1, [2.0, "x"]], [np.eye(2)]),
    (letters.RETURNED, 9, 1, [[]]),
    (letters.RETURNED, 9, ({"a": (True, b"y")}, Opaque("set")), []),
    (letters.MISSING, 3, ["f"], ""),
    (letters.MEMORY, 4),
    (letters.LOADED, [], {}),
    # What a student's code can have put into its own.
    (np.arange(3), 1, 2.5, []),
    (letters.RETURNED, np.arange(3)),
    (letters.RETURNED, np.arange(3), 2.5, np.arange(3)),
]


@pytest.mark.parametrize("letter", LETTERS, ids=str)
def test_the_bytes_are_those_of_any_letter(letter: tuple[Value, ...]) -> None:
    assert seal(letter) == encode(letter)
    np.testing.assert_equal(unseal(seal(letter)), letter)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(WireError, match="shape"):
        seal((letters.RETURNED, 1, np.zeros((1 << 12, 1 << 10)), []))


def test_whatever_comes_means_what_it_means_to_the_decoder() -> None:
    draw, payloads = random.Random(0), [encode(letter) for letter in LETTERS]
    values = 0
    for _ in range(20_000):
        payload = bytearray(draw.choice(payloads))
        for _ in range(draw.randint(1, 3)):
            place = draw.randrange(len(payload))
            payload[place : place + draw.randint(0, 2)] = draw.choice((b"", draw.randbytes(1), b"l\0\0\0\0"))
        expected, answered = (_read(read, bytes(payload)) for read in (decode, unseal))
        assert expected == answered
        values += isinstance(expected, bytes)
    assert values > 1000


def _read(read: Callable[[bytes], Value], payload: bytes) -> bytes | None:
    """Return what is read, in a form that can be compared; None for what is refused."""
    try:
        return encode(read(payload))
    except WireError:
        return None
