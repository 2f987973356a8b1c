"""What the disposable process costs: an honest notebook graded in a fork of this process, and without one.

    python benchmarks/worker.py [--assignment A] [--rounds 40]

Both read, rebuild, run, check and write the same submission behind the same warm sandbox, with the same seeds
and in turns, on one core as the workers of `course grade` do; nothing is remembered of the last reading. The
cost is the median of the differences of pairs, in time and in CPU time, which a busy machine leaves alone.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import statistics
import time
from collections.abc import Callable

import nbformat
from wall import ROOT, honest_notebook

from autograder.course import Course
from autograder.grader_side.grader import grade_notebook
from autograder.grading import steps
from autograder.grading.skippable import without_shows
from autograder.grading.task import settings_of
from autograder.grading.warm import Behind, apart, close_graders, warm_grader
from autograder.submission import Handed, Status

GOAL_MS = 3.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="01_flat_backprop")
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    text = nbformat.writes(honest_notebook(options.assignment))
    blank = steps.released(text)
    settings = settings_of(Course(ROOT).config())
    different = itertools.count()
    pairs: list[tuple[float, ...]] = []
    for seed in range(-3, options.rounds):  # the first three warm up both

        def work(behind: Behind, seed: int = abs(seed)) -> bytes:
            data = text.encode() + b"\n" * next(different)
            handed = Handed("ada: flat_backprop.ipynb", Status.READ, data)
            notebook = steps.taken_up(blank, handed)
            result = grade_notebook(without_shows(notebook), behind.sandbox, behind.limits, seed=seed)
            graded = steps.scored(notebook, result, seed, behind.in_force, unprotected=False)
            return steps.written(graded).packed()

        def in_this_process(work: Callable[[Behind], bytes] = work) -> None:
            grader = warm_grader(settings)
            lent = Behind(grader._sandbox, grader.limits, "")  # type: ignore[arg-type]
            steps.Written.unpacked(work(lent))

        def in_a_fork(work: Callable[[Behind], bytes] = work) -> None:
            steps.Written.unpacked(apart(work, settings))

        pair = (*measured(in_this_process), *measured(in_a_fork))
        if seed >= 0:
            pairs.append(pair)
    close_graders()
    for name, here, there in (("time", 0, 2), ("CPU time", 1, 3)):
        cost = statistics.median(pair[there] - pair[here] for pair in pairs)
        each = [statistics.median(pair[place] for pair in pairs) for place in (here, there)]
        print(f"{name:8}: {each[0]:6.1f} ms in this process, {each[1]:6.1f} in a fork: {cost:.1f} ms more")
    print(f"goal: {GOAL_MS:g} ms more")
    return 0


def measured(work: Callable[[], None]) -> tuple[float, float]:
    """Milliseconds that some work took, and of CPU time in this process and its forks."""
    started, cpu = time.perf_counter(), cpu_seconds()
    work()
    return (time.perf_counter() - started) * 1e3, (cpu_seconds() - cpu) * 1e3


def cpu_seconds() -> float:
    """CPU time of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


if __name__ == "__main__":
    raise SystemExit(main())
