"""Puts symbolic and hard links where reports and submissions are expected.

No new name, no new link.
"""

import os

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    attempts = (
        lambda: os.symlink(WHERE["rubric"], WHERE["results"] + "/links_into_the_results.json"),
        lambda: os.symlink("/etc/passwd", WHERE["inbox"] + "/next.py"),
        lambda: os.link(WHERE["rubric"], WHERE["results"] + "/copy.json"),
        lambda: os.link(WHERE["other"], "/tmp/hostile-copy"),
        lambda: os.symlink(WHERE["rubric"], "/tmp/hostile-link"),
    )
    for attempt in attempts:
        try:
            attempt()
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
