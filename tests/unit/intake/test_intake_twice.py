from __future__ import annotations

from pathlib import Path

import pytest

from grader.intake import Handed, Person, Refused
from grader.intake.twice import twice

ANN, BOB, ADDRESS, NOBODY = Person("ann"), Person("bob"), Person("", "", "ann@x"), Person("")
HAS = "somebody has several submissions, and a line of the gradebook for each: "


def handed(own: str, *people: Person, platform: str = "plain") -> Handed:
    return Handed(own, Path(own), "", people, platform)


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ([handed("ann", ANN), handed("bob", BOB)], ""),
        ([handed("ann", ANN), handed("bob", BOB), handed("ann-2", ANN)], f"{HAS}ann (ann, ann-2)"),
        ([handed("ann", ANN), Refused("ann-2", "", "", (ANN,))], ""),
        ([handed("a", ANN, platform="canvas"), Refused("b", "", "", (ANN,), "canvas")], f"{HAS}ann (a, b)"),
        ([handed("a", ADDRESS, NOBODY), handed("b", NOBODY, ADDRESS)], f"{HAS}ann@x (a, b)"),
        ([handed("a", ANN, ANN)], ""),
        ([handed("a", ANN, platform="canvas"), handed("b", ANN, platform="moodle")], ""),
    ],
)
def test_who_is_there_twice(results: list[Handed | Refused], told: str) -> None:
    assert twice(results) == told
