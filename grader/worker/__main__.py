"""The process of the box: run as `python -s -P -S -X utf8 __main__.py REQUESTS ANSWERS PACKAGE SITE...`.

With `zygote CONTROL` in the place of the two it is a zygote, which forks workers as it is told by a socket.

The trusted side starts it with nothing in its environment but a hash seed, and nothing on standard input.
REQUESTS and ANSWERS are the descriptors for letters (on Windows, handles), PACKAGE is the folder that holds ours.
Without `site`, no start-up file of the machine's runs; the SITE folders, which hold numpy, are given instead.
"""

from __future__ import annotations

import builtins
import gc
import io
import os
import sys

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl
    import socket


def main() -> None:
    """Import numpy and ours, hide what brought them here, and serve letters until there are no more."""
    # What is imported stays: looking for garbage among it takes a tenth of the start.
    gc.disable()
    requests, answers, package, *sites = sys.argv[1:]
    # More than one BLAS thread would cost 40 MiB of address space each, and die where threads are forbidden. These
    # stay: scipy brings a BLAS of its own, which reads them when a student imports it.
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    # Windows does not load its sockets without it, and numpy imports those.
    system = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if sys.platform == "win32" else {}
    os.environ.clear()
    os.environ.update(system | dict.fromkeys(threads, "1"))
    stdlib = [folder for folder in sys.path if folder and folder != os.path.dirname(__file__)]  # noqa: PTH120  (pathlib is not loaded yet)
    sys.path[:] = [package, *stdlib, *sites]
    if requests == "zygote":
        # What `threading` and `random` do in each child, the fifth part of a worker's start, is for processes of
        # several threads, whose locks may be held, and for children that are to differ.
        hook = vars(os).pop("register_at_fork")
        vars(os).update(register_at_fork=lambda **_hooks: None)

    from grader.worker.serve import prepare, serve  # noqa: PLC0415  (found only now that the path is set)

    if sys.platform != "win32":
        from grader.worker.zygote import nurse  # noqa: PLC0415  (same)

    if requests == "zygote":
        vars(os).update(register_at_fork=hook)
    sys.dont_write_bytecode = True
    sys.path[:] = [*stdlib, *sites]
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    # `import grader` must not find an installed copy: nothing of ours is a student's business.
    sys.modules["grader"] = None  # type: ignore[assignment]
    sys.argv = ["submission"]
    # `site` would have set these; students end a script with them.
    vars(builtins).update(exit=sys.exit, quit=sys.exit)
    prepare()
    gc.freeze()
    gc.enable()
    if requests == "zygote" and sys.platform != "win32":
        # High enough that 3 and 4 are free for the workers' letters.
        control = socket.socket(fileno=fcntl.fcntl(int(answers), fcntl.F_DUPFD_CLOEXEC, 5))
        os.close(int(answers))
        nurse(control, sites, serve)
    else:
        serve(*_own(int(requests), int(answers)), sites)


if sys.platform == "win32":

    def _own(requests: int, answers: int) -> tuple[int, int]:
        """Return descriptors for the handles; let lines that are printed end as they do elsewhere."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(newline="\n")
        for handle in (requests, answers):
            os.set_handle_inheritable(handle, False)
        return (
            msvcrt.open_osfhandle(requests, os.O_RDONLY | os.O_NOINHERIT),
            msvcrt.open_osfhandle(answers, os.O_NOINHERIT),
        )

else:

    def _own(requests: int, answers: int) -> tuple[int, int]:
        """Move the descriptors for letters to 3 and 4, so that any other number is one too many."""
        high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 5) for descriptor in (requests, answers)]
        for number, descriptor in enumerate(high, 3):
            os.dup2(descriptor, number, inheritable=False)
        os.closerange(5, 64)
        return 3, 4


main()
