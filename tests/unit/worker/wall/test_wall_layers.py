from __future__ import annotations

from typing import get_args

from grader.worker.wall.layers import AREAS, EVERY_LAYER, OPEN_WITHOUT, Layer, LayerName, open_areas


def standing(*names: LayerName) -> list[Layer]:
    return [Layer(name, wanted=True, in_force=name in names, detail="") for name in OPEN_WITHOUT]


def test_every_layer_says_what_is_open_without_it() -> None:
    assert set(OPEN_WITHOUT) == EVERY_LAYER == set(get_args(LayerName))
    assert all(OPEN_WITHOUT.values())


def test_open_areas() -> None:
    assert open_areas(standing()) == list(AREAS)
    assert open_areas(standing("landlock")) == ["processes", "network"]
    assert open_areas(standing("landlock", "namespaces")) == ["processes"]
    assert open_areas(standing("seccomp")) == ["files"]
    assert open_areas(standing("landlock", "seccomp")) == []
