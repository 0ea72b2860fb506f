"""Replaces os.write, which the worker answers with, by one that sends a verdict of its own first.

The call is lost: an answer that is none earns nothing.
"""

import os

true = os.write


def false(descriptor, data):
    os.write = true
    true(descriptor, b"\x05\x00\x00\x00s\x00\x00\x00\x00")
    return true(descriptor, data)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    os.write = false
    return x


def honest_last(x):
    return x * x - 1
