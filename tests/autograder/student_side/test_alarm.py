"""The limit on a student's call, by what it took itself on a machine that others use too."""

import contextlib
import signal
import sys
import time

import pytest

from autograder.student_side import alarm
from autograder.student_side.alarm import Alarm, TimeLimit


def test_what_a_block_waited_for_a_core_does_not_count(clock):
    with Alarm(60):
        clock.now += 61
        assert Alarm.running[-1]._left() == -1
        clock.waited += 30
        assert Alarm.running[-1]._left() == 29


def test_while_there_is_time_by_the_clock_the_kernel_is_not_asked(clock):
    with Alarm(60):
        clock.waited += 30
        clock.now = 59.5
        assert Alarm.running[-1]._left() == 0.5
        clock.now = 60.0
        assert Alarm.running[-1]._left() == 30


def test_the_clock_on_the_wall_stands_behind_every_limit(clock):
    with Alarm(60):
        clock.waited += 1000
        clock.now = 239.0
        assert Alarm.running[-1]._left() == 1


def test_what_a_long_block_waited_is_not_the_next_ones_too(clock):
    with Alarm(60):
        clock.now += 50
        clock.waited += 30
    with Alarm(60):
        clock.now += 61
        assert Alarm.running[-1]._left() == -1


def test_after_a_short_block_the_kernel_is_not_asked(clock):
    clock.now = 0.5
    with Alarm(60):
        clock.waited += 30
        clock.now = 0.6
    assert Alarm.waited == 10.0
    clock.now = 0.5
    with Alarm(60):
        clock.now = 0.61
    assert Alarm.waited == 40.0


def test_the_timer_is_set_for_a_block_and_taken_back_after_it(clock):
    with Alarm(7):
        assert clock.timer == [(7.0, 0.5)]
    assert clock.timer == [(7.0, 0.5), (0.0, 0.5)]
    assert Alarm.running == []


@pytest.mark.parametrize(("outer", "inner", "nearest"), [(5, 60, 4), (60, 2, 2)])
def test_of_nested_blocks_the_nearest_end_counts(clock, outer, inner, nearest):
    with Alarm(outer):
        clock.now += 1
        with Alarm(inner):
            assert clock.timer[-1] == (nearest, 0.5)
            clock.now += 1
        assert clock.timer[-1] == (outer - 2, 0.5)
    assert clock.timer[-1] == (0.0, 0.5)


def test_a_block_whose_time_is_over_already_is_rung_for_at_once(clock):
    with Alarm(5):
        clock.now += 6
        with Alarm(60):
            assert clock.timer[-1] == (0.001, 0.5)


def test_the_alarm_rings_at_the_end_of_the_time_and_not_before(clock):
    Alarm.ring(signal.SIGALRM, None)
    with Alarm(60):
        clock.now = 59.0
        Alarm.ring(signal.SIGALRM, None)
        assert clock.timer[-1] == (1.0, 0.5)
        clock.now = 60.0
        with pytest.raises(TimeLimit, match=r"^stopped: this took longer than it may$"):
            Alarm.ring(signal.SIGALRM, None)
        with Alarm(80), pytest.raises(TimeLimit):
            Alarm.ring(signal.SIGALRM, None)


def test_an_alarm_waits_until_a_message_is_sent(clock, monkeypatch):
    with Alarm(60):
        clock.now = 61.0
        monkeypatch.setattr(Alarm, "sending", True)
        Alarm.ring(signal.SIGALRM, None)
        assert clock.timer[-1] == (0.01, 0.5)
        monkeypatch.setattr(Alarm, "sending", False)
        with pytest.raises(TimeLimit):
            Alarm.ring(signal.SIGALRM, None)


@pytest.mark.parametrize("event", ["call", "return"])
@pytest.mark.parametrize(
    "code", [Alarm.__enter__, Alarm.__exit__, Alarm._left], ids=lambda code: code.__name__
)
def test_a_signal_while_a_block_begins_or_ends_leaves_no_limit_behind(clock, code, event):
    """Left behind, a limit that is over ends the process wherever it rings next."""

    def ring(frame, now, argument):
        if now == event and frame.f_code is code.__code__ and frame.f_back.f_code is not Alarm.ring.__code__:
            sys.setprofile(None)
            Alarm.ring(signal.SIGALRM, frame)
            rung.append(clock.timer[-1])

    rung = []
    with Alarm(60):
        clock.now += 61
        sys.setprofile(ring)
        with Alarm(5):
            clock.now += 6
    sys.setprofile(None)
    assert Alarm.running == []
    assert rung == [(0.01, 0.5)]


def test_to_listen_is_to_answer_the_signal_and_to_know_what_was_waited_for(clock):
    clock.waited = 12.0
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    Alarm.listen()
    assert signal.getsignal(signal.SIGALRM) == Alarm.ring
    assert Alarm.waited == 12.0


def test_where_there_is_no_such_signal_nothing_is_set(clock, monkeypatch):
    with monkeypatch.context() as patched:
        patched.delattr(signal, "SIGALRM")
        patched.delattr(signal, "setitimer")
        clock.waited = 12.0
        Alarm.listen()
        with Alarm(60):
            pass
    assert Alarm.waited == 12.0
    assert clock.timer == []


def test_a_process_that_opened_none_asks_no_descriptor_how_long_it_waited():
    assert alarm.seconds_waited(Alarm.schedule) == 0.0
    assert Alarm.schedule == -1
    assert not Alarm.sending


def test_a_limit_ends_what_catches_every_exception_and_rings_again(alarms, monkeypatch):
    """The only test with a clock of its own: the signal comes in the midst of code."""
    monkeypatch.setattr(alarm, "RING_AGAIN", 0.01)
    Alarm.listen()
    stopped = 0
    with Alarm(0.01):
        for _ in range(3):
            try:
                with contextlib.suppress(Exception):
                    time.sleep(5)
            except TimeLimit:
                stopped += 1
    assert stopped == 3
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0
