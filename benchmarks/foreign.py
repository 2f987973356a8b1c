"""Other people's courses graded here and by nbgrader itself: the scores of every graded cell, side by side.

    python benchmarks/foreign.py COURSES [--only COURSE] [--json FILE]

COURSES is a directory of nbgrader courses, each with its ``source/ASSIGNMENT/*.ipynb``; ``course`` and
``nbgrader`` are the commands beside this Python. Of each assignment two submissions are graded, the solution
and the untouched release, once by `nbgrader autograde` in a copy of the course that knows nothing of this
project, and once by `course check` and `course grade`. What the two gradebooks say is compared, cell by cell.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry

CONFIG = "c = get_config()\n"
SOLUTION, UNTOUCHED = "solution", "untouched"
CLOSE = 1e-6
Scores = dict[tuple[str, str, str], float | None]  # by student, notebook and cell


@dataclass
class Cell:
    """One graded cell: its points, what the solution and the untouched release earn, here and in stock."""

    course: str
    assignment: str
    notebook: str
    cell: str
    points: float
    tier: str
    because: str
    here: float | None
    stock: float | None
    untouched_here: float | None
    untouched_stock: float | None

    @property
    def equal(self) -> bool:
        """Whether the solution earns the same."""
        return _same(self.here, self.stock)

    @property
    def sound(self) -> bool:
        """Whether stock itself gives the solution all points: the others say nothing about this grader."""
        return _same(self.stock, self.points)


@dataclass
class Course:
    """What was found of one course; ``refused`` are assignments that nbgrader itself could not release."""

    name: str
    cells: list[Cell] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("courses", type=Path)
    parser.add_argument("--only", action="append")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = []
    for path in sorted(options.courses.glob("*/source")):
        if not options.only or path.parent.name in options.only:
            with tempfile.TemporaryDirectory() as scratch:
                found.append(measured(path.parent, Path(scratch)))
            print(line_of(found[-1]), flush=True)
    if options.json:
        rows = [asdict(cell) for course in found for cell in course.cells]
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


def measured(course: Path, scratch: Path) -> Course:
    """Grade all assignments of a course both ways."""
    found = Course(course.name)
    stock, here = scratch / "stock", scratch / "here"
    for root in (stock, here):
        shutil.copytree(course / "source", root / "source")
        for path in root.glob("source/**/*.ipynb"):
            _for_this_python(path)
        (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        _said(root, "nbgrader", "update", "source")
    _said(here, "course", "init", ".")
    for assignment in sorted(path.name for path in (stock / "source").glob("*/") if _has_graded(path)):
        if trouble := _graded_by_stock(stock, assignment):
            found.refused.append(f"{assignment}: {trouble}")
            continue
        checked = _said(here, "course", "check", assignment)
        _said(here, "nbgrader", "generate_assignment", assignment, "--force")
        _hand_in(here, assignment)
        graded = _said(here, "course", "grade", assignment)
        found.cells += list(_compared(found.name, assignment, stock, here, checked + graded))
    return found


def line_of(course: Course) -> str:
    """One course in a line, with a line for each cell that is not as in stock, or not apart."""
    sound = [cell for cell in course.cells if cell.sound]
    counted = Counter(cell.tier for cell in sound if cell.equal)
    lines = [
        f"{course.name}: {len(course.cells)} cells, {len(sound)} earn full marks in stock; of these "
        f"{sum(cell.equal for cell in sound)} here, {counted['apart']} apart, {counted['inside']} inside; "
        f"{sum(cell.equal for cell in course.cells if not cell.sound)} of the others equal"
    ]
    for cell in course.cells:
        if not (cell.equal and _same(cell.untouched_here, cell.untouched_stock) and cell.tier == "apart"):
            lines.append(
                f"  {cell.assignment}/{cell.notebook}: {cell.cell}: {cell.tier}; of {cell.points:g} here "
                f"{cell.here}, stock {cell.stock}; untouched {cell.untouched_here}, {cell.untouched_stock}; "
                f"{cell.because}"
            )
    return "\n".join([*lines, *(f"  not released by nbgrader: {text}" for text in course.refused)])


def _graded_by_stock(root: Path, assignment: str) -> str:
    """Release and grade by nbgrader alone; why it could not, or nothing."""
    said = _said(root, "nbgrader", "generate_assignment", assignment, "--force")
    if not list((root / "release" / assignment).glob("*.ipynb")):
        return " ".join(said.split())[-300:]
    _hand_in(root, assignment)
    _said(root, "nbgrader", "autograde", assignment, "--force")
    return ""


def _hand_in(root: Path, assignment: str) -> None:
    for student, folder in ((SOLUTION, "source"), (UNTOUCHED, "release")):
        to = root / "submitted" / student / assignment
        to.mkdir(parents=True)
        for path in (root / folder / assignment).glob("*.ipynb"):
            shutil.copy(path, to)


def _compared(course: str, assignment: str, stock: Path, here: Path, said: str) -> Iterator[Cell]:
    theirs, points = _scores(stock, assignment)
    ours, _ = _scores(here, assignment)
    tiers_file = here / "tiers.json"
    tiers = json.loads(tiers_file.read_text(encoding="utf-8")) if tiers_file.is_file() else {}
    for (notebook, cell), worth in points.items():
        tier = tiers.get(assignment, {}).get(notebook, {}).get(cell, {}).get("tier", "unknown")
        because = next((line for line in said.splitlines() if f"{notebook}: {cell} (" in line), "")
        if tier == "unknown":
            because = " ".join(said.split())[:400]
        both = [
            scores.get((who, notebook, cell)) for who in (SOLUTION, UNTOUCHED) for scores in (ours, theirs)
        ]
        yield Cell(course, assignment, notebook, cell, worth, tier, because.strip(), *both)


def _scores(root: Path, assignment: str) -> tuple[Scores, dict[tuple[str, str], float]]:
    """What a gradebook says of the cells that are graded by running them, and their points."""
    scores: Scores = {}
    points: dict[tuple[str, str], float] = {}
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for notebook in gradebook.find_assignment(assignment).notebooks:
            graded = {cell.name for cell in notebook.source_cells if cell.cell_type == "code"}
            by_hand = {cell.name for cell in notebook.solution_cells}
            points |= {
                (notebook.name, cell.name): float(cell.max_score)
                for cell in notebook.grade_cells
                if cell.name in graded - by_hand
            }
        for student in (SOLUTION, UNTOUCHED):
            try:
                submission = gradebook.find_submission(assignment, student)
            except MissingEntry:
                continue
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    scores[student, notebook.name, grade.name] = grade.auto_score
    return scores, points


def _said(root: Path, *line: str) -> str:
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}:{os.environ['PATH']}", "MPLBACKEND": "Agg"}
    ran = subprocess.run(
        [scripts / line[0], *line[1:]], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    return ran.stdout + ran.stderr


def _for_this_python(path: Path) -> None:
    """Have a notebook for another Python's kernel run in this one."""
    notebook = nbformat.read(path, as_version=4)
    kernel = notebook.metadata.get("kernelspec", {})
    language = kernel.get("language") or notebook.metadata.get("language_info", {}).get("name", "python")
    if language == "python":
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "language": "python",
            "display_name": "Python 3",
        }
        nbformat.write(notebook, path)


def _has_graded(folder: Path) -> bool:
    return any('"nbgrader"' in path.read_text(encoding="utf-8") for path in folder.glob("*.ipynb"))


def _same(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and abs(one - other) < CLOSE)


if __name__ == "__main__":
    sys.exit(main())
