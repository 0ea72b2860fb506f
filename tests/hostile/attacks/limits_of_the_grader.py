"""Takes memory, files and processor time away from the grading process by prlimit.

Its limits stay.
"""

import resource

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for which, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 40), (resource.RLIMIT_FSIZE, 4096)):
        try:
            resource.prlimit(WHERE["grader"], which, (most, resource.prlimit(WHERE["grader"], which)[1]))
        except (OSError, ValueError):
            pass
    return x


def honest_last(x):
    return x * x - 1
