"""The table of what each layer of the wall stops, in docs/security.md, is what the attacks achieve.

All of it is measured by `layers.py --write`, which takes minutes. Here, for each layer, those attacks run without
it that the table says succeed; without Landlock, seccomp or the whole wall, all others that need the wall as well.
"""

from __future__ import annotations

import functools

import hostile_containment as containment
import layers
import pytest
from hostile_catalogue import every_attack

from grader.worker.wall.layers import EVERY_LAYER, OPEN_WITHOUT

NAMES = [attack.name for attack in every_attack()]
PAGE = layers.PAGE.read_text(encoding="utf-8")
CARRYING = ("landlock", "seccomp", layers.ALL)


@functools.cache
def _table() -> layers.Table:
    return layers.read(PAGE)


def test_the_page_holds_the_table_as_it_would_be_written() -> None:
    assert layers.between(PAGE) == layers.rendered(_table(), len(NAMES), layers.measured_on(PAGE)).strip()


def test_the_table_names_every_layer_and_attacks_that_there_are() -> None:
    assert list(_table()) == [*OPEN_WITHOUT, layers.ALL]
    assert frozenset[str]().union(*_table().values()) <= set(NAMES)


@pytest.mark.skipif(bool(containment.why_not()), reason=f"no cage: {containment.why_not()}")
@pytest.mark.skipif(layers.system() != layers.measured_on(PAGE), reason="the table was measured on another kernel")
@pytest.mark.parametrize("layer", [*OPEN_WITHOUT, layers.ALL])
def test_without_a_layer_the_attacks_succeed_that_the_table_names(layer: str) -> None:
    names = _table()[layers.ALL if layer in CARRYING else layer]
    without = EVERY_LAYER if layer == layers.ALL else {layer}
    assert layers.breaking(names, without) == _table()[layer]
