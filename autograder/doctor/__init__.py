"""What is installed, what protects this machine, whether the course is built, and how to mend what is not."""

from autograder.doctor.examination import examine
from autograder.doctor.finding import Examined, State

__all__ = ["Examined", "State", "examine"]
