from __future__ import annotations

import builtins
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from notebook_json import code, markdown, notebook, old_notebook

from grader.notebook.content import Cell, MissingLibraryError, NotebookError, read_cells


def test_code_and_markdown_are_what_counts() -> None:
    raw = {"cell_type": "raw", "metadata": {}, "source": "x"}
    content = notebook(code("x = 1\ny = 2"), raw, markdown(["# 1A\n", "text"]), {"cell_type": "odd"}, code([]))
    assert read_cells(content) == [
        Cell("code", "x = 1\ny = 2"), Cell("markdown", "# 1A\ntext"), Cell("code", "")
    ]  # fmt: skip


def test_outputs_attachments_and_metadata_are_left_behind() -> None:
    outputs = [{"output_type": "stream", "text": 7}, 5, {"data": {"image/png": ["x"] * 10}}]
    cell = code("x", outputs=outputs, metadata={"a": {"b": [None] * 100}}, attachments=3, id=[])
    content = notebook(cell, markdown("y", attachments={"a.png": {"image/png": 4}}), metadata={"deep": [[[[]]]]})
    assert [cell.text for cell in read_cells(content)] == ["x", "y"]


def test_every_line_ends_in_a_line_feed() -> None:
    assert read_cells(notebook(code("a\r\nb\rc\x0cd\u2028e"))) == [Cell("code", "a\nb\nc\x0cd\u2028e")]


@pytest.mark.parametrize("version", [2, 3])
def test_older_formats_are_upgraded(version: int, recwarn: pytest.WarningsRecorder) -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": "1I", "metadata": {}},
        {"cell_type": "markdown", "source": "because", "metadata": {}},
        {"cell_type": "code", "input": "x = 1", "language": "python", "outputs": [{"odd": 1}], "collapsed": 5},
        {"cell_type": "heading", "level": [10**9], "source": "2G"},
    ]
    assert [cell.text for cell in read_cells(old_notebook(*cells, version=version))] == [
        "## 1I", "because", "x = 1", "# 2G"
    ]  # fmt: skip
    assert not recwarn.list


def test_a_byte_order_mark_is_no_part_of_it() -> None:
    assert read_cells(b"\xef\xbb\xbf" + notebook(code("x"))) == [Cell("code", "x")]


def test_the_last_of_two_equal_keys_counts_as_it_does_in_jupyter() -> None:
    twice = notebook(code("x")).replace(b'"source": "x"', b'"source": "no", "source": "yes"')
    assert read_cells(twice) == [Cell("code", "yes")]


VERSIONS: list[Any] = [0, 1, 5, True, None, "4", 4.0, [4], {}]
CELLS: list[Any] = [None, 3, "x", []]
TEXTS: list[Any] = [None, 3, {}, [3], ["a", None]]
REFUSED: list[tuple[bytes, str]] = [
    (b"", "it is empty; save it"),
    (b"\xef\xbb\xbf", "it is not JSON"),
    (b"<!DOCTYPE html>", "it is not JSON: .* in line 1; save it in Jupyter, or download it"),
    (b"\x00\x01", "it is not JSON"),
    (b"PK\x03\x04", "it is not JSON"),
    (notebook(code("x"))[:-9], "it is not JSON"),
    (notebook(code("caf\u00e9")).decode().encode("utf-16"), "not UTF-8"),
    (b'{"cells": "\xff"}', "not UTF-8"),
    (b"[]", "JSON, but not a notebook"),
    (b"NaN", "JSON, but not a notebook"),
    (b'"text"', "JSON, but not a notebook"),
    (b"{}", "not one of Jupyter's"),
    *((notebook(nbformat=version), "not one of Jupyter's") for version in VERSIONS),
    (b'{"nbformat": ' + b"4" * 1_000_000 + b"}", "not one of Jupyter's"),
    (b'{"nbformat": NaN}', "not one of Jupyter's"),
    (b'{"nbformat": 4}', "no list of cells"),
    (b'{"nbformat": 3}', "no list of cells"),
    (b'{"nbformat": 3, "worksheets": [3]}', "no list of cells"),
    (b'{"nbformat": 3, "worksheets": [{"cells": {}}]}', "no list of cells"),
    *((notebook(cells=cells), "no list of cells") for cells in (None, 3, "x", {"a": 1})),
    *((notebook(cell), "cell number 1 is none") for cell in CELLS),
    *((notebook(code("x", source=text)), "text of its cell number 1") for text in TEXTS),
    (notebook(*[code("")] * 2_001), "more than 2000 cells"),
    (notebook(metadata={"kernelspec": {"language": "R"}}), "its language is R, not Python"),
    (notebook(metadata={"language_info": {"name": "julia" * 30}}), "its language is juliajulia"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"a":' * 100_000, "nested too deeply"),
    (b"[" * 500_000, "more values"),
    (notebook(code("x", outputs=[{}] * 500_000)), "more values"),
    (notebook(metadata={str(key): 1 for key in range(500_000)}), "more values"),
    (notebook(*[code("")] * 100_000), "more values"),
    (b" " * (16 * 1024 * 1024 + 1), "at most 16777216 are read; clear its outputs"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "why"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_notebook_is_refused_in_a_sentence_and_at_once(content: bytes, why: str) -> None:
    started = time.process_time()
    with pytest.raises(NotebookError, match=why):
        read_cells(content)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("value", [3, None, [], "x", {"kernelspec": 3}, {"kernelspec": {"language": 3}}])
def test_odd_metadata_cost_nothing(value: Any) -> None:
    assert read_cells(notebook(code("x"), metadata=value)) == [Cell("code", "x")]


def test_numbers_of_a_million_digits_are_not_made() -> None:
    huge = (
        b'{"nbformat": 4, "n": ' + b"9" * 5_000_000 + b', "m": 1e' + b"9" * 999 + b', "k": -Infinity, "cells": []}'
    )
    assert read_cells(huge) == []


def test_without_the_library_it_is_said_which_one(monkeypatch: pytest.MonkeyPatch) -> None:
    original: Callable[..., Any] = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name == "nbformat":
            raise ImportError(name)
        return original(name, *args, **options)

    monkeypatch.delitem(sys.modules, "nbformat", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingLibraryError, match="not installed here: pip install nbformat"):
        read_cells(notebook(code("x")))


def test_a_typical_notebook_with_pictures_is_within_the_bounds() -> None:
    picture = {"data": {"image/png": "iVBORw0KGgo" * 100_000}, "metadata": {}, "output_type": "display_data"}
    plotly = {"data": {"application/json": {"x": list(range(50_000))}}, "output_type": "display_data"}
    content = json.dumps(json.loads(notebook(*[code("x", outputs=[picture])] * 8, code("y", outputs=[plotly]))))
    assert len(read_cells(content.encode())) == 9
