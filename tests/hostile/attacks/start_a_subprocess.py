"""Runs commands with subprocess, os.system, os.popen and posix_spawn.

None runs.
"""

import os
import subprocess

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    words = f"echo {WHERE['marker']} a command runs"
    attempts = (
        lambda: print(subprocess.run(["/bin/sh", "-c", words], capture_output=True, timeout=0.3).stdout),
        lambda: os.system(words),
        lambda: print(os.popen(words).read()),
        lambda: os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", words], {}), 0),
    )
    for attempt in attempts:
        try:
            attempt()
        except (OSError, subprocess.SubprocessError):
            pass
    return x


def honest_last(x):
    return x * x - 1
