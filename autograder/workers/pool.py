"""Local workers: one process each, replaced when it dies, so that a lost worker costs one attempt."""

from __future__ import annotations

import errno
import itertools
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from typing import Any, Generic, NoReturn, TypeVar

from autograder.student_side.threads import ONE_THREAD

Task = TypeVar("Task")
Result = TypeVar("Result")

ATTEMPTS = 3
OPEN_FILES = 8  # here, for each worker
BESIDE_WORKERS = 16  # streams, sockets and pipes of this process itself
LEAVING_SECONDS = 10.0  # for a worker to end what it had started, before it is killed


def start_fork_server(modules: Sequence[str]) -> None:
    """Have the process from which workers will be forked import ``modules``; returns at once.

    A fork server imports the libraries once for all workers, and never holds the gradebook or a thread of
    ours. Started before this process imports the same libraries, it does so on another core meanwhile. Its
    matrix products take one thread each, for most often there is a worker for every core. Ctrl-C is the
    parent's to answer, so that it is held back from what is started here until ``_begin`` ignores it.
    """
    multiprocessing.set_forkserver_preload(list(modules))
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    resource_tracker.ensure_running()  # which would let it through again
    held_back = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held_back)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def allow_files(more: int) -> None:
    """Allow this process to open so many more files, or all that it may: the usual 1,024 are 100 workers'.

    OSError where that is too few for them alone: a worker that is half started would leave a traceback.
    """
    import resource  # not on Windows, where there are no such workers

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return
    most = soft + more if hard == resource.RLIM_INFINITY else min(soft + more, hard)
    if most < more + BESIDE_WORKERS:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@dataclass(frozen=True)
class LostTask(Generic[Task]):
    """A task whose worker died ATTEMPTS times."""

    task: Task


class Pool(Generic[Task, Result]):
    """``jobs`` worker processes that call ``work(task)`` after ``prepare(*arguments)``, and ``leave()`` last.

    A pool of one-process executors rather than one executor of many: when a process is killed, an executor
    gives up all that it holds, and this way that is a single task, which is tried again elsewhere.
    """

    def __init__(
        self,
        jobs: int,
        work: Callable[[Task], Result],
        prepare: Callable[..., None],
        arguments: tuple[Any, ...],
        leave: Callable[[], object] = bool,  # nothing to do
    ) -> None:
        self._work = work
        self._beginning = (prepare, arguments, leave)
        self._context = multiprocessing.get_context("forkserver")
        self._started: list[_Executor] = []
        allow_files(OPEN_FILES * jobs)
        self._idle = [self._executor(core) for core in _cores(jobs)]

    def results(self, tasks: Iterable[Task]) -> Iterator[list[Result | LostTask[Task]]]:
        """The results of all tasks, as they come: each time those that wait, while workers do the next tasks.

        A task is drawn when a worker is free for it.
        """
        waiting: Iterator[tuple[Task, int]] = ((task, 1) for task in tasks)
        running: dict[Future[Result], tuple[_Executor, Task, int]] = {}
        waited: list[Result | LostTask[Task]] = []
        while True:
            while self._idle and (drawn := next(waiting, None)) is not None:
                task, attempt = drawn
                future, executor = self._hand_over(task, self._idle.pop())
                running[future] = (executor, task, attempt)
            if waited:  # now that there is something to do for every worker
                yield waited
                waited = []
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                executor, task, attempt = running.pop(future)
                try:
                    waited.append(future.result())
                except BrokenProcessPool:
                    executor.shutdown()
                    self._idle.append(self._executor(executor.core))
                    if attempt < ATTEMPTS:
                        waiting = itertools.chain([(task, attempt + 1)], waiting)
                        continue
                    waited.append(LostTask(task))
                else:
                    self._idle.append(executor)

    def _hand_over(self, task: Task, executor: _Executor) -> tuple[Future[Result], _Executor]:
        """Give a task to an idle worker, or to its successor if it was killed while it had nothing to do."""
        try:
            return executor.submit(_interruptible, self._work, task), executor
        except BrokenProcessPool:
            executor.shutdown()
            successor = self._executor(executor.core)
            return successor.submit(_interruptible, self._work, task), successor

    def close(self) -> None:
        """End every worker at once, whatever it is doing; on return, all that they had started is gone.

        A worker that does not leave in time is killed; what it had started ends soon after.
        """
        workers = multiprocessing.active_children()
        for worker in workers:
            worker.terminate()
        deadline = time.monotonic() + LEAVING_SECONDS
        for worker in workers:
            worker.join(max(0.0, deadline - time.monotonic()))
            worker.kill()
        for executor in self._started:
            # None is left for the end of this process, which may find it half closed.
            executor.shutdown(cancel_futures=True)

    def _executor(self, core: int | None) -> _Executor:
        executor = _Executor(1, self._context, _begin, (core, *self._beginning))
        executor.core = core
        self._started.append(executor)
        executor.submit(os.getpid)  # starts the process now, so that it gets ready while we plan
        return executor


class _Executor(ProcessPoolExecutor):
    """An executor of one process; ``core`` is where it runs, None for anywhere."""

    core: int | None = None


def _cores(jobs: int) -> list[int | None]:
    """A core for each worker when they are to take the whole machine; else the kernel finds free ones.

    A worker and its sandbox take turns, many hundred times a notebook, and to hand over on one core takes a
    third of the time that it takes to wake another.
    """
    cores = sorted(os.sched_getaffinity(0))
    return list(cores) if jobs == len(cores) else [None] * jobs


_leave: Callable[[], object]
_inside = False  # what a signal can be raised in, as SystemExit: work, or getting ready for it


def _begin(
    core: int | None, prepare: Callable[..., None], arguments: tuple[Any, ...], leave: Callable[[], object]
) -> None:
    global _leave
    _leave = leave
    if core is not None:
        os.sched_setaffinity(0, {core})
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _interruptible(prepare, *arguments)


def _interruptible(function: Callable[..., Result], *arguments: Any) -> Result:
    """What the function returns; SIGTERM unwinds it, and then ends this process."""
    global _inside
    try:
        _inside = True
        return function(*arguments)
    except SystemExit:
        _go()
    finally:
        _inside = False


def _end(number: int, frame: object) -> None:
    """The answer to SIGTERM. Raised where nothing of ours runs, SystemExit would be printed, or kept."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if _inside:
        raise SystemExit
    _go()


def _go() -> NoReturn:
    """End this process; an executor's own way out would do the rest of its work first."""
    try:
        _leave()
    finally:
        os._exit(0)


def _end_with_the_parent() -> None:
    """A parent that was killed closes no queue: without this, its workers would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)
