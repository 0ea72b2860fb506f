"""Spreads its work over processes and threads of pools.

None starts; the exception costs this call only.
"""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    try:
        with ThreadPoolExecutor(2) as pool:
            success("a pool of threads", list(pool.map(str, [1, 2])))
    except (OSError, RuntimeError):
        pass
    with multiprocessing.get_context("fork").Pool(2) as pool:
        success("a pool of processes", pool.map(abs, [-1, -2]))
    return x


def honest_last(x):
    return x * x - 1
