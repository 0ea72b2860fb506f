"""Closing every descriptor that the worker was not meant to have."""

from __future__ import annotations

import itertools
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

STANDARD = (0, 1, 2)
OWN = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"
HIGHEST = 65536  # without a list of one's own: as far as a walk takes about a millisecond


def close_all_but(keep: Collection[int]) -> str:
    """Close what is open and not in `keep`; the standard three stay."""
    kept = {*STANDARD, *keep}
    if sys.platform == "win32":  # nothing is inherited there unless it is asked for
        return "not inherited"
    try:
        extra = {int(name) for name in os.listdir(OWN)} - kept  # noqa: PTH208  a Path for each would cost more
    except OSError:  # no /proc mounted
        _close_between(sorted(kept))
        return "all but the worker's own"
    for descriptor in extra:
        try:  # noqa: SIM105  contextlib costs more than the close
            os.close(descriptor)
        except OSError:  # the listing's own, closed already
            pass
    return f"{len(extra) - 1} closed"


def _close_between(kept: list[int]) -> None:
    for low, high in itertools.pairwise([*kept, HIGHEST]):
        if low + 1 < high:  # closerange(0, 0) closes everything: CPython hands the kernel "up to -1"
            os.closerange(low + 1, high)
