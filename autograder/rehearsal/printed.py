"""What a graded cell of a solution printed of its checks: of one that is graded inside, no more is kept."""

from __future__ import annotations

import re

from nbformat.notebooknode import NotebookNode

from autograder.roles import grade_id
from course_lib.grading.checks import MARKS, Status

_MARKS = MARKS[Status.FAILED] + MARKS[Status.NOT_WRITTEN]
_ROW = re.compile(rf"^[{_MARKS}] (.+?) {{2,}}[\d.]+ of [\d.]+(?:\n {{4}}|  |$)(.*)", re.MULTILINE)


def printed_failure(run: NotebookNode, graded: str) -> str:
    """The first check without points, and why, by the table below a cell of the author's own; or ""."""
    for cell in run.cells:
        if grade_id(cell) == graded:
            outputs = cell.get("outputs", ())
            printed = "".join(output.text for output in outputs if output.output_type == "stream")
            row = _ROW.search(printed)
            return (f"{row[1]!r} ({row[2]})" if row[2] else repr(row[1])) if row else ""
    return ""
