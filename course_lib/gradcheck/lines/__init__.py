"""Which line: the first line of a hand-written backward whose gradient is wrong."""

from course_lib.gradcheck.lines.api import find_line, find_line_of_gate
from course_lib.gradcheck.lines.result import Suspect, WrongLine

__all__ = ["Suspect", "WrongLine", "find_line", "find_line_of_gate"]
