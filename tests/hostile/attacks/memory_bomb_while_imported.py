"""Takes all memory while it is imported.

It is loaded again with definitions only, and those are graded.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return x


def honest_last(x):
    return x * x - 1


hoard = [bytearray(1 << 20) for _ in range(600)]
