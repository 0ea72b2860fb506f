from __future__ import annotations

import enum
from collections import OrderedDict, namedtuple
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.wire import MAX_BYTES, Opaque, WireError, decode, encode
from grader.wire.layout import MAX_AXES, MAX_DEPTH, MAX_INTEGER_BYTES, MAX_ITEMS


class Colour(enum.IntEnum):
    RED = 1


Pair = namedtuple("Pair", "left right")  # noqa: PYI024  (the untyped one, as students write it)


class Labelled(np.ndarray[Any, Any]):
    pass


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (None, b"N"),
        (True, b"T"),
        (False, b"F"),
        (1, b"i" + b"\1" + bytes(7)),
        (-1, b"i" + b"\xff" * 8),
        (1 << 63, b"I\x09\0\0\0" + bytes(7) + b"\x80\0"),
        (-(1 << 63), b"i" + bytes(7) + b"\x80"),
        (1.5, b"d" + bytes(6) + b"\xf8\x3f"),
        (1.5j, b"c" + bytes(8) + bytes(6) + b"\xf8\x3f"),
        ("é", b"s\2\0\0\0\xc3\xa9"),
        (b"\0", b"b\1\0\0\0\0"),
        (bytearray(b"x"), b"b\1\0\0\0x"),
        ([], b"l\0\0\0\0"),
        ((None,), b"t\1\0\0\0N"),
        ({"a": None}, b"m\1\0\0\0s\1\0\0\0aN"),
        (Opaque("set"), b"o\3\0\0\0set"),
        (np.array([1, 2], np.int8), b"ab\1" + b"\2" + bytes(7) + b"\1\2"),
        (np.zeros((0, 3), bool), b"a?\2" + bytes(8) + b"\3" + bytes(7)),
        (np.float32(1.5), b"gf\0\0\xc0\x3f"),
    ],
)
def test_layout(value: object, content: bytes) -> None:
    assert encode(value) == content


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, 1),
        (Pair(1, 2), (1, 2)),
        (OrderedDict(a=1), {"a": 1}),
        (np.str_("word"), "word"),
        (type("Half", (float,), {})(0.5), 0.5),
        (type("Turn", (complex,), {})(1j), 1j),
    ],
)
def test_subclasses_travel_as_their_base(value: object, plain: object) -> None:
    got = decode(encode(value))
    assert got == plain
    assert type(got) is type(plain)


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        ({1, 2}, "set"),
        (len, "builtin_function_or_method"),
        (Fraction(1, 2), "fractions.Fraction"),
        (memoryview(b"x"), "memoryview"),
        ({1: 2}, "dict with keys that are not text"),
        ({"a": 1, None: 2}, "dict with keys that are not text"),
        (np.array([1, None]), "array with dtype object"),
        (np.array(["a"]), "array with dtype <U1"),
        (np.zeros(1, [("x", int)]), "array with dtype [('x', '<i8')]"),
        (np.datetime64("2024-01-01"), "numpy scalar with dtype datetime64[D]"),
        (np.bytes_(b"x"), "numpy scalar with dtype |S1"),
        (np.zeros((1,) * (MAX_AXES + 1)), f"array with {MAX_AXES + 1} axes"),
        (np.ma.array([1, 2], mask=[True, False]), "masked array with masked entries"),
        (np.ma.masked, "masked array with masked entries"),
        (1 << 8 * MAX_INTEGER_BYTES, "int with more than 2400 digits"),
        (-(1 << 8 * MAX_INTEGER_BYTES), "int with more than 2400 digits"),
        (type("x" * 300, (), {"__module__": "m"})(), "m." + "x" * 198),
        (Opaque("a\ud800"), "a?"),
    ],
)
def test_what_does_not_travel_is_named(value: object, type_name: str) -> None:
    assert decode(encode(value)) == Opaque(type_name)


def test_the_types_of_numpy_s_that_have_no_byte_order_do_not_travel() -> None:
    dtypes = getattr(np, "dtypes", None)
    if not hasattr(dtypes, "StringDType"):
        pytest.skip("numpy 2's own text type")
    assert decode(encode(np.array(["a"], dtype=np.dtypes.StringDType()))) == Opaque(
        "array with dtype StringDType()"
    )


def test_an_opaque_item_does_not_take_its_list_along() -> None:
    assert decode(encode([1, {2}, 3])) == [1, Opaque("set"), 3]


def test_lone_surrogates_travel_as_question_marks() -> None:
    assert decode(encode("a\ud800b")) == "a?b"


def test_keys_with_lone_surrogates_do_not_become_one_key() -> None:
    assert decode(encode({"\ud800": 1, "?": 2})) == Opaque("dict with keys that are not text")
    assert decode(encode({"é": 1})) == {"é": 1}


@pytest.mark.parametrize("dtype", [">i4", ">f8", ">c16", "<u2"])
def test_either_byte_order_arrives_as_this_machine_s(dtype: str) -> None:
    array = np.array([[1, 2, 3]], dtype)
    for value in (array, array[0, 1]):
        got = decode(encode(value))
        assert got.dtype == np.dtype(dtype).newbyteorder("=")
        assert np.array_equal(got, value)


@pytest.mark.parametrize("code", ["l", "q", "p", "L", "Q"])
def test_every_name_of_an_integer_type_travels(code: str) -> None:
    array = np.array([1, 2], code)
    assert encode(array) == encode(array.astype(np.dtype(array.dtype.str)))
    assert decode(encode(array)).tolist() == [1, 2]


def test_long_doubles_arrive_as_doubles_and_overflow_without_a_warning() -> None:
    array = np.array([1.5, np.finfo(np.longdouble).max], np.longdouble)
    got = decode(encode(array))
    assert got.dtype == np.float64
    assert got[0] == 1.5
    scalar = decode(encode(np.longdouble(1.5)))
    assert type(scalar) is np.float64
    assert scalar == 1.5
    assert decode(encode(np.clongdouble(1.5j))) == 1.5j


def test_entries_travel_in_c_order_whatever_the_memory_holds() -> None:
    array = np.arange(6).reshape(2, 3)
    for view in (array.T, np.asfortranarray(array), array[:, ::-1], array[::2]):
        assert np.array_equal(decode(encode(view)), view)


def test_array_subclasses_lose_their_class_and_an_empty_mask() -> None:
    array = np.array([1, 2])
    views: list[np.ndarray[Any, Any]] = [np.ma.array(array), array.view(np.recarray), array.view(Labelled)]
    for value in views:
        got = decode(encode(value))
        assert type(got) is np.ndarray
        assert got.tolist() == [1, 2]


@pytest.mark.parametrize(
    "value", [float("nan"), float("-inf"), -0.0, 5e-324, np.float16(np.nan), np.complex64(complex(np.nan, -0.0))]
)
def test_floats_keep_all_their_bits(value: float) -> None:
    content = encode(value)
    assert encode(decode(content)) == content


def test_signalling_nans_keep_their_payload() -> None:
    array = np.array([0x7FA00001, 0xFFC12345], np.uint32).view(np.float32)
    assert decode(encode(array)).view(np.uint32).tolist() == [0x7FA00001, 0xFFC12345]


def test_depth_is_bounded_and_a_list_that_holds_itself_ends() -> None:
    deepest = nested(MAX_DEPTH)
    assert decode(encode(deepest)) == deepest
    endless: list[Any] = []
    endless += [endless, endless]
    for value in ([deepest], endless):
        with pytest.raises(WireError, match=f"nested more than {MAX_DEPTH} deep"):
            encode(value)


def test_items_are_bounded() -> None:
    most = [None] * (MAX_ITEMS - 1)
    assert decode(encode(most)) == most
    with pytest.raises(WireError, match=f"more than {MAX_ITEMS} items"):
        encode([most])


def test_bytes_are_bounded_for_every_kind_of_value() -> None:
    fitting = bytes(MAX_BYTES - 5)
    assert len(encode(fitting)) == MAX_BYTES
    text = "x" * (MAX_BYTES - 5)
    for value in (fitting + b"\0", text + "x", [text], {"a": text}, {text: None}, [text[: MAX_BYTES // 2]] * 2):
        with pytest.raises(WireError, match=f"more than {MAX_BYTES} bytes"):
            encode(value)


def test_arrays_are_measured_before_they_are_copied() -> None:
    with pytest.raises(WireError, match="shape"):
        encode(np.broadcast_to(np.float64(0), (1 << 20, 1 << 20)))


def test_an_array_without_entries_is_refused_when_the_decoder_would() -> None:
    assert decode(encode(np.zeros((0, 1000)))).shape == (0, 1000)
    with pytest.raises(WireError, match="shape"):
        encode(np.zeros((0, 1 << 40)))


def test_the_largest_array_travels() -> None:
    array = np.zeros(MAX_BYTES - 11, np.uint8)
    assert decode(encode(array)).shape == array.shape
    with pytest.raises(WireError):
        encode(np.zeros(MAX_BYTES - 10, np.uint8))
