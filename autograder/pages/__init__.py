"""What the pages for students and instructors share: templates, one style, mathematics, code.

Markdown is a module of its own, ``pages.markdown``: it brings all of nbconvert, which a report does without.
"""

from autograder.pages.code import highlighted
from autograder.pages.render import render
from autograder.pages.reports import is_cause, report_lines
from autograder.pages.words import Effort, effort, exact, heading, percent, without_paths

__all__ = [
    "Effort",
    "effort",
    "exact",
    "heading",
    "highlighted",
    "is_cause",
    "percent",
    "render",
    "report_lines",
    "without_paths",
]
