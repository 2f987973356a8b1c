"""Running something as an ordinary user: where we are root, as nobody, who may read what we run."""

import os
from pathlib import Path

from autograder.grader_side import command
from autograder.student_side.packages import NONE

REPOSITORY = Path(__file__).parents[1]


def as_ordinary_user(line):
    """The command line that runs ``line`` as an ordinary user, with a /tmp of its own where we are root."""
    if os.getuid():
        return line
    return [
        *command._readable_in_place(NONE),
        *command._bind(REPOSITORY, REPOSITORY),
        *command._as_nobody(),
        *("env", f"--chdir={REPOSITORY}"),
        *line,
    ]
