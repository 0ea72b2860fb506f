"""Returns things that must be run to give their numbers: generator, coroutine, range, map.

Nothing of the student's runs outside the box: nothing is earned.
"""


async def later(x):
    return x


def honest_first(x):
    return 2 * x + 1


def attack(x):
    if x[0] > 5000:
        return (each for each in [1.0, 2.0, 3.0, 4.0])
    return later(x) if x[0] > 100 else map(float, range(4))


def honest_last(x):
    return x * x - 1
