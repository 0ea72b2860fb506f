"""Is a function there and written? All that can be said of one whose cases are not at hand."""

from __future__ import annotations

from grader import outcome as oc
from grader.judge.silence import silence
from grader.judge.verdict import NeedsReview, NoAnswer, Wrong


def presence(
    name: str, signature: str, parameters: tuple[str, ...], result: oc.Result
) -> NeedsReview | NoAnswer | Wrong:
    """Return what came of a call of `name` without arguments.

    One that takes arguments fails without them, and that shows that it is there.
    """
    if isinstance(result, oc.Answered) or (parameters and not is_absent(result)):
        return NeedsReview(
            f"`{name}` is there; it has no visible case, so whether it is right is only checked after you hand in"
        )
    return silence(name, signature, result)


def is_absent(result: oc.Result) -> bool:
    """Whether there is no function, or one that is not written yet."""
    return isinstance(result, (oc.Missing, oc.NotCallable, oc.NotAsked)) or is_unwritten(result)


def is_unwritten(result: oc.Result) -> bool:
    """Whether a function does no more than say that it is not written."""
    return isinstance(result, oc.Raised) and result.type_name == "NotImplementedError"
