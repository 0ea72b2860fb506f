"""The grader against two floors and three other graders, on one assignment of 12 functions with 4 cases each.

    python -m benchmarks [--rounds N] [--class N] [--gradescope-python P] [--otter-python P] [--pytest-python P]

All rows of a table are measured in turn in every round, so that a change of the machine's speed meets all of them.
Wall times suffer from whatever else the machine does; processor times hardly do.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

# Found beside this file, whether it runs as `python -m benchmarks` or as `python benchmarks`.
sys.path.insert(0, str(Path(__file__).parent))

import assignment
from measure import Command, FailedError, Spent, in_turn, print_table, spend

from grader.key import compile_rubric
from grader.rubric import load_rubric

HERE = Path(__file__).parent
OURS, BARE, FORK = "ours", "(a) bare interpreter", "(b) warmed fork, no sandbox"
PYTEST, GRADESCOPE, OTTER = "(c) pytest", "(d) gradescope-utils", "(e) otter run"
AT_A_TIME = 2
_FORKS = 50
# One BLAS thread for everybody, as we have.
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "",
}


@dataclass(frozen=True)
class Options:
    """What the command line says; an interpreter is empty where there is none."""

    rounds: int
    slow_rounds: int
    in_class: int
    sample: int
    pythons: dict[str, str]


@dataclass
class Field:
    """Everything that is compared, set up in one folder.

    Attributes:
        folder: for all of it.
        submissions: the class.
        singles: the command of each, for one submission of the class by its number.
        missing: rows that are left out, and why.
    """

    folder: Path
    submissions: list[Path] = field(default_factory=list)
    singles: dict[str, Callable[[int], Command]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


def set_up(folder: Path, options: Options) -> Field:
    """Write the assignment for everybody."""
    made = Field(folder)
    made.submissions = assignment.write_submissions([assignment.REFERENCE], folder / "class", options.in_class)
    exam = folder / "exam"
    exam.mkdir()
    rubric = assignment.write_rubric(exam)
    assignment.write_calls(compile_rubric(load_rubric(rubric), exam).plan, folder / "calls.pickle")
    made.singles[OURS] = lambda number: ours(made, [made.submissions[number]], 1)
    made.singles[BARE] = lambda number: floor(made, "bare", [str(made.submissions[number])])
    made.singles[FORK] = lambda number: floor(made, "fork", [str(made.submissions[number])])
    for name, module, prepare in (
        (PYTEST, "pytest", _pytest),
        (GRADESCOPE, "gradescope_utils", _gradescope),
        (OTTER, "otter", _otter),
    ):
        python = options.pythons[name]
        if subprocess.run([python, "-c", f"import numpy, {module}"], capture_output=True, check=False).returncode:
            made.missing[name] = f"{python} has no numpy and {module}"
        else:
            prepare(made, name, python)
    return made


def ours(made: Field, files: list[Path], jobs: int) -> Command:
    """Return our command."""
    words = [str(Path(sys.executable).parent / "grade"), *map(str, files)]
    words += ["--rubric", str(made.folder / "exam" / "twelve.yaml"), "--out", str(made.folder / "reports")]
    return Command([*words, "--fresh", "--jobs", str(jobs)], made.folder, ENVIRONMENT)


def floor(made: Field, kind: str, files: list[str], jobs: int = 1) -> Command:
    """Return the command of a floor."""
    lanes = [str(jobs)] if kind == "fork" else []
    words = [sys.executable, str(HERE / "floors.py"), kind, *lanes, str(made.folder / "calls.pickle"), *files]
    return Command(words, made.folder, ENVIRONMENT)


def _pytest(made: Field, name: str, python: str) -> None:
    place = _places(made, "pytest", assignment.write_pytest)
    made.singles[name] = lambda number: Command([python, "-m", "pytest", "-q"], place(number), ENVIRONMENT)


def _gradescope(made: Field, name: str, python: str) -> None:
    place = _places(made, "gradescope", assignment.write_gradescope)

    def single(number: int) -> Command:
        folder = place(number)
        return Command([python, "run_tests.py"], folder, {**ENVIRONMENT, "PYTHONPATH": str(folder)})

    made.singles[name] = single


def _otter(made: Field, name: str, python: str) -> None:
    folder = made.folder / "otter"
    folder.mkdir()
    assignment.write_otter(folder)
    otter = [str(Path(python).parent / "otter")]
    zipped = str(folder / "autograder.zip")
    made_zip = [*otter, "generate", "-t", "tests", "-o", zipped, "--no-config", "--no-requirements"]
    subprocess.run([*made_zip, "--no-environment"], cwd=folder, check=True, capture_output=True)

    def single(number: int) -> Command:
        out = folder / f"out{number}"
        out.mkdir(exist_ok=True)
        words = [*otter, "run", "-a", zipped, "-o", str(out), "--no-logo", str(made.submissions[number])]
        return Command(words, out, {**ENVIRONMENT, "PATH": f"{Path(python).parent}:/usr/bin:/bin"})

    made.singles[name] = single


def _places(made: Field, name: str, write: Callable[[Path], Path]) -> Callable[[int], Path]:
    """Return what makes a folder with the tests and one submission, for who grades where the tests are."""

    def place(number: int) -> Path:
        folder = made.folder / name / str(number)
        if not folder.exists():
            folder.mkdir(parents=True)
            write(folder)
            (folder / "submission.py").write_bytes(made.submissions[number].read_bytes())
        return folder

    return place


def batch(made: Field, name: str, options: Options) -> Callable[[], Spent]:
    """Return what grades the class, or a sample of it, and says what one submission took."""
    if name in {OURS, FORK}:
        files = made.submissions
        command = (
            ours(made, files, AT_A_TIME) if name == OURS else floor(made, "fork", [*map(str, files)], AT_A_TIME)
        )
        return lambda: spend([command]).per(len(files))
    count = min(len(made.submissions), options.sample if name != OTTER else AT_A_TIME)
    commands = [made.singles[name](number) for number in range(count)]

    def grade_sample() -> Spent:
        try:
            return spend(commands, AT_A_TIME).per(count)
        except FailedError as error:
            # Seen with otter: now and then two kernels that start together fail.
            print(f"once more, after: {error}")
            return spend(commands, AT_A_TIME).per(count)

    return grade_sample


def main() -> None:
    """Print the tables."""
    options = parsed()
    with tempfile.TemporaryDirectory(prefix="grader-benchmark-") as folder:
        made = set_up(Path(folder), options)
        for name, why in made.missing.items():
            print(f"left out: {name}: {why}")
        rounds = {name: options.slow_rounds if name == OTTER else options.rounds for name in made.singles}
        commands = {name: single(0) for name, single in made.singles.items()}
        for command in commands.values():
            # Once each, so that all files are in the cache and compiled.
            spend([command])
        found = in_turn({name: one(made, name, command) for name, command in commands.items()}, rounds)
        print_table(f"one submission, a process each; {options.rounds} rounds", found, OURS)
        few = {name: max(1, min(count, options.slow_rounds)) for name, count in rounds.items()}
        found = in_turn({name: batch(made, name, options) for name in made.singles}, few)
        print("  (b) without the start of its process")
        title = f"a class of {options.in_class}, {AT_A_TIME} at a time, for each submission"
        print_table(f"{title}; {max(few.values())} rounds", found, OURS)
        print(
            f"  ours and (b) are one command for all {options.in_class}, with its start; the others are one each,"
            f" and a sample of {options.sample} is taken ({AT_A_TIME} of otter's)"
        )


def one(made: Field, name: str, command: Command) -> Callable[[], Spent]:
    """Return what grades one submission; of the warmed fork what it takes once it is warm."""
    if name != FORK:
        return lambda: spend([command])
    many = floor(made, "fork", [str(made.submissions[0])] * (1 + _FORKS))

    def fork() -> Spent:
        few, more = spend([command]), spend([many])
        return Spent((more.wall - few.wall) / _FORKS, (more.cpu - few.cpu) / _FORKS)

    return fork


def parsed() -> Options:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=11, help="of single submissions")
    parser.add_argument("--slow-rounds", type=int, default=3, help="of the class, and of otter")
    parser.add_argument("--class", dest="in_class", type=int, default=200, help="submissions in the class")
    parser.add_argument("--sample", type=int, default=20, help="submissions that a process each is run for")
    for name in ("pytest", "gradescope", "otter"):
        parser.add_argument(f"--{name}-python", default=sys.executable, help=f"an interpreter with {name}")
    read = parser.parse_args()
    pythons = {PYTEST: read.pytest_python, GRADESCOPE: read.gradescope_python, OTTER: read.otter_python}
    return Options(read.rounds, read.slow_rounds, read.in_class, read.sample, pythons)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
