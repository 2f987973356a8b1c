"""What went wrong above a graded cell of a solution, and may be why that cell fails."""

from __future__ import annotations

import re

from nbconvert.filters import strip_ansi
from nbformat.notebooknode import NotebookNode

from autograder.grader_side.cells import bound_by, read_by
from autograder.grader_side.scope import statements_of
from autograder.roles import grade_id, is_checked

NO_PYTHON = re.compile(r" raised (Syntax|Indentation|Tab)Error")


def error_above(run: NotebookNode, graded: str, note: str) -> str:
    """The first error, above this graded cell, that it may fail by, as a part of a sentence; or "".

    ``run`` is the notebook as it ran. A cell is asked that binds what the graded cell reads, or what such a
    cell reads; of a cell that ended for want of a name, only those that bind this name. Where a name is
    missing that none of them binds, the first that is no Python and mentions it; else any cell.
    """
    above, needed = [], frozenset[str]()
    for cell in run.cells:
        if is_checked(cell) and grade_id(cell) == graded:
            needed = read_by(cell.source)
            break
        above.append(cell)
    if any(bound_by(cell.source) & _missing(note) for cell in above if _is_asked(cell)):
        needed = _missing(note)
    blamed, mentions, others = "", "", ""
    for number, cell in reversed(list(enumerate(above, 1))):
        if not _is_asked(cell):
            continue
        said = _error_of(cell, number)
        others = said or others
        if NO_PYTHON.search(said) and not _missing(note).isdisjoint(re.findall(r"\w+", cell.source)):
            mentions = said
        if bound_by(cell.source) & needed or _imports_all(cell.source):
            needed = _missing(said) or needed | read_by(cell.source)
            blamed = said or blamed
    return blamed or ((mentions or others) if "NameError" in note else "")


def _is_asked(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and not is_checked(cell)


def _missing(said: str) -> frozenset[str]:
    return frozenset(re.findall(r"\bNameError: name '(\w+)' is not defined", said))


def _imports_all(source: str) -> bool:
    return any("*" in statement.binds for statement in statements_of(source))


def _error_of(cell: NotebookNode, number: int) -> str:
    for output in cell.outputs:
        if output.output_type == "error":
            role = grade_id(cell) or f"cell {number}"
            said = f"{output.ename}: {' '.join(output.evalue.split())[:200]}".removesuffix(": ")
            return f" (above, {role} raised {said}{_where(output.traceback)})"
    return ""


def _where(traceback: list[str]) -> str:
    """In which line of a module beside the notebook an error was raised, as a part of a sentence, or ""."""
    frames = re.findall(r"^File (\S+)/([\w-]+\.py):(\d+)", strip_ansi("\n".join(traceback)), re.MULTILINE)
    if not frames or "/lib/python" in frames[-1][0]:
        return ""
    return f", line {frames[-1][2]} of {frames[-1][1]}"
