"""What identical submissions share: reading and rebuilding, and nothing of each other's grading."""

from unittest.mock import patch

import pytest

from autograder.course import Course
from autograder.grading import one
from autograder.grading.plan import load_release, students_of, tasks
from autograder.grading.values import Settings

pytestmark = pytest.mark.sandbox


def tasks_of(course: Course):
    release = load_release(course, "01_square")
    students = students_of(course, "01_square")
    return release, list(tasks(course, release, students, force=True, seed=None))


def test_the_same_bytes_are_rebuilt_once_and_executed_each_on_their_own(a_class):
    names = ("ada", "bob", "eve")
    a_class.hand_in(*(a_class.composer.submission(name, "perfect") for name in names))
    release, planned = tasks_of(a_class.course)
    one._same_for_all.cache_clear()
    with patch.object(one, "rebuild", wraps=one.rebuild) as rebuild:
        graded = [one.grade(task, release, Settings()) for task in planned]
    assert rebuild.call_count == 1
    assert graded[0].scores == graded[1].scores == graded[2].scores
    seeds = {one.nbformat.reads(item.contents["square"], 4).metadata["autograder"]["seed"] for item in graded}
    assert len(seeds) == 3
    assert graded[0].contents != graded[1].contents


def test_what_is_recorded_of_one_copy_does_not_appear_in_the_next(a_class):
    a_class.hand_in(*(a_class.composer.submission(name, "perfect") for name in ("ada", "bob")))
    folder = a_class.course.submitted / "bob" / "01_square"
    (folder / "square.ipynb").rename(folder / "square (1).ipynb")
    release, planned = tasks_of(a_class.course)
    first, renamed = (one.grade(task, release, Settings()) for task in planned)
    again = one.grade(planned[0], release, Settings())
    assert first.notes == again.notes == ()
    assert any("square (1)" in note for note in renamed.notes)


def test_what_could_not_be_graded_has_no_score_and_says_so_once(a_class):
    a_class.hand_in(a_class.composer.submission("ada", "perfect"))
    release, planned = tasks_of(a_class.course)
    lost = one.without_result(planned[0], release, "It could not be graded.")
    assert (lost.status, lost.review) == (one.FAILED, True)
    assert set(lost.scores["square"].values()) == {None}
    assert lost.notes.count("It could not be graded.") == 1
    assert not any(note.startswith("ada:") for note in lost.notes)
