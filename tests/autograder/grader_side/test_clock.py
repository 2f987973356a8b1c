"""What counts against a limit, by clocks and waits that are made up."""

import pytest

from autograder.grader_side.clock import FIRST_LOOK, SHORTEST_NAP, Clock, Deadline
from autograder.student_side.busy import longest


class Machine:
    """A machine whose time passes when told, for a process that has a share of a core."""

    def __init__(self, share=1.0, time=100.0):
        self.time, self.waited, self.share, self.looks = time, 0.0, share, 0
        self.clock = Clock(self._look, lambda: self.time)

    def _look(self):
        self.looks += 1
        return self.waited

    def run(self, seconds):
        self.time += seconds
        self.waited += seconds * (1 - self.share)

    def runs_out(self, deadline, grace=0.0):
        """How long the wall's clock goes on until a deadline is over."""
        began = self.time
        for _ in range(10_000):
            if (nap := deadline.nap(grace)) <= 0:
                return self.time - began
            self.run(nap)
        raise AssertionError("it is never over")


def test_on_a_quiet_machine_a_limit_is_the_walls():
    machine = Machine()
    assert machine.runs_out(Deadline(machine.clock, 2.0)) == pytest.approx(2.0)
    assert machine.runs_out(Deadline(machine.clock, 2.0), grace=0.8) == pytest.approx(2.8, abs=SHORTEST_NAP)


def test_what_waits_for_a_core_has_as_much_longer():
    machine = Machine(share=0.5)
    took = machine.runs_out(deadline := Deadline(machine.clock, 20.0))
    assert took == pytest.approx(40.0, abs=2 * FIRST_LOOK)
    assert not deadline.starved


@pytest.mark.parametrize("seconds", [0.5, 30.0])
def test_the_walls_clock_ends_what_hardly_gets_a_core_and_says_so(seconds):
    machine = Machine(share=0.01)
    assert machine.runs_out(deadline := Deadline(machine.clock, seconds)) == pytest.approx(longest(seconds))
    assert deadline.starved
    assert deadline.over


def test_waits_from_before_a_request_are_not_its_own_but_its_notebooks():
    machine = Machine(share=0.0)
    notebook = Deadline(machine.clock, 100.0)
    machine.run(30)
    machine.share = 1.0
    assert machine.runs_out(Deadline(machine.clock, 5.0, notebook)) == pytest.approx(5.0)
    assert notebook.seconds == pytest.approx(95.0)


def test_no_more_waits_count_than_time_is_over():
    machine = Machine(share=-1.0)  # a child's, and at the same time the grader's
    notebook = Deadline(machine.clock, 100.0)
    machine.run(30)
    machine.clock.look()
    assert notebook.used == 0.0


def test_a_request_ends_with_its_notebook():
    machine = Machine()
    notebook = Deadline(machine.clock, 3.0)
    assert machine.runs_out(deadline := Deadline(machine.clock, 30.0, notebook)) == pytest.approx(3.0)
    assert deadline.over
    assert not deadline.starved


def test_a_call_that_is_short_does_not_look_at_the_machine():
    machine = Machine()
    deadline = Deadline(machine.clock, 30.0)
    assert 0 < deadline.nap() <= FIRST_LOOK
    machine.run(FIRST_LOOK / 2)
    assert deadline.nap() > 0
    assert machine.looks == 0


def test_time_in_which_nothing_could_be_done_puts_a_deadline_off():
    machine = Machine()
    deadline = Deadline(machine.clock, 3.0)
    machine.run(2.0)
    deadline.put_off(2.0)
    assert machine.runs_out(deadline) == pytest.approx(3.0)


def test_a_look_says_how_many_seconds_fewer_count_and_never_that_it_is_more():
    machine = Machine()
    machine.time += 10.0
    said = []
    for machine.waited in (3.0, 5.0, 4.0):
        said.append((machine.clock.look(), machine.clock.excused, machine.clock.now()))
    assert said == [(3.0, 3.0, 107.0), (2.0, 5.0, 105.0), (0.0, 5.0, 105.0)]


def test_a_clock_of_which_nobody_tells_of_waits_is_the_walls():
    clock = Clock(wall=lambda: 7.0)
    assert (clock.excused, clock.now(), clock.look(), clock.now()) == (0.0, 7.0, 0.0, 7.0)


def test_what_began_a_moment_ago_is_neither_over_nor_starved():
    machine = Machine(time=0.0)
    deadline = Deadline(machine.clock, 30.0)
    machine.time = 0.09
    assert deadline.is_sure
    machine.time = 0.1
    assert not deadline.is_sure
    later = Machine()
    assert Deadline(later.clock, 0.11).is_sure
    assert not Deadline(later.clock, 0.1).is_sure, "it may be over before the first look"


def test_a_request_that_begins_when_its_notebook_is_nearly_over_may_be_over_at_once():
    machine = Machine(time=0.0)
    assert not Deadline(machine.clock, 50.0, Deadline(machine.clock, 1.1)).is_sure
    assert Deadline(machine.clock, 50.0, Deadline(machine.clock, 1.2)).is_sure


def test_what_is_stopped_in_the_last_fiftieth_of_its_time_was_stopped_at_its_limit():
    machine = Machine(time=0.0)
    deadline = Deadline(machine.clock, 50.0)
    for machine.time, over in ((0.0, False), (48.5, False), (48.99, False), (49.0, True), (60.0, True)):
        assert deadline.over is over, machine.time


def test_what_is_used_is_what_counts():
    machine = Machine(share=0.25)
    deadline = Deadline(machine.clock, 30.0)
    machine.run(8.0)
    assert (deadline.used, deadline.seconds) == (8.0, 22.0), "as of the last look"
    machine.clock.look()
    assert (deadline.used, deadline.seconds) == (2.0, 28.0)


@pytest.mark.parametrize(
    ("passed", "waited", "starved"),
    [
        (119.0, 119.0, False),
        (120.0, 120.0, True),
        (120.0, 90.5, True),
        (120.0, 90.0, False),
        (40.0, 0.0, False),
    ],
)
def test_what_was_ended_by_the_walls_clock_before_its_time_was_used_is_starved(passed, waited, starved):
    machine = Machine(time=0.0)
    deadline = Deadline(machine.clock, 30.0)
    inside = Deadline(machine.clock, 1000.0, within=deadline)
    machine.time, machine.waited = passed, waited
    machine.clock.look()
    assert deadline.starved is inside.starved is starved


def test_putting_off_moves_both_ends():
    machine = Machine(time=0.0, share=0.0)
    deadline = Deadline(machine.clock, 4.0)  # sixteen by the wall's clock
    deadline.put_off(1.5)
    deadline.put_off(0.5)
    assert (deadline.seconds, deadline.used) == (6.0, -2.0)
    machine.run(10.0)
    machine.clock.look()
    assert deadline.seconds == 6.0
    machine.run(10.0)
    machine.clock.look()
    assert deadline.seconds == -2.0


def test_until_the_first_look_one_naps_as_long_as_nothing_can_be_over():
    machine = Machine(time=0.0)
    naps = [Deadline(machine.clock, seconds).nap(grace) for seconds, grace in ((30.0, 0.0), (30.0, 5.0))]
    assert naps == [0.1, 0.1]
    short = [Deadline(machine.clock, s).nap(grace) for s, grace in ((0.05, 0.0), (0.05, 0.03), (0.05, 0.2))]
    assert short == [0.05, 0.08, 0.1]
    assert Deadline(machine.clock, 0.01).nap() == 0.02
    deadline = Deadline(machine.clock, 30.0)
    machine.time = 0.0625
    assert deadline.nap() == 0.1 - 0.0625
    assert machine.looks == 0
    machine.time = 0.1
    assert (deadline.nap(), machine.looks) == (29.9, 1)


def test_the_first_look_takes_off_the_waits_from_before():
    machine = Machine(time=0.0, share=0.0)
    machine.run(5.0)
    deadline = Deadline(machine.clock, 2.0)
    machine.share = 1.0
    machine.run(0.5)
    assert (deadline.nap(), deadline.nap(), deadline.nap(0.25)) == (1.5, 1.5, 1.75)
    assert machine.looks == 1, "there is time left"
    machine.run(1.0)
    assert (deadline.nap(), machine.looks) == (0.5, 1)


def test_when_the_time_is_over_a_look_says_whether_it_is():
    machine = Machine(time=0.0)
    deadline = Deadline(machine.clock, 2.0)
    machine.run(1.0)
    deadline.nap()
    machine.run(1.0)
    machine.waited = 1.0
    assert (deadline.nap(), machine.looks) == (1.0, 2)
    machine.run(2.0)
    machine.waited = 2.5
    assert deadline.nap(1.0) == 1.5
    machine.run(0.5)
    assert deadline.nap() == 0.0
    machine.run(0.5)
    assert (deadline.nap(), deadline.nap(0.75), deadline.nap(0.51)) == (-0.5, 0.25, 0.02)
