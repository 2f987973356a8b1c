"""The instructor's cells as code, and which names they take from the student."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from nbformat import NotebookNode

from autograder.grader_side.names import names_of
from autograder.student_side.packages import Packages

FIGURES = re.compile(r"\b(matplotlib|plt)\b")
NOTHING = compile("None", "<nothing>", "eval")


@dataclass(frozen=True)
class Code:
    """A cell's statements, its last expression, and the names it reads but neither it nor Python defines."""

    body: CodeType
    last: CodeType
    free_names: frozenset[str]


def may_draw(notebook: NotebookNode, packages: Packages) -> bool:
    """Whether a notebook's code looks as if it drew figures; one that does so unseen only takes longer.

    What is locked may define functions that draw, for cells that are not run for a grade.
    """
    return any(
        _draws(cell.source, () if cell.metadata.get("nbgrader", {}).get("locked") else packages.figures)
        for cell in notebook.cells
        if cell.cell_type == "code"
    )


@lru_cache(maxsize=1024)
def _draws(source: str, figures: tuple[str, ...]) -> bool:
    """Whether there is matplotlib's name, or something of one of the course's packages that draw."""
    names = (re.escape(package.rpartition(".")[2]) for package in figures)
    return bool(FIGURES.search(source) or any(re.search(rf"\b{name}\.", source) for name in names))


# A class brings the same cells again with each submission.
@lru_cache(maxsize=1024)
def compiled_cell(source: str, name: str) -> Code:
    """A graded cell's code. Raises ValueError when the cell does not end with an expression, SyntaxError."""
    tree = ast.parse(source, f"<{name}>")
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        raise ValueError("a graded cell should end with an expression, its score")
    score = ast.Expression(tree.body[-1].value)
    del tree.body[-1]
    body, last = compile(tree, f"<{name}>", "exec"), compile(score, f"<{name}>", "eval")
    return Code(body, last, names_of(source).free)


@lru_cache(maxsize=1024)
def compiled_setup(source: str, name: str) -> Code:
    """A setup cell's code, without IPython's magics, which are for looks. Raises SyntaxError."""
    lines = ("" if line.startswith("%") else line for line in source.splitlines())
    python = "\n".join(lines)
    return Code(compile(python, f"<{name}>", "exec"), NOTHING, names_of(python).free)
