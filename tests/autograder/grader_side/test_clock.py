"""What counts against a limit, by clocks and waits that are made up."""

import pytest

from autograder.grader_side.clock import FIRST_LOOK, SHORTEST_NAP, Clock, Deadline
from autograder.student_side.busy import longest


class Machine:
    """A machine whose time passes when told, for a process that has a share of a core."""

    def __init__(self, share=1.0):
        self.time, self.waited, self.share, self.looks = 100.0, 0.0, share, 0
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
