"""A release shows no marker, solution or hidden test, and imports nothing that no student has."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from autograder.course import ANSWERS, CONFIG
from autograder.errors import CourseError
from autograder.facts import CourseFacts
from autograder.grader_side.magics import tree_of
from autograder.sources.markers import MARKER, MARKER_IN_BYTES

if TYPE_CHECKING:
    from autograder.sources.source import Source

# Shorter lines (`return f, grads`) and imports occur in innocent places; the others say something.
TELLING = 16


def check_leaks(source: Source, content: str, facts: CourseFacts) -> None:
    """Refuse a release in which a marker, a line of a solution or a line of a hidden test can be read."""
    cells = nbformat.reads(content, as_version=4).cells
    released = {_squeezed(line): cell.id for cell in cells for line in cell.source.split("\n")}
    for line, where in released.items():
        if MARKER.search(line):
            raise CourseError(f"{_place(source, where)} is released with the marker {line.strip()!r}")
    for cell in cells:
        if cell.cell_type == "code" and (hidden := _hidden_import(cell.source, facts.hidden_packages)):
            where = _place(source, cell.id)
            raise CourseError(f"{where} is released and imports {hidden}, which no student has")
    visible_checks = _visible_lines_of_checks(source)
    for kind in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME"):
        innocent = visible_checks if kind == "HIDDEN TESTS" else set()
        for line in (_squeezed(line) for region in source.regions(kind) for line in region):
            if _tells(line) and line in released and line not in innocent:
                number = _line_number(source.path, line)
                raise CourseError(
                    f"{source.path}:{number}: this {kind} line is released too, in {released[line]}: {line}"
                )


def check_files(source: Source, folder: Path) -> None:
    """Refuse a release beside whose notebook lies what tells the solution: its text, known answers, a copy.

    nbgrader copies all that lies beside a source, for ``course build`` and for Formgrader's button alike,
    but for what the course's configuration names.
    """
    files = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    telling = [file for file in files if _tells_solution(source, folder, file)]
    if telling:
        names = list(dict.fromkeys(ANSWERS if ANSWERS in file.parts else file.name for file in telling))
        raise CourseError(
            f"{source.path.parent / telling[0]} would be handed out too, with what students are to find: "
            f"write `c.CourseDirectory.ignore.extend({json.dumps(names)})` at the end of {CONFIG}"
        )


def _tells_solution(source: Source, folder: Path, file: Path) -> bool:
    known_answer = file.parts[0] == ANSWERS and file.suffix == ".py"
    marked = MARKER_IN_BYTES.search((folder / file).read_bytes())
    return known_answer or bool(marked) or str(file) == source.path.name


def _place(source: Source, name: str) -> str:
    """Where a released cell is written, and what it is called."""
    line = next((f":{item.line}" for item in source.cells if item.grade_id == name), "")
    return f"{source.path}{line}: cell {name}"


def _visible_lines_of_checks(source: Source) -> set[str]:
    """What students see of checks; a hidden test may call a function in the same words."""
    hidden = [_squeezed(line) for region in source.regions("HIDDEN TESTS") for line in region]
    lines = [
        _squeezed(line)
        for item in source.cells
        if item.role in ("setup", "readonly", "graded")
        for line in item.cell.source.split("\n")
    ]
    for line in hidden:
        lines.remove(line)
    return set(lines)


def _tells(line: str) -> bool:
    return len(line) >= TELLING and not line.startswith(("import ", "from "))


def _squeezed(line: str) -> str:
    return " ".join(line.split())


def _line_number(path: Path, squeezed: str) -> int:
    lines = path.read_text(encoding="utf-8").split("\n")
    both = (squeezed, f"# {squeezed}")  # as in a cell of code, or of text
    return next((n for n, line in enumerate(lines, 1) if _squeezed(line) in both), 1)


def _hidden_import(source: str, hidden: Sequence[str]) -> str:
    """The first of the ``hidden`` packages that a cell imports, or something of which; "" if there is none.

    Lines of IPython's own, and cells that are no Python, import nothing.
    """
    names = list(_imported(tree_of(source)))
    found = (item for item in hidden for name in names if name == item or name.startswith(f"{item}."))
    return next(found, "")


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
