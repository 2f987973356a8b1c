"""The last lock before nbgrader reads a score off a cell: outputs that are not plainly a score earn nothing.

nbgrader takes full points for no output, for text, for a negative number or for one that is not finite.
"""

from __future__ import annotations

import math

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output


def close_cell(cell: NotebookNode) -> str:
    """Give a graded code cell an error output unless it has an error or a score; return what was odd.

    A score is one result, a plain float from 0 to the cell's points, after nothing but text on stdout. An
    empty string is returned when all was well.
    """
    outputs = cell.get("outputs", [])
    odd = _odd(outputs, float(cell.metadata.nbgrader.points))
    if odd:
        text = f"not scored: {odd}"
        cell.outputs = [new_output("error", ename="NotScored", evalue=text, traceback=[text])]
    return odd


def _odd(outputs: list[NotebookNode], points: float) -> str:
    *before, last = outputs or [None]
    if last is None:
        return "the cell has no output"
    if any(output.output_type != "stream" or output.name != "stdout" for output in before):
        return "something else was output before the score"
    if last.output_type == "error":
        return ""
    if last.output_type != "execute_result":
        return "the last output is no score"
    text = last.data.get("text/plain")
    try:
        score = float(text) if isinstance(text, str) and set(text) <= set("0123456789.e+-") else math.nan
    except ValueError:
        score = math.nan
    if not 0 <= score <= points:
        return f"the score is not a number from 0 to {points:g}"
    return ""
