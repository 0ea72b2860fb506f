"""`python -m grader.cli.autograder`: what `run_autograder` and `setup.sh` run in a container of Gradescope's.

Whatever happens, a valid `results.json` is left, and the exit status says whether all went well: 0 when the
submission was graded or refused, 1 for a fault of the grader's own, 2 and 3 as for all commands, 143 after
SIGTERM.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from grader.cli.container import Sitting, say, self_test
from grader.cli.places import Places
from grader.errors import GraderError, HostError
from grader.sandbox.parent import close_to_tracers

TERMINATED = 143


class _Terminated(BaseException):
    """SIGTERM came; raised so that what was started is ended on the way out."""


def main() -> None:
    """Run and exit with the status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Grade the submission in a container, or test the container, and return the exit status."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    signal.signal(signal.SIGTERM, _terminate)
    close_to_tracers()
    places = Places.under(options.root, options.source)
    sitting = Sitting(places)
    try:
        return self_test(places) if options.self_test else sitting.grade()
    except GraderError as error:
        status = _told(str(error), error.exit_status)
    except _Terminated:
        status = _told("ended from outside (SIGTERM)", TERMINATED)
    except OSError as error:
        status = _told(f"{error.filename or 'the machine'}: {error.strerror}", HostError.exit_status)
    except BaseException:  # noqa: BLE001  (whatever it is, the student's page must say so)
        status = _told(traceback.format_exc(), 1)
    if not options.self_test:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with contextlib.suppress(GraderError):
            sitting.give_up()
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="autograder", description="Grade the submission in this container.")
    parser.add_argument("--root", type=Path, default=Path("/autograder"), help="the container's folder")
    parser.add_argument("--source", type=Path, help="where the zip was unpacked; by default source/ below it")
    parser.add_argument("--self-test", action="store_true", help="grade canaries, and say what stands")
    return parser


def _told(reason: str, status: int) -> int:
    say(f"autograder: {reason}")
    say(f"autograder: status {status}")
    return status


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise _Terminated


if __name__ == "__main__":
    main()
