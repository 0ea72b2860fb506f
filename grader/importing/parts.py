"""What otter's test files say of points, names and messages to parts, with what is left of it.

1. Points are resolved by otter's rules (`resolved`). With `all_or_nothing`, one case that fails takes all of them.
2. A doctest or a function of several calls becomes as many cases, which share its points: here each earns its own,
   unless it is the only one of its file.
3. A message for failing becomes a hint, unless the case is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from grader.importing.model import Asked, Case, Found, Imported, Left, NotPlainError, Part

OF_A_FILE: Final = frozenset({"name", "points", "all_or_nothing", "suites", "OK_FORMAT", "test"})
OF_A_CASE: Final = frozenset({"name", "points", "hidden", "success_message", "failure_message", "code", "locked"})


@dataclass(frozen=True, slots=True)
class OtterCase:
    """One case of otter's: what is said of it, and what its statements ask."""

    label: str
    about: dict[str, Any]
    found: list[Found]


def resolved(total: Any, cases: Sequence[Any]) -> tuple[Fraction, list[Fraction]]:
    """Return the points of a test file and of each of its cases, where `None` is not specified.

    The file's own are only shared among cases without: what is left over then is nobody's.

    Raises:
        NotPlainError: the cases have more points than the file.
    """
    given = [None if item is None else Fraction(str(item)) for item in cases]
    known = sum((item for item in given if item is not None), Fraction(0))
    open_ = sum(item is None for item in given)
    whole = Fraction(str(total)) if total is not None else known or Fraction(1)
    if known > whole or any(item is not None and item < 0 for item in given):
        raise NotPlainError("its cases have more points than it has, or fewer than none")
    shares = [(whole - known) / open_ if item is None else item for item in given]
    return sum(shares, Fraction(0)), shares


def add_part(file: str, about: dict[Any, Any], tests: list[OtterCase], imported: Imported) -> None:
    """Add the part that a file makes, and to what is left what it could not become."""
    whole, shares = _points(about.get("points"), tests)
    all_or_nothing = bool(about.get("all_or_nothing", False))
    imported.left += [Left(file, "", f"`{key}` has no counterpart here") for key in about if key not in OF_A_FILE]
    cases: list[Case] = []
    lost = Fraction(0)
    for test, share in zip(tests, shares, strict=True):
        plain = [item.what for item in test.found if isinstance(item.what, Asked)]
        imported.left += [
            Left(file, test.label, str(item.what), item.line)
            for item in test.found
            if isinstance(item.what, NotPlainError)
        ]
        imported.left += [Left(file, test.label, why) for why in _remarks(test)]
        if plain and not share and whole and not all_or_nothing:
            imported.left.append(Left(file, test.label, "it is worth 0 points, and here each case counts"))
            continue
        if len(plain) > 1 and len(tests) > 1 and not all_or_nothing:
            said = f"its {len(plain)} calls share its points: each earns its own"
            imported.left.append(Left(file, test.label, said))
        lost += Fraction(0) if plain else share
        cases += _cases(test, plain, share)
    all_or_nothing = all_or_nothing or (len(tests) == 1 and len(cases) > 1)
    label = about.get("name")
    label = label if isinstance(label, str) and label.strip() else Path(file).stem
    _finish(file, Part(label, label, _rounded(whole), tuple(cases), all_or_nothing), lost, imported)
    if cases and _rounded(whole) != whole:
        imported.left.append(Left(file, "", f"its points were rounded to {_rounded(whole)}"))


def _points(points: Any, tests: list[OtterCase]) -> tuple[Fraction, list[Fraction]]:
    own = [test.about.get("points") for test in tests]
    if isinstance(points, dict) and set(points) == {"each"}:
        return resolved(None, [points["each"]] * len(tests))
    if isinstance(points, list):
        if len(points) != len(tests):
            raise NotPlainError(f"it has {len(tests)} cases and {len(points)} points")
        return resolved(None, points)
    return resolved(points, own)


def _remarks(test: OtterCase) -> Iterator[str]:
    if not test.found:
        yield "it tests nothing"
    if test.about.get("success_message"):
        yield "its success message has no counterpart"
    if test.about.get("failure_message") and test.about.get("hidden"):
        yield "its failure message was left out: students would read it, and the case is hidden"
    yield from (f"`{key}` has no counterpart here" for key in test.about if key not in OF_A_CASE)


def _cases(test: OtterCase, plain: list[Asked], share: Fraction) -> Iterator[Case]:
    given = str(test.about.get("name") or "")[:300]
    hidden = bool(test.about.get("hidden", False))
    hint = "" if hidden else str(test.about.get("failure_message") or "")
    for item in plain:
        yield Case(item, given if given.isprintable() else "", hidden, share / len(plain), hint)


def _finish(file: str, part: Part, lost: Fraction, imported: Imported) -> None:
    if not part.cases:
        said = f"nothing of it could be converted; it is worth {float(part.points):g} in otter"
        imported.left.append(Left(file, "", said))
        return
    if lost:
        said = f"cases worth {float(lost):g} could not be converted: their points went to its others"
        imported.left.append(Left(file, "", said))
    parts = _by_function(part)
    names = ", ".join(part.functions)
    if len(parts) > 1:
        imported.left.append(Left(file, "", f"its functions became parts of their own: {names}"))
    elif part.all_or_nothing and len(part.functions) > 1:
        said = f"its points are split evenly among {names}, and each of them is all or nothing"
        imported.left.append(Left(file, "", said))
    imported.parts += parts


def _by_function(part: Part) -> list[Part]:
    """Return one part, or one for each function where these differ in points: a part's answers share evenly."""
    theirs = {
        function: [case for case in part.cases if case.asked.function == function] for function in part.functions
    }
    weights = {function: sum((case.weight for case in cases), Fraction(0)) for function, cases in theirs.items()}
    total = sum(weights.values())
    if part.all_or_nothing or len(set(weights.values())) == 1 or not total:
        return [part]
    parts = []
    left = part.points
    for number, (function, cases) in enumerate(theirs.items(), 1):
        points = left if number == len(theirs) else _rounded(Fraction(part.points) * weights[function] / total)
        left -= points
        parts.append(Part(f"{part.id}-{function}", f"{part.title}: {function}", points, tuple(cases)))
    return parts


def _rounded(points: Fraction) -> Decimal:
    return Decimal(str(float(points))).quantize(Decimal("0.01"))
