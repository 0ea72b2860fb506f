from __future__ import annotations

import time

import pytest

from grader.intake import ruby


def test_symbols_lose_their_colon_and_all_is_text() -> None:
    text = (
        "a:\n  :sid: 0042\n  :on: no\n  ':q':\n  - 1\n  - :x: !ruby/object:BigDecimal 18:0.1e1\n  ? [1]\n  : x\n"
    )
    assert ruby.read(text) == {"a": {"sid": "0042", "on": "no", "q": ["1", {"x": "18:0.1e1"}], "": "x"}}


def test_an_alias_is_what_it_stands_for() -> None:
    assert ruby.read("- &a\n  :name: x\n- *a\n- &b y\n- *b\n") == [{"name": "x"}, {"name": "x"}, "y", "y"]


def test_aliases_of_aliases_cost_nothing() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
    started = time.process_time()
    assert len(ruby.read(bomb)) == 40
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [\n- {", "line 2"),
        ("a: *b", "alias"),
        ("[" * 100, "deep"),
        ("a: \x01", "special characters|control characters"),
        ("- " + "[], " * 3, "line 1"),
    ],
)
def test_what_is_no_yaml(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ruby.read(text)


def test_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruby, "_MAX_NODES", 100)
    with pytest.raises(ValueError, match="more than 100 values"):
        ruby.read("[" + "1," * 101 + "]")


def test_only_the_first_document_and_nothing() -> None:
    assert ruby.read("a\n---\nb\n") == "a"
    assert ruby.read("") is None


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2026-03-01 22:59:59.123456789 Z", "2026-03-01T22:59:59.123456+00:00"),
        ("2018-07-01T14:22:32.365935-07:00", "2018-07-01T14:22:32.365935-07:00"),
        ("2026-03-01 22:59:59 +0100", "2026-03-01T22:59:59+01:00"),
        ("2026-03-01 22:59:59 UTC", "2026-03-01T22:59:59+00:00"),
        ("2026-03-01 22:59:59", "2026-03-01T22:59:59+00:00"),
        ({"utc": "2026-03-01 22:59:59.5 Z"}, "2026-03-01T22:59:59.500000+00:00"),
        ({"zone": "x"}, ""),
        ("2026-02-30 00:00:00 Z", ""),
        ("2026-02-01 00:00:00 +99:00", ""),
        ("yesterday", ""),
        (["x"], ""),
    ],
)
def test_times(value: object, iso: str) -> None:
    assert ruby.iso_time(value) == iso
