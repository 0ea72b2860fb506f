"""What the diagnosers say of the known mistakes when they are not told of them: read, found true, and kept so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
from diagnosis import diagnoses  # noqa: E402  (a script beside the package)

READ: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("diagnoses.yaml").read_text())


@pytest.mark.filterwarnings("ignore")  # variants overflow, which is what they are for
@pytest.mark.parametrize("name", READ)
def test_each_is_one_that_was_read_and_found_true(name: str) -> None:
    found = {variant: kind for variant, _, kind in diagnoses(ROOT / "rubrics" / f"{name}.yaml") if kind}
    assert found == READ[name]
