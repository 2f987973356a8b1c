"""How long a process waited for a core that others had, by a kernel that is made up, and the real one."""

import os

import pytest

from autograder.student_side import busy
from autograder.student_side.busy import Below, Use, Waits, longest, seconds_without_a_core

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
        (Use(5.0, {1: (5.0, 9.5), 2: (1.0, 0.0)}), 0.5),  # the sum of processes says less, as it is rounded
    ],
)
def test_waiting_is_what_one_thread_wanted_to_run_and_none_did(after, waited):
    uses, times = iter([BEFORE, after, after]), iter([0.0, 3.0, 6.0])
    waits = Waits(lambda: next(uses), lambda: next(times))
    assert waits.seconds() == pytest.approx(waited)
    assert waits.seconds() == pytest.approx(waited)  # they add up


def test_waits_are_no_longer_than_the_time_in_which_none_ran():
    """Of many threads, each look finds another whose long wait is over; and one may have begun before."""
    uses = iter([Use(), Use(0.5, {1: (0.5, 1.0)}), Use(0.5, {1: (0.5, 1.0)}), Use(1.0, {2: (0.5, 3.0)})])
    times = iter([0.0, 1.0, 2.0, 3.0])
    waits = Waits(lambda: next(uses), lambda: next(times))
    assert [waits.seconds() for _ in range(3)] == [0.5, 0.5, 2.0]


def test_how_long_a_process_waited_is_known_or_nothing():
    assert seconds_without_a_core() >= 0
    assert seconds_without_a_core(2**30) == 0


def test_nothing_is_known_of_what_cannot_be_opened_or_holds_no_numbers(tmp_path, monkeypatch):
    (tmp_path / "empty").touch()
    assert busy._schedule(str(tmp_path / "empty")) == busy._schedule(str(tmp_path / "none")) == (0.0, 0.0)
    monkeypatch.setattr(busy.os, "open", lambda path, flags: (tmp_path / "none").stat())
    assert busy.opened() == -1
    assert busy.seconds_waited(-1) == 0.0


def test_a_thread_ran_and_waited_for_so_many_nanoseconds(tmp_path):
    (tmp_path / "schedstat").write_text("3000000000 2500000000 7\n")
    assert busy._schedule(str(tmp_path / "schedstat")) == (3.0, 2.5)


def test_what_runs_below_a_process_is_found_with_all_its_threads():
    found = Below(os.getppid()).look()
    assert os.getpid() in found.threads
    assert found.cpu > 0
    assert Below(2**30).look() == Use()


def test_of_a_busy_machine_only_new_processes_are_asked(monkeypatch):
    parents = {1: 0, 2: 1, 3: 1, 40: 2, 50: 3, 51: 50}  # 2 is ours
    asked = []

    def stat(process):
        asked.append(process)
        return parents[process], 0.5

    monkeypatch.setattr(busy, "stat", stat)
    monkeypatch.setattr(busy, "_schedule", lambda path: (1.0, 2.0))
    monkeypatch.setattr(
        busy, "_listed", lambda path: map(str, parents) if path == "/proc" else path.split("/")[2:3]
    )
    ours = Below(2)
    assert ours.look() == Use(0.5, {40: (1.0, 2.0)})
    assert sorted(asked) == sorted(parents)

    parents |= {41: 40, 52: 51}
    asked.clear()
    assert sorted(ours.look().threads) == [40, 41]
    assert sorted(asked) == [2, 40, 41, 52]

    del parents[52]  # its number is given again, and to one of ours
    ours.look()
    parents |= {52: 2}
    assert sorted(ours.look().threads) == [40, 41, 52]


def test_a_process_whose_parent_ended_while_we_read_is_no_stranger_for_ever(monkeypatch):
    parents = {1: 0, 2: 1, 41: 40}
    monkeypatch.setattr(busy, "stat", lambda process: (parents[process], 0.5))
    monkeypatch.setattr(
        busy, "_listed", lambda path: map(str, parents) if path == "/proc" else path.split("/")[2:3]
    )
    ours = Below(2)
    assert ours.look().threads == {}
    parents[41] = 2
    assert list(ours.look().threads) == [41]


def test_the_walls_clock_gives_four_times_as_long_and_ten_seconds_at_least():
    assert [longest(1.0), longest(30.0)] == [11.0, 120.0]
