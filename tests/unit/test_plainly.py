from __future__ import annotations

import pytest

from grader.plainly import printable, told


@pytest.mark.parametrize("text", ["", "plain", "é ß 漢字 🎉", "a\\nb", "'quotes' \"both\"", "Zażółć"])
def test_printable_text_stays(text: str) -> None:
    assert printable(text) == text
    assert told(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("a\rb", "a\\rb"),
        ("a\tb", "a\\tb"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x07\x08\x7f", "\\x07\\x08\\x7f"),
        ("\x9b1m", "\\x9b1m"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\u2066\u2069\u200b\ufeff", "\\u2066\\u2069\\u200b\\ufeff"),
        ("\u2028\u2029\x85", "\\u2028\\u2029\\x85"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_could_move_reverse_or_hide_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert shown.isprintable()
    assert shown.isascii()


def test_every_character_becomes_printable_text_that_can_be_encoded() -> None:
    shown = printable("".join(map(chr, range(0x11000))))
    assert shown.isprintable()
    assert shown.encode()


def test_told_keeps_lines_and_widens_tabs() -> None:
    assert told("a\r\n\tb\nc") == "a\n    b\nc"
    assert told("over\rwritten") == "over\\rwritten"
    assert told("a\x0bb\x1b[1A") == "a\\x0bb\\x1b[1A"


def test_addresses_read_the_same_in_every_run() -> None:
    assert told("<C object at 0x7f3a2b1c9d40>") == told("<C object at 0x55D0>".replace("55D0", "7FFFdeadBEEF"))
    assert told("0x1f and 0xabc") == "0x1f and 0xabc"


def test_the_limit_counts_what_is_shown_and_says_what_is_left_out() -> None:
    assert told("x" * 10, 10) == "x" * 10
    assert told("x" * 11, 10) == "x" * 10 + "\n[1 more characters]"
    assert told("\x1b" * 5, 8) == "\\x1b\\x1b\n[12 more characters]"
    assert told("x" * 5000) == "x" * 4000 + "\n[1000 more characters]"
