"""The two commands: `grade`, which grades, and `grader`, for those who prepare or look after an assignment."""
