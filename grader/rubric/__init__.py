"""The rubric: the language in which a course writes an assignment's cases and points."""

from grader.rubric.load import LoadedRubric, load_rubric
from grader.rubric.model import (
    Answer,
    Case,
    Limits,
    Mistake,
    Part,
    Question,
    Rubric,
    Selfcheck,
    Tolerance,
    Variant,
    Visibility,
)
from grader.rubric.properties import Property

__all__ = [
    "Answer",
    "Case",
    "Limits",
    "LoadedRubric",
    "Mistake",
    "Part",
    "Property",
    "Question",
    "Rubric",
    "Selfcheck",
    "Tolerance",
    "Variant",
    "Visibility",
    "load_rubric",
]
