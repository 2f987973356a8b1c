"""The class at a glance: scores, pass rates, what went wrong and for whom, what needs a person's look."""

from autograder.report.results import ClassResults, read_results
from autograder.report.show import write_report

__all__ = ["ClassResults", "read_results", "write_report"]
