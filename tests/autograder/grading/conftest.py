"""A built course of one small assignment, and the command that grades it."""

import json

import nbformat
import pytest

from autograder.answers import load_answers
from autograder.cli import main
from autograder.compose import Composer
from autograder.demo import hand_in
from autograder.grading.record import RECORD
from autograder.source import read_source

ASSIGNMENT = "01_square"


class Class:
    """Hands submissions in, runs `course grade` on them, and tells what came of it."""

    def __init__(self, course, composer, monkeypatch, capsys):
        self.course, self.composer = course, composer
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def hand_in(self, *submissions):
        for submission in submissions:
            hand_in(self.course, ASSIGNMENT, "square.ipynb", submission)

    def answers(self, student, source, story="own answer"):
        """A submission with ``source`` as its answer."""
        submission = self.composer.submission(student, story)
        for cell in submission.notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "01_square":
                cell.source = source
        return submission

    def grade(self, *options):
        """The exit status of `course grade`, its standard output and its standard error."""
        arguments = ["course", "grade", ASSIGNMENT, "--course", str(self.course.root), *map(str, options)]
        self._monkeypatch.setattr("sys.argv", arguments)
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        shown = self._capsys.readouterr()
        return ended.value.code, shown.out, shown.err

    def events(self, *options):
        """The exit status and the events of `course grade --json`."""
        status, out, _ = self.grade("--json", *options)
        return status, [json.loads(line) for line in out.splitlines()]

    def notebook(self, student):
        path = self.course.autograded / student / ASSIGNMENT / "square.ipynb"
        return nbformat.read(path, as_version=4)

    def record(self, student):
        return self.notebook(student).metadata[RECORD]

    def gradebook(self):
        """Everything that the gradebook says of every submission."""
        with self.course.api().gradebook as gradebook:
            return {
                submission.student.id: {
                    "timestamp": submission.timestamp,
                    "penalty": [book.late_submission_penalty for book in submission.notebooks],
                    "grades": {
                        grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                        for book in submission.notebooks
                        for grade in book.grades
                    },
                    "comments": {
                        comment.name: (comment.auto_comment, comment.manual_comment)
                        for book in submission.notebooks
                        for comment in book.comments
                    },
                }
                for submission in gradebook.assignment_submissions(ASSIGNMENT)
            }


@pytest.fixture
def a_class(built_course, monkeypatch, capsys):
    """A class on a course that is built once and copied for each test."""
    source = read_source(built_course.source_of(ASSIGNMENT))
    release = nbformat.read(built_course.assignments / ASSIGNMENT / "square.ipynb", as_version=4)
    return Class(built_course, Composer(source, release, load_answers(source)), monkeypatch, capsys)
