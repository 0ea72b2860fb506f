"""The answer key: what each case should give, made by running the reference once."""

from grader.key.compile import Compilation, compile_rubric
from grader.key.model import Expectation, Key, Mistake, Trace, load_key

__all__ = ["Compilation", "Expectation", "Key", "Mistake", "Trace", "compile_rubric", "load_key"]
