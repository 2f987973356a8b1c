"""A block is ended when its time is over, and gets so much memory more; a test rings the alarms."""

import signal
import threading
from types import SimpleNamespace

import pytest

from autograder import watch

needs_alarms = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such alarms on Windows")


@pytest.fixture
def alarms(monkeypatch):
    """The alarms that were set, none of which rings by itself: seconds, and seconds between further ones."""
    found = []
    timer = lambda kind, seconds, again=0.0: found.append((kind, seconds, again))  # noqa: E731
    monkeypatch.setattr(watch.signal, "setitimer", timer)
    return found


@needs_alarms
def test_an_alarm_that_comes_too_early_is_set_again_and_one_in_time_ends_the_block(alarms):
    left = iter([5.0, 0.5, 0.0])
    before = signal.getsignal(signal.SIGALRM)
    with watch.stopped_after(lambda: next(left), TimeoutError):
        signal.raise_signal(signal.SIGALRM)
        assert len(alarms) == 2
        with pytest.raises(TimeoutError):
            signal.raise_signal(signal.SIGALRM)
    assert alarms == [
        (signal.ITIMER_REAL, 5.0, 1.0),
        (signal.ITIMER_REAL, 0.5, 1.0),
        (signal.ITIMER_REAL, 0, 0.0),
    ]
    assert signal.getsignal(signal.SIGALRM) is before


@needs_alarms
def test_after_a_block_that_raises_no_alarm_and_no_limit_of_it_is_left(alarms, limits):
    before, changes = signal.getsignal(signal.SIGALRM), limits(7000, -1)
    with pytest.raises(KeyError), watch.stopped_after(lambda: 5.0, TimeoutError), watch.bounded_memory(500):
        raise KeyError
    assert signal.getsignal(signal.SIGALRM) is before
    assert alarms[1:] == [(signal.ITIMER_REAL, 0, 0.0)]
    assert changes[1:] == [("address space", 7000, -1)]


@needs_alarms
def test_a_block_without_any_time_left_still_gets_an_alarm_for_0_would_set_none(alarms):
    with watch.stopped_after(lambda: -1.0, TimeoutError):
        assert alarms == [(signal.ITIMER_REAL, 0.001, 1.0)]


@needs_alarms
def test_a_thread_which_gets_no_signals_runs_the_block_without_alarms(alarms):
    ran = []

    def block():
        with watch.stopped_after(lambda: 0.0, TimeoutError):
            ran.append(True)

    thread = threading.Thread(target=block)
    thread.start()
    thread.join()
    assert (ran, alarms) == ([True], [])


def test_where_there_are_no_such_alarms_the_block_just_runs(monkeypatch):
    monkeypatch.setattr(watch, "signal", SimpleNamespace())
    ran = []
    with watch.stopped_after(lambda: 0.0, TimeoutError):
        ran.append(True)
    assert ran == [True]


@pytest.fixture
def limits(monkeypatch):
    """Stands for the kernel's limits; the process has 1000 bytes in use. Returns what limits were set."""

    def make(soft, hard):
        changes = []
        kernel = SimpleNamespace(
            RLIMIT_AS="address space",
            RLIM_INFINITY=-1,
            getrlimit={"address space": (soft, hard)}.__getitem__,
            setrlimit=lambda what, limits: changes.append((what, *limits)),
        )
        monkeypatch.setattr(watch, "resource", kernel)
        monkeypatch.setattr(watch, "address_space_in_use", lambda: 1000)
        monkeypatch.setattr(watch.sys, "platform", "linux")
        return changes

    return make


@pytest.mark.parametrize(
    ("soft", "hard", "bound"), [(-1, -1, 1500), (1200, -1, 1200), (-1, 1300, 1300), (1800, 1900, 1500)]
)
def test_a_block_gets_so_much_more_than_is_in_use_but_never_more_than_before(limits, soft, hard, bound):
    changes = limits(soft, hard)
    with watch.bounded_memory(500):
        assert changes == [("address space", bound, hard)]
    assert changes[1:] == [("address space", soft, hard)]


def test_only_linux_counts_address_space_so(limits, monkeypatch):
    changes = limits(-1, -1)
    monkeypatch.setattr(watch.sys, "platform", "darwin")
    with watch.bounded_memory(500):
        pass
    monkeypatch.setattr(watch.sys, "platform", "linux")
    monkeypatch.setattr(watch, "resource", None)
    with watch.bounded_memory(500):
        pass
    assert changes == []
