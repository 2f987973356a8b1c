"""What is done in a fork comes back as bytes, or not at all, and changes nothing here."""

import errno
import os
import signal
import time

import pytest
from forks import found_in_a_fork, refusal

from autograder.student_side import forked, namespaces, seccomp
from autograder.student_side.forked import MOST_BYTES, StandingFork, in_a_fork

_exit = os._exit


def test_what_work_returns_comes_back_and_what_it_changes_does_not():
    changed = []

    def work():
        changed.append(1)
        return b"done"

    assert in_a_fork(work) == b"done"
    assert changed == []


@pytest.mark.parametrize("leave", [lambda: os._exit(3), lambda: os.kill(os.getpid(), signal.SIGKILL)])
def test_work_that_dies_brings_nothing(leave):
    assert in_a_fork(leave) == b""


def test_work_that_never_ends_brings_nothing_and_is_ended():
    pids = os.pipe()

    def work():
        os.write(pids[1], str(os.getpid()).encode())
        time.sleep(600)

    assert in_a_fork(work, wall_seconds=0.2) == b""
    with pytest.raises(ProcessLookupError):
        os.kill(int(os.read(pids[0], 20)), 0)


def test_only_so_much_comes_back():
    assert in_a_fork(lambda: b"x" * (2 * MOST_BYTES)) == b"x" * MOST_BYTES


def test_where_nothing_can_be_forked_it_is_done_here(monkeypatch):
    monkeypatch.delattr(os, "fork")
    assert in_a_fork(lambda: str(os.getpid()).encode()) == str(os.getpid()).encode()


def test_no_descriptor_is_left():
    before = os.listdir("/proc/self/fd")
    in_a_fork(lambda: b"x")
    StandingFork(lambda: bytes, 60.0).end()
    assert os.listdir("/proc/self/fd") == before


def test_more_bytes_come_back_where_more_are_allowed():
    more = 3 * MOST_BYTES
    assert in_a_fork(lambda: b"x" * more, 60.0, most=2 * more) == b"x" * more
    assert in_a_fork(lambda: b"x" * more, 60.0, most=more - 1) == b"x" * (more - 1)


@pytest.mark.skipif(seccomp.library() is None, reason="libseccomp is not installed")
def test_where_no_signals_may_be_sent_forks_end_by_themselves_and_answer_as_ever():
    def work():
        namespaces.prctl(namespaces.PR_SET_NO_NEW_PRIVS, 1)
        seccomp.restrict(own_namespaces=False)
        me, replaced = os.getpid(), []
        os._exit = replaced.append  # student code may
        found = [in_a_fork(lambda: b"done").decode()]
        found.append(in_a_fork(lambda: b"%d" % (1 // 0)).decode())
        fork = StandingFork(lambda: bytes.upper, 60.0)
        found.append(fork.do(b"a job").decode())
        fork.end()
        found.append(refusal(os.waitpid, -1, 0))  # nobody is left
        os._exit = _exit
        return [*found, os.getpid() == me, replaced]

    assert found_in_a_fork(work) == ["done", "", "A JOB", errno.ECHILD, True, []]


@pytest.mark.skipif(seccomp.library() is None, reason="libseccomp is not installed")
def test_where_no_signals_may_be_sent_nobody_waits_for_a_fork_that_hangs(monkeypatch):
    monkeypatch.setattr(forked, "MOMENT", 0.01)

    def work():
        namespaces.prctl(namespaces.PR_SET_NO_NEW_PRIVS, 1)
        seccomp.restrict(own_namespaces=False)

        def hang():
            signal.setitimer(signal.ITIMER_REAL, 1.0)
            time.sleep(60)

        return in_a_fork(hang, wall_seconds=0.01).decode()

    assert found_in_a_fork(work) == ""
