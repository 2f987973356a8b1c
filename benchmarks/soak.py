"""A long run under bad luck: workers and the command killed, and every honest score right at the end.

    python benchmarks/soak.py [--submissions 2000] [--kill-every 30] [--jobs 2] [--json FILE]

Composes a class in which one submission in twenty is hostile (tests/submissions/hostile, with its honest
points) and one in twenty is no notebook, and runs `course grade` on it. A worker picked at random is killed
(SIGKILL) every so many seconds, later where nothing was recorded since the last one was. The command itself
is killed with SIGKILL when a third of the class is recorded and with SIGTERM at two thirds, and run again
each time, at the end until nothing is left to grade. Exits with 1 if an honest score is wrong or missing, a
hostile one is more or less than its honest part, a malformed submission is not marked for review, or a
process outlives a killed command.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import classes
import process_tree
from soak_class import ASSIGNMENT, FILE, Handed, by_kind, make_course

from autograder.course import Course

LOOK_SECONDS = 0.2
ENDING_SECONDS = 20
RUNS = 8  # of the command, at most
Grades = Mapping[str, Mapping[str, tuple[float | None, bool]]]  # student -> cell -> points, needs a person


def main() -> int:
    parser = argparse.ArgumentParser(description="Grade a class while workers and the command are killed.")
    parser.add_argument("--submissions", type=int, default=2000, metavar="N")
    parser.add_argument("--kill-every", type=float, default=30.0, metavar="SECONDS")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        report = soak(Path(scratch), options.submissions, options.kill_every, options.jobs, options.seed)
    print(as_text(report))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return int(not report["passed"])


def soak(scratch: Path, size: int, kill_every: float, jobs: int, seed: int = 0) -> dict[str, Any]:
    """Run the whole of it under ``scratch``; the report, with ``passed``."""
    course, handed = make_course(scratch / "course", size, seed)
    storm = Storm(course, scratch, kill_every, jobs, random.Random(seed))
    process_tree.become_subreaper()
    started = time.monotonic()
    storm.run(until=size // 3, number=signal.SIGKILL)
    storm.run(until=2 * size // 3, number=signal.SIGTERM)
    while storm.statuses[-1] != 0 and len(storm.statuses) < RUNS:
        storm.run()
    seconds = time.monotonic() - started
    grades = recorded(course)
    kinds = {kind: judged(each, grades) for kind, each in by_kind(handed)}
    wrong = sum(counts[what] for counts in kinds.values() for what in ("wrong", "missing", "unmarked"))
    stories = sorted({each.story for each in handed if verdict(each, grades) != "right" and each.story})
    return {
        "submissions": size,
        "seconds": round(seconds, 1),
        "kill_every": kill_every,
        "workers_killed": storm.workers_killed,
        "commands_killed": storm.commands_killed,
        "statuses": storm.statuses,
        "processes_left": storm.left,
        "kinds": {kind: dict(counts) for kind, counts in kinds.items()},
        "stories": stories,
        "passed": not wrong
        and not storm.left
        and storm.statuses[-1] == 0
        and len(storm.commands_killed) == 2,
    }


@dataclass
class Storm:
    """Runs the command again and again, and kills."""

    course: Course
    scratch: Path
    kill_every: float
    jobs: int
    chance: random.Random
    workers_killed: int = 0
    commands_killed: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    left: int = 0

    def run(self, until: int = sys.maxsize, number: signal.Signals | None = None) -> None:
        """Run the command once, to its end or until so many are recorded, when ``number`` is sent to it."""
        with (self.scratch / f"run-{len(self.statuses)}.log").open("w", encoding="utf-8") as log:
            command = subprocess.Popen(
                classes.command("grade", ASSIGNMENT, "--jobs", str(self.jobs)),
                cwd=self.course.root,
                env=classes.environment(self.scratch),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            kill_next, before = time.monotonic() + self.kill_every, self._recorded()
            while command.poll() is None:
                time.sleep(LOOK_SECONDS)
                done = self._recorded()
                if number is not None and done >= until:
                    self._kill(command, number)
                elif time.monotonic() >= kill_next and done > before:
                    self._kill_a_worker(command.pid)
                    kill_next, before = time.monotonic() + self.kill_every, done
            self.statuses.append(command.wait())
            print(
                f"run ended with {command.returncode}: {self._recorded()} recorded",
                file=sys.stderr,
                flush=True,
            )

    def _recorded(self) -> int:
        return sum(1 for _ in self.course.autograded.glob(f"*/{ASSIGNMENT}/{FILE}"))

    def _kill(self, command: subprocess.Popen[bytes], number: signal.Signals) -> None:
        started = process_tree.descendants(command.pid)
        command.send_signal(number)
        command.wait()
        self.commands_killed.append(number.name)
        deadline = time.monotonic() + ENDING_SECONDS
        while (alive := process_tree.living(started)) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
        self.left += len(alive)

    def _kill_a_worker(self, command: int) -> None:
        if workers := process_tree.holders_of(command, "bwrap"):
            os.kill(self.chance.choice(sorted(workers)), signal.SIGKILL)
            self.workers_killed += 1


def recorded(course: Course) -> Grades:
    """What the gradebook says of every automatically graded cell."""
    with course.api().gradebook as gradebook:
        return {
            submission.student.id: {
                grade.name: (grade.auto_score, grade.needs_manual_grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def judged(handed: Sequence[Handed], grades: Grades) -> Counter[str]:
    """How many submissions are right, wrong, missing, or unmarked where a person should look."""
    return Counter(
        {"submissions": len(handed), "right": 0, "wrong": 0, "missing": 0, "unmarked": 0}
        | Counter(verdict(each, grades) for each in handed)
    )


def verdict(handed: Handed, grades: Grades) -> str:
    """Whether a submission has what it must get: right, wrong, missing or unmarked."""
    cells = grades.get(handed.student, {})
    points = {name: cells.get(name, (None, False))[0] for name in handed.most}
    if None in points.values():
        return "missing"
    if any(points[name] > most for name, most in handed.most.items()):
        return "wrong"
    if any(points[name] < least for name, least in handed.least.items()):
        return "wrong"
    if handed.kind == "malformed" and not all(cells[name][1] for name in handed.most):
        return "unmarked"
    return "right"


def as_text(report: Mapping[str, Any]) -> str:
    killed = ", ".join(report["commands_killed"]) or "nothing"
    lines = [
        f"{report['submissions']} submissions in {report['seconds']:.0f} s",
        f"{report['workers_killed']} workers killed; the command killed with {killed}",
        f"runs ended with {report['statuses']}; {report['processes_left']} processes outlived them",
        "",
        "| kind | submissions | right | wrong | missing | unmarked |",
        "|---|---|---|---|---|---|",
    ]
    for kind, counts in report["kinds"].items():
        lines.append(f"| {kind} | {' | '.join(str(number) for number in counts.values())} |")
    if report["stories"]:
        lines.append(f"not right: {', '.join(report['stories'])}")
    lines += ["", "passed" if report["passed"] else "FAILED"]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
