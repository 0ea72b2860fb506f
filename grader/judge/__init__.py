"""The judge: what was expected against what came back, structure before shape before kind before value."""

from grader.judge.answers import judge_answer, judge_text
from grader.judge.verdict import NeedsReview, NoAnswer, Right, Verdict, Wrong

__all__ = ["NeedsReview", "NoAnswer", "Right", "Verdict", "Wrong", "judge_answer", "judge_text"]
