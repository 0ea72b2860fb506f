"""The judge: what was expected against what came back, structure before shape before kind before value."""

from grader.judge.answers import Question, judge_answer, judge_text
from grader.judge.compare import Terms
from grader.judge.verdict import NeedsReview, NoAnswer, Right, Verdict, Wrong

__all__ = [
    "NeedsReview",
    "NoAnswer",
    "Question",
    "Right",
    "Terms",
    "Verdict",
    "Wrong",
    "judge_answer",
    "judge_text",
]
