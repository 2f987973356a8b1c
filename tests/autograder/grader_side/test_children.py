"""The student's side of a notebook, with connections that are only noted: which cells run in which child."""

from types import SimpleNamespace

import pytest

from autograder.grader_side.errors import Ended, MachineFull, SandboxError, StudentDied
from autograder.grader_side.limits import Limits
from autograder.grader_side.shared import Shared
from autograder.grader_side.student import Student

LIMITS = Limits(cell_seconds=4, call_seconds=8, notebook_seconds=100, memory_mb=3, output_kb=1)


@pytest.fixture
def student(noted):
    return Student(noted.box, LIMITS)


def asked(noted, *kinds):
    """What was asked, without what hears it: of these kinds, or all."""
    return [entry[:2] for entry in noted.asked if not kinds or entry[0] in kinds]


def test_cells_run_one_after_the_other_in_one_child(student, noted):
    shown = []
    student.run("a", shown.append)
    student.run("b", print)
    assert [(kind, source) for kind, source, _ in noted.asked] == [("run", "a"), ("run", "b")]
    noted.asked[0][2](["shown"])
    assert shown == [["shown"]]
    assert [connection.connected for connection in noted.connections] == ["child 0"]
    assert noted.seconds == [4.0, 4.0]
    assert noted.done == [("forget", False)]
    assert (student.deaths, student.lost, student.starved, student.faults) == ([], None, False, [])
    assert student.memory_bytes == 3 * 2**20


def test_the_time_in_which_a_sandbox_gets_ready_is_not_the_students(student, noted):
    noted.answers = [noted.passes(10.0)]
    student.run("a", print)
    assert (student.seconds_left, student.seconds_used) == (90.0, 10.0)


@pytest.mark.parametrize("lost", [None, SandboxError("gone")])
def test_the_time_in_which_the_grader_waited_for_a_core_is_not_the_students(noted, lost):
    noted.own_waits = 3.0
    student = Student(noted.box, LIMITS)

    def waits():
        noted.time += 10.0
        noted.own_waits += 6.0
        noted.lost = lost
        student._clock.look()

    noted.answers = [waits]
    student.run("a", print)
    assert student.seconds_used == 4.0


def test_a_notebook_whose_time_is_used_up_runs_nothing_more(student, noted):
    noted.answers = [noted.passes(100.0)]
    student.run("a", print)
    with pytest.raises(StudentDied, match="the notebook's time of 100 s is used up"):
        student.run("b", print)
    assert asked(noted) == [("run", "a")]


def test_to_close_ends_the_notebook_before_the_connection(student, noted):
    student.close()
    assert noted.done == []
    student.run("a", print)
    noted.done.clear()
    noted.lost = SandboxError("gone")
    student.close()
    assert noted.done == [("end notebook",), ("hung up",)]
    student.close()
    assert len(noted.done) == 2


def test_a_threads_question_that_a_notebooks_end_cuts_short_starts_and_ends_nothing_more(student, noted):
    student.run("a", print)
    connection = noted.connections[0]
    student.close()
    noted.done.clear()
    cut_short = Ended("the student's process ended")
    assert student._buried(connection, cut_short) is cut_short
    with pytest.raises(StudentDied, match="the notebook is over"):
        student.do("call", print)
    assert noted.done == []


def test_a_graded_cell_inside_is_run_with_those_before(student, noted):
    noted.answers = [("ended", 1.0, "")]
    assert student.run_inside("graded", ("before",), print) == ("ended", 1.0, "")
    assert [entry[:3] for entry in noted.asked] == [("inside", "graded", ("before",))]
    assert noted.seconds == [4.0]
    noted.answers = [StudentDied("it ended")]
    with pytest.raises(StudentDied, match="it ended"):
        student.run_inside("graded", (), print)
    assert student.deaths == ["it ended"]
    noted.answers = [("ended", 1.0, "")]
    student.run_inside("graded", (), print)
    assert len(noted.connections) == 2


def test_files_are_put_into_each_child_the_releases_before_the_students(noted, tmp_path):
    (tmp_path / "data.csv").write_bytes(b"1,2")
    place = SimpleNamespace(
        path=tmp_path,
        of_students=True,
        files={"in/data.csv": tmp_path / "data.csv"},
        extra={"own.txt": b"mine"},
    )
    student = Student(noted.box, LIMITS, place)
    noted.answers = [noted.passes(5.0), noted.passes(6.0)]
    student.run("a", print)
    assert noted.asked[:2] == [("put", "in/data.csv", b"1,2", True), ("put", "own.txt", b"mine", False)]
    assert noted.seconds == [4.0, 4.0, 4.0]
    assert student.seconds_left == 94.0, "what is the release's is not the student's time"


@pytest.mark.parametrize(("shared", "of_students"), [(False, True), (True, True), (False, False)])
def test_a_child_with_files_of_its_own_works_at_the_path_where_graded_cells_do(
    noted, tmp_path, shared, of_students
):
    noted.box.shares_machine = shared
    place = SimpleNamespace(path=tmp_path, of_students=of_students, files={}, extra={})
    Student(noted.box, LIMITS, place).run("a", print)
    assert (("work in", str(tmp_path), 4.0) in noted.done) is (of_students and not shared)


def test_written_files_are_fetched_where_a_check_looks_for_them(noted, tmp_path):
    mirrored = []
    place = SimpleNamespace(path=tmp_path, of_students=True, files={}, extra={}, mirror=mirrored.append)
    student = Student(noted.box, LIMITS, place)
    student.fetch_written()
    assert noted.asked == []
    student.hands_over_files = True
    student.begin_graded_cell()
    noted.answers = [3, {"a": b"1"}]
    assert student.do("call") == 3
    assert asked(noted) == [("do", "call"), ("written",)]
    assert (mirrored, noted.seconds) == ([{"a": b"1"}], [8.0, 8.0])
    noted.answers = [StudentDied("it ended")]
    with pytest.raises(StudentDied):
        student.fetch_written()
    assert student.deaths == ["it ended"]
    other = Student(noted.box, LIMITS)
    other.hands_over_files = True
    other.fetch_written()
    assert asked(noted, "written") == [("written",)] * 2


def test_names_are_looked_up_once_more_in_a_new_child(student, noted):
    student.run("a", print)
    student.begin_graded_cell()
    noted.answers = [StudentDied("unnoticed"), None, {"x": 3}]
    assert student.lookup(["x", "y"]) == {"x": 3}
    assert asked(noted, "names") == [("names", ["x", "y"])] * 2
    assert noted.seconds[-1] == 8.0
    noted.answers = [StudentDied("two"), None, StudentDied("three")]
    student.begin_graded_cell()
    with pytest.raises(StudentDied, match="three"):
        student.lookup(["x"])


def test_a_watched_cell_is_watched_in_each_child(student, noted):
    student.run("a", print)
    noted.done.clear()
    student.begin_graded_cell(watched=True)
    assert noted.done == [("forget", True)]
    noted.answers = [StudentDied("it ended"), None, 3]
    with pytest.raises(StudentDied):
        student.do("call")
    noted.done.clear()
    student.do("call")
    assert noted.done == [("forget", True)]


def test_what_a_full_machine_ended_is_as_if_the_machine_had_been_busy(student, noted):
    noted.box.shares_machine = True
    noted.answers = [None, MachineFull("the disk was nearly full")]
    student.run("a", print)
    assert type(noted.connections[0].shared) is Shared
    with pytest.raises(MachineFull):
        student.run("b", print)
    assert student.starved
    assert student.deaths == ["the disk was nearly full"]


def test_what_the_walls_clock_alone_stopped_is_said(student, noted):
    noted.answers = [None]
    student.run("a", print)
    waited = [0.0]
    noted.box.seconds_without_a_core = lambda: waited[0]

    def starved():
        waited[0] = 60.0
        noted.time += 40.0
        student._clock.look()
        raise StudentDied("the wall's clock")

    noted.answers = [starved]
    with pytest.raises(StudentDied):
        student.run("b", print)
    assert student.starved


def test_a_disk_and_processes_of_the_students_own_are_not_watched(student, noted):
    student.run("a", print)
    assert noted.connections[0].shared is None
