"""The process of the box: run as `python -I -S -B -X utf8 __main__.py REQUESTS ANSWERS PACKAGE SITE...`.

The trusted side starts it with an empty environment and nothing on standard input. REQUESTS and ANSWERS are the
descriptors for letters, PACKAGE is the folder that holds ours. Without `site`, no start-up file of the machine's
runs; the SITE folders, which hold numpy, are given instead.
"""

from __future__ import annotations

import builtins
import os
import sys


def main() -> None:
    """Import numpy and ours, hide what brought them here, and serve letters until there are no more."""
    requests, answers, package, *sites = sys.argv[1:]
    # More than one BLAS thread would cost 40 MiB of address space each, and die where threads are forbidden.
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    os.environ.update(dict.fromkeys(threads, "1"))
    stdlib = [folder for folder in sys.path if folder and folder != os.path.dirname(__file__)]  # noqa: PTH120  (pathlib is not loaded yet)
    sys.path[:] = [package, *stdlib, *sites]

    from grader.worker.serve import serve  # noqa: PLC0415  (found only now that the path is set)

    sys.path[:] = [*stdlib, *sites]
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    # `import grader` must not find an installed copy: nothing of ours is a student's business.
    sys.modules["grader"] = None  # type: ignore[assignment]
    sys.argv = ["submission"]
    for name in threads:
        del os.environ[name]
    # `site` would have set these; students end a script with them.
    vars(builtins).update(exit=sys.exit, quit=sys.exit)
    serve(int(requests), int(answers))


main()
