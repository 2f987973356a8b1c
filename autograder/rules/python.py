"""Code cells are Python, but for IPython's own lines in them; graded cells are nothing else.

That holds of a source, and of its release, where solutions and hidden tests are taken out.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import nbformat

from autograder.errors import CourseError
from autograder.grader_side.magics import python_of
from autograder.grader_side.names import names_of
from autograder.rules.points import ends_with_score

if TYPE_CHECKING:
    from autograder.sources.source import Source


def check_python(source: Source) -> None:
    """Refuse, with file and line, a code cell that Python cannot read."""
    for item in source.cells:
        if item.cell.cell_type != "code":
            continue
        text = item.cell.source
        if found := not_python(text if item.role == "graded" else python_of(text)[0]):
            line, why = found
            what = item.grade_id or "this cell"
            raise CourseError(f"{source.path}:{item.line + line}: {what} is not Python: {why}")


def not_python(text: str) -> tuple[int, str] | None:
    """The line at which Python cannot read a text, and why not; None where it can."""
    try:
        names_of(text)
    except SyntaxError as error:
        return error.lineno or 1, error.msg
    return None


def check_released(source: Source, content: str) -> None:
    """Refuse a release with a graded cell that Python cannot read any more, or that shows no score."""
    graded = {item.grade_id: item for item in source.cells if item.role == "graded"}
    for cell in nbformat.reads(content, as_version=4).cells:
        if cell.cell_type != "code" or (item := graded.get(cell.id)) is None:
            continue
        where = f"{source.path}:{item.line}: {item.grade_id}, as students get it,"
        try:
            shown = names_of(cell.source)
        except SyntaxError as error:
            raise CourseError(f"{where} is not Python: {error.msg}; hide whole statements") from None
        scores = ends_with_score(ast.parse(item.cell.source))
        if (shown.used or shown.bound) and scores and ".score(" not in cell.source:
            raise CourseError(f"{where} shows no score: write `checks.score()` below END HIDDEN TESTS")
