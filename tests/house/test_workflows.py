"""The workflows in docs/platforms.md: who runs students' code has no secret, who has a secret runs none of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

TEXT = (Path(__file__).parents[2] / "docs" / "platforms.md").read_text(encoding="utf-8")
WORKFLOWS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)]
JOBS = [
    pytest.param(job, id=f"{number}-{name}")
    for number, workflow in enumerate(WORKFLOWS)
    for name, job in workflow.get("jobs", workflow).items()
    if isinstance(job, dict)
]


def test_no_workflow_hands_secrets_to_strangers() -> None:
    assert len(JOBS) == 7
    # YAML 1.1 takes the key `on` for true.
    assert [set(workflow[True]) for workflow in WORKFLOWS if True in workflow] == [
        {"push", "pull_request"}, {"workflow_dispatch"}
    ]  # fmt: skip
    assert all(workflow["permissions"] == {} for workflow in WORKFLOWS if "jobs" in workflow)


@pytest.mark.parametrize("job", JOBS)
def test_a_secret_and_a_submission_do_not_meet(job: dict[str, Any]) -> None:
    text = str(job)
    runs = " ".join(map(str, job.get("script", [step.get("run", "") for step in job.get("steps", [])])))
    has_secret = "secrets." in text or "TOKEN" in text
    assert has_secret != (re.search(r"\bgrade \S+\.py\b", runs) is not None)
    assert not has_secret or job["environment"] in {"fetch", "answer"}
    assert "${{" not in runs
    assert job.get("permissions", {}) in ({}, {"contents": "read"})
