"""Does its mischief under `if __name__ == "__main__"`, and pretends to be the main program.

It is never the main program.
"""

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return x


def honest_last(x):
    return x * x - 1


if __name__ == "__main__":
    success("ran as the main program")
