"""Reaching a Dask cluster, before the imports that take this process as long as they take the workers."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from autograder.errors import CourseError
from autograder.workers.worker import get_ready

CONNECT_SECONDS = 10
NONE_LEFT = "course: no worker is left: start some with `dask worker`"
LOOK_SECONDS, LOOKING = 15.0, "looks whether there are workers"

_woken: dict[tuple[str, str], Any] = {}
_getting_ready: list[Any] = []  # a task that nobody waits for is not run


def wake(address: str, scheduler_file: str, settings: bytes) -> None:
    """Connect, and have the workers get ready to grade while this process imports what it needs.

    ``settings`` are pickled, for Dask's scheduler looks into the calls that it passes on.

    CourseError when the scheduler cannot be reached or has no workers.
    """
    client = _connect(address, scheduler_file)
    try:
        cores = cores_of(client)
    except OSError:  # a worker was lost meanwhile
        cores = dict.fromkeys(client.nthreads())
    for worker, core in cores.items():
        # What a worker lacks is said when it is compared with us.
        _getting_ready.append(client.submit(get_ready, settings, core, workers=[worker], pure=False))
    _woken[address, scheduler_file] = client


def cores_of(client: Any) -> dict[str, int | None]:
    """A core for each worker of one thread where the workers of a machine take all of its cores, else None.

    As for this machine's own workers: a worker and its sandbox hand over to each other sooner on one core.
    """
    cores = client.run(os.sched_getaffinity, 0)
    threads = {worker: number for worker, number in client.nthreads().items() if worker in cores}
    machines: dict[str, list[str]] = {}
    for worker in threads:
        machines.setdefault(urlsplit(worker).hostname or worker, []).append(worker)
    found: dict[str, int | None] = dict.fromkeys(threads)
    for workers in machines.values():
        free = set(cores[workers[0]])
        alike = all(threads[worker] == 1 and set(cores[worker]) == free for worker in workers)
        if alike and len(free) == len(workers):
            found.update(zip(workers, sorted(free), strict=True))
    return found


def connected(address: str, scheduler_file: str) -> Any:
    """The client that ``wake`` connected, or a new one; it is the caller's to close."""
    return _woken.pop((address, scheduler_file), None) or _connect(address, scheduler_file)


@contextlib.contextmanager
def telling_of_lost_workers(client: Any) -> Iterator[None]:
    """Say when no worker is left: the scheduler waits for one, and says nothing."""
    over = threading.Event()

    def look() -> None:
        before = True
        while not over.wait(LOOK_SECONDS):
            try:
                there = bool(client.nthreads())
            except Exception:  # the scheduler is lost: whoever waits for a result hears of it
                return
            if before and not there:
                print(NONE_LEFT, file=sys.stderr, flush=True)
            before = there

    looking = threading.Thread(target=look, name=LOOKING, daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()


def _connect(address: str, scheduler_file: str) -> Any:
    from distributed import Client

    where = address or scheduler_file
    try:
        if scheduler_file and not Path(scheduler_file).is_file():
            raise OSError("no such file")
        client = Client(address or None, scheduler_file=scheduler_file or None, timeout=CONNECT_SECONDS)
    except (OSError, ValueError, LookupError, TypeError, AssertionError) as error:  # whatever is in the file
        why = str(error) or "that is no scheduler file"
        raise CourseError(f"no Dask scheduler can be reached at {where}: {why}") from error
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        client.close()
        raise CourseError(
            f"the Dask scheduler at {where} has no workers; start some with `dask worker`"
        ) from None
    return client
