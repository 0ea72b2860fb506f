"""Reads another student's file, which the one who grades may read.

It is out of reach.
"""

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    try:
        print(open(WHERE["other"]).read())
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
