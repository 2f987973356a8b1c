"""A gradebook on a PostgreSQL server: the same scores, and two graders at once."""

import fcntl
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import postgres
import pytest
from nbformat.v4 import new_code_cell

from autograder.authoring.build import build
from autograder.batch.plan import load_release
from autograder.course import CONFIG, Course
from autograder.errors import CourseError
from autograder.gradebook.scores import automatic_scores
from autograder.rehearsal.demo import hand_in

pytestmark = [pytest.mark.sandbox, pytest.mark.postgresql, pytest.mark.slow]
FIRST, SECOND = "01_square", "02_square"


@pytest.fixture(scope="module")
def server():
    with postgres.running_server() as url:
        yield url


def point_at(course, url):
    """Have the course keep its gradebook at ``url``."""
    with (course.root / CONFIG).open("a", encoding="utf-8") as config:
        config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    return Course(course.root)


@pytest.fixture
def two_assignments(course, server, class_of):
    """A class on a course of two assignments, built into a database of its own."""
    shutil.copytree(course.solutions / FIRST, course.solutions / SECOND)
    course = point_at(course, postgres.new_database(server))
    build(course, checked=False)
    return class_of(course)


def start(course, assignment):
    """`course grade` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", assignment, "--jobs", "1", "--json"],
        cwd=course.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def recorded_at(run):
    """When each submission of a run was recorded; the run must end well."""
    times, shown = [], []
    with run:
        for line in run.stdout:
            shown.append(line)
            if line.startswith('{"event": "submission"'):
                times.append(time.monotonic())
    assert run.returncode == 0, shown
    return times


def test_the_gradebook_comes_out_as_nbgraders_own_command_leaves_it(two_assignments):
    course, submissions = two_assignments.course, two_assignments.composer.a_class(3)
    two_assignments.hand_in(*submissions)
    assert course.api().autograde(FIRST, "*")["success"]
    plain = two_assignments.gradebook()
    status, events = two_assignments.events("--force", "--jobs", 2)
    assert status == 0
    assert events[-1]["counts"] == {"graded": 3}
    assert two_assignments.gradebook() == plain
    assert two_assignments.events()[1][-1]["counts"] == {"already graded": 3}
    assert not (course.root / "gradebook.db").exists()
    scores = automatic_scores(course, FIRST)
    assert {student: sum(p or 0 for p in cells.values()) for student, cells in scores.items()} == {
        each.student: sum(each.expected.values()) for each in submissions
    }


def test_two_graders_at_once_on_different_assignments_both_record_everything(two_assignments):
    course, submissions = two_assignments.course, two_assignments.composer.a_class(4)
    for submission in submissions:
        submission.notebook.cells.append(new_code_cell("import time\ntime.sleep(0.7)"))
        for assignment in (FIRST, SECOND):
            hand_in(course, assignment, "square.ipynb", submission)
    with ThreadPoolExecutor(2) as threads:
        runs = list(threads.map(recorded_at, [start(course, assignment) for assignment in (FIRST, SECOND)]))
    assert [len(times) for times in runs] == [4, 4]
    assert max(times[0] for times in runs) < min(times[-1] for times in runs)  # they did overlap
    for assignment in (FIRST, SECOND):
        totals = {
            name: sum(p or 0 for p in c.values()) for name, c in automatic_scores(course, assignment).items()
        }
        assert totals == {each.student: sum(each.expected.values()) for each in submissions}


def test_a_second_grader_of_the_same_assignment_is_refused(two_assignments):
    two_assignments.hand_in(two_assignments.composer.submission("ada", "perfect"))
    with (two_assignments.course.root / f".course-grade-{FIRST}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, _, err = two_assignments.grade()
    assert status == 2
    assert f"another `course grade` is at work on {FIRST}" in err
    assert two_assignments.gradebook() == {}


def test_an_empty_database_is_left_empty_and_the_course_called_not_built(course, server):
    url = postgres.new_database(server)
    with pytest.raises(CourseError, match="its gradebook is empty; run `course build`"):
        load_release(point_at(course, url), FIRST)
    with pytest.raises(CourseError, match="its gradebook is empty"):
        load_release(course, FIRST)


def test_a_server_that_is_gone_is_named_without_its_password(course):
    url = "postgresql+psycopg://grader:geheim@127.0.0.1:9/course"
    with pytest.raises(
        CourseError, match=re.escape("grader:***@127.0.0.1:9/course cannot be opened")
    ) as error:
        load_release(point_at(course, url), FIRST)
    assert "geheim" not in str(error.value)
