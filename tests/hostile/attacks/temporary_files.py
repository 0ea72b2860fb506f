"""Uses the modules that make temporary files for a living.

None is left, and the exceptions cost this call only.
"""

import tempfile

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for folder in (None, "/tmp", "/dev/shm", WHERE["desk"]):
        try:
            descriptor, name = tempfile.mkstemp(dir=folder, prefix="hostile-")
            success("made", name)
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
