from __future__ import annotations

import pytest

from grader.wire import MAX_BYTES, FrameReader, WireError, frame
from grader.wire.layout import LENGTH


def test_a_frame_is_its_length_and_its_content() -> None:
    assert frame(b"abc") == b"\3\0\0\0abc"
    assert frame(b"") == bytes(4)


def test_a_letter_longer_than_the_bound_is_not_framed() -> None:
    longest = bytes(MAX_BYTES)
    assert len(frame(longest)) == MAX_BYTES + 4
    with pytest.raises(WireError, match=f"{MAX_BYTES + 1} bytes; at most {MAX_BYTES}"):
        frame(longest + b"\0")


def test_several_letters_in_one_piece() -> None:
    reader = FrameReader()
    assert reader.feed(frame(b"a") + frame(b"") + frame(b"bc")) == [b"a", b"", b"bc"]
    assert not reader.pending


def test_a_letter_in_single_bytes() -> None:
    reader = FrameReader()
    got = [reader.feed(bytes((byte,))) for byte in frame(b"ab")]
    assert got == [[], [], [], [], [], [b"ab"]]


def test_what_is_unfinished_is_pending() -> None:
    reader = FrameReader()
    assert not reader.pending
    assert reader.feed(frame(b"ab") + b"\1") == [b"ab"]
    assert reader.pending
    assert reader.feed(b"\0\0\0x") == [b"x"]
    assert not reader.pending


def test_a_longer_frame_is_refused_by_its_announcement_alone_and_for_good() -> None:
    reader = FrameReader(max_bytes=8)
    assert reader.feed(frame(bytes(8))) == [bytes(8)]
    for _ in range(2):
        with pytest.raises(WireError, match="announces 9 bytes; at most 8"):
            reader.feed(LENGTH.pack(9))


def test_the_largest_announcement_is_refused() -> None:
    with pytest.raises(WireError, match="4294967295 bytes"):
        FrameReader().feed(b"\xff\xff\xff\xff")


def test_payloads_are_bytes_of_their_own() -> None:
    reader = FrameReader()
    (first,) = reader.feed(frame(b"ab"))
    reader.feed(b"zzz")
    assert type(first) is bytes
    assert first == b"ab"


def test_what_came_before_a_frame_that_is_too_long_is_returned_first() -> None:
    reader = FrameReader(max_bytes=10)
    assert reader.feed(frame(b"good") + LENGTH.pack(11)) == [b"good"]
    with pytest.raises(WireError, match="announces 11 bytes"):
        reader.feed(b"")
