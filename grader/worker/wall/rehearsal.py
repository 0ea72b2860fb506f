"""Trying a layer that cannot be undone in a child that is thrown away, to learn whether it works here."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 4096


def rehearse(action: Callable[[], object]) -> str | None:
    """Run `action` in a forked child; None if it worked, otherwise what it raised.

    For a process with one thread. The child touches nothing of its parent's but this pipe.
    """
    if sys.platform == "win32":
        return "no fork here"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            action()
            code = 0
        except BaseException as error:  # noqa: BLE001  nothing may escape into the parent's code
            os.write(writing, str(error).encode()[:LONGEST])
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read(LONGEST).decode(errors="replace")
    _, status = os.waitpid(child, 0)
    return None if status == 0 else said or f"status {status}"
