"""Late penalties are the same whichever of regrading and grading by hand came last."""

import csv
from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.course import CONFIG
from autograder.errors import CourseError
from autograder.gradebook.late_penalties import LatePenalties
from autograder.gradebook.writer import Writer
from autograder.report.results import read_results

pytestmark = pytest.mark.sandbox
ASSIGNMENT = "01_square"
TENTH = '''
from nbgrader.plugins import LateSubmissionPlugin

class Tenth(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """Ten per cent."""
        return score * 0.1 * (total_seconds_late > 0)
'''


@pytest.fixture
def late(a_class, monkeypatch):
    """A class of one, who handed in late, in a course with a plugin of its own in its root."""
    (a_class.course.root / "tenth.py").write_text(TENTH, encoding="utf-8")
    with (a_class.course.root / CONFIG).open("a", encoding="utf-8") as config:
        config.write('\nc.AssignLatePenalties.plugin_class = "tenth.Tenth"\n')
    monkeypatch.delitem(__import__("sys").modules, "tenth", raising=False)
    with a_class.course.api().gradebook as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=datetime(2026, 11, 1))
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    folder = a_class.course.submitted / "ada" / ASSIGNMENT
    (folder / "timestamp.txt").write_text("2026-11-02 09:30:00 UTC", encoding="utf-8")
    return a_class


def parallel(a_class, monkeypatch):
    assert a_class.grade("--force")[0] == 0


def plain(a_class, monkeypatch):
    monkeypatch.syspath_prepend(a_class.course.root)  # as nbgrader's commands do with where they are run
    assert a_class.course.api().autograde(ASSIGNMENT, "*", force=True)["success"]


def by_hand(a_class, monkeypatch, points=7.0):
    with a_class.course.api().gradebook as gradebook:
        grade = gradebook.find_grade("02_written", "square", ASSIGNMENT, "ada")
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


def exported(a_class, monkeypatch):
    to = a_class.course.root / "grades.csv"
    command = ["course", "export", "--format", "csv", "--to", str(to), "--course", str(a_class.course.root)]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit):
        main()
    with to.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    return row


@pytest.mark.parametrize("grade", [plain, parallel])
@pytest.mark.parametrize("last", ["by hand", "regraded"])
def test_the_penalty_is_that_of_the_score_in_export_report_feedback_and_gradebook(
    late, monkeypatch, grade, last
):
    grade(late, monkeypatch)
    by_hand(late, monkeypatch)
    if last == "regraded":
        grade(late, monkeypatch)
    row = exported(late, monkeypatch)
    assert (row["raw_score"], row["late_submission_penalty"], row["score"]) == ("97", "9.7", "87.3")
    assert late.gradebook()["ada"]["penalty"] == [pytest.approx(9.7)]
    (submission,) = read_results(late.course, ASSIGNMENT).submissions
    assert (submission.score, submission.penalty) == (87.3, 9.7)
    by_hand(late, monkeypatch, points=10.0)
    assert late.course.api().generate_feedback(ASSIGNMENT, "*")["success"]
    page = (late.course.feedback / "ada" / ASSIGNMENT / "square.html").read_text(encoding="utf-8")
    assert "90 of 100 points" in page
    assert "10 points were taken off because it came late" in page


def test_an_extension_given_afterwards_takes_the_penalty_away(late, monkeypatch):
    parallel(late, monkeypatch)
    by_hand(late, monkeypatch, 10.0)
    assert exported(late, monkeypatch)["score"] == "90"
    with late.course.api().gradebook as gradebook:
        gradebook.grant_extension(ASSIGNMENT, "ada", days=3)
    assert exported(late, monkeypatch)["score"] == "100"


def test_a_plugin_that_raises_is_one_sentence_and_changes_nothing(late, monkeypatch):
    parallel(late, monkeypatch)
    before = late.gradebook()
    penalties = LatePenalties(late.course.config(), late.course.root)
    monkeypatch.setattr(type(penalties._plugin), "late_submission_penalty", lambda *args: 1 / 0)
    writer = Writer(late.course, ASSIGNMENT)
    with pytest.raises(CourseError, match="the late penalty of ada is none: division by zero"):
        penalties.bring_up_to_date(writer.gradebook, ASSIGNMENT)
    writer.close()
    assert late.gradebook() == before


def test_a_writer_whose_penalties_cannot_be_used_leaves_no_gradebook_open(late, monkeypatch):
    def refuses(self):
        raise CourseError("no such plugin")

    closed, close = [], Gradebook.close
    monkeypatch.setattr(LatePenalties, "check", refuses)
    monkeypatch.setattr(Gradebook, "close", lambda self: (closed.append(1), close(self)))
    with pytest.raises(CourseError, match="no such plugin"):
        Writer(late.course, ASSIGNMENT)
    assert closed == [1]
