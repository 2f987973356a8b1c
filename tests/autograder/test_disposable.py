"""Work in a fork: its result, or what became of it, and nothing left behind."""

import mmap
import os
import signal
import socket
import time
from pathlib import Path

import pytest
from forks import descriptors

from autograder.disposable import Bounds, Lost, Reply, in_a_fork
from autograder.fork_side import Done

BOUNDS = Bounds(seconds=20, memory_bytes=2**27, result_bytes=2**20)


def lost(work, bounds=BOUNDS):
    with pytest.raises(Lost) as error:
        in_a_fork(work, bounds)
    return str(error.value)


def raising(error):
    raise error


def test_what_work_returns_is_returned_and_what_it_changes_is_not_changed():
    kept = []
    assert in_a_fork(lambda asking: kept.append(1) or b"done" * 100_000, BOUNDS) == b"done" * 100_000
    assert kept == []


class UnprintableError(Exception):
    def __str__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (lambda asking: raising(ValueError("no")), "ValueError: no"),
        (lambda asking: raising(UnprintableError()), "UnprintableError"),
        (lambda asking: raising(KeyboardInterrupt()), "KeyboardInterrupt"),
        (lambda asking: bytes(2**28), "it needed more than 128 MB of memory"),
        (lambda asking: os.abort(), "its process was ended by SIGABRT"),
        (lambda asking: os.kill(os.getpid(), signal.SIGKILL), "SIGKILL, most likely for its memory"),
        (lambda asking: os._exit(3), "its process exited with code 3"),
        (lambda asking: os._exit(0), "its process exited with code 0"),
        (lambda asking: int("no\x1b number"), "ValueError: invalid literal for int() with base 10: 'no"),
        (lambda asking: bytes(2**20 + 1), "what came of it has more than 1 MB"),
        (lambda asking: None, "TypeError"),
    ],
)
def test_whatever_becomes_of_the_work_is_said(work, why):
    assert why in lost(work)


def test_work_that_takes_too_long_is_ended():
    assert lost(lambda asking: time.sleep(1000), Bounds(0.1, 2**27)) == "it took longer than it may"


def test_work_in_c_that_takes_too_long_is_ended():
    assert "longer" in lost(lambda asking: sum(range(10**13)), Bounds(0.1, 2**27))


def test_requests_are_answered_with_data_and_descriptors_and_may_give_time():
    def work(asking):
        asking.send(b"more")
        data, (descriptor,), _, _ = socket.recv_fds(asking, 100, 1)
        time.sleep(0.3)
        return data + os.read(descriptor, 100)

    def answer(request):
        read_end, write_end = os.pipe()
        os.write(write_end, b" and " + request)
        os.close(write_end)
        return Reply(b"this", (read_end,), time.monotonic() + 20)

    assert in_a_fork(work, Bounds(0.2, 2**27), answer) == b"this and more"


def test_requests_that_nobody_expects_end_the_work():
    assert "asked" in lost(lambda asking: asking.send(b"x") and asking.recv(1))


def children():
    """The processes that this one has started, in the words of Linux."""
    return {pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}


def test_nothing_is_left_behind():
    processes = children()
    before = descriptors()
    lost(lambda asking: time.sleep(1000), Bounds(0.05, 2**27))
    in_a_fork(lambda asking: b"", BOUNDS)
    assert descriptors() == before
    assert children() == processes


def said(asking, job):
    """Which process does a job, and which job it is; an upper-case job leaves something behind."""
    if job == b"RAISE":
        raise ValueError(job)
    if job == b"DIE":
        os._exit(1)
    return Done(b"%d %s" % (os.getpid(), job), as_before=job.islower())


def processes(fork, *jobs):
    """The number of the process that did each job."""
    found = []
    for job in jobs:
        process, _, done = fork.do(job).partition(b" ")
        assert done == job
        found.append(process)
    return found


def test_a_fork_that_is_as_before_does_the_next_job_and_so_many_in_all(fork):
    first, second, third, fourth = processes(fork(said), b"a", b"b" * 100_000, b"", b"d")
    assert first == second == third
    assert fourth != third  # for the one before it was not in lower case
    one, *others, after = processes(fork(said), b"a", b"b", b"c", b"d")
    assert set(others) == {one}
    assert after != one


@pytest.mark.parametrize("odd", [b"RAISE", b"DIE", b"LEAVES"])
def test_a_fork_that_is_not_as_before_does_nothing_more(fork, odd):
    one = fork(said)
    (before,) = processes(one, b"a")
    if odd == b"LEAVES":
        assert processes(one, odd) == [before]
    else:
        with pytest.raises(Lost):
            one.do(odd)
    assert processes(one, b"a") != [before]


def test_what_runs_out_of_time_in_a_fork_that_was_kept_is_ended_and_the_next_job_done(fork):
    def sleeps(asking, job):
        time.sleep(float(job))
        return Done(b"%d" % os.getpid(), as_before=True)

    one = fork(sleeps, Bounds(0.5, 2**27, jobs=9))
    before = one.do(b"0")
    assert one.do(b"0") == before
    with pytest.raises(Lost, match="longer"):
        one.do(b"1000")
    assert one.do(b"0") != before


def test_a_fork_that_was_killed_while_it_had_no_job_costs_nobody_anything(fork):
    one = fork(said)
    (before,) = processes(one, b"a")
    os.kill(int(before), signal.SIGKILL)
    os.waitid(os.P_PID, int(before), os.WEXITED | os.WNOWAIT)
    assert processes(one, b"b") != [before]


def test_a_fork_that_has_grown_is_not_kept(fork):
    kept = []

    def grows(asking, job):
        room = mmap.mmap(-1, int(job))  # for bytes there may be room that was in use before the fork
        room.write(b"x" * int(job))
        kept.append(room)
        return Done(b"%d" % os.getpid(), as_before=True)

    one = fork(grows, Bounds(20, 2**27, growth_bytes=2**24, jobs=9))
    first = one.do(b"1000")
    assert one.do(b"%d" % 2**25) == first
    assert one.do(b"1000") != first


def test_a_job_too_large_to_hand_over_is_done_in_a_fork_that_has_it_from_the_start(fork, monkeypatch):
    monkeypatch.setattr("autograder.disposable.LARGEST_JOB", 10)
    first, second = processes(fork(said), b"a", b"b" * 11)
    assert first != second


def test_a_fork_that_is_kept_leaves_nothing_when_it_is_closed(fork):
    before = children(), descriptors()
    one = fork(said)
    processes(one, b"a", b"b")
    one.close()
    one.close()
    assert (children(), descriptors()) == before
