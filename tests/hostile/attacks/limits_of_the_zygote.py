"""Changes limits, priority, processors and scheduling of the process that it was forked from, for all who come later.

They stay as they are.
"""

import os
import resource

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    parent = os.getppid()
    for name, attempt in (
        ("its limit of files", lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE, (8, 8))),
        ("its limit of memory", lambda: resource.prlimit(parent, resource.RLIMIT_AS, (1 << 28, 1 << 28))),
        ("its limits, to read", lambda: resource.prlimit(parent, resource.RLIMIT_AS)),
        ("its priority", lambda: os.setpriority(os.PRIO_PROCESS, parent, 19)),
        ("the priority of its group", lambda: os.setpriority(os.PRIO_PGRP, parent, 19)),
        ("its processors", lambda: os.sched_setaffinity(parent, {0})),
        ("its scheduling", lambda: os.sched_setscheduler(parent, os.SCHED_IDLE, os.sched_param(0))),
        ("its group", lambda: os.setpgid(parent, os.getpid())),
        ("its chance to be killed", lambda: os.open(f"/proc/{parent}/oom_score_adj", os.O_WRONLY)),
    ):
        try:
            attempt()
            success(name)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
