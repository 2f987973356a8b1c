"""Every small change of a solution: one at a time, and only in the lines that a student writes."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.sources.markers import CANONICAL
from mutation.operators import changes
from mutation.places import locals_of, places, short


@dataclass(frozen=True)
class Mutant:
    """A cell with one change: on which line, what it was, what it is now."""

    kind: str
    line: int
    where: str  # the text of the line
    before: str
    after: str
    source: str


def mutants_of(source: str) -> list[Mutant]:
    """Every mutant of an answer cell's source, markers included; no two have the same text."""
    lines = source.split("\n")
    return [mutant for function in _functions(ast.parse(source)) for mutant in _of_function(function, lines)]


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions and methods of a cell; all that students write stands in one."""
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        yield from (item for item in inside if isinstance(item, ast.FunctionDef))


def _of_function(function: ast.FunctionDef, lines: list[str]) -> Iterator[Mutant]:
    written = _lines_of_solutions(lines)
    taken = {ast.unparse(function)}
    for replace, node, names in list(places(function, tuple(dict.fromkeys(locals_of(function))))):
        line = getattr(node.target if isinstance(node, ast.comprehension) else node, "lineno", 0)
        if line not in written:
            continue
        for kind, changed in changes(node, names):
            replace(ast.fix_missing_locations(changed))
            text = ast.unparse(function)
            replace(node)
            if text not in taken:
                taken.add(text)
                cell = _with_function(lines, function, text)
                yield Mutant(kind, line, lines[line - 1].strip(), short(node), short(changed), cell)


def _with_function(lines: list[str], function: ast.FunctionDef, text: str) -> str:
    """The cell with ``text`` in the place of the function, all other lines as they are."""
    indented = textwrap.indent(text, " " * function.col_offset)
    return "\n".join([*lines[: function.lineno - 1], indented, *lines[function.end_lineno :]])


def _lines_of_solutions(lines: list[str]) -> set[int]:
    inside, written = False, set()
    for number, line in enumerate(lines, 1):
        marker = CANONICAL.fullmatch(line)
        inside = marker[1] == "BEGIN" if marker else inside
        if inside:
            written.add(number)
    return written
