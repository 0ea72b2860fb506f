"""Code as honest students write it must not notice the wall, or be told clearly what it may not do."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Walled

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's wall")

WORKS = {
    "unique": "np.unique([2, 1, 2]).tolist() == [1, 2]",
    "generator": "np.random.default_rng(1).normal(size=3).shape == (3,)",
    "legacy random": "np.random.seed(1) or np.random.rand(2).shape == (2,)",
    "linear algebra": "np.linalg.svd(np.ones((9, 9)))[1].shape == (9,)",
    "solving": "np.linalg.solve(np.eye(200), np.ones(200)).sum() == 200",
    "fft": "np.fft.fft(np.ones(8))[0] == 8",
    "masked": "np.ma.array([1, 2], mask=[0, 1]).sum() == 1",
    "testing": "np.testing.assert_allclose(1.0, 1.0) is None",
    "polynomial": "len(np.polynomial.Polynomial([1, 2, 3]).roots()) == 2",
    "matrix": "np.matrix([[1, 2]]).T.shape == (2, 1)",
    "einsum": "np.einsum('ij,jk', np.ones((2, 2)), np.ones((2, 2))).sum() == 8",
    "warnings": "__import__('warnings').warn('careful') is None",
    "cache": "__import__('functools').lru_cache(len)('abc') == 3",
    "dataclass": "__import__('dataclasses').make_dataclass('P', ['x'])(1).x == 1",
    "typing": "__import__('typing').List[int] is not None",
    "decimal": "str(__import__('decimal').Decimal('1.10')) == '1.10'",
    "statistics": "__import__('statistics').mean([1, 2]) == 1.5",
    "random": "0 <= __import__('random').random() < 1",
    "sleeping": "__import__('time').sleep(0.01) is None",
    "time": "len(__import__('time').ctime()) == 24",
    "urandom": "len(os.urandom(4)) == 4",
    "devnull": "open(os.devnull, 'w').write('x') == 1",
    "platform": "__import__('platform').system() == 'Linux'",
    "processors": "os.cpu_count() >= 1",
    "uuid": "__import__('uuid').uuid4().version == 4",
    "csv": "list(__import__('csv').reader(['1,2'])) == [['1', '2']]",
    "multiprocessing is importable": "__import__('multiprocessing').cpu_count() >= 1",
    "ctypes": "__import__('ctypes').sizeof(__import__('ctypes').c_int) == 4",
    "a callback": "__import__('ctypes').CFUNCTYPE(__import__('ctypes').c_int)(lambda: 7)() == 7",
    "recursion": "(f := lambda n: n and 1 + f(n - 1))(900) == 900",
}
SCIPY = {
    "special": "__import__('scipy.special').special.expit(0) == 0.5",
    "linear algebra": "__import__('scipy.linalg').linalg.expm(np.zeros((2, 2))).trace() == 2",
    "optimize": "abs(__import__('scipy.optimize').optimize.brentq(lambda x: x - 1, 0, 3) - 1) < 1e-9",
    "stats": "__import__('scipy.stats').stats.norm.cdf(0) == 0.5",
    "sparse": "__import__('scipy.sparse').sparse.eye(3).sum() == 3",
}
TOLD = {
    "matplotlib": ("__import__('matplotlib.pyplot')", "ModuleNotFoundError: No module named 'matplotlib'"),
    "temporary file": (
        "__import__('tempfile').TemporaryFile()",
        "FileNotFoundError: [Errno 2] No usable temporary",
    ),
    "thread": ("__import__('threading').Thread(target=len).start()", "RuntimeError: can't start new thread"),
    "process": ("__import__('subprocess').run(['true'])", "PermissionError: [Errno 1] Operation not permitted"),
    "pool": ("__import__('multiprocessing').Pool(2)", "PermissionError: [Errno 1"),
    "writing": ("open('answer.txt', 'w')", "PermissionError: [Errno 13] Permission denied: 'answer.txt'"),
    "memory": ("np.ones(1 << 28)", "MemoryError: Unable to allocate 2.00 GiB"),
    "network": (
        "__import__('urllib.request').request.urlopen('http://127.0.0.1')",
        "URLError: <urlopen error [Errno 1] Operation not permitted>",
    ),
    "our own": ("__import__('grader.errors')", "PermissionError"),
}


@pytest.mark.parametrize("name", WORKS)
def test_it_works(walled: Walled, name: str) -> None:
    assert walled(f"report(bool({WORKS[name]}))", numpy=True) == [True]


@pytest.mark.skipif(importlib.util.find_spec("scipy") is None, reason="scipy is not installed")
@pytest.mark.parametrize("name", SCIPY)
def test_scipy_is_imported_behind_the_wall(walled: Walled, name: str) -> None:
    assert walled(f"report(bool({SCIPY[name]}))", numpy=True) == [True]


@pytest.mark.parametrize("name", TOLD)
def test_it_is_told_clearly(walled: Walled, name: str) -> None:
    if name == "matplotlib" and importlib.util.find_spec("matplotlib"):
        pytest.skip("it is installed here")
    code, message = TOLD[name]
    (said,) = walled(f"attempt(lambda: {code})", numpy=True)
    assert message in said


def test_a_data_file_beside_the_submission(walled: Walled, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("1,2\n3,4\n")
    code = f"report(float(np.loadtxt({str(tmp_path / 'data.csv')!r}, delimiter=',').sum()))"
    assert walled(code, numpy=True, submission=tmp_path) == [10.0]


def test_a_scratch_folder(walled: Walled, tmp_path: Path) -> None:
    code = f"""
os.chdir({str(tmp_path)!r})
np.save("a.npy", np.ones(3))
report(float(np.load("a.npy").sum()))
report(np.memmap("m", dtype="f8", mode="w+", shape=4).shape[0])
attempt(lambda: open("big", "wb").write(bytes(1 << 21)))
import tempfile
tempfile.tempdir = "."
report(tempfile.TemporaryFile().write(b"1"))
"""
    said = walled(code, numpy=True, scratch=tmp_path, limits={"file_bytes": 1 << 20})
    assert said[:2] == [3.0, 4]
    assert "File too large" in said[2]
    assert said[3] == 1
