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
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
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
from autograder.grading.task import Graded, Release, Task
from autograder.grading.warm import close_graders, warm_grader
from autograder.grading_settings import Settings, settings_of

Item = TypeVar("Item")
Value = TypeVar("Value")
CLUSTER_SECONDS = 120
TOGETHER = 8  # results that wait for the writer, as with many workers
PRELOAD = "autograder.workers.preload"


def measure_floor(course: Course, made: ComposedClass, seed: int) -> dict[str, Any]:
    """Seconds per submission of execution alone, in one process, and of the writer alone.

    ``reading`` is the planning of a submission that is to be graded, ``skipping`` of one graded already; what
    the CPU times are, ``_cpu_times`` says.
    """
    release = load_release(course, made.assignment)
    empty_gradebook = _size(course.root / "gradebook.db")
    students = students_of(course, made.assignment)
    reading, planned = _timed(lambda: list(tasks(course, release, students, force=False, seed=seed)))
    handed = [task for task in planned if isinstance(task, Task)]
    settings = settings_of(course.config())
    copies = {
        name: Course(shutil.copytree(course.root, course.root.with_name(name)))
        for name in ("together", "killed")
    }
    process_tree.become_subreaper()
    warm_grader(settings)
    execution, graded = _each_timed(lambda task: grade(task, release, settings), handed)
    cpu_times = _cpu_times(handed, release, settings, seed)
    with contextlib.closing(Writer(course, made.assignment)) as writer:
        bookkeeping, _ = _each_timed(
            lambda result: (writer.scores(result.student), writer.record(result)), graded
        )
    together = _recorded_together(copies["together"], made.assignment, graded)
    kept, lost = _after_a_kill(copies["killed"], made.assignment, graded)
    skipping, looked_at = _timed(lambda: list(tasks(course, release, students, force=False, seed=seed)))
    return {
        "execution": statistics.mean(execution),
        "bookkeeping": statistics.mean(bookkeeping),
        "bookkeeping_together": together,
        "recorded_at_a_kill": kept,
        "lost_at_a_kill": lost,
        "reading": reading / len(handed),
        "skipping": skipping / len(looked_at),
        "autograded_bytes": _size(course.autograded) / len(handed),
        "gradebook_bytes": (_size(course.root / "gradebook.db") - empty_gradebook) / len(handed),
        **cpu_times,
        "execution_each": [round(seconds, 4) for seconds in execution],
        "bookkeeping_each": [round(seconds, 4) for seconds in bookkeeping],
    }


def _cpu_times(handed: Sequence[Task], release: Release, settings: Settings, seed: int) -> dict[str, float]:
    """CPU seconds per submission: before the wall and behind it, graded without forks on this side.

    Forks would count as behind it. ``students_cpu`` is what remains there when as many empty notebooks are
    taken off, so that starting and ending a sandboxed process does not count as theirs. The search for a
    wrong line is among it, for it runs there.
    """
    with _cpu_behind_the_wall() as empty:
        for _ in handed:
            warm_grader(settings).grade(new_notebook(), seed=seed)
    with _cpu_behind_the_wall() as full, patch.object(warm, "FORKS", False):
        warm_grader(settings)
        before = time.process_time()
        for task in handed:
            grade(task, release, settings)
        ours = time.process_time() - before
    found = {"grader_cpu": ours, "wall_cpu": full[0], "students_cpu": max(0.0, full[0] - empty[0])}
    return {name: seconds / len(handed) for name, seconds in found.items()}


def _timed(work: Callable[[], Value]) -> tuple[float, Value]:
    """Seconds that some work takes, and what comes of it."""
    started = time.perf_counter()
    value = work()
    return time.perf_counter() - started, value


def _each_timed(work: Callable[[Item], Value], items: Iterable[Item]) -> tuple[list[float], list[Value]]:
    """The same of some work for each item."""
    seconds, values = zip(*(_timed(partial(work, item)) for item in items), strict=True)
    return list(seconds), list(values)


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
