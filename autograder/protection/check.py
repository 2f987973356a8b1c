"""How well each graded cell of an assignment can be protected: its solution is graded, apart and inside.

What is found decides how submissions are graded (:mod:`autograder.grading.tiers`).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grader_side.cells import bound_by
from autograder.grader_side.errors import SandboxError
from autograder.grader_side.scoring import Tier
from autograder.grading.grade import grade_rebuilt
from autograder.grading.steps import of_the_solution
from autograder.grading.tiers import put_tiers, refuse_inside, write_tiers
from autograder.grading_settings import Settings, configured, settings_of
from autograder.notebooks.autotests import instantiate
from autograder.notebooks.reading import read_notebook, with_header, without_solutions
from autograder.protection.advice import what_to_change, whose_fault
from autograder.protection.earlier import error_above
from autograder.protection.in_order import InOrder
from autograder.protection.places import ENDLESS, Cells, Places
from autograder.protection.unmoved import asserted_unmoved
from autograder.protection.whose import asked_by_answers, names_by_solution, read_above
from autograder.recorded.record import FAILED, NOTES_CELL, record_of
from autograder.roles import FACTS, grade_id, is_answer, is_checked, mark_released
from autograder.sources.source import read_source
from autograder.submission.released import give_ids

SEED = 0
ROUNDS = 10  # of grading the solution again with cells put inside, before what still fails is named
PATTERN = frozenset("[]*?")
STOPPED = ("Stopped", "TimeLimit")  # by either side


@dataclass(frozen=True)
class CheckedCell:
    """What was found of one graded cell: how it is graded, what its solution earns, and why not apart."""

    notebook: str
    cell: str
    points: float
    earned: float
    facts: Mapping[str, Any]
    because: str = ""
    works: bool = True  # whether the solution earns all of its points, and raises nothing

    @property
    def tier(self) -> Tier:
        """How it is graded."""
        return Tier(self.facts["tier"])

    def __str__(self) -> str:
        line = f"{self.notebook}: {self.cell} ({self.points:g} points): {self.tier}"
        if not self.works:
            return f"{line}, but its solution earns {self.earned:g}: {self.because}"
        return f"{line}: {self.because}" if self.because else line


def check(course: Course, assignment: str) -> tuple[list[CheckedCell], Path]:
    """Grade an assignment's solutions and write down how to grade its cells; what was found, and where.

    CourseError, before anything is written: no such assignment, a notebook of another language, or a
    solution that cannot be run.
    """
    notebooks = solutions(course, assignment)
    folder = course.solutions / assignment
    if assignment in course.assignment_names() and (course.assignments / assignment).is_dir():
        folder = course.assignments / assignment  # without sources and known answers
    settings = _settings(course)
    found = [
        item
        for name, notebook in notebooks.items()
        for item in _checked(name, notebook, lambda one: _graded(one, settings, folder))
    ]
    cells: dict[str, Cells] = {name: {} for name in notebooks}
    for item in found:
        cells[item.notebook][item.cell] = dict(item.facts)
    path = write_tiers(course.root, assignment, cells)
    if configured(course.config()).refuse_inside:
        refuse_inside(course.root, assignment)
    return found, path


def solutions(course: Course, assignment: str) -> dict[str, NotebookNode]:
    """The source notebooks of an assignment, by name, each answer with its released text beside it."""
    if PATTERN.intersection(assignment):
        raise CourseError(
            f"nbgrader takes {assignment!r} for a pattern, and can release no assignment that is called so: "
            "do without [ ] * and ?"
        )
    folder = course.solutions / assignment
    if assignment in course.assignment_names():
        path = course.source_of(assignment)
        found = {path.stem: read_source(path, course.facts).notebook()}
    else:
        found = {path.stem: read_notebook(path) for path in sorted(folder.glob("*.ipynb"))}
    if not found:
        course.refuse_without_cells(assignment)
        known = ", ".join(sorted(path.name for path in course.solutions.glob("*/"))) or "none"
        raise CourseError(f"no notebook in {folder}; there is: {known}")
    for name, notebook in found.items():
        with_header(notebook, course)
        give_ids(notebook)
        put_tiers(notebook, {})
        path = folder / f"{name}.ipynb"
        instantiate(course, path, notebook)
        stubs = without_solutions(path, notebook, course)
        for cell, stub in zip(notebook.cells, stubs.cells, strict=True):
            if is_answer(cell) and cell.cell_type == "code":
                cell.metadata[FACTS] = {"released": stub.source}
        mark_released(notebook)
    return found


def _settings(course: Course) -> Settings:
    return settings_of(course.config())


def _graded(notebook: NotebookNode, settings: Settings, folder: Path) -> NotebookNode:
    try:
        graded = grade_rebuilt(notebook, SEED, settings, folder)
    except SandboxError:  # the author's own code, which the author runs in any case
        graded = grade_rebuilt(notebook, SEED, replace(settings, sandbox="none"), folder)
    return graded


Grade = Callable[[NotebookNode], NotebookNode]


def _checked(name: str, notebook: NotebookNode, grade: Grade) -> Iterator[CheckedCell]:
    """The findings on one notebook: its cells are put inside until all earn their points, or none is left."""
    graded = [cell for cell in notebook.cells if is_checked(cell)]
    worth = {grade_id(cell): float(cell.metadata.nbgrader.points) for cell in graded}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    places = Places(names_by_solution(code), graded, asked_by_answers(code))
    no_better: dict[str, tuple[NotebookNode, Any]] = {}  # inside: what was said there
    outcomes: Mapping[str, Any] = {}
    in_order = InOrder(notebook, grade)
    run = notebook
    for _ in range(ROUNDS):
        run, outcomes = _run(name, notebook, places.facts, grade)
        short = [cell for cell, points in worth.items() if _is_short(outcomes[cell], points)]
        if back := places.put_back(short, outcomes):
            no_better |= {cell: (run, outcomes[cell]) for cell in back}
        elif not places.put_inside([cell for cell in short if cell not in no_better], outcomes):
            break
    for cell, points in worth.items():
        seen, outcome = no_better.get(cell, (run, outcomes[cell]))
        note, earned = str(outcome["note"]), float(outcomes[cell]["points"])
        why = places.because.get(cell, "")
        works = not _is_short(outcomes[cell], points)
        if not works:
            why = f"{note.rstrip(': ') or 'its checks say so'}{error_above(seen, cell, note)}"
            other = _bound_by_graded(why, graded)
            if not other and not ENDLESS.match(note):
                other = in_order.why_not_here(cell)
            why += f"; {other or whose_fault(why)}"
        elif why:
            source = next(one.source for one in graded if grade_id(one) == cell)
            why = f"{why.rstrip(': ')}; {what_to_change(why, read_above(code, cell), source)}"
        yield CheckedCell(name, cell, points, earned, places.facts[cell], why, works)


def _is_short(outcome: Mapping[str, Any], points: float) -> bool:
    """Whether a cell did not earn its points, or raised: one worth nothing always earns its points."""
    return bool(outcome["points"] < points - 1e-9 or outcome["note"])


def _bound_by_graded(why: str, graded: list[Any]) -> str:
    """What to change where the student's code reads what a graded cell binds; "" where it does not."""
    missing = re.search(r"\(above, .*name '(\w+)' is not defined", why)
    for cell in graded if missing else ():
        if missing and missing[1] in bound_by(cell.source):
            name = grade_id(cell)
            return f"only {name} binds it, which is graded: bind it in a read-only cell above"
    return ""


def _run(
    name: str, notebook: NotebookNode, facts: Cells, grade: Grade
) -> tuple[NotebookNode, Mapping[str, Any]]:
    """The notebook as it ran, and the outcomes of its graded cells."""
    run = grade(_with(notebook, facts))
    record = record_of(run)
    if record.status == FAILED:
        said = of_the_solution(record.notes)
        raise CourseError(f"{name}: {said}" + (f"; {advice}" if (advice := whose_fault(said, "")) else ""))
    run.cells = [cell for cell in run.cells if cell.get("id") != NOTES_CELL]  # of which the author has none
    for number, cell in enumerate(run.cells, 1):
        stopped = [item.evalue for item in cell.get("outputs", ()) if item.get("ename") in STOPPED]
        if stopped and not is_checked(cell):
            role = grade_id(cell) or f"cell {number}"
            says = stopped[0].removeprefix("stopped: ")
            raise CourseError(f"{name}: {role} was stopped: {says}; {whose_fault(says)}")
    return run, record.outcomes


def _with(notebook: NotebookNode, facts: Cells) -> NotebookNode:
    made = copy.deepcopy(notebook)
    unmoved = asserted_unmoved([cell for cell in made.cells if cell.cell_type == "code"])
    for cell in made.cells:
        if is_checked(cell):
            name = grade_id(cell)
            cell.metadata[FACTS] = {**facts[name], "watched": True, "unmoved": unmoved.get(name, "")}
    return made


def is_all_well(found: Collection[CheckedCell]) -> bool:
    """Whether the solution earns full marks everywhere."""
    return all(item.works for item in found)
