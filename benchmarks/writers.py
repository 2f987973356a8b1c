"""The one writer, alone: seconds per recorded submission as a gradebook grows, on SQLite and on PostgreSQL.

    python benchmarks/writers.py [--records 2000] [--json FILE]

Grades a few submissions once, records them again and again, each time for another student, and reports the
first and the last tenth. Then two writers at once, each in a process of its own, on two assignments of one
database. PostgreSQL is started for this, on a loopback port, and syncs its disk as it does by default;
without its programs those rows are left out.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import classes
from classes import REPOSITORY, ComposedClass

from autograder.batch.plan import load_release, students_of, tasks
from autograder.course import Course
from autograder.gradebook.writer import Writer
from autograder.grading.grade import grade
from autograder.grading.task import Graded, Task
from autograder.grading.warm import close_graders
from autograder.grading_settings import settings_of

sys.path.insert(0, str(REPOSITORY / "tests"))
import postgres

ASSIGNMENTS = ("01_flat_backprop", "02_modular_gates")
PREPARED = 6


def main() -> None:
    parser = argparse.ArgumentParser(description="The writer alone, on SQLite and on PostgreSQL.")
    parser.add_argument("--records", type=int, default=2000, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    rows = {}
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        rows["SQLite, one writer"] = measured(root / "sqlite", ASSIGNMENTS[:1], options.records, "")
        if postgres.programs() is not None:
            with postgres.running_server(fsync=True) as server:
                for name, assignments in (("one writer", ASSIGNMENTS[:1]), ("two writers", ASSIGNMENTS)):
                    config = f"\nc.CourseDirectory.db_url = {postgres.new_database(server)!r}\n"
                    rows[f"PostgreSQL, {name}"] = measured(root / name, assignments, options.records, config)
    print("| gradebook | records | ms each, first tenth | last tenth | records a second, all writers |")
    print("|---|---|---|---|---|")
    for name, row in rows.items():
        first, last = 1000 * row["first_tenth"], 1000 * row["last_tenth"]
        print(f"| {name} | {row['records']} | {first:.1f} | {last:.1f} | {row['records_per_second']:.0f} |")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def measured(scratch: Path, assignments: Sequence[str], records: int, config: str) -> dict[str, Any]:
    """Seconds per record of one writer per assignment, all at once, and how many they manage in a second."""
    made = [classes.compose(scratch / name, name, PREPARED, config) for name in assignments]
    courses = [each.fresh_course(scratch / f"{each.assignment}-course", each.submissions) for each in made]
    prepared = [results(course, each) for course, each in zip(courses, made, strict=True)]
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(made), spawning) as processes:
        seconds = list(
            processes.map(write, [c.root for c in courses], assignments, prepared, [records] * len(made))
        )
    tenth = max(1, records // 10)
    return {
        "records": records * len(made),
        "first_tenth": statistics.mean(s for each in seconds for s in each[:tenth]),
        "last_tenth": statistics.mean(s for each in seconds for s in each[-tenth:]),
        "records_per_second": sum(len(each) / sum(each) for each in seconds),
    }


def results(course: Course, made: ComposedClass) -> list[Graded]:
    """The class, graded once."""
    release, settings = load_release(course, made.assignment), settings_of(course.config())
    planned = tasks(course, release, students_of(course, made.assignment), force=True, seed=1)
    try:
        return [grade(task, release, settings) for task in planned if isinstance(task, Task)]
    finally:
        close_graders()


def write(root: Path, assignment: str, prepared: Sequence[Graded], records: int) -> list[float]:
    """Record ``records`` submissions; the seconds of each."""
    seconds = []
    with contextlib.closing(Writer(Course(root), assignment)) as writer:
        for number in range(records):
            graded = replace(prepared[number % len(prepared)], student=f"student-{number:06d}")
            started = time.perf_counter()
            writer.scores(graded.student)
            writer.record(graded)
            seconds.append(time.perf_counter() - started)
    return seconds


if __name__ == "__main__":
    main()
