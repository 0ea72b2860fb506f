"""Things to hand out: pure functions from a rubric that has been compiled to files for students and platforms."""

KIT = "selfcheck"
"""The folder of a self-check kit that holds its plan and its key."""
