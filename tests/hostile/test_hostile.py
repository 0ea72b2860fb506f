"""Every attack against every kind of box that this machine has: by effect, none achieves anything."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest
from hostile_catalogue import Attack, every_attack
from hostile_kinds import KINDS, Findings, Kind, run, why_not

ATTACKS = {attack.name: attack for attack in every_attack()}


@pytest.fixture(scope="session")
def achieved(request: pytest.FixtureRequest) -> Callable[[Kind], Findings]:
    """Return what runs the chosen attacks against a kind of box, all of them at once."""
    calls = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]

    @functools.cache
    def run_chosen(kind: Kind) -> Findings:
        chosen = [call["name"] for call in calls if call.get("kind") == kind]
        try:
            return run(kind, chosen)
        except RuntimeError as error:  # once, not for each attack
            return {name: [str(error)] for name in chosen}

    return run_chosen


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_attack_achieves_nothing(achieved: Callable[[Kind], Findings], kind: Kind, name: str) -> None:
    if reason := why_not(kind):
        pytest.skip(reason)
    assert achieved(kind)[name] == []


def test_there_are_attacks_enough() -> None:
    assert len(ATTACKS) >= 200


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=lambda attack: attack.name)
def test_an_attack_says_what_it_tries_and_what_must_happen(attack: Attack) -> None:
    lines = [line for line in attack.purpose.splitlines() if line]
    assert 2 <= len(lines) <= 3
    assert all(line.endswith(".") for line in lines[:2])
