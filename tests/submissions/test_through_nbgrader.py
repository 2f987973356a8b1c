"""Plain `nbgrader autograde`, from its own command line, gives every known student the expected points."""

import csv
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import nbformat
import pytest
from commands import command
from inprocess import ASSIGNMENTS, REPOSITORY, composer_of

from autograder.authoring.build import build
from autograder.course import CONFIG, Course
from autograder.gradebook.scores import automatic_scores
from autograder.rehearsal.demo import hand_in

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
# The others are graded in one process, by test_known_answers.py; EVERY_KNOWN_ANSWER=1 grades all here too.
ALL = bool(os.environ.get("EVERY_KNOWN_ANSWER"))
NBGRADER = Path(sysconfig.get_path("scripts")) / "nbgrader"


def autograde(course, assignment):
    """What nbgrader says; of the first assignment in a process that has imported nothing before."""
    arguments = ["autograde", assignment, "--GradeApart.seed=0"]
    if assignment != ASSIGNMENTS[0]:
        return command(course.root, "nbgrader", *arguments)
    done = subprocess.run(
        [NBGRADER, *arguments], cwd=course.root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def who_hands_in(composer, *, all_of_them):
    """Solutions and answers in each other's company; who left all blank or added cells, in one class."""
    mixtures = [(f"covering-{turn:02d}", answers) for turn, answers in enumerate(composer.covering(), 1)]
    size, chosen = (4, mixtures if ALL else mixtures[:4]) if all_of_them else (1, mixtures[1:4])
    return composer.a_class(size) + [composer.mixture(*mixture) for mixture in chosen]


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def graded_class(request, tmp_path_factory):
    """The known students of one assignment, graded; a malformed submission among them."""
    assignment = request.param
    root = tmp_path_factory.mktemp(assignment)
    shutil.copy(REPOSITORY / CONFIG, root)
    shutil.copytree(REPOSITORY / "solutions" / assignment, root / "solutions" / assignment)
    course = Course(root)
    (release,) = build(course, checked=False)  # its solution is among those who hand in
    composer, _ = composer_of(assignment)
    submissions = who_hands_in(composer, all_of_them=ALL or assignment == ASSIGNMENTS[0])
    for submission in submissions:
        hand_in(course, assignment, release.path.name, submission)
    broken = course.submitted / "mallory" / assignment / release.path.name
    broken.parent.mkdir(parents=True)
    broken.write_text("this is no notebook", encoding="utf-8")
    # A fixed seed: an answer that is wrong by little may be lucky with its inputs.
    return course, assignment, submissions, autograde(course, assignment)


def test_every_graded_cell_of_every_student_gets_its_points(graded_class):
    course, assignment, submissions, _ = graded_class
    scores = automatic_scores(course, assignment)
    for submission in submissions:
        got = {name: scores[submission.student][name] for name in submission.expected}
        assert got == pytest.approx(dict(submission.expected)), f"{submission.student}: {submission.story}"


def test_only_the_written_question_waits_for_a_person(graded_class):
    course, assignment, submissions, _ = graded_class
    with course.api().gradebook as gradebook:
        perfect = gradebook.find_submission(assignment, submissions[0].student)
        waiting = [
            grade.name for book in perfect.notebooks for grade in book.grades if grade.needs_manual_grade
        ]
        assert waiting == composer_of(assignment)[0].written


def test_a_file_that_is_no_notebook_is_named_and_the_others_are_graded(graded_class):
    course, assignment, _, log = graded_class
    notebook = composer_of(assignment)[1].path.stem
    assert f"mallory: {notebook}.ipynb" in log
    scores = automatic_scores(course, assignment)["mallory"]
    assert sum(points or 0 for points in scores.values()) == 0


@pytest.mark.parametrize("graded_class", ASSIGNMENTS[:1], indirect=True)
def test_feedback_and_export_work_as_nbgrader_documents(graded_class):
    course, assignment, submissions, _ = graded_class
    student = submissions[0].student
    command(course.root, "nbgrader", "generate_feedback", assignment, "--student", student)
    (page,) = (course.feedback / student / assignment).glob("*.html")
    assert "✓" in page.read_text(encoding="utf-8")
    command(course.root, "nbgrader", "export", "--to", "grades.csv")
    with (course.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["student_id"] == student)
    assert float(row["raw_score"]) == pytest.approx(sum(submissions[0].expected.values()))


def test_the_autograded_notebook_says_how_it_was_graded(graded_class):
    course, assignment, submissions, _ = graded_class
    (path,) = (course.autograded / submissions[0].student / assignment).glob("*.ipynb")
    record = nbformat.read(path, as_version=4).metadata["autograder"]
    assert record["status"] == "graded"
    assert isinstance(record["seed"], int)
    assert record["in_force"]
