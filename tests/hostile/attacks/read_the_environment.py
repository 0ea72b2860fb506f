"""Reads its own environment, that of the grading process and that of every other process.

Its own is empty, the others' are out of reach.
"""

import ctypes
import os

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    print(dict(os.environ))
    pointers = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    for index in range(100):
        if not pointers or not pointers[index]:
            break
        print(pointers[index])
    for process in (WHERE["grader"], os.getppid(), 1, *range(2, 200)):
        try:
            print(open(f"/proc/{process}/environ").read())
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
