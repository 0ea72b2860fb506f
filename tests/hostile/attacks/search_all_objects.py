"""Looks through every object that the garbage collector knows, what they refer to, and all strings in them.

No object here holds an expected value or a secret.
"""

import gc
import re

WHERE = "@where@"
SECRET = re.compile(r"TOKEN-[a-z-]{4,20}-[0-9a-f]{32}")


def success(*what):
    """Tell the harness what was seen to work."""
    print(WHERE["marker"], *what, flush=True)


def honest_first(x):
    return 2 * x + 1


def attack(x):
    for each in gc.get_objects():
        for inner in gc.get_referents(each):
            if isinstance(inner, (str, bytes)) and len(inner) < 1_000_000:
                text = inner if isinstance(inner, str) else inner.decode("latin-1")
                for found in SECRET.findall(text):
                    success(found)
            if type(inner).__name__ in ("Expectation", "Key", "Rubric", "Report"):
                success("an object of the grader's:", type(inner))
    return x


def honest_last(x):
    return x * x - 1
