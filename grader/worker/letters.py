"""Letters: the names that both sides of the door use, so that neither repeats the other's.

A letter is a tuple whose first item is one of these names.

    parent to worker                                      worker to parent
    (WALL, layers, protected paths in bytes, parent's process id, uid or None, what is known)
    (SETTINGS, memory, processor seconds, folder in bytes, scratch folder, scratch bytes, uid, whether enough
      is known)
                                                          (READY, [(layer, in force, detail)], areas open, known)
                                                          (BROKEN, why the wall does not stand)
    (PROBE, a file, a folder, memory in bytes)            (PROBED, [(attempt, held, detail, layers)])
    (LOAD, {name: source}, entry, complete until line)    (LOADED, [(line left out, error)], {name: uses})
                                                          (UNREADABLE, text, line, column, source line)
                                                          (FAILED, statement's line, and as RAISED)
                                                          (MEMORY,)
    (OPEN, {name: source}, entry, [line of each cell])    (OPENED, [(line left out, error)], {name: uses},
                                                             [[line of each statement] for each cell])
    (STEP, number, cell, statements from, to, run all)    (RAN, number, [(line left out, error)])
    (LEND, {name: source})                                (LENT,)
    (CALL, number, function, args, observed positions)    (RETURNED, number, value, observed values)
    (READ, number, variable)                              (RAISED, number, type, text, line, source line, trace)
                                                          (SIGNATURE, number, signature found)
                                                          (MISSING, number, names defined, star import's module)
                                                          (NOT_CALLABLE, number, type)
                                                          (UNSENDABLE, number, reason)
                                                          (MEMORY, number)
    (MANY, letters as `bundles` has them)                 what answers each, one after the other
"""

from __future__ import annotations

import struct
from typing import Final

WALL: Final = "wall"
SETTINGS: Final = "settings"
PROBE: Final = "probe"
LOAD: Final = "load"
OPEN: Final = "open"
STEP: Final = "step"
LEND: Final = "lend"
CALL: Final = "call"
READ: Final = "read"
MANY: Final = "many"

READY: Final = "ready"
BROKEN: Final = "broken"
PROBED: Final = "probed"
LOADED: Final = "loaded"
OPENED: Final = "opened"
RAN: Final = "ran"
LENT: Final = "lent"
UNREADABLE: Final = "unreadable"
FAILED: Final = "failed"

RETURNED: Final = "returned"
RAISED: Final = "raised"
SIGNATURE: Final = "signature"
MISSING: Final = "missing"
NOT_CALLABLE: Final = "not callable"
UNSENDABLE: Final = "unsendable"
MEMORY: Final = "memory"

PRINTED_MARK: Final = b"\0\0printed\0\0"
"""What a worker prints before each answer, to tell the prints of calls apart that are asked together."""

ORDER: Final = 64
"""Bytes of what a zygote is told, at most; `zygote` has the orders."""
NUMBER: Final = struct.Struct("<q")
"""What a zygote answers."""

WHOLE_FILE: Final = 1 << 30
"""For `complete until line`: every statement runs, and a failure ends the load."""
