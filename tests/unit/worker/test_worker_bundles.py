from __future__ import annotations

import io
import pickle
from typing import Any

import numpy as np
import pytest

from grader.wire import Value, decode, encode
from grader.worker.bundles import bundle, unbundle
from grader.worker.letters import CALL, MANY

VALUES: list[Value] = [
    None,
    True,
    3,
    1 << 80,
    2.5,
    1j,
    "text",
    b"bytes",
    [],
    (1, [2.0, (3,)]),
    {"a": [np.arange(3.0)]},
    np.float64(0.1),
    np.float32(0.1),
    np.int64(-3),
    np.bool_(True),
    np.complex128(1 + 2j),
    np.zeros((2, 0, 3)),
    np.array(7.0),
    np.arange(6, dtype=np.int8).reshape(2, 3),
    np.array([True, False]),
    np.array([1 + 2j]),
    np.full((2, 2), np.nan, dtype=np.float32),
]


def sent(*values: Value) -> list[tuple[Any, ...]]:
    """Return what a worker reads of calls with these arguments."""
    payloads = tuple(encode((CALL, number, "f", [value], [])) for number, value in enumerate(values))
    kind, content = decode(bundle(payloads))
    assert kind == MANY
    return list(unbundle(content))


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_letter_is_what_it_would_be_by_itself(value: Value) -> None:
    alone = encode((CALL, 1, "f", [value], []))
    (_, (kind, number, name, args, observed)) = sent(None, value)
    assert encode((kind, number, name, args, observed)) == alone
    assert type(args[0]) is type(decode(alone)[3][0])


@pytest.mark.parametrize("value", [item for item in VALUES if isinstance(item, np.ndarray)], ids=repr)
def test_an_array_is_the_calls_own(value: np.ndarray[Any, Any]) -> None:
    ((*_, args, _),) = sent(value)
    array = args[0]
    assert (array.flags.owndata, array.flags.writeable, array.base) == (True, True, None)
    assert array.flags.c_contiguous
    assert array.dtype is np.dtype(value.dtype.char)


def test_what_a_call_changes_no_other_sees() -> None:
    shared = [np.zeros(2), [1.0], {"a": 1}]
    (*_, first, _), (*_, second, _) = sent(shared, shared)
    first[0][0][0], first[0][1][0], first[0][2]["a"] = 9.0, 9.0, 9
    assert [item.tolist() if isinstance(item, np.ndarray) else item for item in second[0]] == [
        [0.0, 0.0],
        [1.0],
        {"a": 1},
    ]
    assert sent(shared, shared)[0][3][0][1] == [1.0]


def test_what_a_module_has_patched_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    content = decode(bundle((encode((CALL, 1, "f", [np.zeros(2)], [])),)))[1]
    for module, name in [(np, "array"), (np, "ndarray"), (io, "BytesIO"), (pickle, "Unpickler")]:
        monkeypatch.setattr(module, name, None)
    assert unbundle(content)[0][3][0].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("program", [print, pickle.loads, Exception])
def test_it_calls_nothing_else(program: Any) -> None:
    content = io.BytesIO()
    pickle.Pickler(content, 4).dump(program)
    with pytest.raises(KeyError):
        unbundle(content.getvalue())
