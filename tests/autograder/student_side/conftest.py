"""A child in this process, whose alarms are given back in the end."""

import signal
from types import SimpleNamespace

import pytest

from autograder.student_side import alarm, line_search
from autograder.student_side.alarm import Alarm
from tests.autograder.student_side.far_end import World


@pytest.fixture
def alarms(monkeypatch):
    """What a child does to this process's alarm ends with the test."""
    monkeypatch.setattr(Alarm, "waited", 0.0)
    handler, timer = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)
    yield
    signal.setitimer(signal.ITIMER_REAL, *timer)
    signal.signal(signal.SIGALRM, handler)
    Alarm.running.clear()


@pytest.fixture
def world(alarms):
    return World()


@pytest.fixture
def clock(alarms, monkeypatch):
    """A clock that stands still: how long the process waited for a core, how its timer was set."""
    clock = SimpleNamespace(now=0.0, waited=10.0, timer=[])

    def set_timer(which, first, again):
        assert which == signal.ITIMER_REAL
        clock.timer.append((first, again))

    with monkeypatch.context() as patched:
        patched.setattr(alarm, "time", SimpleNamespace(monotonic=lambda: clock.now))
        patched.setattr(alarm, "seconds_waited", lambda schedule: clock.waited)
        patched.setattr(signal, "setitimer", set_timer)
        patched.setattr(Alarm, "waited", 10.0)
        yield clock


@pytest.fixture
def no_fork_stands_by():
    """Ends the forks that stand by for the next question about a function."""
    yield
    while line_search._standing:
        line_search._standing.pop()[1].end()
