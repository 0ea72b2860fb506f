"""The exam paper: what is asked, which calls are made, what each is worth; no answers."""

from grader.plan.compile import Compiled, Source, compile_plan
from grader.plan.model import (
    Call,
    Case,
    Earlier,
    FunctionAnswer,
    LatePolicy,
    Limits,
    Part,
    PartAnswer,
    Plan,
    Question,
    WrittenAnswer,
    load_plan,
)

__all__ = [
    "Call",
    "Case",
    "Compiled",
    "Earlier",
    "FunctionAnswer",
    "LatePolicy",
    "Limits",
    "Part",
    "PartAnswer",
    "Plan",
    "Question",
    "Source",
    "WrittenAnswer",
    "compile_plan",
    "load_plan",
]
