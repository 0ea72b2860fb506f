"""Installs an audit hook, which nobody can take out again, that raises in its own call at whatever the worker does.

It ends that call alone.
"""

import sys

armed = []


def hook(event, arguments):
    if armed and event not in ("sys._getframe",):
        armed.clear()
        raise KeyboardInterrupt(event)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    sys.addaudithook(hook)
    armed.append(True)
    open("/nowhere/at/all")
    return x


def honest_last(x):
    return x * x - 1
