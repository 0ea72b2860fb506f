"""What was handed in: from the paths that are typed to submissions with their people.

1. `take` goes through the paths, `layout` recognises where each came from, and one module for each platform
   reads its names: `gradescope`, `canvas`, `moodle`, `plain`. Their docstrings number the rules and name the
   sources. `twice` says who has several submissions.
2. `settle` finds what is to be graded in one student's work, `entry` decides which file of several that is;
   `strangers` doubts that a folder is one student's.
3. `unpack` opens archives within `bounds`: `zips` and `tars` read them, `place` writes, `names` makes names
   harmless.
"""

from __future__ import annotations

from grader.intake.model import Handed, Refused
from grader.intake.take import take_in
from grader.submission import Person

__all__ = ["Handed", "Person", "Refused", "take_in"]
