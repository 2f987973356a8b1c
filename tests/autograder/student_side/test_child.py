"""The limit on a student's call, by what it took itself on a machine that others use too."""

import pytest

from autograder.student_side import child
from autograder.student_side.child import Alarm


@pytest.fixture
def waited(monkeypatch):
    """How long this process has waited for a core, as the kernel would say it."""
    clock = {"now": 10.0}
    monkeypatch.setattr(child, "seconds_waited", lambda schedule: clock["now"])
    monkeypatch.setattr(Alarm, "waited", 10.0)
    return clock


def test_what_a_block_waited_for_a_core_does_not_count(waited):
    with Alarm(60):
        alarm = Alarm.running[-1]
        alarm._began -= 61
        assert alarm._left() < 0
        waited["now"] += 30
        assert 28 < alarm._left() <= 29


def test_what_a_long_block_waited_is_not_the_next_ones_too(waited):
    with Alarm(60):
        Alarm.running[-1]._began -= 50
        waited["now"] += 30
    with Alarm(60):
        alarm = Alarm.running[-1]
        alarm._began -= 61
        assert alarm._left() < 0


def test_after_a_short_block_the_kernel_is_not_asked(waited):
    with Alarm(60):
        waited["now"] += 30
    assert Alarm.waited == 10.0
