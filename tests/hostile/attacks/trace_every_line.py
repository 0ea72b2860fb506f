"""Sets trace and profile functions, and looks at every frame that runs after it for something secret.

No frame of the grader's runs here.
"""

import re
import sys

WHERE = "@where@"


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def spy(frame, event, argument):
    if event == "call" and "expect" in frame.f_code.co_name:
        success("a frame that expects:", frame.f_code.co_filename)
    for found in re.findall(r"TOKEN-[a-z-]+-[0-9a-f]{32}", repr(argument)[:10_000]):
        success(found)
    return None


def honest_first(x):
    return 2 * x + 1


def attack(x):
    sys.settrace(spy)
    sys.setprofile(spy)
    return x


def honest_last(x):
    return x * x - 1
