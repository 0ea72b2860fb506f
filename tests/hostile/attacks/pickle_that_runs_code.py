"""Returns objects whose pickles, reprs, formats and hashes run code, in the hope that the grader unpickles or prints.

Nothing of the student's is unpickled, and no method of it runs outside the box.
"""

import os

WHERE = "@where@"


class Bomb:
    def __reduce__(self):
        return (os.system, (f"echo {WHERE['marker']} unpickled > {WHERE['results']}/own",))

    def __repr__(self):
        return os.popen("echo 3.0").read()

    __str__ = __format__ = __repr__


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return [Bomb(), Bomb(), {"score": Bomb()}, Bomb()]


def honest_last(x):
    return x * x - 1
