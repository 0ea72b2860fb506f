from __future__ import annotations

import re
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake.bounds import MAX_DEPTH, MAX_NAME, Refusal
from grader.intake.names import MAX_TEXT, bounded, digest, exact_id, is_junk, safe_id, safe_parts

PIECES = ["a", "b", ".", "..", "/", "\\", ":", "\0", "C", " ", "é", "\ud800", "con", "~"]
EVIL = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
NAMES = st.text(st.characters(), max_size=60) | EVIL


@given(NAMES)
def test_a_path_stays_inside_or_is_refused(name: str) -> None:
    try:
        parts = safe_parts(name)
    except Refusal:
        return
    assert len(parts) <= MAX_DEPTH + 1
    for part in parts:
        assert part not in {"", ".", ".."}
        assert not set(part) & set('/\\:\0<>"|?*')
        assert part.isprintable() or not any(character < " " for character in part)
        assert 0 < len(part.encode()) <= MAX_NAME
    path = "/".join(parts)
    assert not PurePosixPath(path).is_absolute()
    assert not PureWindowsPath(path).is_absolute()
    assert not PureWindowsPath(path).drive
    assert safe_parts(path) == parts


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("./a/b.py", ("a", "b.py")),
        ("a//b\\c.py", ("a", "b", "c.py")),
        ("./", ()),
        ("e\u0301.py", ("é.py",)),
        ("a?b.py", ("a_b.py",)),
        ("end. ", ("end__",)),
        ("...", ("___",)),
        ("NUL.py", ("_NUL.py",)),
        ("m\udcff.py", ("m_.py",)),
        ("C:evil.py", ("C_evil.py",)),
    ],
)
def test_names_become_what_every_file_system_takes(name: str, parts: tuple[str, ...]) -> None:
    assert safe_parts(name) == parts


@given(NAMES)
def test_an_id_is_safe_and_is_its_own(text: str) -> None:
    for own in (safe_id(text), exact_id(text)):
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", own)
        assert len(own) <= 100
        assert not own.endswith(".")
        assert safe_id(own) == own or len(own) > 80
        assert own.lower() not in {"con", "nul", "prn", "aux"}


@given(NAMES, NAMES)
def test_exact_ids_differ_as_the_texts_do(one: str, other: str) -> None:
    assert (exact_id(one) == exact_id(other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "own"),
    [("Jürgen Müller-Lüdenscheidt_102", "Jurgen_Muller-Ludenscheidt_102"), ("anna", "anna"), ("-x.", "x")],
)
def test_an_id_resembles_its_text(text: str, own: str) -> None:
    assert safe_id(text) == own


def test_a_text_without_letters_of_ours_gets_a_number() -> None:
    assert safe_id("李明") == f"submission-{digest('李明')}"


def test_what_belongs_to_a_computer() -> None:
    assert all(map(is_junk, [".DS_Store", "__MACOSX", "._hw3.py", "__pycache__", "Thumbs.db", ".git"]))
    assert not any(map(is_junk, ["hw3.py", "__init__.py", "data"]))


def test_a_person_keeps_the_name_within_bounds() -> None:
    assert bounded(" =cmd()|Zoe\n") == "=cmd()|Zoe"
    assert len(bounded("x" * 10_000)) == MAX_TEXT


@pytest.mark.parametrize("text", ["run", "RUN", "Run"])
def test_no_report_takes_the_name_of_what_stands_beside_it(text: str) -> None:
    assert exact_id(text) == f"{text}-{digest(text)}"
