"""The student's side of the door: loads a module, makes the calls that letters ask for, and answers.

This package and `grader.wire` are all of ours that the box sees. They import numpy and the standard library only,
and nothing in them is trusted: a student's code may change any of it. Whatever they send is evidence, no verdict.
"""
