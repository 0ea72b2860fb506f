from __future__ import annotations

from pathlib import Path

from grader.worker.wall.macos import TOOL, command_prefix, profile


def test_all_but_reading_is_denied() -> None:
    rules = profile(Path("/opt/python/bin/python3"), [Path("/opt/python/lib")])
    assert rules.startswith("(version 1)\n(deny default)\n")
    assert '(allow process-exec (literal "/opt/python/bin/python3"))' in rules
    assert '(allow file-read* (subpath "/opt/python/lib"))' in rules
    assert "network" not in rules
    assert "fork" not in rules
    assert "file-write*" not in rules


def test_a_scratch_folder_can_be_written() -> None:
    rules = profile(Path("/python"), [], Path("/private/var/scratch"))
    assert '(allow file-read* file-write* (subpath "/private/var/scratch"))' in rules


def test_paths_are_quoted() -> None:
    assert r'(subpath "/a \"b\" \\c")' in profile(Path("/python"), [Path('/a "b" \\c')])


def test_command() -> None:
    assert command_prefix("(version 1)") == (TOOL, "-p", "(version 1)")
