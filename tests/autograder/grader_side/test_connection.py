"""A connection to a child that says what a test has it say: what is asked, believed and called back."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.grader_side.clock import Clock, Deadline
from autograder.grader_side.errors import (
    BrokenReply,
    CannotCross,
    MachineFull,
    StudentDied,
    Unseen,
)
from autograder.student_side.wire import message


def over_in(looks):
    """A deadline that is over, with its time of grace, after so many looks at the clock."""
    ticks = itertools.count()
    return Deadline(Clock(wall=lambda: 10.0 * max(0, next(ticks) - looks)), 1.0)


def test_an_operation_is_asked_for_with_its_arguments_and_its_value_comes_back(do, child):
    child.answers([1.5, "x"])
    assert do("call", 3, "y", k=2) == [1.5, "x"]
    kind, number, seconds, released, *rest = child.hears()
    assert (kind, number, released) == ("do", 1, (7, 8))
    assert 0 < seconds <= 60.0
    assert rest == ["call", 0, None, (3, "y"), ("k", 2)]


def test_each_request_has_its_number_and_its_answer_the_same(do, child):
    child.answers("one", 1)
    child.answers("two", 2)
    assert [do("a"), do("b")] == ["one", "two"]
    child.answers("three", 4)
    with pytest.raises(BrokenReply, match="an answer that is none: it answers another request"):
        do("c")


def test_a_request_has_a_thousandth_of_a_second_at_least(do, child):
    child.answers(1)
    do("call", deadline=Deadline(Clock(), 0.0))
    assert child.hears()[2] == 0.001


def test_student_code_is_as_quiet_as_the_check(do, child):
    child.answers(1)
    with np.errstate(divide="ignore", over="raise"):
        do("call")
    assert child.hears()[6] == ("ignore", "raise", "ignore", "warn")


def test_things_that_are_lent_are_counted_and_what_changes_there_changes_here(do, child, connection):
    connection.lending.forget(watched=True)
    here = [1, 2]
    child.answers(None, 1)
    do("call", here, np.ones(2))
    child.answers(None, 2)
    do("call")
    assert [child.hears()[5], child.hears()[5]] == [0, 2]
    here.append(3)
    with pytest.raises(Unseen, match="this cell changes a list in place"):
        do("call")
    child.answers(None, 4)
    do("call", here)


def test_what_a_graded_cell_changed_matters_no_more_when_the_students_next_cell_runs(do, child, connection):
    connection.lending.forget(watched=True)
    here = [1]
    child.answers(None, 1)
    do("call", here)
    here.append(2)
    child.answers(True, 2)
    connection.run("x = 1", Deadline(Clock(), 60.0), list)
    assert [child.hears()[:2] for _ in range(2)] == [["do", 1], ["run", 2]]


def test_what_is_shown_meanwhile_is_heard(do, child):
    heard = []
    child.says("event", ["stream", "stdout", "hello"])
    child.says("event", ["clear"])
    child.answers(3)
    assert do("call", heard=heard) == 3
    assert heard == [["stream", "stdout", "hello"], ["clear"]]


@pytest.mark.parametrize("kind", ["other", "return", ""])
def test_a_message_that_nobody_asked_for_is_no_answer(kind, do, child):
    child.says(kind, 1, 2)
    with pytest.raises(BrokenReply, match="the student's process sent what nobody asked for"):
        do("call")


def test_bytes_that_are_no_message_are_no_answer(do, child):
    child.sends(b"\xff" * 64)
    with pytest.raises(BrokenReply, match="the student's process sent what is no message: "):
        do("call")


def test_a_message_may_come_in_pieces(do, child):
    data = message("done", 1, "x" * 100_000, ())
    child.sends(data)
    assert do("call") == "x" * 100_000


def test_a_child_that_is_gone_has_died(do, child):
    child.hangs_up()
    with pytest.raises(StudentDied, match=r"the student's process (ended|is gone)"):
        do("call")


def test_a_child_that_does_not_answer_in_time_has_died(do):
    with pytest.raises(StudentDied, match="the student's code took too long and could not be interrupted"):
        do("call", deadline=over_in(12))


def test_a_child_that_floods_is_no_reason_to_wait_longer(do, child):
    child.sends(message("event", ["clear"]) * 200)
    heard = []
    with pytest.raises(StudentDied, match="took too long"):
        do("call", deadline=over_in(30), heard=heard)
    assert 0 < len(heard) < 200


def test_a_child_that_does_not_listen_has_died(do):
    with pytest.raises(StudentDied, match="the student's process stopped listening"):
        do("call", np.zeros(2**20), deadline=over_in(12))


def test_what_cannot_cross_is_not_sent(do, child):
    with pytest.raises(CannotCross, match="a object"):
        do("call", object())
    child.answers(1, number=2)
    assert do("call") == 1
    assert child.hears()[1] == 2, "nothing of the first was sent"


def test_a_child_is_given_up_when_the_machine_is_full_whatever_it_says_meanwhile(do, child, connection):
    looks = iter(["", "the disk was nearly full"])
    connection.shared = SimpleNamespace(is_scarce=lambda: next(looks))
    child.sends(message("event", ["stdout", "more and more"]))
    with pytest.raises(MachineFull, match="the disk was nearly full"):
        do("call")
