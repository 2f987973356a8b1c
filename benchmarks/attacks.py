"""The hostile class against plain nbgrader and against ours: points gained, neighbours harmed, what was left.

    python benchmarks/attacks.py [--only NAME ...] [--write docs/attacks.json]

Each attack is graded by `nbgrader autograde`, with one honest neighbour after it, twice: with nbgrader's own
steps, and with the repository's configuration. Plain nbgrader runs inside bubblewrap, since these attacks
work: no network, a course and temporary directories of its own, a pid namespace that ends with it. Exits with
1 if an attack gains a point or harms anyone in our grading.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests" / "submissions"))

from hostile_class import ASSIGNMENT, CANARY, FULL, SOURCE, Attack, hand_in, load_attacks, right  # noqa: E402

from autograder.build import build  # noqa: E402
from autograder.compose import without_markers  # noqa: E402
from autograder.course import CONFIG, Course  # noqa: E402

NEIGHBOUR = "zz-neighbour"
PATIENCE = 240  # seconds for one attack and its neighbour, start-up included
MEMORY = 3 * 2**30
SECONDS = 5  # the time limit of a cell, on both sides
LIMITS = {"cell_seconds": SECONDS, "call_seconds": SECONDS, "notebook_seconds": 30, "memory_mb": 1024}
PLAIN = f"del c.Autograde\nc.Execute.timeout = {SECONDS}\n"
OURS = f"c.GradeApart.limits = {LIMITS}\n"
# Run in the pid namespace after nbgrader has ended: whoever else is there outlived the grading.
SURVIVORS = "import os; print(sum(pid.isdigit() for pid in os.listdir('/proc')) - 2)"


@dataclass
class Outcome:
    """What one attack achieved against one way to grade."""

    points: float | None  # None: no score at all
    gained: float
    neighbour: float | None
    course_changed: bool
    processes_left: int
    wrote_outside: bool
    hung: bool
    seconds: float

    def __str__(self) -> str:
        shown = "none" if self.points is None else f"{self.points:g}"
        marks = {
            f"neighbour {self.neighbour or 0:g}": self.neighbour != sum(FULL.values()),
            "course changed": self.course_changed,
            f"{self.processes_left} processes left": self.processes_left > 0,
            "wrote outside": self.wrote_outside,
            "hung": self.hung,
        }
        return ", ".join([shown, *(text for text, holds in marks.items() if holds)])

    @property
    def harmless(self) -> bool:
        """Whether nothing was gained and nobody else affected."""
        return self.gained == 0 and str(self) == str(self).split(",")[0]


def main() -> int:
    parser = argparse.ArgumentParser(description="The hostile class against plain nbgrader and against ours.")
    parser.add_argument("--only", nargs="*", default=[], help="names of attacks")
    parser.add_argument("--write", type=Path, help="where to write the results as JSON")
    arguments = parser.parse_args()
    attacks = [attack for attack in load_attacks() if not arguments.only or attack.name in arguments.only]
    with tempfile.TemporaryDirectory() as scratch:
        template, submissions = _template(Path(scratch))
        rows = {attack.name: _row(attack, template, submissions) for attack in attacks}
    print(_summary(rows))
    if arguments.write:
        arguments.write.write_text(json.dumps(rows, indent=1, default=asdict) + "\n", encoding="utf-8")
    return int(not all(row["ours"].harmless for row in rows.values()))


def _template(scratch: Path) -> tuple[Course, dict[str, Any]]:
    root = scratch / "template"
    (root / "solutions" / ASSIGNMENT).mkdir(parents=True)
    shutil.copy(REPOSITORY / CONFIG, root)
    shutil.copy(SOURCE, root / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.py")
    course = Course(root)
    release = build(course, [ASSIGNMENT])[0]
    answers = [item for item in release.source.cells if item.role == "answer"]
    return course, {
        "blank": nbformat.reads(release.content, as_version=4),
        "solution": {item.grade_id: without_markers(item.cell.source) for item in answers},
    }


def _row(attack: Attack, template: Course, made: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"words": attack.words, "fair": sum(attack.honest.values())}
    for way in ("plain", "ours"):
        row[way] = _outcome(attack, template, made, plain=way == "plain")
    print(
        f"{attack.name:44} fair {row['fair']:3g}   plain: {row['plain']!s:44} ours: {row['ours']}", flush=True
    )
    return row


def _outcome(attack: Attack, template: Course, made: dict[str, Any], plain: bool) -> Outcome:
    with tempfile.TemporaryDirectory() as scratch:
        outside = Path(scratch) / "outside"
        outside.mkdir()
        course = _course(attack, template, made, Path(scratch) / "course", outside, plain)
        before = _marks(course)
        started = time.monotonic()
        left, hung = _autograde(course, outside, plain)
        seconds = time.monotonic() - started
        scores = _scores(course)
        mine = scores.get(attack.name)
        fair = attack.honest
        gained = sum(max(0.0, (mine or {}).get(name, 0.0) - fair[name]) for name in FULL)
        neighbour = scores.get(NEIGHBOUR)
        return Outcome(
            points=None if mine is None else sum(mine.values()),
            gained=gained,
            neighbour=None if neighbour is None else sum(neighbour.values()),
            course_changed=before != _marks(course),
            processes_left=left,
            wrote_outside=any(outside.iterdir()),
            hung=hung,
            seconds=round(seconds, 1),
        )


def _course(
    attack: Attack, template: Course, made: dict[str, Any], root: Path, outside: Path, plain: bool
) -> Course:
    shutil.copytree(template.root, root)
    config = root / CONFIG
    config.write_text(config.read_text(encoding="utf-8") + (PLAIN if plain else OURS), encoding="utf-8")
    course = Course(root)
    places = {"ROOT": str(root), "PORT": "9", "CANARY": str(outside / CANARY)}
    hand_in(attack, made["blank"], made["solution"], course.submitted / attack.name / ASSIGNMENT, places)
    folder = course.submitted / NEIGHBOUR / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(right(made["blank"], made["solution"]), folder / f"{ASSIGNMENT}.ipynb")
    return course


def _autograde(course: Course, outside: Path, plain: bool) -> tuple[int, bool]:
    """Grade; the number of processes that outlived nbgrader by a second, and whether it had to be ended."""
    command = f"{sys.executable} -m nbgrader autograde {ASSIGNMENT} > {outside.parent}/log 2>&1; sleep 1; "
    command += f'{sys.executable} -c "{SURVIVORS}"' if plain else "echo 0"
    inside = ["bash", "-c", command]
    scratch = course.root.parent
    box = [
        "bwrap",
        "--unshare-all",
        "--die-with-parent",
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
    ]
    box += ["--tmpfs", "/tmp", "--tmpfs", str(Path.home() / ".ipython"), "--bind", str(scratch), str(scratch)]
    box += ["--ro-bind", str(REPOSITORY), str(REPOSITORY)]
    process = subprocess.Popen(
        [*box, *inside] if plain else inside,
        cwd=course.root,
        env={**os.environ, "HOME": str(outside.parent), "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)) if plain else None,
    )
    try:
        output, _ = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return 0, True
    return max(0, int(output.split()[-1])) if output.split() else 0, False


def _scores(course: Course) -> dict[str, dict[str, float]]:
    """What nbgrader would export: the manual score where there is one."""
    with course.api().gradebook as gradebook:
        return {
            submission.student.id: {
                grade.name: float(
                    grade.manual_score if grade.manual_score is not None else grade.auto_score or 0
                )
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.name in FULL
            }
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def _marks(course: Course) -> list[tuple[str, bytes]]:
    """Everything that grading must not change: files, and the gradebook's copy of the assignment."""
    folders = (course.submitted, course.assignments, course.solutions)
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    files += [course.root / CONFIG]
    marks = [(str(path), path.read_bytes()) for path in files if not path.is_symlink()]
    with course.api().gradebook as gradebook:
        cells = gradebook.find_notebook(ASSIGNMENT, ASSIGNMENT).source_cells
        return marks + sorted((cell.name, cell.source.encode()) for cell in cells)


def _summary(rows: dict[str, dict[str, Any]]) -> str:
    lines = []
    for way in ("plain", "ours"):
        outcomes = [row[way] for row in rows.values()]
        gained = sum(outcome.gained > 0 for outcome in outcomes)
        harmed = sum(outcome.neighbour != sum(FULL.values()) for outcome in outcomes)
        other = sum(outcome.course_changed or outcome.wrote_outside for outcome in outcomes)
        left = sum(outcome.processes_left > 0 for outcome in outcomes)
        lines.append(
            f"{way}: of {len(outcomes)} attacks {gained} gain points, {harmed} harm the neighbour, "
            f"{other} change files, {left} leave processes, {sum(o.hung for o in outcomes)} hang"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
