"""Prints results, letters and frames to standard output and error, in the hope that somebody counts them.

Prints are never an answer: the attack earns nothing.
"""

import json
import os
import struct

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    verdict = {"score": 7, "status": "graded", "parts": [{"id": "1B", "score": 3.0, "max_score": 3.0, "status": "right"}]}
    print(json.dumps(verdict))
    letter = b"t" + struct.pack("<I", 2) + b"s" + struct.pack("<I", 5) + b"right" + b"T"
    for descriptor in (1, 2):
        os.write(descriptor, struct.pack("<I", len(letter)) + letter)
        os.write(descriptor, b"\n===== 7 passed in 0.01s =====\nOK\n")
    return None


def honest_last(x):
    return x * x - 1
