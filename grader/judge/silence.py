"""Why there is no answer to a call: a sentence to act on for each way in which a call ends without one."""

from __future__ import annotations

import difflib

from grader import outcome as oc
from grader.judge.verdict import NoAnswer, Wrong


def silence(name: str, signature: str, result: oc.Result) -> Wrong | NoAnswer:
    """Say why a call of `name` left no value to compare.

    What the box sent stands in the detail: it may spell out an input.
    """
    match result:
        case oc.Missing():
            return NoAnswer(*_missing(name, result))
        case oc.NotCallable(type_name):
            return NoAnswer(f"`{name}` is not a function; write `def {signature}:`", f"its type is {type_name}")
        case oc.WrongSignature(found):
            return NoAnswer(f"`{name}` does not take the arguments of `{signature}`", f"yours is `{found}`")
        case oc.Raised():
            return NoAnswer(f"`{name}` raised an exception", _raised(result))
        case oc.Unsendable(reason):
            return Wrong(f"the answer of `{name}` is too large or nested too deeply", reason)
        case oc.NotAsked(reason):
            return NoAnswer(f"`{name}` was not called: {reason}")
    return _ending(name, result)


def _ending(name: str, result: oc.Result) -> NoAnswer:
    """Say how the call ended its process, or had to be ended with it."""
    match result:
        case oc.TimedOut(limit):
            return NoAnswer(f"`{name}` did not return within {limit:.3g} s; look for a loop that does not end")
        case oc.OutOfMemory():
            return NoAnswer(f"`{name}` ran out of memory; look for an array that is larger than it need be")
        case oc.Crashed(how):
            return NoAnswer(f"`{name}` ended the whole Python process; look for exit() or endless recursion", how)
        case oc.Garbled(reason):
            return NoAnswer(
                f"`{name}` disturbed the grading: it must return its answer and do nothing else", reason
            )
    raise AssertionError(result)


def _missing(name: str, result: oc.Missing) -> tuple[str, str]:
    if result.star:
        reason = f"`{name}` is not yours, it came with a star import; define it, or import it by name"
        return reason, f"it is the one of `from {result.star} import *`"
    close = [other for other in result.defined if other.lower() == name.lower()]
    close += difflib.get_close_matches(name, result.defined, n=1, cutoff=0.7)
    hint = f"you have `{close[0]}`: is that it? Names must match exactly" if close else ""
    return f"`{name}` is not defined in your file", hint


# By exception and by words in its message; the first that fits is given.
_ADVICE = (
    ("EOFError", "", "nobody is there to answer input(); take the value from the arguments"),
    ("NotImplementedError", "", "it is not written yet"),
    ("RecursionError", "", "it calls itself without end"),
    ("SystemExit", "", "it calls exit(); return the answer instead"),
    ("NameError", "name 'np' is not defined", "write `import numpy as np` at the top of the file"),
    (
        "TypeError",
        "unhashable type: 'numpy.ndarray'",
        "no array can be in a set, or a key of a dict or @lru_cache",
    ),
    ("RuntimeError", "new thread", "threads cannot be started while it is graded; compute without them"),
    ("FileNotFoundError", "No usable temporary directory", "no file can be written while it is graded"),
    ("FileNotFoundError", "", "only the files that were handed in are there"),
    ("PermissionError", "", "while it is graded it cannot write files, start programs or use the network"),
)


def _raised(result: oc.Raised) -> str:
    where = f" in {result.place}" if result.line else ""
    source = f": `{result.source}`" if result.source else ""
    # Of some libraries' own sentences what follows goes on.
    said = result.text if result.text.endswith("..") else result.text.removesuffix(".")
    text = f": {said}" if said else ""
    fitting = (say for kind, words, say in _ADVICE if kind == result.type_name and words in result.text)
    advice = next(fitting, "")
    return f"{result.type_name}{text}{where}{source}{'; ' + advice if advice else ''}"
