"""A class graded with a rubric, the whole wall up, against the floor of a warmed fork that makes the same calls.

    python benchmarks/efficiency.py [--rounds N] [--rubric FILE] [SUBMISSION...]

Processor time (user and system) of the whole tree of processes, 2 submissions at a time. A class of 200 is
measured with everything: start-up, the rubric's compilation, the canaries. What one more submission costs is the
slope between classes of 100 and 300. The submissions are copies of SUBMISSION, or of several in turn, with a
comment of their own. Wall times suffer from whatever else the machine does; processor times hardly do.

Beside both stands the plainest grader, which has no sandbox, no time limit and no feedback: it trusts a pickle of
the answers and counts those that `np.allclose` finds right.
"""

from __future__ import annotations

import argparse
import functools
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
OURS, FORK, PLAIN = "ours, the whole wall", "(b) warmed fork, no sandbox", "(b), pickle and np.allclose"


def slope(small: Spent, large: Spent) -> Spent:
    """Return what one more submission takes."""
    more = LARGE - SMALL
    return Spent((large.wall - small.wall) / more, (large.cpu - small.cpu) / more)


def show(title: str, spent: dict[str, list[Spent]]) -> None:
    """Print all sides, and ours and the plainest as multiples of (b), round by round."""
    print(f"\n{title}: milliseconds for each submission, median (range)")
    print(f"  {'':30} {'processor':30} wall")
    for name, items in spent.items():
        print(f"  {name:30} {middle([item.cpu for item in items]):30} {middle([item.wall for item in items])}")
    for name in (OURS, PLAIN):
        ratios = [one.cpu / other.cpu for one, other in zip(spent[name], spent[FORK], strict=True)]
        print(
            f"  {f'{name}, times (b)':45} {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )


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
            words = {OURS: grade}
            for side, kind in ((FORK, "fork"), (PLAIN, "plain")):
                floor = [sys.executable, str(HERE / "floors.py"), kind, str(LANES), str(folder / "calls.pickle")]
                words[side] = [*floor, *files]
            for side, command in words.items():
                work[f"{side} {count}"] = functools.partial(spend, [Command(command, folder, ENVIRONMENT)])
        for _ in range(2):
            for side in words:
                work[f"{side} {SMALL}"]()
        found = in_turn(work, dict.fromkeys(work, options.rounds))
    calls = sum(len(case.calls) for case in plan.cases())
    print(
        f"{plan.assignment}: {calls} calls a submission, {LANES} at a time, {options.rounds} rounds, interleaved"
    )
    total = {side: [item.per(CLASS) for item in found[f"{side} {CLASS}"]] for side in words}
    show(f"a class of {CLASS}, all of it: start-up and compilation, too", total)
    slopes = {
        side: [slope(*both) for both in zip(found[f"{side} {SMALL}"], found[f"{side} {LARGE}"], strict=True)]
        for side in words
    }
    show(f"one more submission: the slope between {SMALL} and {LARGE}", slopes)


if __name__ == "__main__":
    main()
