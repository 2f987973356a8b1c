"""What graded cells are written with: named checks worth points, and expectations that say what is wrong.

The same source runs in a student's notebook, on the student's own functions, and in the grader's process,
where the student's names are proxies for functions that live in a sandbox. ``docs/authoring.md`` says what a
graded cell may do.
"""

from course_lib.grading.calls import fresh, two_of
from course_lib.grading.checks import CheckEnded, Checks, Outcome, Status, set_run_seed
from course_lib.grading.expect import expect_close, expect_raises, expect_shape, expect_unchanged
from course_lib.grading.in_turn import in_turn
from course_lib.grading.once_written import once_written
from course_lib.grading.predictions import compare_prediction
from course_lib.grading.progress import Progress, progress

__all__ = [
    "CheckEnded",
    "Checks",
    "Outcome",
    "Progress",
    "Status",
    "compare_prediction",
    "expect_close",
    "expect_raises",
    "expect_shape",
    "expect_unchanged",
    "fresh",
    "in_turn",
    "once_written",
    "progress",
    "set_run_seed",
    "two_of",
]
