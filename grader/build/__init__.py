"""Things to hand out: pure functions from a rubric that has been compiled to files for students and platforms."""
