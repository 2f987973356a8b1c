"""What the wall and the proxies cost: an honest notebook graded behind them, and in one process without.

    python benchmarks/wall.py [--assignment A] [--rounds 30] [--json FILE]

Both run the same cells of the same rebuilt solution, with warm libraries and the same seeds, in turns, on one
core as the workers of `course grade` do; the overhead is the median of the differences of the pairs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.authoring.build import stage
from autograder.course import Course
from autograder.grader_side.grader import Grader
from autograder.rehearsal.answers import load_answers
from autograder.rehearsal.compose import Composer
from autograder.submission.skippable import without_shows
from course_lib.grading import set_run_seed

ROOT = Path(__file__).parents[1]
GOAL_MS = 60.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="01_flat_backprop")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    os.environ["MPLBACKEND"] = "Agg"
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    notebook = honest_notebook(options.assignment)
    inside, behind = [], []
    with Grader(packages=Course(ROOT).facts.shown) as grader:
        for seed in range(-3, options.rounds):  # the first three warm up both
            one = milliseconds(lambda: in_one_process(notebook, abs(seed)))  # noqa: B023 (called at once)
            two = milliseconds(lambda: grader.grade(notebook, seed=abs(seed)))  # noqa: B023
            if seed >= 0:
                inside.append(one)
                behind.append(two)
    overheads = [two - one for one, two in zip(inside, behind, strict=True)]
    row = {
        "assignment": options.assignment,
        "rounds": options.rounds,
        "one_process_ms": round(statistics.median(inside), 1),
        "behind_the_wall_ms": round(statistics.median(behind), 1),
        "overhead_ms": round(statistics.median(overheads), 1),
        "overhead_ms_least": round(min(overheads), 1),
        "goal_ms": GOAL_MS,
    }
    print("\n".join(f"{name:20} {value}" for name, value in row.items()))
    if options.json:
        options.json.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
    return 0


def honest_notebook(assignment: str) -> NotebookNode:
    """The solution as a student would hand it in, with the hidden tests that grading restores."""
    (release,) = stage(Course(ROOT), [assignment])
    blank = nbformat.reads(release.content, as_version=4)
    composed = Composer(release.source, blank, load_answers(release.source))
    notebook = composed.submission("ada", "perfect").notebook
    full = {item.grade_id: item.cell.source for item in release.source.cells if item.role == "graded"}
    for cell in notebook.cells:
        cell.source = full.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return without_shows(notebook)


def in_one_process(notebook: NotebookNode, seed: int) -> None:
    """Run every code cell as the student's own kernel would."""
    set_run_seed(seed)
    namespace = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
            exec(compile(cell.source, f"<cell {number}>", "exec"), namespace)


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e3


if __name__ == "__main__":
    raise SystemExit(main())
