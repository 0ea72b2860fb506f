"""The box: a process for a student's code, and the measured facts about what comes out of it."""

from grader.sandbox.box import Box, Delivered, Gone, Noise, Overdue, Reply, Worker
from grader.sandbox.process import ProcessBox

__all__ = ["Box", "Delivered", "Gone", "Noise", "Overdue", "ProcessBox", "Reply", "Worker"]
