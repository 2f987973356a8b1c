"""A child that ends: which cell is blamed for it, and which cells are run again."""

from types import SimpleNamespace

import pytest

from autograder.grader_side.errors import BrokenReply, Ended, MachineFull, SandboxError, StudentDied
from autograder.grader_side.limits import Limits
from autograder.grader_side.student import Student

LIMITS = Limits(cell_seconds=4, call_seconds=8, notebook_seconds=100, memory_mb=3, output_kb=1)


@pytest.fixture
def student(noted):
    return Student(noted.box, LIMITS)


def asked(noted, *kinds):
    """What was asked, without what hears it: of these kinds, or all."""
    return [entry[:2] for entry in noted.asked if not kinds or entry[0] in kinds]


def test_a_cell_that_ends_its_process_says_of_what_and_is_not_run_again(student, noted):
    noted.answers, noted.how = [None, StudentDied("it ended")], "it exited with code 3"
    student.run("a", print)
    with pytest.raises(StudentDied, match=r"^it ended \(it exited with code 3\)$"):
        student.run("exit()", print)
    assert student.deaths == ["it ended (it exited with code 3)"]
    assert student.why_dead == student.deaths[0]
    assert noted.connections[0].closed == 1
    assert noted.done[1:] == [("hung up",), ("end child",)]
    student.run("b", print)
    assert asked(noted) == [("run", "a"), ("run", "exit()"), ("run", "a"), ("run", "b")]
    assert len(noted.connections) == 2
    shows_again = noted.asked[2][2]
    assert shows_again(["clear"]) is None
    assert shows_again is not print


def test_a_death_that_a_callback_inside_found_first_is_noted_once(student, noted):
    student.run("a", print)

    def calls_back():
        with pytest.raises(StudentDied):
            student.do("inside")
        raise Ended("found later")

    noted.answers = [calls_back, StudentDied("found first")]
    with pytest.raises(Ended, match=r"^found later$"):
        student.do("call")
    assert student.deaths == ["found first"]
    assert noted.connections[0].closed == 1


def test_what_a_child_died_of_may_not_be_known(student, noted):
    noted.answers = [BrokenReply("nonsense")]
    with pytest.raises(BrokenReply, match=r"^nonsense$"):
        student.run("a", print)
    assert student.deaths == ["nonsense"]


def test_each_graded_cell_may_replace_the_child_once(student, noted):
    student.run("a", print)
    student.begin_graded_cell()
    noted.answers = [StudentDied("one"), None, StudentDied("two")]
    with pytest.raises(StudentDied, match="one"):
        student.do("call")
    with pytest.raises(StudentDied, match="two"):
        student.do("call")
    with pytest.raises(StudentDied, match=r"^two$"):
        student.do("call")
    assert student.deaths == ["one", "two"]
    assert len(noted.connections) == 2
    student.begin_graded_cell()
    student.do("call")
    assert len(noted.connections) == 3
    assert asked(noted, "run") == [("run", "a")] * 3


def test_a_cell_that_dies_when_it_is_run_again_is_deadly_too(student, noted):
    noted.answers = [None, StudentDied("one"), StudentDied("again")]
    student.run("a", print)
    with pytest.raises(StudentDied, match="one"):
        student.run("b", print)
    with pytest.raises(StudentDied, match="again"):
        student.run("c", print)
    student.run("d", print)
    assert asked(noted) == [("run", "a"), ("run", "b"), ("run", "a"), ("run", "c"), ("run", "d")]


def test_a_cell_before_which_the_child_may_have_been_dead_is_run_once_more(student, noted):
    """A thread may have ended it, or what the cell above left behind: then this one is innocent."""
    student.run("a", print)
    noted.answers = [Ended("left behind")]
    student.run("b", print)
    student.run("c", print)
    assert asked(noted) == [("run", "a"), ("run", "b"), ("run", "a"), ("run", "b"), ("run", "c")]
    assert student.deaths == ["left behind"]


def test_a_child_that_ends_while_cells_are_run_again_costs_the_next_one_nothing(student, noted):
    noted.answers = [None, StudentDied("too slow"), Ended("in a")]
    student.run("a", print)
    with pytest.raises(StudentDied, match="too slow"):
        student.run("b", print)
    student.run("c", print)
    assert asked(noted) == [("run", "a"), ("run", "b"), ("run", "a"), ("run", "c")]


def test_a_cell_that_ends_its_process_twice_is_deadly(student, noted):
    noted.answers = [Ended("one"), Ended("two")]
    with pytest.raises(Ended, match=r"^two$"):
        student.run("exit()", print)
    student.run("b", print)
    assert asked(noted) == [("run", "exit()"), ("run", "exit()"), ("run", "b")]


def test_a_cell_that_showed_something_before_its_process_ended_is_not_run_once_more(student, noted):
    def shows():
        noted.asked[-1][2](["stream", "out"])
        raise Ended("after that")

    noted.answers, shown = [shows], []
    with pytest.raises(Ended, match="after that"):
        student.run("print(); exit()", shown.append)
    assert (shown, len(noted.asked)) == ([["stream", "out"]], 1)


def test_a_graded_cell_inside_is_run_once_more_where_the_child_was_dead(student, noted):
    student.run("a", print)
    noted.answers = [Ended("left behind"), None, ("ended", 1.0, "")]
    assert student.run_inside("graded", (), print) == ("ended", 1.0, "")
    assert asked(noted, "inside") == [("inside", "graded")] * 2


def test_a_sandbox_that_cannot_be_had_is_lost(student, noted):
    noted.refuses = SandboxError("no sandbox")
    with pytest.raises(StudentDied, match="no sandbox"):
        student.run("a", print)
    assert student.lost is noted.refuses
    assert student.seconds_left == 100.0


def test_a_sandbox_that_fails_while_a_child_is_ended_is_lost(student, noted):
    noted.answers, noted.lost = [StudentDied("it ended")], SandboxError("gone")
    with pytest.raises(StudentDied, match=r"^it ended$"):
        student.run("a", print)
    assert student.lost is noted.lost


@pytest.mark.parametrize("put", [0, 1])
def test_a_child_that_ends_while_it_gets_its_files_costs_nothing(noted, tmp_path, put):
    (tmp_path / "data.csv").write_bytes(b"1,2")
    place = SimpleNamespace(
        path=tmp_path, of_students=True, files={"data.csv": tmp_path / "data.csv"}, extra={"own.txt": b"mine"}
    )
    student = Student(noted.box, LIMITS, place)
    noted.answers = [None] * put + [MachineFull("the disk was nearly full")]
    with pytest.raises(MachineFull):
        student.run("a", print)
    assert student.starved
    student.run("b", print)
    assert [entry[1] for entry in noted.asked[put + 1 :]] == ["data.csv", "own.txt", "a", "b"]
