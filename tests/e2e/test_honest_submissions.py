"""No honest submission suffers from the wall: what students really do works, or fails with a word that helps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.grade import Exam, grade
from grader.key import compile_rubric
from grader.report import CaseReport, Report
from grader.rubric import load_rubric
from grader.sandbox import ProcessBox
from grader.submission import read_submission

RUBRIC = """
assignment: small
reference: reference.py
limits: {seconds: 10}
questions:
  - id: "1"
    title: One
    parts:
      - {id: 1A, title: Double, points: 2, function: double, cases: [{args: {x: [1, 2, 3]}}]}
"""
REFERENCE = "def double(x):\n    return 2 * x\n"

Grade = Callable[[Path], Report]


@pytest.fixture(scope="module")
def grade_path(tmp_path_factory: pytest.TempPathFactory, shared_box: ProcessBox) -> Grade:
    folder = tmp_path_factory.mktemp("course")
    (folder / "rubric.yaml").write_text(RUBRIC)
    (folder / "reference.py").write_text(REFERENCE)
    exam = Exam.of(*compile_rubric(load_rubric(folder / "rubric.yaml"), folder)[:2])

    def run(path: Path, exam: Exam = exam) -> Report:
        return grade(exam, read_submission(path, "student"), shared_box, lambda: (0.0, ""))

    return run


def handed_in(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_csv", ".csv")
        path = path if path.suffix else path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def only_case(report: Report) -> CaseReport:
    (case,) = report.parts[0].cases
    return case


BODIES = {
    "unique": "np.unique(x); return 2 * x",
    "random": "np.random.seed(1); np.random.default_rng(0).normal(size=3); return 2 * x",
    "linalg": "np.linalg.svd(np.eye(3)); np.linalg.solve(np.eye(3), x); return 2 * x",
    "a large product": "a = np.ones((300, 300)); a @ a; return 2 * x",
    "fft": "return np.real(np.fft.ifft(np.fft.fft(2 * x)))",
    "masked": "return np.ma.array(2 * x).filled()",
    "testing": "np.testing.assert_allclose(x, x); return 2 * x",
    "polynomial": "return np.polynomial.Polynomial([0, 2])(x)",
    "einsum": "return np.einsum('i->i', 2 * x)",
    "vectorize": "return np.vectorize(lambda v: 2 * v)(x)",
    "scipy": "import scipy.special, scipy.linalg, scipy.optimize, scipy.signal; return 2 * x",
    "warnings": "import warnings; warnings.warn('slow'); return 2 * x",
    "a numpy warning": "np.array([1.0]) / np.array([0.0]); return 2 * x",
    "lru_cache": "import functools; return 2 * x * functools.lru_cache(lambda: 1)()",
    "dataclasses": "import dataclasses; return dataclasses.make_dataclass('P', ['v'])(2 * x).v",
    "typing": "import typing; T = typing.TypeVar('T'); return 2 * x",
    "decimal": "import decimal, fractions; decimal.Decimal(1) / 3; return 2 * x",
    "regular expressions": "import re, json, collections; json.dumps(re.findall('a', 'aa')); return 2 * x",
    "time": "import time, datetime; time.sleep(0.01); datetime.datetime.now(); return 2 * x",
    "deep recursion": "f = lambda n: 0 if n == 0 else f(n - 1)\n    f(900); return 2 * x",
    "matplotlib": "import matplotlib.pyplot as plt\n    fig, ax = plt.subplots(); ax.plot(x); return 2 * x",
    "devnull": "import os\n    print('gone', file=open(os.devnull, 'w')); return 2 * x",
    "locale and encodings": "print('é∂'); 'é'.encode('latin-1'); return 2 * x",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_what_students_use_works(body: str, grade_path: Grade, tmp_path: Path) -> None:
    file = tmp_path / "student.py"
    file.write_text(f"import numpy as np\n\n\ndef double(x):\n    {body}\n")
    report = grade_path(file)
    assert only_case(report).status == "right", only_case(report).staff_message
    assert report.messages == ()


ADVICE = {
    "temporary files": ("import tempfile; tempfile.NamedTemporaryFile()", "no file can be written"),
    "writing": ("open('out.txt', 'w')", "cannot write files"),
    "threads": ("import threading; threading.Thread(target=print).start()", "threads cannot be started"),
    "programs": ("import subprocess; subprocess.run(['ls'])", "start programs"),
    "the network": ("import socket; socket.create_connection(('127.0.0.1', 9))", "use the network"),
    "a missing file": ("open('data.csv')", "only the files that were handed in"),
    "input": ("input('x? ')", "take the value from the arguments"),
    "exit": ("exit()", "return the answer instead"),
}


@pytest.mark.parametrize(("body", "words"), ADVICE.values(), ids=ADVICE.keys())
def test_what_cannot_work_says_so(body: str, words: str, grade_path: Grade, tmp_path: Path) -> None:
    file = tmp_path / "student.py"
    file.write_text(f"def double(x):\n    {body}\n")
    case = only_case(grade_path(file))
    assert case.status == "no_answer"
    assert words in case.message


def test_a_folder_s_modules_and_data_are_there(grade_path: Grade, tmp_path: Path) -> None:
    folder = handed_in(
        tmp_path,
        main=(
            "import numpy as np\nfrom helper import *\nimport pack.inner\nfrom pathlib import Path\n"
            "FACTOR = np.loadtxt('factor.csv')\nSAME = np.loadtxt(Path(__file__).parent / 'factor.csv')\n"
        ),
        helper="def double(x):\n    import numpy as np\n    return x * np.loadtxt('factor.csv')\n",
        pack__inner="VALUE = 1\n",
        factor_csv="2.0\n",
    )
    report = grade_path(folder)
    assert only_case(report).status == "right", only_case(report).staff_message
    assert [file.name for file in report.submission.files] == [
        "factor.csv",
        "helper.py",
        "main.py",
        "pack/inner.py",
    ]


@pytest.mark.parametrize("name", ["numpy", "random", "grader", "json", "sitecustomize"])
def test_a_folder_cannot_replace_what_others_import(name: str, grade_path: Grade, tmp_path: Path) -> None:
    folder = handed_in(
        tmp_path,
        main="import numpy as np\nimport random\nimport json\n\n\ndef double(x):\n    return 2 * np.asarray(x)\n",
        **{name: "raise SystemExit('replaced')\n"},
    )
    assert only_case(grade_path(folder)).status == "right"


def test_a_compiled_file_is_never_run(grade_path: Grade, tmp_path: Path) -> None:
    import py_compile  # noqa: PLC0415  (for this test alone)

    folder = handed_in(tmp_path, main="from helper import double\n", helper="def double(x):\n    return 3 * x\n")
    py_compile.compile(str(folder / "helper.py"), cfile=str(folder / "helper.pyc"))
    (folder / "helper.py").write_text("def double(x):\n    return 2 * x\n")
    assert only_case(grade_path(folder)).status == "right"


def test_a_link_in_a_folder_leads_nowhere(grade_path: Grade, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOKEN-7f3a")
    folder = tmp_path / "alice"
    folder.mkdir()
    handed_in(folder, main="def double(x):\n    raise ValueError(open('link.txt').read())\n")
    (folder / "link.txt").symlink_to(secret)
    report = grade_path(folder)
    assert "TOKEN-7f3a" not in report.to_json()
    assert [file.name for file in report.submission.files] == ["main.py"]


def test_a_folder_without_an_entry_is_a_graded_zero(grade_path: Grade, tmp_path: Path) -> None:
    report = grade_path(handed_in(tmp_path, one="x = 1\n", two="y = 2\n"))
    assert report.status == "unreadable"
    assert report.score == 0
    assert "there is no main.py in it" in report.messages[0]


def test_a_rubric_may_give_a_scratch_folder(tmp_path: Path, shared_box: ProcessBox) -> None:
    (tmp_path / "rubric.yaml").write_text(RUBRIC.replace("{seconds: 10}", "{seconds: 10, scratch_mb: 1}"))
    (tmp_path / "reference.py").write_text(REFERENCE)
    exam = Exam.of(*compile_rubric(load_rubric(tmp_path / "rubric.yaml"), tmp_path)[:2])
    bodies = {
        "right": "import tempfile\n    with tempfile.TemporaryFile() as f: f.write(b'x' * 1000)\n    return 2 * x",
        "no_answer": "for n in range(4):\n        open(f'{n}', 'wb').write(b'x' * 700_000)\n    return 2 * x",
    }
    for status, body in bodies.items():
        file = tmp_path / "student.py"
        file.write_text(f"def double(x):\n    {body}\n")
        report = grade(exam, read_submission(file, "student"), shared_box, lambda: (0.0, ""))
        assert only_case(report).status == status, only_case(report).staff_message
