"""The parts of grading a class, each alone: execution, bookkeeping, and the same class on a Dask cluster."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import classes
import process_tree
from classes import ComposedClass
from distributed import Client
from nbformat.v4 import new_notebook

from autograder.batch.plan import load_release, students_of, tasks
from autograder.course import Course
from autograder.gradebook.scores import automatic_scores
from autograder.gradebook.writer import Writer
from autograder.grading import warm
from autograder.grading.grade import grade
from autograder.grading.task import Graded, Task
from autograder.grading.warm import close_graders, warm_grader
from autograder.grading_settings import settings_of

CLUSTER_SECONDS = 120
TOGETHER = 8  # results that wait for the writer, as with many workers
PRELOAD = "autograder.workers.preload"


def measure_floor(course: Course, made: ComposedClass, seed: int) -> dict[str, Any]:
    """Seconds per submission of execution alone, in one process, and of the writer alone.

    ``reading`` is the planning of a submission that is to be graded, ``skipping`` of one graded already.
    ``grader_cpu`` and ``wall_cpu`` are CPU times before and behind the wall, graded once more without forks
    on this side, so that these do not count as behind it; ``students_cpu`` is what remains behind the wall
    when as many empty notebooks are taken off, so that starting and ending a sandboxed process does not
    count as theirs. The search for a wrong line is among it, for it runs there.
    """
    release = load_release(course, made.assignment)
    empty_gradebook = _size(course.root / "gradebook.db")
    students = students_of(course, made.assignment)
    started = time.perf_counter()
    planned = tasks(course, release, students, force=False, seed=seed)
    handed = [task for task in planned if isinstance(task, Task)]
    reading = (time.perf_counter() - started) / len(handed)
    settings = settings_of(course.config())
    copies = {
        name: Course(shutil.copytree(course.root, course.root.with_name(name)))
        for name in ("together", "killed")
    }
    process_tree.become_subreaper()
    with _cpu_behind_the_wall() as empty:
        for _ in handed:
            warm_grader(settings).grade(new_notebook(), seed=seed)
    graded: list[Graded] = []
    execution = []
    warm_grader(settings)
    for task in handed:
        started = time.perf_counter()
        graded.append(grade(task, release, settings))
        execution.append(time.perf_counter() - started)
    with _cpu_behind_the_wall() as full, patch.object(warm, "FORKS", False):
        warm_grader(settings)
        before = time.process_time()
        for task in handed:
            grade(task, release, settings)
        grader_cpu = (time.process_time() - before) / len(handed)
    bookkeeping = []
    with contextlib.closing(Writer(course, made.assignment)) as writer:
        for result in graded:
            started = time.perf_counter()
            writer.scores(result.student)
            writer.record(result)
            bookkeeping.append(time.perf_counter() - started)
    together = _recorded_together(copies["together"], made.assignment, graded)
    kept, lost = _after_a_kill(copies["killed"], made.assignment, graded)
    started = time.perf_counter()
    looked_at = sum(1 for _ in tasks(course, release, students, force=False, seed=seed))
    skipping = (time.perf_counter() - started) / looked_at
    return {
        "execution": statistics.mean(execution),
        "bookkeeping": statistics.mean(bookkeeping),
        "bookkeeping_together": together,
        "recorded_at_a_kill": kept,
        "lost_at_a_kill": lost,
        "reading": reading,
        "skipping": skipping,
        "autograded_bytes": _size(course.autograded) / len(handed),
        "gradebook_bytes": (_size(course.root / "gradebook.db") - empty_gradebook) / len(handed),
        "grader_cpu": grader_cpu,
        "wall_cpu": full[0] / len(handed),
        "students_cpu": max(0.0, full[0] - empty[0]) / len(handed),
        "execution_each": [round(seconds, 4) for seconds in execution],
        "bookkeeping_each": [round(seconds, 4) for seconds in bookkeeping],
    }


def _recorded_together(
    course: Course, assignment: str, graded: Sequence[Graded], recorded: Callable[[], None] = lambda: None
) -> float:
    """Seconds per submission of the writer alone where TOGETHER results wait each time."""
    with contextlib.closing(Writer(course, assignment)) as writer:
        started = time.perf_counter()
        for first in range(0, len(graded), TOGETHER):
            writer.record(*graded[first : first + TOGETHER])
            recorded()
    return (time.perf_counter() - started) / len(graded)


def _after_a_kill(course: Course, assignment: str, graded: Sequence[Graded]) -> tuple[int, int]:
    """How many are recorded when a process that records them is killed, and how many of them have no scores.

    The killed process is a fork; nobody but it has the gradebook open. It is killed in its second round.
    """
    said, saying = os.pipe()
    child = os.fork()
    if child == 0:
        _recorded_together(course, assignment, graded, lambda: os.write(saying, b"."))
        os._exit(0)
    os.read(said, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    scores = automatic_scores(course, assignment)
    there = {each.student for each in graded if (course.autograded / each.student / assignment).is_dir()}
    right = {each.student for each in graded if _flat(each) == scores.get(each.student)}
    return len(there), len(there - right)


def _flat(graded: Graded) -> dict[str, float | None]:
    return {cell: points for scores in graded.scores.values() for cell, points in scores.items()}


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


@contextlib.contextmanager
def _cpu_behind_the_wall() -> Iterator[list[float]]:
    """CPU seconds of the sandbox that the block starts; known when the block has ended."""
    close_graders()
    process_tree.reap_all()
    before = _children_cpu()
    found: list[float] = []
    yield found
    close_graders()
    process_tree.reap_all()
    found.append(_children_cpu() - before)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def wall_on_dask(scratch: Path, course: Course, assignment: str, seed: int) -> float:
    """Seconds of `course grade` on a cluster of two workers on this machine, which is up before it starts."""
    with local_cluster(scratch) as scheduler_file:
        line = classes.command(
            "grade", assignment, "--seed", str(seed), "--scheduler-file", str(scheduler_file)
        )
        started = time.perf_counter()
        subprocess.run(
            line, cwd=course.root, env=classes.environment(scratch), check=True, stdout=subprocess.DEVNULL
        )
        return time.perf_counter() - started


@contextlib.contextmanager
def local_cluster(scratch: Path) -> Iterator[Path]:
    """The scheduler file of a Dask scheduler with two workers as in docs/instructors.md, which are ready."""
    path = scratch / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = [*dask, "worker", "--nthreads", "1", "--no-dashboard", "--preload", PRELOAD]
    with contextlib.ExitStack() as running, (scratch / "dask.log").open("w", encoding="utf-8") as log:
        for line in (scheduler, worker, worker):
            process = subprocess.Popen(
                [*line, "--scheduler-file", str(path)],
                cwd=scratch,
                env=classes.environment(scratch),
                stdout=log,
                stderr=log,
            )
            running.callback(process.wait)
            running.callback(process.terminate)
        with Client(scheduler_file=str(path), timeout=CLUSTER_SECONDS) as client:
            client.wait_for_workers(2, timeout=CLUSTER_SECONDS)
            workers = list(client.nthreads())
            # Each of them is busy with its preparations first.
            client.gather([client.submit(os.getpid, workers=[name], pure=False) for name in workers])
        yield path
