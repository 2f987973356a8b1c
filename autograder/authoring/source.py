"""A notebook's one truth: percent-format text whose cell headers name each cell's role."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.authoring.verdicts import unread_verdict
from autograder.errors import CourseError
from autograder.facts import UNKNOWN, CourseFacts

ROLES = ("setup", "readonly", "answer", "graded", "written", "task")
WORTH_POINTS = ("graded", "written", "task")
# Written answers may be code too, which a person then grades.
CELL_TYPES = {"written": ("markdown", "code"), "task": ("markdown",)}
GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
FORMAT = "py:percent"
HEADER = re.compile(r"^# %%(?!%)")
# Written loosely, so that a marker the stripper would overlook (another case, a missing space) is refused.
MARKER = re.compile(r"\b(BEGIN|END)[\s_-]*(SOLUTION|HIDDEN[\s_-]*TESTS?|MARK[\s_-]*SCHEME)\b", re.IGNORECASE)
CANONICAL = re.compile(r"\s*### (BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)\s*")
ALLOWED_IN = {"SOLUTION": ("answer", "written"), "HIDDEN TESTS": ("graded",), "MARK SCHEME": ("task",)}


@dataclass(frozen=True)
class SourceCell:
    """One cell of a source: where it stands, what it is for, and the notebook cell it becomes."""

    line: int
    role: str | None
    cell: NotebookNode

    @property
    def grade_id(self) -> str:
        """The nbgrader id; empty for a cell that nbgrader does not track."""
        return str(self.cell.metadata.get("nbgrader", {}).get("grade_id", ""))

    @property
    def points(self) -> float:
        """What the cell is worth; 0 for an ungraded one."""
        return float(self.cell.metadata.get("nbgrader", {}).get("points", 0))


@dataclass(frozen=True)
class Source:
    """A read and checked source file."""

    path: Path
    cells: tuple[SourceCell, ...]

    def notebook(self) -> NotebookNode:
        """The instructor's notebook, with every solution and hidden test and nbgrader's metadata."""
        notebook = nbformat.v4.new_notebook(cells=[item.cell for item in self.cells])
        notebook.metadata = nbformat.from_dict(
            {
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
            }
        )
        return notebook

    def regions(self, kind: str) -> Iterator[list[str]]:
        """The lines of each SOLUTION, HIDDEN TESTS or MARK SCHEME region."""
        for item in self.cells:
            inside: list[str] | None = None
            for line in item.cell.source.split("\n"):
                marker = CANONICAL.fullmatch(line)
                if marker and marker[2] == kind:
                    if inside is not None:
                        yield inside
                    inside = [] if marker[1] == "BEGIN" else None
                elif inside is not None:
                    inside.append(line)


def read_source(path: Path, facts: CourseFacts = UNKNOWN) -> Source:
    """Read a source, refusing with file, line and reason what would build a wrong notebook of its course."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CourseError(f"{path}: not UTF-8 text ({error.reason} at byte {error.start})") from None
    lines = [number for number, line in enumerate(text.split("\n"), 1) if HEADER.match(line)]
    cells = jupytext.reads(text, fmt=FORMAT).cells
    if len(cells) != len(lines):
        raise CourseError(f"{path}:1: text before the first `# %%` header belongs to no cell")
    source = Source(
        path, tuple(_with_role(path, line, cell) for line, cell in zip(lines, cells, strict=True))
    )
    _check_markers(source)
    _check_ids_and_points(source, facts)
    _name_cells(source)
    return source


def _with_role(path: Path, line: int, cell: NotebookNode) -> SourceCell:
    cell.metadata.pop("lines_to_next_cell", None)  # how jupytext remembers blank lines; not for students
    roles = [role for role in ROLES if role in cell.metadata]
    if len(roles) > 1:
        raise CourseError(f"{path}:{line}: one cell cannot be both {roles[0]} and {roles[1]}")
    role = roles[0] if roles else None
    if role is not None:
        _expand(path, line, cell, role)
    elif cell.metadata.get("nbgrader"):
        role = _role_of(cell.metadata["nbgrader"])
    return SourceCell(line, role, cell)


def _expand(path: Path, line: int, cell: NotebookNode, role: str) -> None:
    """Replace the header's short form (``answer="03_sum"``) by the metadata that nbgrader reads."""
    metadata = cell.metadata
    wanted = CELL_TYPES.get(role, ("code",))
    if cell.cell_type not in wanted:
        kinds = " or ".join(wanted)
        raise CourseError(f"{path}:{line}: a {role} cell is a {kinds} cell, this one is {cell.cell_type}")
    nbgrader: dict[str, object] = {
        "grade": role in ("graded", "written"),
        "grade_id": str(metadata.pop(role)),
        "locked": role in ("setup", "readonly", "graded", "task"),
        "schema_version": 3,
        "solution": role in ("answer", "written"),
        "task": role == "task",
    }
    if role in WORTH_POINTS and "points" in metadata:
        nbgrader["points"] = metadata.pop("points")
    metadata["nbgrader"] = nbformat.from_dict(nbgrader)
    if role == "setup":
        metadata["tags"] = ["setup"]


def _role_of(nbgrader: NotebookNode) -> str:
    if nbgrader.get("task"):
        return "task"
    if nbgrader.get("grade"):
        return "written" if nbgrader.get("solution") else "graded"
    return "answer" if nbgrader.get("solution") else "readonly"


def _check_markers(source: Source) -> None:
    for item in source.cells:
        opened: tuple[str, int] | None = None
        seen = False
        for number, text in enumerate(item.cell.source.split("\n"), item.line + 1):
            if not MARKER.search(text):
                continue
            where = f"{source.path}:{number}"
            marker = CANONICAL.fullmatch(text)
            if marker is None:
                raise CourseError(
                    f"{where}: {text.strip()!r} is not a marker nbgrader strips; write `### BEGIN SOLUTION`"
                )
            edge, kind = marker.groups()
            if item.role not in ALLOWED_IN[kind]:
                raise CourseError(
                    f"{where}: {kind} belongs in a cell of role {' or '.join(ALLOWED_IN[kind])}"
                )
            if (edge == "BEGIN") != (opened is None) or (opened and opened[0] != kind):
                raise CourseError(f"{where}: unbalanced {edge} {kind}" + _opened_at(opened))
            opened = (kind, number) if edge == "BEGIN" else None
            seen = True
        if opened:
            raise CourseError(
                f"{source.path}:{opened[1]}: BEGIN {opened[0]} has no END {opened[0]} in its cell"
            )
        if item.role in ("answer", "written") and not seen:
            raise CourseError(f"{source.path}:{item.line}: {item.grade_id} has no SOLUTION region")


def _opened_at(opened: tuple[str, int] | None) -> str:
    return f"; {opened[0]} was opened at line {opened[1]}" if opened else "; nothing is open here"


def _check_ids_and_points(source: Source, facts: CourseFacts) -> None:
    first: dict[str, int] = {}
    total = 0.0
    for item in source.cells:
        where = f"{source.path}:{item.line}"
        if item.role is None:
            continue
        if not GRADE_ID.fullmatch(item.grade_id):
            raise CourseError(
                f"{where}: {item.grade_id!r} is no grade id (letters, digits, _ and -, at most 64)"
            )
        if item.grade_id in first:
            raise CourseError(f"{where}: grade id {item.grade_id!r} is taken by line {first[item.grade_id]}")
        first[item.grade_id] = item.line
        if item.role in WORTH_POINTS:
            total += _checked_points(where, item, facts)
    wanted = facts.total_points
    if wanted is not None and abs(total - wanted) > 1e-9:
        raise CourseError(f"{source.path}:1: the points add up to {total:g}, not {wanted:g}")


def _checked_points(where: str, item: SourceCell, facts: CourseFacts) -> float:
    points = item.cell.metadata["nbgrader"].get("points")
    if isinstance(points, bool) or not isinstance(points, int | float) or not points > 0:
        raise CourseError(
            f"{where}: graded cell {item.grade_id} has no points (write points=2 in its header)"
        )
    if item.role == "graded":
        worth = _worth_of_checks(where, item, facts)
        if worth is not None and abs(worth - points) > 1e-9:
            raise CourseError(
                f"{where}: {item.grade_id} has points={points:g}, its checks are worth {worth:g}"
            )
    return float(points)


def _worth_of_checks(where: str, item: SourceCell, facts: CourseFacts) -> float | None:
    """The sum of ``points=`` over the cell's ``with checks(...)`` blocks; they must be numbers as written.

    None for a cell of another kind, which earns its points by nbgrader's rule, where the course allows it.
    """
    try:
        tree = ast.parse(item.cell.source)
    except SyntaxError as error:
        raise CourseError(f"{where}: {item.grade_id} is not Python: {error.msg}") from None
    last = tree.body[-1] if tree.body else None
    calls = [call for node in ast.walk(tree) if isinstance(node, ast.With) for call in _check_calls(node)]
    values = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "points"]
    scores = isinstance(last, ast.Expr) and ast.unparse(last).endswith(".score()")
    if not scores and (values or facts.checks_in_every_cell):
        raise CourseError(
            f"{where}: {item.grade_id} must end with `checks.score()`, or it would earn nothing"
        )
    if (unread := unread_verdict(tree)) is not None:
        place = f"{where.rpartition(':')[0]}:{item.line + unread.lineno}"
        raise CourseError(
            f"{place}: nothing looks at what {ast.unparse(unread.func)}(...) found, so that a wrong gradient "
            "would earn the points: call its assert_ twin, or look at its .passed"
        )
    if not scores:
        return None
    try:
        return float(sum(ast.literal_eval(value) for value in values))
    except (ValueError, TypeError):
        raise CourseError(
            f"{where}: {item.grade_id}: points= of a check must be a number as written"
        ) from None


def _check_calls(node: ast.With) -> Iterator[ast.Call]:
    for with_item in node.items:
        if isinstance(with_item.context_expr, ast.Call):
            yield with_item.context_expr


def _name_cells(source: Source) -> None:
    """Give every cell an id that survives edits elsewhere: its grade id, or a digest of what it says."""
    taken: set[str] = set()
    for item in source.cells:
        digest = hashlib.sha256(item.cell.source.encode()).hexdigest()[:8]
        name = item.grade_id or f"{item.cell.cell_type}-{digest}"
        repeat = 1
        while name in taken:
            repeat += 1
            name = f"{item.cell.cell_type}-{digest}-{repeat}"
        taken.add(name)
        item.cell["id"] = name
