"""Makes every clock in Python stand still and then never returns.

Time is measured outside: the call ends at its limit.
"""

import time


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for name in ("time", "monotonic", "perf_counter", "process_time", "time_ns", "monotonic_ns", "perf_counter_ns"):
        setattr(time, name, lambda: 0)
    time.sleep = lambda seconds: None
    while True:
        time.sleep(1)


def honest_last(x):
    return x * x - 1
