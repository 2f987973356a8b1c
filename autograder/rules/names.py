"""The names of checks, by which a table, a report and a generator tell them apart; and those they rely on."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.grader_side.magics import python_of
from autograder.grader_side.names import names_of
from autograder.pages.words import heading
from autograder.sources.exercises import NUMBERED, sections
from autograder.sources.markers import CANONICAL

if TYPE_CHECKING:
    from autograder.sources.source import Source, SourceCell

BEGINS_WITH = re.compile(r"0*(\d+)_")  # a grade id does with the number of its exercise


def check_names(source: Source) -> None:
    """Refuse, with file and line, two checks by one name: in a cell, or both seen by students in an exercise.

    Only names as they are written are seen; computed ones are looked at where the solution is graded.
    """
    seen: dict[tuple[str, str], int] = {}  # by exercise and name, what students see
    for item in source.cells:
        if item.role != "graded":
            continue
        tree = ast.parse(item.cell.source)
        exercise = _exercise(tree)
        own: dict[str, int] = {}
        for name, line in _named(tree):
            number = item.line + line
            first = own.setdefault(name, number)
            if exercise and not _is_hidden(item, line):
                first = min(first, seen.setdefault((exercise, name), number))
            if first != number:
                raise CourseError(f"{source.path}:{number}: line {first} has a check {name!r} already")


def misplaced_cells(source: Source) -> Iterator[tuple[int, str, str]]:
    """The graded cells that name another exercise than their heading does: line, what does, the heading's."""
    for section in sections(source):
        numbered = NUMBERED.fullmatch(heading(section[0].cell.source, 2) or "") if section else None
        for item in section:
            if not numbered or item.role != "graded":
                continue
            named, counted = _exercise(ast.parse(item.cell.source)), BEGINS_WITH.match(item.grade_id)
            if named and named != numbered[1]:
                yield item.line, f'Checks("{named}")', numbered[1]
            if counted and counted[1] != numbered[1].rpartition(".")[2]:
                yield item.line, item.grade_id, numbered[1]


def misspelt_answers(source: Source) -> Iterator[tuple[int, str, str]]:
    """The graded cells whose id begins nearly as an answer's: line, how it begins, that answer's id."""
    answers = [item.grade_id for item in source.cells if item.role == "answer"]
    for item in source.cells:
        begins = item.grade_id.partition("-")[0]
        if item.role == "graded" and begins not in answers:
            for meant in difflib.get_close_matches(begins, answers, n=1, cutoff=0.85):
                yield item.line, begins, meant


def changeable_names(source: Source) -> Iterator[tuple[SourceCell, list[str]]]:
    """The graded cells that read names which only cells for students to change define, and these names."""
    code = [(item, names_of(python_of(item.cell.source)[0])) for item in source.cells if _is_code(item)]
    kept = {name for item, names in code if item.role is not None for name in names.bound}
    loose = {name for item, names in code if item.role is None for name in names.bound} - kept
    for item, names in code:
        if item.role == "graded" and (found := sorted(names.used & loose)):
            yield item, found


def _is_code(item: SourceCell) -> bool:
    return bool(item.cell.cell_type == "code")


def _named(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The name and the line of each check of a cell, from its first to its last."""
    checks = ast.unparse(tree).rpartition("\n")[2].removesuffix(".score()")
    found = [
        (named.value, call.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.With)
        for call in (item.context_expr for item in node.items)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == checks
        for named in [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "name")]
        if isinstance(named, ast.Constant) and isinstance(named.value, str)
    ]
    yield from sorted(found, key=lambda one: one[1])


def _exercise(tree: ast.Module) -> str:
    """What the cell's ``Checks("1.3")`` are of; empty where it does not say."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Checks":
            return next((str(said.value) for said in node.args if isinstance(said, ast.Constant)), "")
    return ""


def _is_hidden(item: SourceCell, line: int) -> bool:
    """Whether a line of a cell stands between markers, where no student sees it."""
    lines = item.cell.source.split("\n")[:line]
    return sum(bool(CANONICAL.fullmatch(text)) for text in lines) % 2 == 1
