"""Reads its own memory, through /proc and from the inside, for anything that looks like a planted secret.

The interpreter that it runs in never held one, of this exam or of another student.
"""

import ctypes
import os
import re

WHERE = "@where@"
SECRET = re.compile(rb"TOKEN-[a-z-]{4,20}-[0-9a-f]{32}")


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def from_proc():
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            area, rights = line.split()[:2]
            start, end = (int(each, 16) for each in area.split("-"))
            if rights.startswith("rw") and end - start < 1 << 28:
                memory.seek(start)
                try:
                    yield memory.read(end - start)
                except OSError:
                    pass


def from_inside():
    # A write from an address where nothing is fails without a crash: a way to ask what may be read.
    reading, writing = os.pipe()
    libc = ctypes.CDLL(None)
    anchors = {id(each) >> 24 << 24 for each in (object(), [], attack, os, "text" * 100, bytearray(10**6))}
    for anchor in anchors:
        for page in range(anchor - (1 << 24), anchor + (1 << 25), 4096):
            if libc.write(writing, ctypes.c_void_p(page), ctypes.c_size_t(4096)) == 4096:
                yield os.read(reading, 4096)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for search in (from_proc, from_inside):
        try:
            for content in search():
                for found in SECRET.findall(content):
                    success(found.decode())
        except OSError:
            pass
    return x


def honest_last(x):
    return x * x - 1
