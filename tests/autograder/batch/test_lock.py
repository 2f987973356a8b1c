"""One `course grade` at a time, and nothing is left of the lock however it ends."""

import errno
import fcntl
from types import SimpleNamespace

import pytest

from autograder.batch import lock
from autograder.errors import CourseError


@pytest.fixture
def course_with(tmp_path):
    """Stands for a course whose gradebook has this address."""
    return lambda url: SimpleNamespace(root=tmp_path, directories=lambda: SimpleNamespace(db_url=url))


@pytest.fixture
def on_file(course_with):
    return course_with("sqlite:///gradebook.db")


@pytest.fixture
def flock(monkeypatch):
    """Puts another function in the place of the system's, and returns that."""
    real = fcntl.flock
    return lambda another: (monkeypatch.setattr(lock.fcntl, "flock", another), real)[1]


def refused(course):
    """What is said to a grader that gets no lock."""
    with pytest.raises(CourseError) as told, lock.only_one(course, "a"):
        pass
    return str(told.value)


def test_who_comes_second_is_refused_whatever_the_assignment_and_nothing_is_left(on_file):
    with lock.only_one(on_file, "b"):
        said = refused(on_file)
        assert [path.name for path in on_file.root.iterdir()] == [".course-grade.lock"]
    assert said == f"another `course grade` is at work on {on_file.root}; wait for it to end"
    assert list(on_file.root.iterdir()) == []
    with pytest.raises(KeyError), lock.only_one(on_file, "a"):
        raise KeyError
    assert list(on_file.root.iterdir()) == []


def test_with_a_server_assignments_are_graded_side_by_side_and_each_by_one(course_with):
    course = course_with("postgresql://host/grades")
    with lock.only_one(course, "b"), lock.only_one(course, "a"):
        assert {path.name for path in course.root.iterdir()} == {
            ".course-grade-a.lock",
            ".course-grade-b.lock",
        }
        assert f"is at work on a of {course.root}; wait" in refused(course)


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EACCES])
def test_what_the_system_says_of_a_lock_that_is_taken_is_understood_also_over_nfs(on_file, flock, number):
    def taken(*given):
        raise OSError(number, "no")

    flock(taken)
    assert refused(on_file).startswith("another `course grade` is at work on ")


def test_a_lock_that_cannot_be_had_is_nobody_elses_and_its_file_is_closed(on_file, flock):
    opened = []

    def cannot(file, how):
        opened.append(file)
        raise OSError(errno.ENOLCK, "No locks available")

    flock(cannot)
    assert refused(on_file) == f"{on_file.root}/.course-grade.lock cannot be locked: No locks available"
    assert [file.closed for file in opened] == [True]


def test_a_lock_that_may_not_be_made_is_nobody_elses(on_file, monkeypatch):
    def may_not(*given, **named):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", may_not)
    assert refused(on_file).endswith(".course-grade.lock cannot be locked: Permission denied")


@pytest.mark.parametrize("another_comes", [False, True])
def test_a_file_that_its_last_holder_removed_meanwhile_locks_nobody_out(on_file, flock, another_comes):
    path = on_file.root / lock.LOCK
    files = []

    def meanwhile(file, how):
        files.append(file)
        if len(files) == 1:
            path.unlink()
            if another_comes:
                path.touch()
        system(file, how)

    system = flock(meanwhile)
    with lock.only_one(on_file, "a"):
        assert [file.closed for file in files] == [True, False]
        assert path.is_file()
    assert files[1].closed
