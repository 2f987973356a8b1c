"""Other people's courses graded here and by nbgrader itself: the scores of every graded cell, side by side.

    python benchmarks/foreign.py COURSES [--only COURSE[/ASSIGNMENT]]... [--json FILE] [--stock FILE]

COURSES is a directory of nbgrader courses, each with its ``source/ASSIGNMENT/*.ipynb``; none is changed. The
solution of each assignment is handed in and graded twice: by nbgrader, in a copy of the course that has
nothing of this project, and by `course check` and `course grade`. What the two gradebooks say is compared,
cell by cell. A cell worth no points counts as worth one, or there would be nothing to compare. ``--stock``
takes nbgrader's scores from what ``--json`` wrote earlier: they do not change with this project.
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
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.nbgraderformat import MetadataValidator

from autograder.authoring.begin import begin
from autograder.course import CONFIG as CONFIG_FILE
from autograder.course import Course
from autograder.errors import CourseError
from autograder.gradebook.scores import is_given_by_hand
from autograder.protection.check import CheckedCell, check

# Some of the courses are of a time when nbgrader asked less of a solution's place.
CONFIG = "c = get_config()\nc.ClearSolutions.enforce_metadata = False\n"
STUDENT = "solution"
CLOSE = 1e-6
Key = tuple[str, str]  # notebook and cell
Scores = dict[Key, float | None]


@dataclass
class Cell:
    """One graded cell: its points, its tier and why not a better one, what its solution earns both ways."""

    course: str
    assignment: str
    notebook: str
    cell: str
    points: float
    stock: float | None
    here: float | None = None
    tier: str = "unknown"
    because: str = ""

    @property
    def equal(self) -> bool:
        """Whether the solution earns the same."""
        return _same(self.here, self.stock)

    @property
    def sound(self) -> bool:
        """Whether stock itself gives the solution all points: the others say little about this grader."""
        return _same(self.stock, self.points)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("courses", type=Path)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--stock", type=Path)
    options = parser.parse_args()
    known = json.loads(options.stock.read_text(encoding="utf-8")) if options.stock else []
    found: list[Cell] = []
    for path in sorted(options.courses.glob("*/source/*/")):
        course, assignment = path.parts[-3], path.name
        if options.only and not {course, f"{course}/{assignment}"} & {*options.only}:
            continue
        stock = [Cell(**row) for row in known if (row["course"], row["assignment"]) == (course, assignment)]
        if stock or _has_graded(path):
            found += measured(path, stock)
            if options.json:
                rows = [asdict(cell) for cell in found]
                options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for course in dict.fromkeys(cell.course for cell in found):
        print(line_of(course, [cell for cell in found if cell.course == course]))
    return 0


def measured(source: Path, stock: list[Cell]) -> list[Cell]:
    """Grade one assignment's solution both ways, or only here where stock's scores are known."""
    course, assignment = source.parts[-3], source.name
    with tempfile.TemporaryDirectory() as scratch:
        cells = stock or list(_by_stock(source, Path(scratch, "stock")))
        if not cells:
            print(f"{course}/{assignment}: nbgrader itself cannot release it", flush=True)
            return []
        root = _course_of(source, Path(scratch, "here"))
        begin(root)
        found, refused = _checked(root, assignment)
        Course(root).api().generate_assignment(assignment)
        _grade(root, assignment)
        ours = dict(_scores(root, assignment))
    for cell in cells:
        cell.here = ours.get((cell.notebook, cell.cell), (None, 0.0))[0]
        if (item := found.get((cell.notebook, cell.cell))) is not None:
            cell.tier, cell.because = str(item.tier), str(item)
        else:
            cell.because = refused
    print(line_of(f"{course}/{assignment}", cells), flush=True)
    return cells


def line_of(name: str, cells: list[Cell]) -> str:
    """What was found of a course or assignment, and each cell that is not as in stock, or not apart."""
    sound = [cell for cell in cells if cell.sound]
    tiers = Counter(cell.tier for cell in sound if cell.equal)
    first = (
        f"{name}: {len(cells)} cells, {len(sound)} with full marks in stock, of which as in stock here: "
        f"{tiers['apart']} apart, {tiers['inside']} inside; of the others "
        f"{sum(cell.equal for cell in cells if not cell.sound)} as in stock"
    )
    rest = [
        f"  {cell.because or cell.cell}; of {cell.points:g} here {cell.here}, stock {cell.stock}"
        for cell in cells
        if not (cell.equal and cell.tier == "apart")
    ]
    return "\n".join([first, *rest])


def _by_stock(source: Path, root: Path) -> Iterator[Cell]:
    """The cells with nbgrader's scores; none where it releases nothing."""
    course, assignment = source.parts[-3], source.name
    api = Course(_course_of(source, root)).api()
    if api.generate_assignment(assignment)["success"]:
        api.autograde(assignment, STUDENT)
        for (notebook, cell), (score, worth) in _scores(root, assignment):
            yield Cell(course, assignment, notebook, cell, worth, score)


def _checked(root: Path, assignment: str) -> tuple[dict[Key, CheckedCell], str]:
    """What `course check` found, by cell, or why it found nothing."""
    try:
        return {(item.notebook, item.cell): item for item in check(Course(root), assignment)[0]}, ""
    except CourseError as error:
        return {}, str(error)


def _grade(root: Path, assignment: str) -> None:
    """`course grade`, in a process of its own, as it is meant to be."""
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}:{os.environ['PATH']}"}
    line = [scripts / "course", "grade", assignment]
    subprocess.run(line, cwd=root, env=environment, capture_output=True, check=False)


def _course_of(source: Path, root: Path) -> Path:
    """A course of one assignment, whose solution was handed in."""
    shutil.copytree(source, root / "source" / source.name)
    for path in (root / "source" / source.name).glob("*.ipynb"):
        _prepare(path)
    (root / CONFIG_FILE).write_text(CONFIG, encoding="utf-8")
    if (templates := source.parents[1] / "autotests.yml").is_file():
        shutil.copy(templates, root)
    handed = root / "submitted" / STUDENT / source.name
    handed.mkdir(parents=True)
    for path in (root / "source" / source.name).glob("*.ipynb"):
        shutil.copy(path, handed)
    return root


def _scores(root: Path, assignment: str) -> Iterator[tuple[Key, tuple[float | None, float]]]:
    """What a gradebook says of the cells that are graded by running them, and their points."""
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        try:
            notebooks = gradebook.find_submission(assignment, STUDENT).notebooks
        except MissingEntry:
            return
        for notebook in notebooks:
            for grade in notebook.grades:
                if not is_given_by_hand(grade):
                    yield (notebook.name, grade.name), (grade.auto_score, float(grade.max_score))


def _prepare(path: Path) -> None:
    """Have a notebook run in this Python, whatever its kernel, and each graded cell worth something."""
    notebook = nbformat.read(path, as_version=4)
    MetadataValidator().upgrade_notebook_metadata(notebook)
    kernel = notebook.metadata.get("kernelspec", {})
    language = kernel.get("language") or notebook.metadata.get("language_info", {}).get("name", "python")
    if language == "python":
        python = {"name": "python3", "language": "python", "display_name": "Python 3"}
        notebook.metadata["kernelspec"] = nbformat.from_dict(python)
    for cell in notebook.cells:
        role = cell.metadata.get("nbgrader", {})
        if role.get("grade") and not role.get("points"):
            role["points"] = 1.0
    nbformat.write(notebook, path)


def _has_graded(folder: Path) -> bool:
    return any('"nbgrader"' in path.read_text(encoding="utf-8") for path in folder.glob("*.ipynb"))


def _same(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and abs(one - other) < CLOSE)


if __name__ == "__main__":
    sys.exit(main())
