"""A gradebook that cannot be used is said in a sentence before anything is changed."""

import contextlib
import sqlite3

import pytest
from nbgrader.api import Gradebook

from autograder.course import CONFIG, Course
from autograder.errors import CourseError
from autograder.gradebook import opening


def files(course):
    return {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()}


@pytest.fixture
def refused(a_class):
    """Runs `course grade`, which must refuse and leave every file as it is; returns the sentence."""

    def run(assignment="01_square"):
        before = files(a_class.course)
        status, out, err = a_class.grade(assignment=assignment)
        assert (status, out) == (2, "")
        assert err.startswith("course: ")
        assert err.count("\n") == 1
        after = files(a_class.course)
        assert after == before
        return err

    return run


def execute(course, statement):
    with sqlite3.connect(course.root / "gradebook.db") as connection:
        connection.execute(statement)
    connection.close()


def test_a_gradebook_of_another_nbgrader_version_is_refused(a_class, refused):
    execute(a_class.course, "UPDATE alembic_version SET version_num = '724cde206c17'")
    assert "made by another version of nbgrader" in (sentence := refused())
    assert "its schema is 724cde206c17, not" in sentence
    execute(a_class.course, "DROP TABLE alembic_version")
    assert "its schema is older than any, not" in refused()


def everything_in(database):
    """The schema, and the revision that is recorded."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        return sorted(schema, key=str), connection.execute("SELECT * FROM alembic_version").fetchall()


def test_a_new_gradebook_is_as_nbgrader_itself_makes_it_and_is_made_once(tmp_path):
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    opening.begin_gradebook(f"sqlite:///{ours}")
    Gradebook(f"sqlite:///{theirs}").close()
    assert everything_in(ours) == everything_in(theirs)
    opening.begin_gradebook(f"sqlite:///{ours}")
    assert everything_in(ours) == everything_in(theirs)


def test_a_gradebook_that_cannot_be_begun_is_said(tmp_path):
    with pytest.raises(CourseError, match=r"there/gradebook\.db cannot be opened: .*unable to open"):
        opening.begin_gradebook(f"sqlite:///{tmp_path}/not/there/gradebook.db")


def test_a_course_that_was_not_built_gets_no_gradebook(a_class, refused):
    (a_class.course.root / "gradebook.db").unlink()
    assert "the course is not built: there is no gradebook" in refused()


def test_an_empty_or_broken_gradebook_is_said(a_class, refused):
    path = a_class.course.root / "gradebook.db"
    path.write_bytes(b"")
    assert "its gradebook is empty; run `course build`" in refused()
    path.write_bytes(b"no database, but long enough to be taken for one by its size" * 20)
    assert "cannot be opened: file is not a database" in refused()


def test_a_gradebook_of_which_a_part_cannot_be_read_is_said(a_class, refused):
    execute(a_class.course, "UPDATE source_cell SET source = CAST(X'ff41' AS TEXT)")
    assert "cannot be read: Could not decode to UTF-8 column" in refused()


def test_what_is_no_fault_of_the_database_is_no_matter_of_the_gradebooks(a_class):
    with opening.open_gradebook(a_class.course) as gradebook:
        assert gradebook.students == []
    with pytest.raises(KeyError), opening.open_gradebook(a_class.course):
        raise KeyError


def test_an_unknown_assignment_is_said_with_the_nearest_names(refused):
    assert "'01_sqare' is not in the gradebook; there is: 01_square" in refused("01_sqare")


def test_an_assignment_that_was_not_built_is_said(a_class, refused):
    folder = a_class.course.solutions / "02_cube"
    folder.mkdir()
    (folder / "cube.py").write_text("# %%\n", encoding="utf-8")
    assert "'02_cube' is not in the gradebook; run `course build`" in refused("02_cube")


def test_an_unknown_kind_of_database_is_said_without_its_password(course):
    with (course.root / CONFIG).open("a", encoding="utf-8") as config:
        config.write("\nc.CourseDirectory.db_url = 'nosuchdb://ada:secret@here'\n")
    with pytest.raises(CourseError, match=r"the gradebook nosuchdb://ada:\*\*\*@here cannot be opened"):
        opening.open_gradebook(Course(course.root))
