"""The writer: all of a submission or nothing, wherever it is cut off, and whoever else is writing."""

import errno
import itertools
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Student

from autograder.errors import CourseError
from autograder.gradebook.first_time import BLANK
from autograder.gradebook.writer import Writer
from autograder.grading.task import Graded
from autograder.recorded.reading import read_record
from autograder.recorded.record import Record

CELL = "01_square-values"


class PowerCut(BaseException):
    """Everything stops."""


def graded(points, student="ada", words="mine", **known):
    """A graded submission, whose autograded notebook says which, and what was written in it."""
    record = {"submission": f"worth {points}", "answers": {"02_written": words}}
    notebook = nbformat.v4.new_notebook(metadata={"autograder": record})
    made = Graded(
        student=student,
        contents={"square": nbformat.writes(notebook)},
        scores={"square": {CELL: points, "02_written": None}},
        untouched={"square": frozenset()},
        status="graded",
    )
    return replace(made, **known)


@pytest.fixture
def writing(a_class):
    """A class and a function that opens a writer on its course, closed when the test ends."""
    opened = []

    def write():
        opened.append(Writer(a_class.course, "01_square"))
        return opened[-1]

    yield write
    for writer in opened:
        writer.close()


def points_of(write, student="ada"):
    return write().scores(student).get(("square", CELL))


@pytest.fixture
def cut(monkeypatch):
    """Has the power fail at a given one of the steps that change a disk; no cleaning up happens after it."""

    def at(step, write, *submissions):
        steps = itertools.count()
        failed = False

        def failing(real):
            def wrapped(*args, **options):
                nonlocal failed
                if failed:
                    return None
                if next(steps) == step:
                    failed = True
                    raise PowerCut
                return real(*args, **options)

            return wrapped

        writer = write()
        with monkeypatch.context() as patch:
            for name in ("mkdir", "write_bytes", "chmod", "rename"):
                patch.setattr(Path, name, failing(getattr(Path, name)))
            patch.setattr(shutil, "rmtree", failing(shutil.rmtree))
            patch.setattr(writer.gradebook.db, "commit", failing(writer.gradebook.db.commit))
            try:
                writer.record(*submissions)
            except PowerCut:
                return True
        return False

    return at


def test_a_power_cut_at_any_step_leaves_the_old_grade_or_the_new_and_says_which(writing, cut, a_class):
    path = a_class.course.autograded / "ada" / "01_square" / "square.ipynb"
    for step in itertools.count():
        writing().record(graded(30.0))
        was_cut = cut(step, writing, graded(90.0))
        points, is_current = points_of(writing), read_record(path).submission == "worth 90.0"
        assert points in (30.0, 90.0)
        assert points == 90.0 or not is_current  # what looks graded is not graded again
        writing().record(graded(90.0))
        assert points_of(writing) == 90.0
        assert read_record(path).submission == "worth 90.0"
        assert [entry.name for entry in path.parent.parent.iterdir()] == ["01_square"]
        if not was_cut:
            break
    assert step > 6  # directories made and moved, a file written, the scores committed


def test_a_score_that_a_person_gave_stands_until_its_answer_changes(writing):
    written = "02_written", "square", "01_square", "ada"

    def is_open_after(submission):
        writing().record(submission)
        with writing().gradebook as gradebook:
            grade, comment = gradebook.find_grade(*written), gradebook.find_comment(*written)
            found = grade.needs_manual_grade, comment.auto_comment
            grade.manual_score, grade.needs_manual_grade = 8.0, False
            gradebook.db.commit()
        return found

    blank = {"square": frozenset({"02_written"})}
    assert is_open_after(graded(30.0, untouched=blank)) == (True, BLANK)
    assert is_open_after(graded(90.0)) == (False, None)
    assert is_open_after(graded(90.0, words="others")) == (True, None)
    assert is_open_after(graded(0.0, words=None, status="failed")) == (False, None)
    assert is_open_after(graded(90.0, words="others")) == (False, None)


def test_a_notebook_that_a_power_cut_truncated_does_not_count_as_graded(writing, a_class):
    writing().record(graded(30.0))
    path = a_class.course.autograded / "ada" / "01_square" / "square.ipynb"
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8")[:40], encoding="utf-8")
    assert read_record(path) == Record()


def test_what_the_disk_refuses_is_said_and_nothing_of_it_recorded(writing, monkeypatch, a_class):
    writing().record(graded(30.0))

    def full(path, *args, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CourseError, match=r"ada could not be recorded .*No space left on device"):
        writing().record(graded(90.0))
    assert points_of(writing) == 30.0
    assert [entry.name for entry in (a_class.course.autograded / "ada").iterdir()] == ["01_square"]


@pytest.mark.parametrize("lies", [Path.touch, lambda path: path.symlink_to("/nowhere"), Path.mkdir])
@pytest.mark.parametrize("where", ["01_square", ".01_square.new", ".01_square.old"])
def test_whatever_lies_where_the_files_belong_gives_way(lies, where, writing, a_class):
    folder = a_class.course.autograded / "ada"
    folder.mkdir(parents=True)
    lies(folder / where)
    for points in (30.0, 90.0):
        writing().record(graded(points))
        assert read_record(folder / "01_square" / "square.ipynb").submission == f"worth {points}"
    assert [entry.name for entry in folder.iterdir()] == ["01_square"]


def test_a_student_whom_another_grader_adds_at_the_same_time_is_recorded(writing):
    writer, other = writing(), writing()
    other.gradebook.db.add(Student(id="ada"))
    other.gradebook.db.commit()
    other.record(graded(30.0, "bob"))
    writer.record(graded(90.0), graded(60.0, "bob"))
    assert (points_of(writing), points_of(writing, "bob")) == (90.0, 60.0)


def test_a_gradebook_that_refuses_again_and_again_is_said(writing, monkeypatch):
    writer = writing()
    writing().record(graded(30.0, "bob"))
    monkeypatch.setattr(writer.first_time, "look", bool)
    with pytest.raises(CourseError, match=r"bob could not be recorded .*UNIQUE constraint"):
        writer.record(graded(90.0, "bob"))
    assert points_of(writing, "bob") == 30.0


def test_a_power_cut_loses_none_of_several_that_are_recorded_together(writing, cut, a_class):
    everyone = ("ada", "bob")
    for step in itertools.count():
        writing().record(graded(30.0))  # the others are new
        was_cut = cut(step, writing, *(graded(90.0, student) for student in everyone))
        for student in everyone:
            path = a_class.course.autograded / student / "01_square" / "square.ipynb"
            is_current = read_record(path).submission == "worth 90.0"
            assert points_of(writing, student) == 90.0 or not is_current
            assert not (was_cut is False and not is_current)
        if not was_cut:
            break
        with writing().gradebook as gradebook:
            for student in {student.id for student in gradebook.students} & set(everyone):
                gradebook.remove_student(student)
        shutil.rmtree(a_class.course.autograded)
    assert step > 10
