"""The hostile class against plain nbgrader and against ours: points gained, neighbours harmed, what was left.

    python benchmarks/attacks.py [--only NAME ...] [--write docs/attacks.json]

Each attack is graded by `nbgrader autograde`, with one honest neighbour after it, twice: with nbgrader's own
steps, one by one; and with the repository's configuration, all as one class. Plain nbgrader runs inside
bubblewrap, since these attacks work: no network, a course and temporary directories of its own, a pid
namespace that ends with it. Exits with 1 if an attack gains a point or harms anyone in our grading.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests" / "submissions"))

from hostile_class import ASSIGNMENT, CANARY, FULL, SOURCE, Attack, hand_in, load_attacks, right  # noqa: E402

from autograder.authoring.build import build  # noqa: E402
from autograder.course import CONFIG, Course  # noqa: E402
from autograder.grader_side.scratch import Scratch  # noqa: E402
from autograder.rehearsal.compose import without_markers  # noqa: E402

PATIENCE = 120  # seconds for one attack and its neighbour, start-up included
MEMORY = 3 * 2**30
SECONDS = 5  # the time limit of a cell, on both sides
LIMITS = {"cell_seconds": SECONDS, "call_seconds": SECONDS, "notebook_seconds": 30, "memory_mb": 1024}
PLAIN = f"del c.Autograde\nc.Execute.timeout = {SECONDS}\n"
OURS = f"c.GradeApart.limits = {LIMITS}\n"
# Run in the pid namespace after nbgrader has ended: whoever else is there outlived the grading.
SURVIVORS = "import os; print(sum(pid.isdigit() for pid in os.listdir('/proc')) - 2)"


Made = dict[str, Any]  # the blank release, and the solution of each answer


@dataclass
class Attacked:
    """What one attack achieved against one way to grade."""

    points: float | None  # None: no score at all
    gained: float
    neighbour: float | None
    course_changed: bool
    processes_left: int
    wrote_outside: bool
    hung: bool
    secrets_found: bool

    def __str__(self) -> str:
        shown = "none" if self.points is None else f"{self.points:g}"
        marks = {
            f"neighbour {self.neighbour or 0:g}": self.neighbour != sum(FULL.values()),
            "course changed": self.course_changed,
            f"{self.processes_left} processes left": self.processes_left > 0,
            "wrote outside": self.wrote_outside,
            "hung": self.hung,
            "secrets found": self.secrets_found,
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
    with _scratch() as scratch:
        template = _template(Path(scratch))
        ours = _grade_class(attacks, *template, plain=False)
        print("| attack | fair | plain nbgrader | here |\n|---|---|---|---|")
        rows = {attack.name: _row(attack, template, ours[attack.name]) for attack in attacks}
    print(_summary(rows))
    if arguments.write:
        arguments.write.write_text(json.dumps(rows, indent=1, default=asdict) + "\n", encoding="utf-8")
    return int(not all(row["ours"].harmless for row in rows.values()))


def _template(scratch: Path) -> tuple[Course, Made]:
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


def _row(attack: Attack, template: tuple[Course, Made], ours: Attacked) -> dict[str, Any]:
    # One after the other: many of these end the whole batch.
    plain = _grade_class([attack], *template, plain=True)[attack.name]
    fair = sum(attack.honest.values())
    print(f"| {attack.name.replace('_', ' '):44} | {fair:4g} | {plain!s:44} | {ours!s:4} |", flush=True)
    return {"words": attack.words, "fair": fair, "plain": plain, "ours": ours}


def _grade_class(attacks: Sequence[Attack], template: Course, made: Made, plain: bool) -> dict[str, Attacked]:
    """Grade a class of attacks, each followed by an honest neighbour, in one run of nbgrader."""
    with _scratch() as scratch:
        outside = Path(scratch, "outside")
        outside.mkdir()
        root = Path(scratch, "course")
        shutil.copytree(template.root, root)
        with open(root / CONFIG, "a", encoding="utf-8") as config:
            config.write(PLAIN if plain else OURS)
        for attack in attacks:
            _submit(attack, made, root, outside)
        before = _marks(root)
        left, hung = _autograde(root, plain)
        scores = _scores(root)
        found = {attack.name for attack in attacks if _tells_a_secret(root, attack)}
        changed, wrote = before != _marks(root), any(outside.iterdir())
    return {
        attack.name: Attacked(
            points=_total(scores.get(attack.name)),
            gained=sum(
                max(0.0, scores.get(attack.name, {}).get(name, 0.0) - attack.honest[name]) for name in FULL
            ),
            neighbour=_total(scores.get(_neighbour(attack))),
            course_changed=changed,
            processes_left=left,
            wrote_outside=wrote,
            hung=hung,
            secrets_found=attack.name in found,
        )
        for attack in attacks
    }


def _submit(attack: Attack, made: Made, root: Path, outside: Path) -> None:
    places = {"ROOT": str(root), "PORT": "9", "CANARY": str(outside / CANARY)}
    submitted = root / "submitted"
    hand_in(attack, made["blank"], made["solution"], submitted / attack.name / ASSIGNMENT, places)
    folder = submitted / _neighbour(attack) / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(right(made["blank"], made["solution"]), folder / f"{ASSIGNMENT}.ipynb")


def _neighbour(attack: Attack) -> str:
    return f"{attack.name}-neighbour"


def _autograde(root: Path, plain: bool) -> tuple[int, bool]:
    """Grade; the number of processes that outlived nbgrader by a second, and whether it had to be ended."""
    command = f"{sys.executable} -m nbgrader autograde {ASSIGNMENT} > {root.parent}/log 2>&1; sleep 1; "
    command += f'{sys.executable} -c "{SURVIVORS}"' if plain else "echo 0"
    process = subprocess.Popen(
        [*(_box(root.parent) if plain else []), "bash", "-c", command],
        cwd=root,
        env={**os.environ, "HOME": str(root.parent), "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)) if plain else None,
    )
    try:
        output, _ = process.communicate(timeout=PATIENCE if plain else None)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return 0, True
    return max(0, int(output.split()[-1])) if output.split() else 0, False


def _box(scratch: Path) -> list[str]:
    """bubblewrap around plain nbgrader: nothing can be written but ``scratch``, and there is no network."""
    box = ["bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc"]
    box += ["--dev", "/dev", "--tmpfs", "/tmp", "--bind", str(scratch), str(scratch)]
    return [*box, "--ro-bind", str(REPOSITORY), str(REPOSITORY)]


def _tells_a_secret(root: Path, attack: Attack) -> bool:
    """Whether an output of the attack says that it found what it looked for."""
    path = root / "autograded" / attack.name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    if not path.is_file():
        return False
    cells = nbformat.read(path, as_version=4).cells
    return "FOUND" in json.dumps([cell.get("outputs", []) for cell in cells])


@contextlib.contextmanager
def _scratch() -> Iterator[str]:
    """A temporary directory; an attack may have left in it what Python's own would fail to remove."""
    scratch = Scratch()
    try:
        yield scratch.path
    finally:
        scratch.remove()


def _total(scores: Mapping[str, float] | None) -> float | None:
    return None if scores is None else sum(scores.values())


def _gradebook(root: Path) -> Gradebook:
    # Not through the course's configuration, which an attack may have written to.
    return Gradebook(f"sqlite:///{root}/gradebook.db", "backprop")


def _scores(root: Path) -> dict[str, dict[str, float]]:
    """What nbgrader would export: the manual score where there is one."""
    with _gradebook(root) as gradebook:
        return {
            submission.student.id: {
                grade.name: float(grade.auto_score or 0) if grade.manual_score is None else grade.manual_score
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.name in FULL
            }
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def _marks(root: Path) -> list[tuple[str, bytes]]:
    """Everything that grading must not change: files, and the gradebook's copy of the assignment."""
    folders = [root / name for name in ("submitted", "assignments", "solutions")]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    marks = [(str(path), path.read_bytes()) for path in [*files, root / CONFIG] if not path.is_symlink()]
    with _gradebook(root) as gradebook:
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
            f"{other} change files, {sum(o.secrets_found for o in outcomes)} find secrets, "
            f"{left} leave processes, {sum(o.hung for o in outcomes)} hang"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
