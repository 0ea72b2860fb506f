from __future__ import annotations

import ast
import codecs
import linecache
from typing import Any

import pytest

from grader.worker.source import UnreadableError, parse

NAME = "homework.py"


@pytest.fixture(autouse=True)
def _leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linecache, "cache", {})


def _value(source: bytes) -> Any:
    names: dict[str, Any] = {}
    exec(compile(parse(source, NAME), NAME, "exec"), names)
    return names["x"]


def _problem(source: str | bytes) -> tuple[Any, ...]:
    with pytest.raises(UnreadableError) as caught:
        parse(source.encode() if isinstance(source, str) else source, NAME)
    assert linecache.cache == {}
    return caught.value.args


class TestUnreadable:
    def test_a_syntax_error_comes_with_line_column_and_text(self) -> None:
        assert _problem("x = 1\nx = = 2\n") == ("invalid syntax", 2, 5, "x = = 2")

    @pytest.mark.parametrize(
        ("source", "problem", "line"),
        [
            (b"x = 1\0\n", "zero bytes", 0),
            ("x = 1".encode("utf-16"), "zero bytes", 0),
            (b"# coding: utf-7\n+AHgAPQAx-\n", "declared as utf-7", 0),
            (b"# coding: klingon\nx = 1\n", "unknown encoding", 0),
            (b"# coding: rot13\nk = 1\n", "rot13", 0),
            (b"x = 1\ny = 2\nz = '\xfc'\n", "line 3 holds bytes that are not utf-8", 3),
            (b"# M\xfcller\nx = 1\n", "line 1 holds bytes that are not utf-8", 1),
            (b"# coding: ascii\n\nx = '\xfc'\n", "line 3 holds bytes that are not ascii", 3),
        ],
    )
    def test_bytes_that_are_no_text_are_told_in_a_sentence(self, source: bytes, problem: str, line: int) -> None:
        text, *where = _problem(source)
        assert problem in text
        assert where == [line, 0, ""]

    def test_nesting_beyond_the_parser(self) -> None:
        assert "nest" in _problem("x = " + "(" * 50_000 + ")" * 50_000)[0]

    @pytest.mark.parametrize("error", [MemoryError, RecursionError])
    def test_a_parser_that_gives_up(self, error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
        def give_up(*_: object) -> None:
            raise error

        monkeypatch.setattr(ast, "parse", give_up)
        assert _problem("x = 1") == ("its expressions are nested too deeply", 0, 0, "")

    def test_an_integer_too_long_for_python_is_a_syntax_error(self) -> None:
        assert "4300" in _problem("x = " + "9" * 5000)[0]

    def test_a_line_is_told_up_to_a_bound(self) -> None:
        assert len(_problem("x = = " + "y" * 5000)[3]) == 500


@pytest.mark.parametrize(
    "source",
    [
        codecs.BOM_UTF8 + "x = 'ü'\r\n".encode(),
        "# -*- coding: latin-1 -*-\nx = 'ü'\n".encode("latin-1"),
        "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = 'ü'\n".encode("cp1252"),
        "x = 'ü'\r".encode(),
    ],
    ids=["bom", "latin-1", "cp1252", "carriage return"],
)
def test_encodings_that_students_have(source: bytes) -> None:
    assert _value(source) == "ü"


def test_the_lines_kept_are_the_ones_that_an_editor_shows() -> None:
    parse("a = 'one\u2028line\x1c'\n\x0c\ndef f():\n    pass\n1 / 0\n".encode(), NAME)
    assert linecache.getline(NAME, 5) == "1 / 0\n"
