"""Many submissions, graded side by side: each report on disk as soon as it is there, and a rerun goes on."""

from grader.batch.engine import Engine, Finished, Grade, SerialEngine, Task
from grader.batch.folder import ResultsFolder
from grader.batch.lanes import LaneEngine
from grader.batch.run import NoBox, Progress, grader_of, left_to_do, run

__all__ = [
    "Engine",
    "Finished",
    "Grade",
    "LaneEngine",
    "NoBox",
    "Progress",
    "ResultsFolder",
    "SerialEngine",
    "Task",
    "grader_of",
    "left_to_do",
    "run",
]
