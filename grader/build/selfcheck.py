"""A self-check kit: what a student needs to check the visible cases at home, as one archive."""

from __future__ import annotations

from grader.build import KIT
from grader.build.archive import Member, zip_of
from grader.build.kit_readme import kit_readme
from grader.build.starter import starter_text
from grader.build.visible import visible_part
from grader.judge.sealed import COST
from grader.key import Key
from grader.plan import Plan
from grader.reference import Reference
from grader.rubric import LoadedRubric


def selfcheck_kit(  # noqa: PLR0913  (what a kit is made of)
    loaded: LoadedRubric, plan: Plan, key: Key, reference: Reference, wheel: Member, *, cost: int = COST
) -> bytes:
    """Return the kit; the same bytes for the same rubric, reference and grader.

    Args:
        loaded: the rubric.
        plan: that it compiles to.
        key: that it compiles to.
        reference: gives the starter file its parameters and shapes.
        wheel: the grader's.
        cost: of a guess at a sealed answer.

    Raises:
        AuthorError: the rubric would seal what cannot be sealed.
    """
    shown, answers = visible_part(loaded, plan, key, cost=cost)
    texts = {
        "README.md": kit_readme(shown, answers, wheel.name),
        "submission.py": starter_text(plan, key, reference),
    }
    members = [Member(name, text.encode()) for name, text in texts.items()]
    members += [Member(f"{KIT}/plan", shown.dump()), Member(f"{KIT}/key", answers.dump()), wheel]
    return zip_of(members)
