"""Submissions as students write them, by mistake or on purpose, graded by two runs of `grade` side by side."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

GRADE = str(Path(sys.executable).parent / "grade")
DOUBLE = "def double(x):\n    return [2 * v for v in x]\n"
TOTAL = "def total(x):\n    return float(sum(x))\n"
NP = "import numpy as np\n"
OS = "import os\n"
GOOD = DOUBLE + TOTAL
LETTERS = """
import sys
def ours(name):
    frame = sys._getframe()
    while frame:
        if name in frame.f_globals:
            return frame.f_globals[name]
        frame = frame.f_back
"""


class File(NamedTuple):
    """A submission, its score, and what its report says of it."""

    source: str
    score: float
    said: str = ""
    status: str = "graded"


FILES = {
    # At module level.
    "raises_at_top": File(GOOD + "1 / 0\n", 4, "ZeroDivisionError"),
    "raises_before_all": File("1 / 0\n" + GOOD, 4, "line 1, `1 / 0`, raises ZeroDivisionError"),
    "hangs_at_top": File(GOOD + "while True: pass\n", 4, "did not end within 1 s"),
    "sleeps_at_top": File("import time\ntime.sleep(600)\n" + GOOD, 4, "did not end within 1 s"),
    "asks_at_top": File("n = input('How many? ')\n" + GOOD, 4, "asks for input"),
    "exits_at_top": File(GOOD + "import sys\nsys.exit()\n", 4, "ends the program"),
    "dies_at_top": File(GOOD + OS + "os._exit(0)\n", 4, "exit status 0"),
    "eats_memory_at_top": File(GOOD + "x = list(range(10**9))\n", 4, "ran out of memory"),
    "tests_itself_when_run": File(GOOD + "if __name__ == '__main__':\n    1 / 0\n", 4),
    "plots": File("import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n" + GOOD, 4),
    "cannot_write": File("open('/nowhere/grades.txt', 'w')\n" + GOOD, 4),
    "future": File("from __future__ import annotations\ndef double(x: Array): return 2 * x\n1 / 0\n" + TOTAL, 4),
    "return_at_top": File(GOOD + "return\n", 4, "outside function"),
    # As Python does not take it.
    "syntax_error": File(GOOD + "x = = 2\n", 0, "line 5: invalid syntax.\n    x = = 2\n        ^", "unreadable"),
    "unclosed": File(GOOD + "x = (1,\n", 0, "'(' was never closed", "unreadable"),
    "merge_conflict": File("<<<<<<< HEAD\n" + GOOD, 0, "invalid syntax", "unreadable"),
    # A function that is not what it should be.
    "missing": File("def Double(x): return x\n" + TOTAL, 2, "you have `Double`: is that it?"),
    "star_import": File("from numpy import *\n" + TOTAL, 2, "it is the one of `from numpy import *`"),
    "not_callable": File("double = 3\n" + TOTAL, 2, "`double` is not a function"),
    "signature": File("def double(x, factor): return x\n" + TOTAL, 2, "yours is `double(x, factor)`"),
    "coroutine": File("async def double(x): return 2 * x\n" + TOTAL, 2, "coroutine"),
    "generator": File("def double(x): yield 2\n" + TOTAL, 2, "generator"),
    "nothing": File("def double(x): 2 * x\n" + TOTAL, 2, "is a `return` missing?"),
    "prints": File("def double(x): print(2 * x)\n" + TOTAL, 2, "use `return` instead"),
    "essay": File("essay = 7\n", 0, "is no text"),
    # A call that does not come back.
    "loops": File("def double(x):\n    while True: pass\n" + TOTAL, 2, "did not return within 0.5 s"),
    "stops": File(OS + "def double(x): os.kill(os.getpid(), 19)\n" + TOTAL, 2, "did not return within 0.5 s"),
    "computes": File("def double(x): return 10 ** 10 ** 9\n" + TOTAL, 2, "did not return within 0.5 s"),
    "dies": File(OS + "def double(x): os._exit(0)\n" + TOTAL, 2, "ended the whole Python process"),
    "crashes": File("import ctypes\ndef double(x): ctypes.string_at(0)\n" + TOTAL, 2, "SIGSEGV"),
    "exits": File("def double(x): exit()\n" + TOTAL, 2, "it calls exit()"),
    "asks": File("def double(x): return input()\n" + TOTAL, 2, "nobody is there to answer input()"),
    "recurses": File("def double(x): return double(x)\n" + TOTAL, 2, "it calls itself without end"),
    "eats_memory": File("def double(x): return bytes(10**9)\n" + TOTAL, 2, "ran out of memory"),
    "nests": File("def double(x):\n    for _ in range(99): x = [x]\n    return x\n" + TOTAL, 2, "nested too"),
    "huge": File(NP + "def double(x): return np.zeros(10**7)\n" + TOTAL, 2, "too large or nested"),
    "endless_view": File(
        NP + "def double(x): return np.broadcast_to(1.0, (10**6, 10**6))\n" + TOTAL, 2, "too large"
    ),
    "cannot_be_told": File(
        "class E(Exception):\n    def __str__(self): raise SystemExit\ndef double(x): raise E\n" + TOTAL,
        2, "cannot be told",
    ),
    "terminal": File("def double(x): raise ValueError('\\x1b[2J\\ud800')\n" + TOTAL, 2, "\\x1b[2J?"),
    # What it does to its own process.
    "closes_everything": File(OS + "def double(x): os.closerange(0, 99)\n" + TOTAL, 2, "ended the whole Python"),
    "closes_stdout": File("import sys\ndef double(x):\n    sys.stdout.close()\n    return 2 * x\n" + TOTAL, 4),
    "junk": File(
        OS + "def double(x):\n    for d in range(3, 64):\n        try: os.write(d, b'junk' * 9)\n"
        "        except OSError: pass\n    return 2 * x\n" + TOTAL, 2, "disturbed the grading",
    ),
    "arrays_for_words": File(
        LETTERS + NP + "def double(x):\n    ours('letters').RETURNED = np.arange(3)\n    return 2 * x\n", 0,
        "disturbed the grading",
    ),
    "arrays_for_numbers": File(
        LETTERS + NP + "def double(x):\n    door = ours('Door')\n    send = door.send\n"
        "    door.send = lambda me, letter: send(me, (letter[0], np.arange(3)))\n    return 2 * x\n", 0,
        "disturbed the grading",
    ),
    "no_letters": File(
        LETTERS + "def double(x):\n    ours('Door').send = lambda *_: None\n    return 2 * x\n" + TOTAL, 2,
        "did not return within 0.5 s",
    ),
    "two_letters": File(
        LETTERS + "def double(x):\n    door = ours('Door')\n    send = door.send\n"
        "    door.send = lambda *a: (send(*a), send(*a))\n    return x\n", 0,
    ),
    "patched_builtins": File("import builtins\nbuiltins.isinstance = lambda *_: 1\ndef double(x): return x\n", 0),
    "floods": File(
        OS + "def double(x):\n    for _ in range(10**3): os.write(1, b'y' * 10**6)\n    return x\n" + TOTAL, 2
    ),
    "prints_much": File(
        "def double(x):\n    print('y' * 10**6)\n    return 2 * x\n" + TOTAL, 4, "more characters]"
    ),
    "cache_by_identity": File(
        NP + "cache = {}\ndef double(x):\n    return 2 * cache.setdefault(id(x), x.copy())\n" + TOTAL, 4
    ),
    # What would raise the score.
    "hard_coded": File("def double(x): return [2.0, 4.0]\n" + TOTAL, 3),
    "patched_numpy": File(
        NP + "for name in ('allclose', 'isclose', 'array_equal'):\n"
        "    setattr(np, name, lambda *_, **__: True)\ndef double(x): return x\ndef total(x): return 0\n", 0,
    ),
    "equal_to_all": File(
        "class All:\n    def __eq__(self, other): return True\n    def __array__(self, *_): return 1 / 0\n"
        "def double(x): return All()\ntotal = double\n", 0,
    ),
    "lying_array": File(
        NP + "class Lie(np.ndarray):\n    def __array_ufunc__(self, *_, **__): return np.bool_(True)\n"
        "    def __array_function__(self, *_): return True\ndef double(x): return np.zeros(len(x)).view(Lie)\n", 0,
    ),
    "not_a_number": File("def double(x): return [float('nan')] * len(x)\ndef total(x): return float('nan')\n", 0),
    "masked": File(
        NP + "def double(x): return np.ma.masked_all(len(x))\ndef total(x): return np.ma.masked\n", 0
    ),
    # What would show a student what is hidden.
    "remembers": File(
        "seen = []\ndef double(x):\n    seen.append(list(x))\n    return 0\n"
        "def total(x):\n    seen.append(list(x))\n    raise ValueError(seen)\n", 0, "ValueError: [[",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, make_small: Callable[[Path], Path]) -> dict[str, Any]:
    folder = make_small(tmp_path_factory.mktemp("students"))
    for name, file in FILES.items():
        (folder / f"{name}.py").write_text(file.source, encoding="utf-8")
    command = [GRADE, "--json", "--limit-seconds", "0.5"]
    names = [f"{name}.py" for name in FILES]
    runs = [
        subprocess.Popen([*command, *half], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for half in (names[::2], names[1::2])
    ]
    found = {}
    for run in runs:
        out, err = run.communicate(timeout=300)
        assert (run.returncode, err) == (0, b"")
        found.update({report["submission"]["id"]: report for report in json.loads(out)})
    return found


def _cases(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [case for part in report["parts"] for case in part["cases"]]


@pytest.mark.parametrize("name", FILES)
def test_it_gets_its_score_and_is_told_why(reports: dict[str, Any], name: str) -> None:
    file, report = FILES[name], reports[name]
    said = "\n".join([*report["messages"], *(case["message"] for case in _cases(report))])
    if name == "prints_much":
        said = report["parts"][0]["cases"][0]["staff_message"]
    assert (report["status"], report["score"]) == (file.status, file.score)
    assert file.said in said


def test_no_report_grows_without_bound(reports: dict[str, Any]) -> None:
    assert max(len(json.dumps(report)) for report in reports.values()) < 100_000


def test_nothing_hidden_is_told(reports: dict[str, Any]) -> None:
    for report in reports.values():
        told = [*report["messages"], *(case["message"] for case in _cases(report))]
        assert not any("3.5" in message or "4.25" in message for message in told)
