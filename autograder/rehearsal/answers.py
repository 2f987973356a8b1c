"""Known answers: for each exercise, sources that are right by another route or wrong in a known way.

An answer is written out, or as an edit of the solution or of another answer (``edits.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.course import ANSWERS
from autograder.errors import CourseError
from autograder.grader_side.magics import python_of
from autograder.rehearsal.edits import bare, edited
from autograder.rules.python import not_python
from autograder.sources.cells import read_cells
from autograder.sources.markers import without_markers
from autograder.sources.source import Source, check_keys

#: The key of an answer that is an edit, and the name of what it edits when that is the solution.
OF, SOLUTION = "of", "solution"
#: What a cell may be: an answer, or what several answers are edits of, itself no answer.
KINDS = ("right", "wrong", BASE := "base")
TEXTS = (*KINDS, OF, "cause", "says", "warned")
KEYS = (*TEXTS, "points")


@dataclass(frozen=True)
class Answer:
    """One known answer to one exercise, with the points it must get and what the student must be told."""

    exercise: str  # the grade id of the answer cell that it fills
    title: str
    right: bool
    source: str
    points: Mapping[str, float] = field(default_factory=dict)  # graded cells that are not at full marks
    cause: str | None = None  # the Cause that the checker must name
    says: str | None = None  # a piece of a message that must be shown
    warned: str = ""  # the exercise whose text warns of it, so that its self-check has to see it

    @property
    def disturbs(self) -> bool:
        """Whether it costs points in other exercises too, which build upon this one."""
        return any(name.partition("-")[0] != self.exercise for name in self.points)

    def unsaid(self, messages: Iterable[str], causes: Collection[str]) -> list[str]:
        """What its header promises and its cells did not say: causes, or the piece of a message."""
        promised = self.cause.split(" or ") if self.cause else []
        missing = [f"the cause {cause!r}" for cause in promised if cause not in causes]
        if self.says and self.says not in "\n".join(messages):
            missing.append(repr(self.says))
        return missing


def load_answers(source: Source) -> list[Answer]:
    """The answers beside a source, one file an exercise, each checked against the source's cells."""
    full = {item.grade_id: item.points for item in source.cells if item.role == "graded"}
    folder = source.path.parent / ANSWERS
    return [
        _answer(path, line, cell, full)
        for path in sorted(folder.glob("*.py"))
        for line, cell in written_out(path, source)
        if BASE not in cell.metadata
    ]


def written_out(path: Path, source: Source) -> list[tuple[int, Any]]:
    """The cells of a file of answers and their lines, edits written out; bases, which are no answers, too."""
    if path.stem not in {item.grade_id for item in source.cells if item.role == "answer"}:
        known = ", ".join(item.grade_id for item in source.cells if item.role == "answer") or "none"
        raise CourseError(f"{path}: {source.path.name} has no answer cell {path.stem!r}; there is: {known}")
    numbered = read_cells(path)
    titles: dict[str, int] = {}
    for line, cell in numbered:
        check_keys(path, line, cell, KEYS)
        if cell.cell_type != "code" or sum(key in cell.metadata for key in KINDS) != 1:
            raise CourseError(
                f'{path}:{line}: every cell needs a header `# %% right="..."` or `# %% wrong="..."`'
            )
        if (title := title_of(cell)) in titles:
            raise CourseError(f"{path}:{line}: line {titles[title]} is called {title!r} already")
        titles[title] = line
        _check_values(path, line, cell.metadata)
    _expand(path, numbered, source)
    return numbered


def _check_values(path: Path, line: int, header: Mapping[str, Any]) -> None:
    """Refuse a header whose keys have values of another kind than they are read as."""
    for key in TEXTS:
        if key in header and not (isinstance(header[key], str) and header[key].strip()):
            raise CourseError(f"{path}:{line}: {key}={header[key]!r}: a text is needed")
    points = header.get("points", {})
    if not isinstance(points, Mapping) or not all(type(value) in (int, float) for value in points.values()):
        raise CourseError(f'{path}:{line}: points= says what cells get, as in points={{"01_sum-values": 0}}')


def solution_of(source: Source, exercise: str) -> str:
    """The solution of an exercise as edits see it: without docstrings, comments and markers."""
    cell = next(item.cell.source for item in source.cells if item.grade_id == exercise)
    return bare(without_markers(cell))


def _expand(path: Path, cells: Sequence[tuple[int, Any]], source: Source) -> None:
    """Write out the answers that are edits of others, those first that others are edits of."""
    whole = {SOLUTION: solution_of(source, path.stem)}
    for _, cell in cells:
        if OF not in cell.metadata:
            whole.setdefault(title_of(cell), cell.source)
    waiting = [(line, cell) for line, cell in cells if OF in cell.metadata]
    while waiting:
        ready = [(line, cell) for line, cell in waiting if cell.metadata[OF] in whole]
        if not ready:
            line, cell = waiting[0]
            raise CourseError(f"{path}:{line}: there is no answer {cell.metadata[OF]!r} that can be edited")
        waiting = [(line, cell) for line, cell in waiting if cell.metadata[OF] not in whole]
        for line, cell in ready:
            try:
                cell.source = edited(whole[cell.metadata[OF]], cell.source)
            except ValueError as error:
                raise CourseError(f"{path}:{line}: {error}") from error
            whole.setdefault(title_of(cell), cell.source)


def title_of(cell: Any) -> str:
    """What the header of an answer, or of a base, calls it."""
    return str(next(cell.metadata[key] for key in KINDS if key in cell.metadata))


def _answer(path: Path, line: int, cell: Any, full: Mapping[str, float]) -> Answer:
    header = cell.metadata
    points = {str(name): float(value) for name, value in header.get("points", {}).items()}
    for name, value in points.items():
        if name not in full:
            raise CourseError(f"{path}:{line}: no graded cell {name!r}")
        if not 0 <= value < full[name]:
            raise CourseError(f"{path}:{line}: {name} is worth {full[name]:g}; {value:g} is not less")
    right = "right" in header
    if right and (unread := not_python(python_of(cell.source)[0])):
        raise CourseError(f"{path}:{line}: line {unread[0]} of this answer is not Python: {unread[1]}")
    if right and points:
        raise CourseError(f"{path}:{line}: a right answer has full marks in every cell")
    if not right and not (points and ("cause" in header or "says" in header)):
        raise CourseError(f"{path}:{line}: a wrong answer names the points it gets and its cause= or says=")
    if right and "warned" in header:
        raise CourseError(f"{path}:{line}: a right answer is nothing that a text warns of")
    return Answer(
        path.stem,
        title_of(cell),
        right,
        cell.source,
        points,
        header.get("cause"),
        header.get("says"),
        str(header.get("warned", "")),
    )
