"""A fork that stands by does one job after another, and what it breaks stays with it."""

import os
import signal
import time

import pytest

from autograder.student_side.forked import StandingFork

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")

LONG = 60.0


@pytest.fixture
def standing():
    made = []

    def stand(work, seconds=LONG):
        made.append(StandingFork(lambda: work, seconds))
        return made[-1]

    yield stand
    for fork in made:
        fork.end()


def test_each_job_has_its_answer_from_one_process(standing):
    fork = standing(lambda job: job[::-1] + b" %d" % os.getpid())
    first, second = fork.do(b"abc"), fork.do(b"de")
    assert first.startswith(b"cba ")
    assert second.startswith(b"ed ")
    assert first.split()[1] == second.split()[1] != b"%d" % os.getpid()


def test_what_a_job_changes_is_there_for_the_next_one_and_not_here(standing):
    seen = []

    def work(job):
        seen.append(job)
        return b"%d" % len(seen)

    fork = standing(work)
    assert [fork.do(b"a"), fork.do(b"b")] == [b"1", b"2"]
    assert seen == []


def test_what_does_the_jobs_is_made_in_the_fork_once():
    here = os.getpid()

    def begin():
        made = os.getpid()
        return lambda job: b"%d" % made

    fork = StandingFork(begin, LONG)
    try:
        assert fork.do(b"") == fork.do(b"") != b"%d" % here
    finally:
        fork.end()


def test_of_a_job_that_raises_nothing_comes_and_the_next_one_is_done(standing):
    fork = standing(lambda job: b"%d" % (1 // len(job)))
    assert [fork.do(b""), fork.do(b"a")] == [b"", b"1"]


def test_where_no_job_can_be_done_nothing_comes_of_any():
    def begin():
        raise ValueError

    fork = StandingFork(begin, LONG)
    try:
        assert [fork.do(b"a"), fork.do(b"b")] == [b"", b""]
    finally:
        fork.end()


@pytest.mark.parametrize("size", [0, 1, 1 << 15, 1 << 20])
def test_jobs_and_answers_of_any_size_arrive_whole(standing, size):
    job = os.urandom(size)
    assert standing(lambda given: given).do(job, most=1 << 20) == job


def test_too_long_an_answer_ends_the_fork(standing):
    fork = standing(lambda job: job)
    assert fork.do(b"abc", most=3) == b"abc"
    assert fork.do(b"abcd", most=3) is None
    assert fork.do(b"abc", most=3) is None


def test_a_fork_that_dies_says_nothing_more(standing):
    fork = standing(lambda job: os.kill(os.getpid(), signal.SIGKILL))
    assert fork.do(b"") is None
    assert fork.do(b"") is None


def test_a_fork_whose_time_is_over_says_nothing_more(standing):
    pids = os.pipe()

    def work(job):
        os.write(pids[1], str(os.getpid()).encode())
        time.sleep(LONG)

    fork = standing(work, seconds=0.5)
    assert fork.do(b"") is None
    with pytest.raises(ProcessLookupError):  # and it is gone
        os.kill(int(os.read(pids[0], 20)), 0)


def test_one_that_somebody_else_waited_for_can_be_ended(standing):
    fork = standing(lambda job: b"%d" % os.getpid())
    pid = int(fork.do(b""))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    fork.end()
    fork.end()
    assert fork.do(b"") is None
