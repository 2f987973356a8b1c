"""What is installed, what protects this machine, whether the course is built, and how to mend what is not."""

from autograder.doctor.examination import examine
from autograder.doctor.finding import Finding, State

__all__ = ["Finding", "State", "examine"]
