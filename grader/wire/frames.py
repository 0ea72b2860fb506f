"""Frames: where one letter ends and the next begins."""

from __future__ import annotations

from grader.wire.layout import LENGTH, MAX_BYTES, WireError


def frame(payload: bytes) -> bytes:
    """Return `payload` with its length in front.

    Raises:
        WireError: the payload is longer than `MAX_BYTES`.
    """
    if len(payload) > MAX_BYTES:
        raise WireError(f"a letter of {len(payload)} bytes; at most {MAX_BYTES} are allowed")
    return LENGTH.pack(len(payload)) + payload


class FrameReader:
    """Cuts a stream of bytes into frames, holding no more than one unfinished frame.

    Args:
        max_bytes: the longest frame that is accepted.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Take in `data` and return the payloads that it completes.

        Raises:
            WireError: a frame announces more than `max_bytes`. Those before it are returned first; it is raised
                when next this is called.
        """
        self._buffer += data
        done: list[bytes] = []
        start = 0
        with memoryview(self._buffer) as came:
            while len(came) - start >= LENGTH.size:
                (length,) = LENGTH.unpack_from(came, start)
                if length > self._max_bytes:
                    if done:
                        break
                    raise WireError(f"a letter announces {length} bytes; at most {self._max_bytes} are allowed")
                end = start + LENGTH.size + length
                if len(came) < end:
                    break
                done.append(bytes(came[start + LENGTH.size : end]))
                start = end
        # Once: what is left is moved for it.
        del self._buffer[:start]
        return done

    @property
    def pending(self) -> bool:
        """Whether part of a frame has come, or more than was asked for."""
        return bool(self._buffer)
