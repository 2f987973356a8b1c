import copy

import nbformat
import pytest

from autograder.batch.plan import load_release
from autograder.errors import CourseError
from autograder.submission import released_with_tests

pytestmark = pytest.mark.sandbox


def test_a_repair_is_made_recorded_shown_and_logged_with_the_students_name(a_class):
    notebook = a_class.released()
    graded = next(
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "01_square-values"
    )
    graded.source = "90.0"
    graded.metadata.nbgrader.points = 900
    twin = copy.deepcopy(graded)
    twin.id = "twin"
    notebook.cells.append(twin)
    a_class.hand_in("alice", notebook)
    assert a_class.grade(), a_class.log
    assert a_class.scores("alice")["01_square-values"] == 90
    repair = "Cell 01_square-values was not as released; the released one was used."
    assert repair in a_class.record("alice")["repairs"]
    assert repair in a_class.autograded("alice").cells[0].source
    assert f"alice: {repair}" in a_class.log
    assert not a_class.record("alice")["review"]
    assert a_class.record("alice")["release"] == load_release(a_class.course, a_class.assignment).digest


def test_a_blank_submission_earns_nothing_and_its_written_answer_is_not_left_to_be_graded(a_class):
    a_class.hand_in("alice", a_class.released(None))
    assert a_class.grade()
    assert a_class.scores("alice") == {"01_square-values": 0, "02_written": 0}


def test_a_written_answer_waits_for_a_person(a_class):
    notebook = a_class.released()
    notebook.cells[-1].source = "It is the area."
    a_class.hand_in("alice", notebook)
    assert a_class.grade()
    assert a_class.scores("alice")["02_written"] is None
    assert a_class.needs_review("alice") == {"01_square-values": False, "02_written": True}


def test_an_answer_that_is_not_there_asks_for_a_persons_look(a_class):
    notebook = a_class.released()
    notebook.cells = [c for c in notebook.cells if "02_written" not in str(c.metadata)]
    a_class.hand_in("alice", notebook)
    assert a_class.grade()
    assert a_class.needs_review("alice")["02_written"]


def test_a_graded_cell_of_hidden_tests_alone_is_released_empty(a_class):
    path = a_class.course.assignments / a_class.assignment / "square.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (checks,) = (cell for cell in notebook.cells if "square(2)" in cell.source)
    checks.source = ""
    nbformat.write(notebook, path)
    with a_class.course.api().gradebook as gradebook:
        released = released_with_tests(path, gradebook, a_class.assignment)
    assert "square(2)" in next(cell.source for cell in released.cells if cell.id == checks.id)


def test_a_release_of_another_build_than_the_gradebook_is_refused(a_class):
    course = a_class.course
    path = course.assignments / a_class.assignment / "square.ipynb"
    good = path.read_text()
    notebook = nbformat.reads(good, as_version=4)
    with course.api().gradebook as gradebook:
        released = released_with_tests(path, gradebook, a_class.assignment)
        assert "anywhere" in next(cell for cell in released.cells if "checks." in cell.source).source
        notebook.cells[2].metadata.nbgrader.grade_id = "other"
        nbformat.write(notebook, path)
        with pytest.raises(CourseError, match=r"not of one build \(they differ in cells or points\)"):
            released_with_tests(path, gradebook, a_class.assignment)
        path.write_text(good.replace("square(2)", "square(3)"))
        with pytest.raises(CourseError, match=r"they differ in cell 01_square-values\); run `course build"):
            released_with_tests(path, gradebook, a_class.assignment)
        path.unlink()
        with pytest.raises(CourseError, match="cannot be read; run `course build 01_square`"):
            released_with_tests(path, gradebook, a_class.assignment)
