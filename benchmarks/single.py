"""One `grade` call against a bare interpreter that imports the same module and makes the same calls.

    python benchmarks/single.py [ROUNDS]

Both run as whole processes, in turn, so that a change of the machine's speed meets both. Prints the median
seconds of each and the median of the ratios, pair by pair.
"""

from __future__ import annotations

import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.key import compile_rubric
from grader.rubric import load_rubric

ROOT = Path(__file__).parents[1]
SUBMISSION = ROOT / "submissions_example" / "perfect.py"
BARE = """
import pickle, sys
import numpy
sys.path.insert(0, {folder!r})
import perfect
with open({calls!r}, "rb") as stream:
    calls = pickle.load(stream)
for function, args in calls:
    getattr(perfect, function)(*args)
"""


def seconds(command: list[str]) -> float:
    """Return the wall-clock seconds of a command that must succeed."""
    start = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(rounds: int) -> None:
    """Print the table."""
    rubric = ROOT / "rubrics" / "hw3.yaml"
    plan = compile_rubric(load_rubric(rubric), rubric.parent).plan
    calls = [(case.call.function, case.call.args) for case in plan.cases()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "calls.pickle"
        file.write_bytes(pickle.dumps(calls))
        bare = [sys.executable, "-c", BARE.format(folder=str(SUBMISSION.parent), calls=str(file))]
        grade = [str(Path(sys.executable).parent / "grade"), str(SUBMISSION), "--out", folder]
        # Once each, so that all files are in the cache and compiled.
        seconds(bare), seconds(grade)
        pairs = [(seconds(grade), seconds(bare)) for _ in range(rounds)]
    ratios = [first / second for first, second in pairs]
    print(f"{len(calls)} calls, {rounds} rounds, interleaved")
    print(f"grade  {statistics.median(pair[0] for pair in pairs):.3f} s")
    print(f"bare   {statistics.median(pair[1] for pair in pairs):.3f} s")
    print(f"ratio  {statistics.median(ratios):.2f} (from {min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
