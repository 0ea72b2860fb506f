"""Sends, while it is being imported, the letter that says that the import has ended, with uses that do not exist.

The import counts as disturbed; the definitions are loaded without it and graded as usual.
"""

import os
import struct
import time


def text(word):
    return b"s" + struct.pack("<I", len(word)) + word


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return x


def honest_last(x):
    return x * x - 1


def forge():
    uses = b"m" + struct.pack("<I", 1) + text(b"attack") + b"l" + struct.pack("<I", 1) + text(b"the examiner is wrong")
    letter = b"t" + struct.pack("<I", 3) + text(b"loaded") + b"l" + bytes(4) + uses
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, struct.pack("<I", len(letter)) + letter)
        except OSError:
            pass


forge()
time.sleep(0.1)
