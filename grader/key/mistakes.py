"""Known mistakes: wrong variants run on the cases, and what the cases cannot tell apart."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from grader.deadline import OverdueError, patience, within
from grader.errors import Problem
from grader.judge import Question, Right, judge_answer
from grader.judge.likeness import alike
from grader.key.model import Expectation, Mistake, Trace
from grader.key.trial import Functions, TrialError, judged, outcomes
from grader.plan import FunctionAnswer
from grader.reference import Reference
from grader.rubric import LoadedRubric
from grader.rubric import Mistake as RubricMistake


class MistakeMaker:
    """Turns a rubric's mistakes into what they answer.

    Args:
        loaded: the rubric.
        reference: stands in for every function but the mistaken one.
        variants: the module of mistakes; None when the rubric names none.
        expectations: of every case, by id.
    """

    def __init__(
        self,
        loaded: LoadedRubric,
        reference: Reference,
        variants: Reference | None,
        expectations: dict[str, Expectation],
    ) -> None:
        self._loaded, self._reference, self._variants = loaded, reference, variants
        self._expectations = expectations
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def mistakes(self, part: str, answer: FunctionAnswer, written: Iterable[RubricMistake]) -> list[Mistake]:
        """Return an answer's mistakes; those that no case catches, or none tells apart, are warned of."""
        made: list[Mistake] = []
        questions = dict(self._questions(answer))
        functions = {name: self._reference.function(name) for name in self._called(answer)}
        known = {name: found for name, found in functions.items() if found is not None}
        for item in written:
            function = self._variants.function(item.function) if self._variants else None
            if function is None:
                where = (
                    self._variants.file.name if self._variants else "a module; name it with `mistakes:` at the top"
                )
                text = f"there is no function `{item.function}` in {where}"
                self.problems.append(self._loaded.document.problem((*item.path, "function"), text))
                continue
            try:
                traces, caught = self._tried(questions, {**known, answer.function: function})
            except OverdueError as error:
                text = (
                    f"`{item.function}` does not come to an end within {error.seconds:g} s; let it raise instead: "
                    "a mistake is known by what it answers"
                )
                self.problems.append(self._loaded.document.problem((*item.path, "function"), text))
                continue
            if not caught:
                text = f"no case of `{answer.function}` catches `{item.function}`"
                self.warnings.append(self._loaded.document.problem(item.path, text))
            credit = Fraction(item.credit)
            mistake = Mistake(part, answer.function, item.function, item.says, credit, traces)
            for other in made:
                if self._inseparable(questions, other, mistake):
                    text = f"no case of `{answer.function}` tells `{item.function}` from `{other.name}`"
                    self.warnings.append(self._loaded.document.problem(item.path, text))
            made.append(mistake)
        return made

    @staticmethod
    def _called(answer: FunctionAnswer) -> set[str]:
        return {call.function for case in answer.cases for call in case.calls}

    def _questions(self, answer: FunctionAnswer) -> Iterator[tuple[str, Question]]:
        for case in answer.cases:
            if case.id in self._expectations:
                yield case.id, self._expectations[case.id].question(answer, case, Fraction(0))

    def _tried(self, questions: Mapping[str, Question], functions: Functions) -> tuple[tuple[Trace, ...], bool]:
        seconds = patience(self._loaded.rubric.limits.seconds)
        traces, caught = [], False
        for case_id, question in questions.items():
            try:
                found = within(seconds, functools.partial(outcomes, question.calls, functions))
            except TrialError:
                caught = True
                continue
            wrong = not isinstance(judge_answer(question, found), Right)
            caught = caught or wrong
            traces.append(Trace(case_id, judged(question, found), wrong))
        return tuple(traces), caught

    @staticmethod
    def _inseparable(questions: Mapping[str, Question], first: Mistake, second: Mistake) -> bool:
        one = {trace.case: trace.answers for trace in first.traces}
        two = {trace.case: trace.answers for trace in second.traces}
        return set(one) == set(two) and all(alike(questions[case], one[case], two[case]) for case in one)
