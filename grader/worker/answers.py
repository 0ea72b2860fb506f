"""The likeliest letter, what a call has returned, in a third of the steps that any other takes.

The bytes are those that `encode` makes of (RETURNED, number, value, []), and mean what `decode` makes of them.
"""

from __future__ import annotations

from typing import Final

from grader.wire import Value, WireError, decode, encode
from grader.wire.layout import INT
from grader.worker.letters import RETURNED

_TAIL: Final = encode([])
_HEAD: Final = encode((RETURNED, 0, None, []))[: -INT.size - len(encode(None)) - len(_TAIL)]


def seal(letter: tuple[Value, ...]) -> bytes:
    """Return an answer as bytes.

    Raises:
        WireError: it does not fit the wire.
    """
    # A student's code may have put anything into its own letter, an array too, whose comparison is no truth value.
    if letter[0] is RETURNED and len(letter) == 4:
        _, number, value, observed = letter
        if type(number) is int and type(observed) is list and not observed:
            return b"".join((_HEAD, INT.pack(number), encode(value), _TAIL))
    return encode(letter)


def unseal(payload: bytes) -> Value:
    """Return the answer that a hostile peer's bytes hold.

    Raises:
        WireError: they break a rule of the wire.
    """
    start = len(_HEAD) + INT.size
    # A value says itself where it ends: what can be read in this way cannot be read in another.
    if payload.startswith(_HEAD) and payload.endswith(_TAIL) and len(payload) > start + len(_TAIL):
        try:
            return (RETURNED, *INT.unpack_from(payload, len(_HEAD)), decode(payload[start : -len(_TAIL)]), [])
        except WireError:
            # Its end may look like that by chance: something else is wrong with it, or nothing.
            pass
    return decode(payload)
