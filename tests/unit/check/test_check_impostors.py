from __future__ import annotations

from grader.check.impostors import submission, with_variant


def test_a_submission_in_memory() -> None:
    made = submission("name", b"x = 1\n", {"other.py": b""})
    assert made.id == "name"
    assert made.problem == ""
    assert made.sources == {made.entry: b"x = 1\n", "other.py": b""}
    assert [file.size for file in made.files] == [6, 0]


def test_a_function_is_replaced_at_the_end() -> None:
    source = with_variant(b"def f(): pass", "slips", "f_wrong", "f")
    assert source == b"def f(): pass\n\nfrom slips import f_wrong as f\n"
