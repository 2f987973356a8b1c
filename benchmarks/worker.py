"""What the disposable process costs: an honest notebook graded in a fork of this process, and without one.

    python benchmarks/worker.py [--assignment A] [--rounds 40]

Both read, rebuild, run, check and write the same submission behind the same warm sandbox, with the same seeds
and in turns, on one core as the workers of `course grade` do; nothing is remembered of the last reading. In a
fork it is graded twice: in one that is kept, as after any submission that left no trace in it, and in a new
one. The cost is the median of the differences of pairs, in time and in CPU time, which a busy machine leaves
alone; that of the fork that is kept should be GOAL_MS at most.
"""

from __future__ import annotations

import argparse
import os
import pickle
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import nbformat
from wall import ROOT, honest_notebook

from autograder.course import Course
from autograder.grading import grade as grading
from autograder.grading.steps import GradedText
from autograder.grading.task import Release, Task
from autograder.grading.warm import Behind, close_graders, warm_grader
from autograder.grading_settings import Settings, settings_of
from autograder.submission import Handed, ReadingStatus

GOAL_MS = 3.0
NAME = "notebook"
HERE = "in this process"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="01_flat_backprop")
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    text = nbformat.writes(honest_notebook(options.assignment))
    release = Release(options.assignment, {NAME: text})
    settings = settings_of(Course(ROOT).config())
    ways = {
        HERE: partial(grade_here, settings=settings),
        "in a kept fork": partial(grading.grade, settings=settings),
        "in a new fork": partial(grade_in_a_new_fork, settings=settings),
    }
    rounds: list[Mapping[str, tuple[float, float]]] = []
    for seed in range(-3, options.rounds):  # the first three warm up all
        handed = Handed(f"ada: {NAME}.ipynb", ReadingStatus.READ, text.encode() + b"\n" * (seed + 3))
        task = Task("ada", {NAME: handed}, seed=abs(seed))
        found = {way: measured(partial(grade, task, release)) for way, grade in ways.items()}
        if seed >= 0:
            rounds.append(found)
    close_graders()
    for place, kind in enumerate(("time", "CPU time")):
        print(f"{kind:8}: {statistics.median(one[HERE][place] for one in rounds):.1f} ms {HERE}")
        for way in list(ways)[1:]:
            cost = statistics.median(one[way][place] - one[HERE][place] for one in rounds)
            print(f"{'':8}  {cost:+.1f} ms {way}")
    print(f"goal: {GOAL_MS:g} ms more")
    return 0


def grade_here(task: Task, release: Release, settings: Settings) -> None:
    """All that a fork does, without one."""
    grader = warm_grader(settings)
    notebooks = {name: grading.released(text) for name, text in release.notebooks.items()}
    job = pickle.dumps(grading.Job(NAME, task.handed[NAME], task.seed or 0, task.facts, None))
    work = grading.Grading(notebooks, release.digest, settings, kept=False)
    behind = Behind(grader.sandbox, grader.limits, grader.in_force)
    GradedText.unpacked(work(behind, job).result)


def grade_in_a_new_fork(task: Task, release: Release, settings: Settings) -> None:
    """What becomes of a submission after one that left something behind."""
    may_be_kept = grading.may_be_kept
    try:
        grading.may_be_kept = lambda texts: False
        grading.grade(task, release, settings)
    finally:
        grading.may_be_kept = may_be_kept


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds that some work took, and of CPU time in this process and those below it."""
    started, cpu = time.perf_counter(), cpu_seconds()
    work()
    return (time.perf_counter() - started) * 1e3, (cpu_seconds() - cpu) * 1e3


def cpu_seconds() -> float:
    """CPU time of this process and its forks, those that are over and the one that is kept."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    below = " ".join(path.read_text() for path in Path("/proc/self/task").glob("*/children")).split()
    kept = sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in below) / 1e9
    return sum(usage.ru_utime + usage.ru_stime for usage in used) + kept


if __name__ == "__main__":
    raise SystemExit(main())
