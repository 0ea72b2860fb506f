"""A class graded with a rubric, the whole wall up, against the floor of a warmed fork that makes the same calls.

    python benchmarks/efficiency.py [--rounds N] [--rubric FILE] [SUBMISSION...]

Processor time (user and system) of the whole tree of processes, 2 submissions at a time. A class of 200 is
measured with everything: start-up, the rubric's compilation, the canaries. What one more submission costs is the
slope between classes of 100 and 300. The submissions are copies of SUBMISSION, or of several in turn, with a
comment of their own. Wall times suffer from whatever else the machine does; processor times hardly do.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from assignment import write_calls, write_submissions
from measure import Command, Spent, in_turn, middle, spend

from grader.key import compile_rubric
from grader.rubric import load_rubric

HERE = Path(__file__).parent
ROOT = HERE.parent
SMALL, CLASS, LARGE = 100, 200, 300
LANES = 2
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
OURS, FORK = "ours, the whole wall", "(b) warmed fork, no sandbox"


def slope(small: Spent, large: Spent) -> Spent:
    """Return what one more submission takes."""
    more = LARGE - SMALL
    return Spent((large.wall - small.wall) / more, (large.cpu - small.cpu) / more)


def show(title: str, ours: list[Spent], fork: list[Spent]) -> None:
    """Print both sides and the ratio, round by round."""
    print(f"\n{title}: milliseconds for each submission, median (range)")
    print(f"  {'':30} {'processor':30} wall")
    for name, spent in ((OURS, ours), (FORK, fork)):
        print(f"  {name:30} {middle([item.cpu for item in spent]):30} {middle([item.wall for item in spent])}")
    ratios = [one.cpu / other.cpu for one, other in zip(ours, fork, strict=True)]
    low, high = min(ratios), max(ratios)
    print(f"  {'processor time, times (b)':30} {statistics.median(ratios):9.2f} ({low:.2f} to {high:.2f})")


def main() -> None:
    """Print the totals, the slopes and the ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rubric", type=Path, default=ROOT / "rubrics" / "hw3.yaml")
    default = [ROOT / "submissions_example" / "perfect.py"]
    parser.add_argument("submissions", type=Path, nargs="*", default=default)
    options = parser.parse_args()
    plan = compile_rubric(load_rubric(options.rubric), options.rubric.parent).plan
    sources = [file.read_text(encoding="utf-8") for file in options.submissions]
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as name:
        folder = Path(name)
        write_calls(plan, folder / "calls.pickle")
        work = {}
        for count in (SMALL, CLASS, LARGE):
            files = [*map(str, write_submissions(sources, folder / f"class{count}", count))]
            grade = [str(Path(sys.executable).parent / "grade"), str(folder / f"class{count}"), "--fresh"]
            grade += ["--rubric", str(options.rubric), "--jobs", str(LANES), "--out", str(folder / "reports")]
            fork = [sys.executable, str(HERE / "floors.py"), "fork", str(LANES), str(folder / "calls.pickle")]
            for side, words in ((OURS, grade), (FORK, [*fork, *files])):
                command = Command(words, folder, ENVIRONMENT)
                work[f"{side} {count}"] = lambda command=command: spend([command])
        for number in (SMALL, SMALL):
            work[f"{OURS} {number}"](), work[f"{FORK} {number}"]()
        found = in_turn(work, dict.fromkeys(work, options.rounds))
    calls = sum(len(case.calls) for case in plan.cases())
    print(
        f"{plan.assignment}: {calls} calls a submission, {LANES} at a time, {options.rounds} rounds, interleaved"
    )
    total = [[item.per(CLASS) for item in found[f"{side} {CLASS}"]] for side in (OURS, FORK)]
    show(f"a class of {CLASS}, all of it: start-up and compilation, too", *total)
    pairs = [
        [slope(*both) for both in zip(found[f"{side} {SMALL}"], found[f"{side} {LARGE}"], strict=True)]
        for side in (OURS, FORK)
    ]
    show(f"one more submission: the slope between {SMALL} and {LARGE}", *pairs)


if __name__ == "__main__":
    main()
