from __future__ import annotations

import copy
import functools
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.errors import AuthorError, Problem
from grader.rubric import LoadedRubric, Rubric, load_rubric, source

WORDS = [
    "assignment", "reference", "questions", "parts", "cases", "answers", "id", "title", "points", "function",
    "args", "tolerance", "rtol", "limits", "seconds", "seed", "expect", "name", "weight", "written", "criteria",
    "hint", "x", "unchanged", "visibility", "hidden", "1A", "010", "1e-6", "on", "NO", "~", "null", "-1", "0", "2",
    ".nan", ".inf", "softmax", "hw.py", "&a", "*a", "!t", "!!python/name:x", "<<", "|", ">", "'", '"', "\\0", "#",
    "%", "@", "---", "...", "[", "]", "{", "}", ":", ": ", "- ", "? ", ", ", ",", "\n", "\n  ", "\n    ", "\t",
    "\r\n", "\x00", "\x07", "\x85", "\u2028", "\ufeff", "é", "𝄞",
]  # fmt: skip
YAMLISH = st.lists(st.sampled_from(WORDS), max_size=40).map("".join)

RUBRIC: dict[str, Any] = {
    "assignment": "hw",
    "reference": "hw.py",
    "seed": 3,
    "mistakes": "wrong.py",
    "give_away": ["f"],
    "follow_through": 0.5,
    "limits": {"seconds": 2},
    "tolerance": {"rtol": 1e-6},
    "questions": [
        {
            "id": "1",
            "title": "Question",
            "parts": [
                {"id": "1A", "title": "P", "points": 2, "function": "f", "cases": [{"args": [1]}, {"args": {}}]},
                {
                    "id": "1C", "title": "P", "points": 2, "function": "g", "observe": ["x"], "uses": ["f"],
                    "mistakes": [{"function": "h", "says": "Mind it.", "credit": 0.5}],
                    "cases": [
                        {"args": [1], "observe": "printed", "property": {
                            "value": True, "sums_to": 1, "within": [0, 1], "monotone": "increasing",
                            "equivariant": {"argument": "x", "by": {"scale": 2}, "answer": {"same": True}},
                            "leaves_arguments": ["x"], "gradient_of": {"function": "f", "step": 0.1},
                        }},
                        {"args": [1], "expect_any": [{"name": "a", "expect": 1}, {"name": "b", "function": "f"}]},
                        {"property": {"same_result": [[1], {"x": 2}], "leaves_arguments": True, "shape": [2],
                                      "split": {"arguments": ["x"], "at": [1]}, "checker": "c.py::f"}},
                    ],
                },
                {"id": "1B", "title": "Part", "points": 1.5, "answers": [{"written": "W", "criteria": ["why"]}]},
            ],
        },
        {"id": "2", "title": "Question", "parts": [{"id": "2A", "title": "Part", "points": 1, "written": "V"}]},
    ],
}  # fmt: skip
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.sampled_from(WORDS)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=3)
    ),
    max_leaves=5,
)


@functools.cache
def folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def outcome(content: bytes) -> LoadedRubric | tuple[Problem, ...]:
    """Load; nothing but a rubric or an author's problems may come of it, all of them lines of the file."""
    file = Path(folder().name) / "hw.yaml"
    file.write_bytes(content)
    found: LoadedRubric | tuple[Problem, ...]
    try:
        found = load_rubric(file)
        problems = found.problems
    except AuthorError as error:
        found = problems = error.problems
        assert problems
    # YAML ends a line in more ways than an editor, and a mistake may stand at the very end.
    lines = len(content.decode("utf-8", "replace").splitlines()) + 1
    for problem in problems:
        assert problem.file == file
        assert 1 <= problem.line <= lines
        assert problem.text
        assert len(str(problem).splitlines()) == 1
    assert len(set(problems)) == len(problems)
    return found


def paths(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all that stands in `content`."""
    items: list[tuple[Any, Any]] = []
    if isinstance(content, dict):
        items = list(content.items())
    elif isinstance(content, list):
        items = list(enumerate(content))
    return [*([path] if path else []), *(found for key, item in items for found in paths(item, (*path, key)))]


@pytest.fixture(scope="module", autouse=True)
def _tidy() -> Any:
    yield
    folder().cleanup()
    folder.cache_clear()


@settings(max_examples=300)
@given(YAMLISH)
@example("? [1]\n: 2")
@example("&a [*a, *a]")
@example("questions: &a [{parts: *a}]")
@example("a: 1\n---\nb: 2")
@example("{}")
def test_any_words_of_yaml_s_give_a_rubric_or_an_author_s_mistakes(text: str) -> None:
    outcome(text.encode())


@given(st.one_of(st.text(), st.text("-[]{}:,?&*!#|>'\"%@` \n\tab01.~<=")))
def test_any_text_gives_a_rubric_or_an_author_s_mistakes(text: str) -> None:
    outcome(text.encode("utf-8", "replace"))


@given(st.one_of(YAMLISH, st.text()))
def test_yaml_s_own_parser_raises_nothing_else_either(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "_LOADER", yaml.SafeLoader)
        outcome(text.encode("utf-8", "replace"))


@given(st.binary(max_size=60))
def test_any_bytes_give_a_rubric_or_an_author_s_mistakes(content: bytes) -> None:
    outcome(content)


@settings(max_examples=300)
@given(st.data())
def test_a_rubric_with_anything_anywhere_is_judged_field_by_field(data: st.DataObject) -> None:
    content = copy.deepcopy(RUBRIC)
    for _ in range(data.draw(st.integers(1, 3))):
        places = paths(content)
        path: tuple[Any, ...] = data.draw(st.sampled_from(places)) if places else ()
        holder = functools.reduce(lambda value, step: value[step], path[:-1], content)
        action = data.draw(st.sampled_from(["replace", "remove", "add"])) if path else "add"
        if action == "replace":
            holder[path[-1]] = data.draw(JUNK)
        elif action == "remove":
            del holder[path[-1]]
        elif isinstance(holder, dict):
            holder[data.draw(st.sampled_from(WORDS))] = data.draw(JUNK)
        else:
            holder.append(data.draw(JUNK))
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    found = outcome(text.encode("utf-8", "replace"))
    if isinstance(found, LoadedRubric):
        # What is left is a rubric in full: it can be checked further.
        assert isinstance(found.rubric, Rubric)
        assert all(question.parts for question in found.rubric.questions)
        for question in found.rubric.questions:
            for part in question.parts:
                assert all(answer.written or answer.cases for answer in part.all_answers)
                assert found.document.line(part.path) > found.document.line(question.path) - 1


@given(st.integers(), st.floats(allow_nan=False), st.sampled_from(["{}", "+{}", " {} ", "{} # c"]))
def test_numbers_mean_what_they_look_like(whole: int, real: float, form: str) -> None:
    real = abs(real)
    shown = repr(real)
    if whole >= 0:
        assert source.parse(f"x: {form.format(whole)}", Path("x")).content == {"x": whole}
    if "inf" not in shown:
        assert source.parse(f"x: {form.format(shown)}", Path("x")).content == {"x": real}


@given(st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8).filter(str.isprintable))
def test_an_id_is_the_text_that_was_typed(typed: str) -> None:
    assert source.parse(f"id: {typed}", Path("x")).content == {"id": typed}
