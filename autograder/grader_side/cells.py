"""The instructor's cells as code, and which names they take from the student."""

from __future__ import annotations

import ast
import builtins
import dis
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

from nbformat import NotebookNode

STORES = frozenset({"STORE_NAME", "STORE_GLOBAL"})
LOADS = frozenset({"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"})
OWN_FIGURES, COURSE_FIGURES = re.compile(r"\b(matplotlib|plt)\b"), re.compile(r"\bviz\.")
NOTHING = compile("None", "<nothing>", "eval")


@dataclass(frozen=True)
class Code:
    """A cell's statements, its last expression, and the names it reads but neither it nor Python defines."""

    body: CodeType
    last: CodeType
    free_names: frozenset[str]


def may_draw(notebook: NotebookNode) -> bool:
    """Whether a notebook's code looks as if it drew figures; one that does so unseen only takes longer.

    What is locked may define functions that draw, for cells that are not run for a grade.
    """
    return any(
        _draws(cell.source, bool(cell.metadata.get("nbgrader", {}).get("locked")))
        for cell in notebook.cells
        if cell.cell_type == "code"
    )


@lru_cache(maxsize=1024)
def _draws(source: str, locked: bool) -> bool:
    return bool(OWN_FIGURES.search(source) or (not locked and COURSE_FIGURES.search(source)))


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
    return Code(body, last, _free_names(body, last))


@lru_cache(maxsize=1024)
def compiled_setup(source: str, name: str) -> Code:
    """A setup cell's code, without IPython's magics, which are for looks. Raises SyntaxError."""
    lines = ("" if line.startswith("%") else line for line in source.splitlines())
    body = compile("\n".join(lines), f"<{name}>", "exec")
    return Code(body, NOTHING, _free_names(body))


def _free_names(*codes: CodeType) -> frozenset[str]:
    read, defined = set(), set()
    for part in (part for code in codes for part in _all_code(code)):
        for instruction in dis.get_instructions(part):
            if instruction.opname in LOADS:
                read.add(instruction.argval)
            elif instruction.opname in STORES and part in codes:
                defined.add(instruction.argval)
    return frozenset(read - defined - vars(builtins).keys())


def _all_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_code(constant)
