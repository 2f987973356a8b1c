"""What a submission must be, and how it is rebuilt onto the released notebook.

Reading (:func:`read_submission`) turns whatever a student handed in into notebooks or sentences; rebuilding
(:func:`rebuild`) takes from a notebook what the student wrote and nothing else.
"""

from autograder.submission.harmless import harmless_outputs
from autograder.submission.intake import (
    Handed,
    Reading,
    ReadingStatus,
    collect,
    file_digests,
    parse,
    read_submission,
)
from autograder.submission.rebuild import Rebuilt, rebuild
from autograder.submission.released import released_with_tests
from autograder.submission.words import harmless_markdown

__all__ = [
    "Handed",
    "Reading",
    "ReadingStatus",
    "Rebuilt",
    "collect",
    "file_digests",
    "harmless_markdown",
    "harmless_outputs",
    "parse",
    "read_submission",
    "rebuild",
    "released_with_tests",
]
