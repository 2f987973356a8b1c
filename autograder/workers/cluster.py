"""The same pure function on a Dask cluster; student code is a grandchild of a worker, never the worker."""

from __future__ import annotations

import hashlib
import importlib.metadata
import itertools
import pickle
import platform
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.grading.task import Graded, Release, Task
from autograder.grading_settings import Settings
from autograder.installed import PROJECT
from autograder.workers.connecting import connected, telling_of_lost_workers
from autograder.workers.worker import work_on

IN_FLIGHT = 2  # tasks per thread of a worker: one at work, one on its way
LIBRARIES = (PROJECT, "ipython", "msgpack", "msgspec", "nbformat", "nbgrader", "numpy")


def cluster_results(
    fresh: Iterator[Task], release: Release, settings: Settings, address: str, scheduler_file: str
) -> Generator[Graded, None, None]:
    """The outcome of every task, graded by the workers of a scheduler.

    A task whose worker is lost is retried on another. After more losses than the scheduler allows
    (`distributed.scheduler.allowed-failures`, three by default) it is tried once more by itself, for tasks
    that only waited at the same workers are suspected too; then it is marked. CourseError when the scheduler
    cannot be reached or is lost, has no workers, or has workers that would not grade alike.
    """
    from distributed import CancelledError

    client = connected(address, scheduler_file)
    with client:
        _same_everywhere(client)
        try:
            with telling_of_lost_workers(client):
                yield from _results(client, fresh, release, settings)
        except CancelledError as error:
            raise CourseError(
                f"the Dask scheduler at {address or scheduler_file} was lost; what was recorded before is "
                "kept: run the same command again when there is one"
            ) from error


def _results(
    client: Any, fresh: Iterator[Task], release: Release, settings: Settings
) -> Generator[Graded, None, None]:
    from distributed import KilledWorker, as_completed

    drawn: dict[Any, Task] = {}
    suspects: list[Task] = []

    def send(task: Task) -> Any:
        # The release goes along every time: data shared out beforehand is lost with the workers that hold it.
        future = client.submit(work_on, pickle.dumps((task, release, settings)), pure=False)
        drawn[future] = task
        return future

    slots = IN_FLIGHT * sum(client.nthreads().values())
    running = as_completed([send(task) for task in itertools.islice(fresh, slots)])
    for future in running:
        task = drawn.pop(future)
        for following in itertools.islice(fresh, 1):
            running.add(send(following))
        try:
            yield future.result()
        except KilledWorker:
            suspects.append(task)
    for task in suspects:
        try:
            yield send(task).result()
        except KilledWorker:
            from autograder.grading.grade import without_result

            yield without_result(task, release, "it ended one worker after the other")


def fingerprint() -> dict[str, str]:
    """What must be alike for two machines to grade alike: versions, and the code of this project."""
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {"python": ".".join(platform.python_version_tuple()[:2]), **versions, "code": _code_digest()}


def _code_digest() -> str:
    import autograder
    import course_lib

    digest = hashlib.sha256()
    for package in (autograder, course_lib):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _same_everywhere(client: Any) -> None:
    here = fingerprint()
    try:
        there = client.run(fingerprint)
    except (ImportError, importlib.metadata.PackageNotFoundError) as error:
        raise CourseError(f"a worker lacks this project or a library of it: {error}") from error
    for worker, found in there.items():
        differing = [
            f"{name} {found[name]} there, {mine} here" for name, mine in here.items() if found[name] != mine
        ]
        if differing:
            raise CourseError(f"worker {worker} would not grade alike: {'; '.join(differing)}")
