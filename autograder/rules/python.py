"""Code cells of a source are Python, but for IPython's own lines in them; graded cells are nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.grader_side.magics import python_of
from autograder.grader_side.names import names_of

if TYPE_CHECKING:
    from autograder.sources.source import Source


def check_python(source: Source) -> None:
    """Refuse, with file and line, a code cell that Python cannot read."""
    for item in source.cells:
        if item.cell.cell_type != "code":
            continue
        text = item.cell.source
        try:
            names_of(text if item.role == "graded" else python_of(text)[0])
        except (SyntaxError, ValueError) as error:  # the latter for a null character, before Python 3.12
            line = item.line + (getattr(error, "lineno", 0) or 1 + text.partition("\0")[0].count("\n"))
            what = item.grade_id or "this cell"
            why = getattr(error, "msg", None) or str(error)
            raise CourseError(f"{source.path}:{line}: {what} is not Python: {why}") from None
