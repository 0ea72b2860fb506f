from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.render.sheet import Cell, csv_lines, safe


def read(rows: list[list[Cell]]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(csv_lines(rows)))))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\ufe62"])
def test_what_a_spreadsheet_would_run_is_text(start: str) -> None:
    assert safe(f"{start}cmd|' /C calc'!A0").startswith(f"'{start}")
    assert safe(f" \u3000{start}1").lstrip().startswith("'")
    assert safe(f"Ann;{start}1") == f"Ann;'{start}1"


@pytest.mark.parametrize("start", ["\t", "\r", "\n", "\0", "\x1b", "\u202e", "\u200b", "\ufeff"])
def test_what_moves_or_hides_is_written_out(start: str) -> None:
    shown = safe(f"{start}=1")
    assert shown.startswith("\\")
    assert shown.isprintable()


@pytest.mark.parametrize(
    "text", ["Ann-Marie O'Neil", "a+b@example.org", "Łukasz, Jr.", "1=1", "x", "", "Zoë; Ann"]
)
def test_honest_texts_stay_as_they_are(text: str) -> None:
    assert safe(text) == text
    assert read([[text, "x"]]) == [[text, "x"]]


def test_numbers_stay_numbers() -> None:
    assert list(csv_lines([[Decimal("-2.50"), Decimal("100.00"), 3, None, "-2"]])) == ["-2.5,100,3,,'-2\n"]


def test_quoting_is_the_csv_modules() -> None:
    assert list(csv_lines([['say "a, b"', "x"]])) == ['"say ""a, b""",x\n']


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_makes_one_line_with_its_cells_and_no_formula(cells: list[str]) -> None:
    (line,) = csv_lines([["", *cells]])
    assert line.count("\n") == 1
    (back,) = csv.reader(io.StringIO(line))
    assert back == ["", *map(safe, cells)]
    # Whichever separator a spreadsheet believes in, no cell starts a formula.
    pieces = re.split("[,;|]", line)
    assert not [piece for piece in pieces if piece.strip(" \u3000\"'")[:1] in set("=+-@") and "'" not in piece]
