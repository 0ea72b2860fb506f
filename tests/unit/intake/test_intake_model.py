from __future__ import annotations

from pathlib import Path

from grader.intake import Handed, Person, Refused


def test_what_nobody_knows_is_not_made_up() -> None:
    handed = Handed("anna", Path("anna.py"), "", (Person("anna", ""),), "plain")
    assert (handed.submitted_at, handed.late, handed.late_seconds, handed.notes) == ("", None, None, ())
    assert (Refused("anna", "anna.zip", "it is broken").people, Person("anna", "").email) == ((), "")
