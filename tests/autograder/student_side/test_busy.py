"""How long a process waited for a core that others had, by a kernel that is made up, and the real one."""

import os

import pytest

from autograder.student_side.busy import Use, Waits, longest, seconds_without_a_core, use_below

BEFORE = Use(5.0, {1: (4.0, 9.0), 2: (1.0, 0.0)})


@pytest.mark.parametrize(
    ("after", "waited"),
    [
        (BEFORE, 0.0),
        (Use(6.0, {1: (5.0, 9.0), 2: (1.0, 0.0)}), 0.0),  # one ran
        (Use(5.2, {1: (4.2, 9.8), 2: (1.0, 0.0)}), 0.8),  # one waited
        (Use(6.0, {1: (4.5, 9.5), 2: (1.5, 0.5)}), 0.0),  # two took turns
        (Use(5.5, {1: (4.25, 9.75), 2: (1.25, 0.75)}), 0.5),  # two took turns, and with others
        (Use(6.0, {1: (4.1, 9.9), 2: (1.0, 0.0)}), 0.0),  # what it waited for has ended meanwhile
        (Use(5.5, {1: (4.0, 9.0), 2: (1.0, 0.0), 3: (0.5, 2.0)}), 2.0),  # one that was started meanwhile
    ],
)
def test_waiting_is_what_one_thread_wanted_to_run_and_none_did(after, waited):
    uses = iter([BEFORE, after, after])
    waits = Waits(lambda: next(uses))
    assert waits.seconds() == pytest.approx(waited)
    assert waits.seconds() == pytest.approx(waited)  # they add up


def test_how_long_a_process_waited_is_known_or_nothing():
    assert seconds_without_a_core() >= 0
    assert seconds_without_a_core(2**30) == 0


def test_what_runs_below_a_process_is_found_with_all_its_threads():
    found = use_below(os.getppid())
    assert os.getpid() in found.threads
    assert found.cpu > 0
    assert use_below(2**30) == Use()


def test_the_walls_clock_gives_four_times_as_long_and_ten_seconds_at_least():
    assert [longest(1.0), longest(30.0)] == [11.0, 120.0]
