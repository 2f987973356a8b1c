"""Feedback is released to all who handed in through the exchange; others are named and passed over."""

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import notebook_hash

from autograder.exchange.returning import ReleaseFeedback
from autograder.submission.receipt import SECRET
from autograder.submission.timestamp import TIMESTAMP

# nbgrader leaves the time stamp open
pytestmark = pytest.mark.filterwarnings("ignore:.*timestamp.txt:pytest.PytestUnraisableExceptionWarning")


class Class:
    """Students with a page of feedback each, and an exchange to release it to."""

    def __init__(self, place):
        self.place, self.exchange = place, place / "exchange"
        self.exchange.mkdir()
        self.course = CourseDirectory(root=str(place), course_id="demo", assignment_id="ps1")

    def hand_in(self, student, *files):
        folder = self.place / "feedback" / student / "ps1"
        folder.mkdir(parents=True)
        for name in ("square.html", *files):
            (folder / name).write_text(student)

    def release(self, student="*"):
        self.course.student_id = student
        release = ReleaseFeedback(coursedir=self.course, root=str(self.exchange))
        release.log.propagate = True
        release.init_src()
        release.dest_path = str(self.exchange)
        release.copy_files()
        return {path.stem: path.read_text() for path in self.exchange.iterdir()}


def of(*students):
    """What the exchange then holds; each one's secret is the name."""
    return {notebook_hash(secret=name, notebook_id="square"): name for name in students}


@pytest.fixture
def the_class(tmp_path):
    return Class(tmp_path)


def test_who_has_no_time_stamp_or_no_secret_is_left_out_and_named_and_nobody_else(the_class, caplog):
    for student in ("ada", "[b]ob", "zoe"):
        the_class.hand_in(student, TIMESTAMP, SECRET)
    the_class.hand_in("eve, ada,[b]ob", SECRET)
    the_class.hand_in("dan", TIMESTAMP)
    the_class.course.student_id_exclude = "zoe"
    assert the_class.release() == of("ada", "[b]ob")
    assert (
        "Not handed in through the exchange, so that its authors cannot fetch feedback from there: "
        "dan, eve, ada,[b]ob"
    ) in caplog.messages


def test_where_all_handed_in_there_nothing_is_said_and_one_student_may_be_chosen(the_class, caplog):
    for student in ("ada", "bob"):
        the_class.hand_in(student, TIMESTAMP, SECRET)
    assert the_class.release("ada") == of("ada")
    assert not [said for said in caplog.messages if said.startswith("Not handed in")]
