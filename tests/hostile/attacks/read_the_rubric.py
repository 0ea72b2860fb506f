"""Reads the rubric, by its path, by a path with detours, and through a descriptor of the folder.

It is out of reach.
"""

import os

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    path = WHERE["rubric"]
    folder, name = os.path.split(path)
    for way in (path, f"{folder}/../course/./{name}", f"/proc/self/root{path}", f"/proc/self/cwd/{path}", f"//{path}"):
        try:
            print(open(way).read())
        except OSError:
            pass
    try:
        print(os.read(os.open(name, os.O_RDONLY, dir_fd=os.open(folder, os.O_PATH)), 4096).decode())
    except OSError:
        pass
    return x


def honest_last(x):
    return x * x - 1
