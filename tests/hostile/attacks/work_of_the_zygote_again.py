"""Finds what the zygote runs in the frames above its own, and runs it: forks a worker, serves, ends.

No process is started, and the worker that remains says nothing that it was not asked.
"""

import gc
import os
import sys
import types

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    frame, above = sys._getframe(), []
    while frame:
        above.append(frame)
        frame = frame.f_back
    names = ("_fork", "nurse", "_placed", "rehearse")
    functions = [each for each in gc.get_objects() if isinstance(each, types.FunctionType) and each.__name__ in names]
    functions += [each.f_globals[name] for each in above for name in names if name in each.f_globals]
    for each in {id(each): each for each in functions}.values():
        try:
            if each.__name__ == "_fork":
                for items in ((type("", (), {"close": lambda _: None})(), (), lambda _: os._exit(0)),):
                    result = each(*items)
                    if isinstance(result, int) and result > 0:
                        success("forked", result)
            elif each.__name__ == "rehearse" and each(lambda: None) is None:
                success("forked a rehearsal")
        except BaseException:
            pass
    return x


def honest_last(x):
    return x * x - 1
