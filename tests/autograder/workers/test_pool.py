"""A worker that dies costs one attempt at one task."""

import contextlib
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.student_side.threads import ONE_THREAD
from autograder.workers.pool import ATTEMPTS, LostTask, Pool, allow_files

_place = Path()


def prepare(place):
    global _place
    _place = Path(place)


def work(task):
    """Square a number; a negative one kills the worker, "once" kills the first worker that tries."""
    if task == "once" and not (_place / "tried").exists():
        (_place / "tried").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if isinstance(task, int) and task < 0:
        with (_place / "attempts").open("a") as attempts:
            attempts.write("x")
        os.kill(os.getpid(), signal.SIGKILL)
    return task * task if isinstance(task, int) else task


def each_of(pool, tasks):
    """The results one by one, however many wait at a time."""
    for waiting in pool.results(tasks):
        yield from waiting


@pytest.fixture
def pool(tmp_path):
    pool = Pool(2, work, prepare, (str(tmp_path),))
    yield pool
    pool.close()


def test_every_task_has_its_result(pool):
    assert sorted(each_of(pool, range(20))) == [n * n for n in range(20)]


def test_a_task_whose_worker_was_killed_is_tried_again(pool):
    assert set(each_of(pool, ["once", 3])) == {"once", 9}


def test_a_task_that_kills_every_worker_is_given_up_and_the_others_go_on(pool, tmp_path):
    results = list(each_of(pool, [1, -1, 2, 3]))
    assert [result for result in results if isinstance(result, LostTask)] == [LostTask(-1)]
    assert sorted(result for result in results if isinstance(result, int)) == [1, 4, 9]
    assert (tmp_path / "attempts").read_text() == "x" * ATTEMPTS


def test_a_worker_that_is_killed_while_it_has_nothing_to_do_costs_nothing(tmp_path):
    pool = Pool(1, work, prepare, (str(tmp_path),))

    def tasks():
        yield 2
        for worker in multiprocessing.active_children():
            worker.kill()
            worker.join()
        time.sleep(1)  # until the executor has noticed
        yield 3

    with contextlib.closing(pool):
        assert list(each_of(pool, tasks())) == [4, 9]


def test_tasks_are_drawn_only_when_a_worker_is_free(pool):
    drawn = []

    def tasks():
        for number in range(50):
            drawn.append(number)
            yield number

    results = each_of(pool, tasks())
    next(results)
    assert len(drawn) <= 6
    results.close()


def test_closing_ends_the_workers_at_once(tmp_path):
    pool = Pool(2, time.sleep, prepare, (str(tmp_path),))
    results = each_of(pool, [600, 0])
    assert next(results) is None
    workers = multiprocessing.active_children()
    pool.close()
    for worker in workers:
        worker.join(timeout=10)
    assert not any(worker.is_alive() for worker in workers)
    left = {type(thread).__name__ for thread in threading.enumerate()}
    assert "_ExecutorManagerThread" not in left


@pytest.mark.parametrize(
    ("soft", "hard", "most"),
    [(1024, 4096, 1824), (64, 816, 816), (1024, resource.RLIM_INFINITY, 1824)],
)
def test_files_are_allowed_for_all_workers_as_far_as_the_hard_limit_goes(monkeypatch, soft, hard, most):
    found = []
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: found.append((kind, limits)))
    allow_files(800)
    assert found == [(resource.RLIMIT_NOFILE, (most, hard))]


def test_too_few_files_for_all_workers_are_said_before_one_is_started(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (64, 815))
    with pytest.raises(OSError, match="Too many open files"):
        Pool(100, work, prepare, ())
    assert multiprocessing.active_children() == []


def test_workers_multiply_matrices_in_one_thread_and_leave_ctrl_c_to_this_process(tmp_path):
    held = "import signal; print(*signal.pthread_sigmask(signal.SIG_BLOCK, ()), flush=True)"
    (tmp_path / "held.py").write_text(held)
    source = """
import os
import signal
from autograder.workers.pool import Pool, start_fork_server
from autograder.student_side.threads import ONE_THREAD

if __name__ == "__main__":
    os.environ.update({"OMP_NUM_THREADS": "7"})
    start_fork_server(["held"])
    pool = Pool(1, eval, len, ("",))
    asked = [f"os.getenv({name!r})" for name in ONE_THREAD]
    asked += ["len(signal.pthread_sigmask(0, ()))", "int(signal.getsignal(2))"]
    found = sum(pool.results(["[exec('import os, signal'), " + each + "][1]" for each in asked]), [])
    print(*found, os.environ["OMP_NUM_THREADS"], os.environ.get("OPENBLAS_NUM_THREADS"))
    print(*signal.pthread_sigmask(0, ()))
    pool.close()
"""
    environment = {name: value for name, value in os.environ.items() if name not in ONE_THREAD}
    line = [sys.executable, "-c", source]
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=environment, cwd=tmp_path)
    assert done.stdout.split() == [f"{signal.SIGINT:d}", "1", "1", "1", "1", "0", "1", "7", "None"]
