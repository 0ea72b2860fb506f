"""The rubric: the language in which a course writes an assignment's cases and points."""

from grader.rubric.load import LoadedRubric, load_rubric
from grader.rubric.model import Answer, Case, Limits, Part, Question, Rubric, Tolerance, Visibility

__all__ = [
    "Answer",
    "Case",
    "Limits",
    "LoadedRubric",
    "Part",
    "Question",
    "Rubric",
    "Tolerance",
    "Visibility",
    "load_rubric",
]
