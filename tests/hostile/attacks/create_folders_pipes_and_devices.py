"""Makes folders, pipes, sockets and devices, and a file without a name.

None is there afterwards.
"""

import os
import stat

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for folder in ("/tmp", "/dev/shm", WHERE["desk"]):
        for attempt in (
            lambda: os.mkdir(f"{folder}/hostile-folder"),
            lambda: os.mkfifo(f"{folder}/hostile-pipe"),
            lambda: os.mknod(f"{folder}/hostile-null", 0o666 | stat.S_IFCHR, os.makedev(1, 3)),
            lambda: os.mknod(f"{folder}/hostile-socket", 0o666 | stat.S_IFSOCK),
            lambda: os.write(os.open(folder, os.O_TMPFILE | os.O_RDWR), b"hidden") and success("a file without a name in", folder),
        ):
            try:
                attempt()
            except OSError:
                pass
    return x


def honest_last(x):
    return x * x - 1
