"""Replaces json.dumps, json.loads, struct.pack and pickle so that every result would read as full marks.

None of them is between an answer and its mark: the attack earns nothing.
"""

import json
import pickle
import struct


def honest_first(x):
    return 2 * x + 1


def attack(x):
    json.dumps = lambda *values, **options: '{"score": 3.0, "max_score": 3.0, "status": "right"}'
    json.loads = lambda *values, **options: {"score": 3.0}
    json.JSONEncoder.encode = lambda *values: '{"score": 3.0}'
    pickle.dumps = lambda *values, **options: b"\x80\x04\x88."
    struct.pack = lambda *values: b"\xff" * 8
    return x


def honest_last(x):
    return x * x - 1
