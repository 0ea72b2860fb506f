"""What may be said of a reference's function to those who are to write it: its interface, never its formula.

A docstring's own words give the answer away more often than not. So they are not taken: of the whole docstring
the starter file has

1. the shapes, where some of its text is nothing but `(n,), (n, p) -> (p,)`, in a grammar of its own: shapes
   whose sizes are names and numbers, names of parameters, and a few fixed words;
2. the entries under `Args:` and `Returns:`, each up to its first full stop or semicolon, and only its shapes
   where what it says beside them could be computed with: code, an operator, a bracket, an equation;
3. of a parameter that is one of a few words (`Literal`), those words instead.

Where the answer itself is exact (an integer, a shape), even shapes could be it: then nothing of the result.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from grader.reference import signature_of

_SHAPE = r"\((?:\w+(?:,\s*\w+)*,?)?\)"
_NUMBER = r"(?:a|one|two|three|four) (?:numbers?|class|boolean|integers?|text)"
_ITEM = rf"(?:`\w+` (?:is )?)?(?:a new )?(?:{_SHAPE}|{_NUMBER})"
_ITEMS = rf"{_ITEM}(?:(?:, | and ){_ITEM})*"
_ARROW = re.compile(rf"{_ITEMS}\s*->\s*{_ITEMS}")
_LEADING = re.compile(rf"{_SHAPE}(?:,\s*{_SHAPE})*(?=[.,;]|$)")
_SECTION = re.compile(r"^(Args|Arguments|Parameters|Returns):$")
_ENTRY = re.compile(r"^(\w+)(?: \([^)]*\))?:\s*(.*)$")
# Letters, digits, quotes and stops: nothing that can be computed with.
_PLAIN = re.compile(r"[\w\s.,:'’\"/-]*")  # noqa: RUF001  (as people type it)
_CODE = re.compile(r"[`=+*^<>\[\]|@{}]|\w\(|\s[-/]\s|\w/\w")

_STARS: dict[Any, int] = {inspect.Parameter.VAR_POSITIONAL: 1, inspect.Parameter.VAR_KEYWORD: 2}


@dataclass(frozen=True, slots=True)
class Interface:
    """A function as its user sees it.

    Attributes:
        signature: `softmax(x)`, without annotations.
        shapes: `(n,) -> (n,)`; empty when nobody says.
        arguments: what is known of each, by name.
        result: what comes back; empty when nobody says.
    """

    signature: str
    shapes: str
    arguments: dict[str, str]
    result: str


def interface(name: str, function: Callable[..., Any], *, exact: bool) -> Interface:
    """Return what may be said of a function.

    Args:
        name: the function's.
        function: the reference's.
        exact: its answer is exact, so that its shape may be the answer.
    """
    signature = signature_of(function)
    sections = dict(_sections(inspect.getdoc(function) or ""))
    arguments = dict(_entries(sections.get("Args", [])))
    arguments = {name: text for name, text in arguments.items() if name in signature.parameters and text}
    arguments.update(_chosen(function, signature))
    arrow = _ARROW.search(" ".join(sections.get("", [])))
    result = " ".join(line.strip() for line in sections.get("Returns", []))
    return Interface(
        signature=f"{name}({', '.join(_parameters(signature))})",
        shapes=" ".join(arrow[0].split()) if arrow and not exact else "",
        arguments={name: arguments[name] for name in signature.parameters if name in arguments},
        result="" if exact else harmless(result),
    )


def harmless(text: str) -> str:
    """Return as much of an entry as gives nothing away: a sentence in plain words, or its shapes alone."""
    found = _LEADING.match(text)
    shapes = found[0] if found else ""
    rest = re.split(r"(?<=\w)\.(?:\s|$)|;", text[len(shapes) :], maxsplit=1)[0].rstrip(" .,:")
    if not _PLAIN.fullmatch(rest) or _CODE.search(rest):
        rest = ""
    return f"{shapes}{rest}." if shapes or rest else ""


def _sections(docstring: str) -> Iterator[tuple[str, list[str]]]:
    """Yield a docstring's sections: what is before the first, under no name, then those of Google's style."""
    name, lines = "", list[str]()
    for line in docstring.splitlines():
        heading = _SECTION.match(line)
        if heading or (name and line.strip() and not line.startswith(" ")):
            yield name, lines
            name, lines = ("Returns" if heading[1] == "Returns" else "Args") if heading else "more", []
        else:
            lines.append(line)
    yield name, lines


def _entries(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the arguments that a section names, and what may be said of each."""
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    name, words = "", list[str]()
    for line in [item[depth:] for item in lines if item.strip()]:
        found = _ENTRY.match(line)
        if found:
            yield name, harmless(" ".join(words))
            name, words = found[1], [found[2]]
        else:
            words.append(line.strip())
    yield name, harmless(" ".join(words))


def _chosen(function: Callable[..., Any], signature: inspect.Signature) -> Iterator[tuple[str, str]]:
    """Yield the parameters that are one of a few words."""
    try:
        annotations = inspect.get_annotations(function, eval_str=True)
    except Exception:  # noqa: BLE001  (names that exist for a type checker alone)
        annotations = {}
    for name in signature.parameters:
        if get_origin(annotations.get(name)) is Literal:
            *most, last = map(repr, get_args(annotations[name]))
            yield name, f"{', '.join(most)} or {last}." if most else f"{last}."


def _parameters(signature: inspect.Signature) -> Iterator[str]:
    """Yield the parameters as they are written, without annotations; a default only where it is plain."""
    starred = False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        starred = starred or parameter.kind is parameter.VAR_POSITIONAL
        yield f"{'*' * _STARS.get(parameter.kind, 0)}{parameter.name}{_default(parameter)}"


def _default(parameter: inspect.Parameter) -> str:
    if parameter.default is parameter.empty:
        return ""
    text = repr(parameter.default)
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return "=None"
    return f"={text}"
