"""Is a rubric's seed so short that a student could try all and make the hidden draws at home?"""

from __future__ import annotations

from typing import Any

from grader.rubric import LoadedRubric

_DRAWN = frozenset({"normal", "uniform", "integers", "choice"})
_LEAST_SEED = 2**48
"""Below it, whoever tries 10**9 seeds a second against a visible draw has tried all within three days."""


def guessable_draws(loaded: LoadedRubric) -> str:
    """Return what an author should know of a short seed; empty where it is long, or nothing hidden is drawn."""
    answers = (
        answer for question in loaded.rubric.questions for part in question.parts for answer in part.all_answers
    )
    hidden = (case for answer in answers for case in answer.cases if case.visibility != "visible")
    if loaded.rubric.seed >= _LEAST_SEED or not any(_is_drawn(case.model_dump()) for case in hidden):
        return ""
    return (
        f"the seed {loaded.rubric.seed} is short: whoever has the kit could try all seeds and make the "
        "hidden draws at home; take 30 random digits"
    )


def _is_drawn(spec: Any) -> bool:
    if isinstance(spec, dict):
        return not _DRAWN.isdisjoint(spec) or any(map(_is_drawn, spec.values()))
    return isinstance(spec, (list, tuple)) and any(map(_is_drawn, spec))
