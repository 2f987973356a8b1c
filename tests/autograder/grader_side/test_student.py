"""Operations on the student's side, with connections that are only noted: what is asked, timed and said."""

import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from autograder.grader_side.errors import CannotCross, Overdue, StudentDied, StudentError, Unseen
from autograder.grader_side.limits import Limits
from autograder.grader_side.student import Student

LIMITS = Limits(cell_seconds=4, call_seconds=8, notebook_seconds=100, output_kb=1)


@pytest.fixture
def student(noted):
    student = Student(noted.box, LIMITS)
    student.begin_graded_cell()
    return student


def test_an_operation_is_done_with_its_arguments(student, noted):
    noted.answers = [3]
    assert student.do("call", "f", 1, k=2) == 3
    assert noted.asked == [("do", "call", ("f", 1), {"k": 2})]
    assert noted.seconds == [8.0]


def test_states_of_random_numbers_are_set_before_a_call_where_a_cell_set_a_seed(student, noted):
    states = [None, "states"]
    student.seeds = SimpleNamespace(states=lambda: states.pop(0))
    student.do("call")
    student.do("call")
    assert [entry[1:3] for entry in noted.asked] == [("call", ()), ("set_states", "states"), ("call", ())]
    student.begin_graded_cell()
    assert student.seeds is None


def test_what_a_cell_is_watched_for_is_known_to_the_child_that_is_there_and_to_the_next(student, noted):
    student.run("a", print)
    student.begin_graded_cell(True)
    noted.answers = [StudentDied("x")]
    with pytest.raises(StudentDied):
        student.do("call")
    student.do("call")
    assert [entry for entry in noted.done if entry[0] == "forget"] == [
        ("forget", watched) for watched in (False, True, True)
    ]
    assert all(connection.said is student.said for connection in noted.connections)
    assert student._crossing.connection is noted.connections[1]
    student.begin_graded_cell()
    assert noted.done[-1] == ("forget", False)


def test_names_are_looked_up_again_in_a_new_child_where_it_was_dead(student, noted):
    noted.answers = [StudentDied("x"), {"f": 3}]
    assert student.lookup(["f"]) == {"f": 3}
    assert [entry[0] for entry in noted.asked].count("names") == 2
    noted.answers = [StudentDied("x")]
    with pytest.raises(StudentDied):
        student.lookup(["f"])


def test_a_recursion_limit_that_a_cell_set_is_set_once_before_a_call(student, noted):
    with student.recursion_limit:
        sys.setrecursionlimit(321)
    student.do("call")
    student.do("call")
    assert [entry[1:3] for entry in noted.asked] == [
        ("set_recursion_limit", (321,)),
        ("call", ()),
        ("call", ()),
    ]


def test_what_it_wrote_is_fetched_after_each_call_and_not_of_one_that_died(student, noted):
    mirrored = []
    student._workplace = SimpleNamespace(mirror=mirrored.append, files={}, extra={}, of_students=False)
    student.hands_over_files = True
    noted.answers = [3, "copies", StudentDied("x")]
    assert student.do("call") == 3
    with pytest.raises(StudentDied, match="x"):
        student.do("call")
    assert (mirrored, [entry[0] for entry in noted.asked]) == (["copies"], ["do", "written", "do"])


@pytest.mark.parametrize(("waited", "starved"), [(900.0, True), (0.0, False)])
@pytest.mark.parametrize("died", [True, False])
def test_a_call_that_the_walls_clock_stopped_while_it_waited_for_a_core_starved(
    student, noted, waited, starved, died
):
    def stopped():
        noted.time, noted.own_waits = noted.time + 900.0, waited
        student._clock.look()
        if died:
            raise StudentDied("took too long")

    noted.answers = [stopped]
    with pytest.raises(StudentDied) if died else nullcontext():
        student.do("call")
    assert student.starved is starved


def test_what_student_code_warns_is_warned_here_also_when_it_fails(student, noted):
    def fails():
        noted.hear(["warning", "UserWarning", "careful", 3])
        raise ValueError("bad")

    noted.answers = [fails]
    with pytest.warns(UserWarning, match="careful"), pytest.raises(ValueError, match="bad"):
        student.do("call")


def test_a_function_that_hung_has_half_the_time_when_it_is_called_again(student, noted, handle_of):
    slow, other = handle_of("c", own_name="slow"), handle_of("c", own_name="other")
    noted.answers = [noted.passes(8.0, 1), noted.passes(4.0, 1), 1, 1]
    for _ in range(3):
        student.do("call", slow)
    student.do("call", other)
    assert noted.seconds == [8.0, 4.0, 2.0, 8.0]
    noted.answers = [noted.passes(9.0, 1) for _ in range(3)]
    for _ in range(4):
        student.do("call", slow)
    assert noted.seconds[4:] == [2.0, 1.0, 1.0, 1.0]


def test_a_call_that_was_quick_hung_nowhere(student, noted, handle_of):
    quick = handle_of("c", own_name="quick")
    noted.answers = [noted.passes(7.0, 1), 1]
    student.do("call", quick)
    student.do("call", quick)
    assert noted.seconds == [8.0, 8.0]


def test_a_check_that_hands_over_what_cannot_cross_is_at_fault_and_says_at_what(student, noted, handle_of):
    noted.answers = [CannotCross("an open file")]
    with pytest.raises(CannotCross) as error:
        student.do("method", handle_of(kind="Net"), "fit")
    says = "this check cannot be decided, which is no fault of yours: it hands over what cannot cross"
    assert str(error.value) == f"{says}\nmethod Net.fit: an open file"
    assert student.faults == [f"{says} method Net.fit: an open file"]
    noted.answers = [error.value]
    with pytest.raises(CannotCross) as again:
        student.do("call")
    assert again.value is error.value
    assert len(student.faults) == 1
    noted.answers = [Unseen("list")]
    with pytest.raises(Unseen):
        student.do("call")


def test_a_search_has_an_answer_or_none_and_nobody_hears_it(student, noted):
    assert student.search("find", 1) is None
    assert noted.asked == []
    student.run("a", print)
    noted.answers = [[5], ValueError("bad"), CannotCross("x")]
    assert [student.search("find", 1, 2) for _ in range(3)] == [[5], None, None]
    assert noted.asked[1] == ("do", "find", (1, 2), {})
    assert noted.seconds[1:] == [8.0] * 3
    assert noted.hear("anything", "at all") is None
    noted.answers = [StudentDied("it ended")]
    assert student.search("find") is None
    assert student.deaths == ["it ended"]
    assert student.search("find") is None
    assert len(noted.connections) == 1


def test_no_longer_than_ten_seconds_in_all_are_searched(student, noted):
    student.run("a", print)
    noted.answers = [noted.passes(6.0, 1), noted.passes(6.0, 2), 3]
    assert [student.search("find") for _ in range(3)] == [1, 2, None]
    assert len(noted.asked) == 3


def test_methods_are_known_of_each_class_until_a_cell_runs_or_the_child_is_new(student, noted):
    student.run("a", print)
    known = student.methods_of("Net")
    known.add("fit")
    assert student.methods_of("Net") == {"fit"}
    assert student.methods_of("Other") == set()
    student.run("b", print)
    assert student.methods_of("Net") == set()
    student.methods_of("Net").add("fit")
    noted.answers = [StudentDied("x")]
    with pytest.raises(StudentDied):
        student.do("call")
    student.begin_graded_cell()
    student.do("call")
    assert student.methods_of("Net") == set()


def test_what_student_code_wrote_is_fetched_for_a_release_that_reads_it(student, noted):
    written = []
    student._workplace = SimpleNamespace(mirror=written.append, files={}, extra={}, of_students=False)
    for hands_over, copies in ((False, []), (True, ["copies"])):
        student.hands_over_files = hands_over
        noted.answers = ["copies"]
        student.fetch_written()
        assert written == copies
    assert noted.asked == [("written",)]


def test_names_are_looked_up_and_places_are_those_of_the_release(student, noted, tmp_path):
    noted.answers = [{"x": 3}]
    assert student.lookup(["x", "y"]) == {"x": 3}
    assert noted.asked[-1] == ("names", ["x", "y"])
    assert student.places == ("", ())
    student._workplace = SimpleNamespace(path=tmp_path, files={"a": tmp_path / "a"})
    assert student.places == (str(tmp_path), (tmp_path / "a",))


def test_handles_and_what_is_the_students_are_the_crossings(student, noted, handle_of):
    student.run("a", print)
    student.release(5, 1)
    assert student._crossing.released() == (5,)
    assert student.is_of_student(handle_of())
    assert not student.is_of_student(3)


class Empty(StopIteration):
    pass


def test_elements_end_a_loop_and_what_a_function_raises_ends_none(student, noted, as_a_cell):
    def stops():
        raise Empty(3)

    for operation, kind in (("next", Empty), ("call", StudentError)):
        noted.answers = [stops]
        with pytest.raises(kind, match="3"):
            as_a_cell("do(operation)", do=student.do, operation=operation)


def test_a_graded_cell_leaves_time_for_those_below_and_a_cell_of_the_students_has_all_there_is(noted):
    for seconds, left in (100, 96.0), (8, 6.0):
        student = Student(noted.box, Limits(cell_seconds=4, call_seconds=50, notebook_seconds=seconds))
        student.begin_graded_cell()
        assert student.check_seconds_left == pytest.approx(left, abs=0.5)
    student.do("call")
    assert noted.seconds[-1] == pytest.approx(6.0, abs=0.5)
    student.run("a", print)
    assert student.check_seconds_left == pytest.approx(8.0, abs=0.5)
    assert student.output_kb == 200


def test_a_check_that_is_stopped_while_it_asks_gives_up_the_process_that_it_asked(student, noted):
    noted.answers = [student.overdue()]
    with pytest.raises(Overdue, match="the check took longer than it may"):
        student.do("call")
    student.do("call")
    assert len(noted.connections) == 2
    assert student.faults == ["a check took longer than it may, and was stopped"]
