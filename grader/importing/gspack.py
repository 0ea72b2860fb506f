"""gspack's `rubric.json` to parts: one part for each test.

By its README (*Formal Syntax*) and `src/gspack/rubric.py`, `grader.py`:

1. `test_suite` lists tests: `test_name`, `variable_name`, `score`, `description`, `rtol` (1e-5), `atol` (1e-8) and
   hints (`hint_tolerance`, `hint_wrong_size`, ...), each perhaps for one language (`hint_nans_python`).
2. Without scores of their own the tests share `total_score`, 10 by default.
3. The right values are in the solution, or in a pickle, which is not read.

gspack looks at variables, and this grader calls functions: each variable becomes a function without arguments,
which the reference gives the value of. So students hand in `def A1(): return ...`.
"""

from __future__ import annotations

import json
from decimal import Decimal
from keyword import iskeyword
from pathlib import Path
from typing import Any

from grader.errors import UserError
from grader.importing.model import Asked, Case, Imported, Left, Part

_MAX_BYTES = 4 << 20
_MAX_TESTS = 1_000
_READ = frozenset({"test_name", "variable_name", "score", "description", "rtol", "atol"})
_HINTS = ("hint_tolerance", "hint_wrong_size", "hint_nans", "hint_wrong_type", "hint_not_defined")


def read_gspack(file: Path) -> Imported:
    """Read a `rubric.json`.

    Raises:
        UserError: it cannot be read, or is none.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
        rubric = json.loads(content.decode("utf-8-sig")) if len(content) <= _MAX_BYTES else None
    except OSError as error:
        raise UserError(f"{file}: the rubric cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{file}: this is not JSON: {error}") from error
    suite = rubric.get("test_suite") if isinstance(rubric, dict) else None
    if not isinstance(suite, list) or not isinstance(rubric, dict) or len(suite) > _MAX_TESTS:
        raise UserError(f"{file}: this is no rubric of gspack's: it has no list `test_suite`")
    imported = Imported(file.absolute().parent.name)
    for number, test in enumerate(suite, 1):
        _test(file.name, number, test, _score(rubric, len(suite)), imported)
    for key in sorted(set(rubric) - {"test_suite", "total_score"}):
        imported.left.append(Left(file.name, "", f"`{key}` has no counterpart in a rubric"))
    return imported


def _score(rubric: dict[str, Any], count: int) -> Any:
    total = rubric.get("total_score", 10)
    return total / count if isinstance(total, (int, float)) and not isinstance(total, bool) and count else None


def _test(file: str, number: int, test: Any, share: Any, imported: Imported) -> None:
    def leave(why: str) -> None:
        imported.left.append(Left(file, label, why))

    label = f"test {number}"
    if not isinstance(test, dict):
        leave("it is no test")
        return
    label = str(test.get("test_name") or label)[:100]
    variable = test.get("variable_name")
    if not isinstance(variable, str) or not variable.isidentifier() or iskeyword(variable):
        leave("it names no variable")
        return
    points = _points(test.get("score", share))
    if points is None:
        leave("its score is no number of points, and there is no `total_score` to share")
        return
    if points != Decimal(str(test.get("score", share))):
        leave(f"its points were rounded to {points}")
    told = [test.get(name) for key in _HINTS for name in (f"{key}_python", key)]
    hints = [hint for hint in told if isinstance(hint, str) and hint.strip()]
    dropped = sorted(key for key in test if key not in _READ and test[key] not in hints[:1])
    if dropped:
        leave(f"{', '.join(dropped)}: a case has one hint, and no hint for each way to be wrong")
    leave(f"it asks for the variable `{variable}`; here students write a function `{variable}()` that returns it")
    title = ": ".join(str(test[key]) for key in ("test_name", "description") if test.get(key))
    tolerance = {key: _tolerance(test.get(key), default) for key, default in (("rtol", 1e-5), ("atol", 1e-8))}
    case = Case(Asked(variable, (), tolerance=tolerance), hint=hints[0] if hints else "")
    imported.parts.append(Part(variable, title or variable, points, (case,)))


def _points(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100_000:
        return None
    return Decimal(str(value)).quantize(Decimal("0.01"))


def _tolerance(value: Any, default: float) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < 1 else default
