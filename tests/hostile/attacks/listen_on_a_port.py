"""Opens a port of its own and waits for others to come and get the hidden inputs.

Refused.
"""

import socket

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for family, address in ((socket.AF_INET, ("0.0.0.0", 0)), (socket.AF_UNIX, "\0hostile-listener")):
        try:
            with socket.socket(family) as ear:
                ear.bind(address)
                ear.listen(1)
                success("listens on", ear.getsockname())
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
