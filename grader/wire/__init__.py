"""The wire: plain values as bytes, and bytes from a hostile peer as plain values or a `WireError`.

Theory of operation
-------------------
Two processes that do not trust each other exchange *letters*. A letter is one value; it travels as a *frame*:
four bytes of length (little-endian), then the value. A value is one tag byte and a body:

    N T F          None, True, False
    i I            integer of 8 bytes; longer one as u32 length + two's complement
    d c            float (8 bytes), complex (16 bytes)
    s b            text (UTF-8), bytes: u32 length + content
    l t m          list, tuple, mapping with text keys: u32 count + items
    a              array: type code, number of axes, u64 per axis, C-order little-endian entries
    g              numpy scalar: type code + entry
    o              `Opaque`: the name of a type that does not travel

Rules, which the decoder enforces on every byte that it reads:

1. Nothing is executed, looked up or imported: the bytes choose among the types above, no others.
2. Nothing is allocated before the frame is known to hold it: a count is checked against the bytes left, a
   shape against the entries present (with Python's unbounded integers, zero-length axes counted as one).
3. Depth, items and bytes are bounded, so time and memory are.
4. Mapping keys are text, whose hash is secret to each process: colliding keys cannot be prepared.
5. A frame holds one value and ends with it.

`encode` runs wherever the value is; only `decode` is a boundary. Floats keep all their bits, NaN included.
"""

from grader.wire.decode import decode
from grader.wire.encode import encode
from grader.wire.frames import FrameReader, frame
from grader.wire.layout import MAX_BYTES, Opaque, Value, WireError

__all__ = ["MAX_BYTES", "FrameReader", "Opaque", "Value", "WireError", "decode", "encode", "frame"]
