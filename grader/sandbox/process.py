"""A box that starts one clean interpreter per worker.

Theory of operation: the parent execs `python -I -S` on `grader/worker/__main__.py` in a new session, with an
empty environment and three pipes: letters in, letters out, and one for all that is printed. The child holds no
other descriptor. The parent alone measures time and reads statuses; when it has seen enough it kills the session,
every descendant that has left the session, and every orphan of theirs that has come to the parent.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from grader import worker as worker_package
from grader.errors import HostError
from grader.sandbox.box import Delivered, Noise, Reply
from grader.sandbox.channel import Channel
from grader.sandbox.descendants import Family, adopt_orphans
from grader.wire import Value
from grader.worker import letters

_START_SECONDS = 30.0
_MIB = 1 << 20


class ProcessBox:
    """Starts a fresh interpreter for every worker.

    Args:
        memory_mb: address space of a worker, MiB.
        cpu_seconds: processor time of a worker, a net below the parent's clock.
    """

    def __init__(self, memory_mb: int, cpu_seconds: int) -> None:
        self._settings = (letters.SETTINGS, memory_mb * _MIB, cpu_seconds)
        adopt_orphans()

    def facts(self) -> dict[str, str]:
        """Return what stands between a worker and the machine."""
        limits = "not on this platform" if sys.platform == "win32" else "in force"
        return {"process": "in force", "environment": "in force", "descriptors": "in force", "limits": limits}

    def launch(self) -> ProcessWorker:
        """Start a process and do not wait until it is ready: what it imports takes time that others can use."""
        return ProcessWorker(self._settings)

    def start(self) -> ProcessWorker:
        """Start a worker and wait until it is ready.

        Raises:
            HostError: it does not get ready.
        """
        worker = self.launch()
        worker.wait_until_ready()
        return worker


def _site_folders() -> list[str]:
    """Return the folders that hold numpy and, where it is installed, scipy."""
    folders = {str(Path(np.__file__).parent.parent): None}
    spec = importlib.util.find_spec("scipy")
    if spec is not None and spec.origin is not None:
        folders[str(Path(spec.origin).parent.parent)] = None
    return list(folders)
