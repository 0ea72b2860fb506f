from __future__ import annotations

from grader.worker.wall.layers import AREAS, EVERY_LAYER, OPEN_WITHOUT, Layer, LayerName, open_areas


def standing(*names: LayerName) -> list[Layer]:
    return [Layer(name, wanted=True, in_force=name in names, detail="") for name in OPEN_WITHOUT]


def test_every_layer_says_what_is_open_without_it() -> None:
    assert set(OPEN_WITHOUT) == EVERY_LAYER
    assert all(layer.open_without for layer in standing())


def test_open_areas() -> None:
    assert open_areas(standing()) == list(AREAS)
    assert open_areas(standing("landlock")) == ["processes", "network"]
    assert open_areas(standing("landlock", "namespaces")) == ["processes"]
    assert open_areas(standing("seccomp")) == ["files"]
    assert open_areas(standing("landlock", "seccomp")) == []
