"""A notebook's one truth: percent-format text whose cell headers name each cell's role."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.errors import CourseError
from autograder.facts import UNKNOWN, CourseFacts
from autograder.roles import grade_id, role_of
from autograder.rules.points import WORTH_POINTS, check_ids_and_points
from autograder.rules.python import check_python
from autograder.sources.cells import read_cells
from autograder.sources.install import TITLE, install_cell
from autograder.sources.markers import CANONICAL, check_markers
from autograder.sources.presented import COLLAPSED, presented

ROLES = ("setup", "readonly", "answer", "graded", "written", "task")
# Written answers may be code too, which a person then grades.
CELL_TYPES = {"written": ("markdown", "code"), "task": ("markdown",)}
WHY = "why"  # the key of a Markdown cell that tells instructors why an answer is as it is
FORMULAS = ("given", "withheld")  # whether what stands above an answer's box prints what is to be typed
#: Keys of a header that are for the build alone; nothing of them is released.
KEYS_OF = {"formula": ("answer", "graded"), "title": COLLAPSED, "open": COLLAPSED}
KNOWN_KEYS = (*ROLES, *KEYS_OF, WHY, "points", "nbgrader", "tags", "format")  # the last is a raw cell's
NO_KEYS = "incorrectly_encoded_metadata"  # where jupytext keeps what it cannot read


@dataclass(frozen=True)
class SourceCell:
    """One cell of a source: where it stands, what it is for, and the notebook cell it becomes."""

    line: int
    role: str | None
    cell: NotebookNode
    keys: Mapping[str, object] = field(default_factory=dict)  # what the header says to the build alone

    @property
    def formula(self) -> str:
        """Whether the formula that an answer types is "given" above it or "withheld"; empty if unsaid."""
        return str(self.keys.get("formula", ""))

    @property
    def grade_id(self) -> str:
        """The nbgrader id; empty for a cell that nbgrader does not track."""
        return grade_id(self.cell)

    @property
    def points(self) -> float:
        """What the cell is worth; 0 for an ungraded one."""
        return float(role_of(self.cell).get("points", 0))


@dataclass(frozen=True)
class Source:
    """A read and checked source file."""

    path: Path
    cells: tuple[SourceCell, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)  # why an answer is as it is, by its grade id

    def notebook(self) -> NotebookNode:
        """The instructor's notebook, with every solution and hidden test and nbgrader's metadata."""
        notebook = nbformat.v4.new_notebook(cells=[presented(item) for item in self.cells])
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
    """Read a source, refusing with file, line and reason whatever would build a wrong notebook."""
    numbered = read_cells(path)
    for line, cell in numbered:
        check_keys(path, line, cell)
    cells = tuple(_with_role(path, line, cell) for line, cell in numbered if WHY not in cell.metadata)
    reasons = {str(cell.metadata[WHY]): cell.source for _, cell in numbered if WHY in cell.metadata}
    source = Source(path, _able_to_install(cells, facts), reasons)
    check_markers(source)
    check_python(source)
    check_ids_and_points(source, facts)
    _check_reasons(source, numbered)
    _name_cells(source)
    return source


def _able_to_install(cells: tuple[SourceCell, ...], facts: CourseFacts) -> tuple[SourceCell, ...]:
    """The cells; before all code the one that installs what notebooks import, if the course says so."""
    first = next((place for place, item in enumerate(cells) if item.cell.cell_type == "code"), None)
    if not facts.install_from or first is None:
        return cells
    own = SourceCell(cells[first].line, "setup", install_cell(facts.install_from), {"title": TITLE})
    return (*cells[:first], own, *cells[first:])


def _check_reasons(source: Source, numbered: Sequence[tuple[int, NotebookNode]]) -> None:
    """Refuse a reason of no answer, and a second one of an answer, which would take the first one's place."""
    explained: dict[str, int] = {}
    for line, cell in numbered:
        if WHY not in cell.metadata:
            continue
        name = str(cell.metadata[WHY])
        if name not in _answers(source):
            raise CourseError(f"{source.path}:{line}: why={name!r}, but there is no such answer")
        if explained.setdefault(name, line) != line:
            raise CourseError(f"{source.path}:{line}: why={name!r} stands at line {explained[name]} already")


def check_keys(path: Path, line: int, cell: NotebookNode, known: Sequence[str] = KNOWN_KEYS) -> None:
    """Refuse a header that cannot be read, or that has a slip in one of its keys."""
    if NO_KEYS in cell.metadata:
        unread = cell.metadata[NO_KEYS]
        raise CourseError(
            f"{path}:{line}: the header cannot be read: {unread} (a text stands in quotes, as in"
            ' answer="01_sum", a number without, as in points=2)'
        )
    for key in cell.metadata:
        meant = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.75)
        if key not in known and meant:
            raise CourseError(f"{path}:{line}: {key}= is no key of a header; {meant[0]}= is")


def _with_role(path: Path, line: int, cell: NotebookNode) -> SourceCell:
    cell.metadata.pop("lines_to_next_cell", None)  # how jupytext remembers blank lines; not for students
    roles = [role for role in ROLES if role in cell.metadata]
    if len(roles) > 1:
        raise CourseError(f"{path}:{line}: one cell cannot be both {roles[0]} and {roles[1]}")
    role = roles[0] if roles else None
    keys = _taken_out(path, line, cell, role)
    if role is not None:
        _expand(path, line, cell, role)
    elif cell.metadata.get("nbgrader"):
        role = _role_of(cell.metadata["nbgrader"])
    return SourceCell(line, role, cell, keys)


def _taken_out(path: Path, line: int, cell: NotebookNode, role: str | None) -> dict[str, object]:
    """The header's keys that are for the build alone, taken out of what is released."""
    for name, roles in {**KEYS_OF, "points": WORTH_POINTS}.items():
        if name in cell.metadata and role not in roles:
            raise CourseError(f"{path}:{line}: {name}= belongs in a cell of role {' or '.join(roles)}")
    keys = {name: cell.metadata.pop(name) for name in KEYS_OF if name in cell.metadata}
    if keys.get("formula", FORMULAS[0]) not in FORMULAS:
        raise CourseError(f'{path}:{line}: formula= is "given" or "withheld", not {keys["formula"]!r}')
    return keys


def _answers(source: Source) -> set[str]:
    return {item.grade_id for item in source.cells if item.role in ("answer", "written")}


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
    if "points" in metadata:
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
