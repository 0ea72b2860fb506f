"""The box: a process for a student's code, and the measured facts about what comes out of it."""

from grader.sandbox.box import Box, Delivered, Foreseen, Gone, Layer, Needs, Noise, Overdue, Reply, Worker
from grader.sandbox.process import Isolation, ProcessBox

__all__ = [
    "Box",
    "Delivered",
    "Foreseen",
    "Gone",
    "Isolation",
    "Layer",
    "Needs",
    "Noise",
    "Overdue",
    "ProcessBox",
    "Reply",
    "Worker",
]
