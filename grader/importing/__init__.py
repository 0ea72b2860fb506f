"""Rubrics from the test files of other graders; what cannot be converted is listed.

Nothing of a test file is run: it is read with `ast` and `json`. `otter` and `gspack` read a grader's files,
`statements`, `calls` and `literals` find in a test the call, its arguments and its answer, `parts` the points, and
`write` makes the rubric and, where there is no reference, one to be filled in.
"""

from grader.importing.gspack import read_gspack
from grader.importing.model import Imported, Left
from grader.importing.otter import read_otter
from grader.importing.write import rubric_text, skeleton_text

__all__ = ["Imported", "Left", "read_gspack", "read_otter", "rubric_text", "skeleton_text"]
