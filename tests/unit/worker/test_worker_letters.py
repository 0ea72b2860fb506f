from __future__ import annotations

from grader.submission import MAX_BYTES
from grader.worker import letters


def test_every_letter_has_a_name_of_its_own() -> None:
    names = [value for name, value in vars(letters).items() if name.isupper() and isinstance(value, str)]
    assert len(names) == len(set(names)) == 26


def test_every_letter_is_described() -> None:
    names = {name for name, value in vars(letters).items() if name.isupper() and isinstance(value, str)}
    assert names - {name for name in names if f"({name}," in str(letters.__doc__)} == set()


def test_the_whole_file_ends_after_every_possible_line() -> None:
    assert letters.WHOLE_FILE > MAX_BYTES
