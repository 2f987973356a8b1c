"""What a person grades: words, code and tasks, from the build to the export, by either way of grading."""

import csv

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from autograder.authoring.build import build
from autograder.cli import main
from autograder.errors import CourseError
from autograder.report.results import read_results
from autograder.sources.source import read_source

ASSIGNMENT = "01_square"
WORDS = """# %% [markdown] written="02_written" points=10
# ### BEGIN SOLUTION
# The area of a square of side x.
# ### END SOLUTION
"""
ALL_KINDS = """# %% [markdown] written="02_written" points=4
# ### BEGIN SOLUTION
# The area of a square of side x.
# ### END SOLUTION

# %% written="03_plot" points=3.3
### BEGIN SOLUTION
picture = [square(k) for k in range(5)]
### END SOLUTION

# %% [markdown] task="04_poster" points=2.7
# Make a poster, in cells of your own below.
#
# ### BEGIN MARK SCHEME
# One point for each colour.
# ### END MARK SCHEME
"""
BY_HAND = {"02_written", "03_plot", "04_poster"}


@pytest.fixture
def all_kinds(source_path):
    text = source_path.read_text(encoding="utf-8")
    assert WORDS in text
    source_path.write_text(text.replace(WORDS, ALL_KINDS), encoding="utf-8")
    return source_path


@pytest.fixture
def by_hand(course, all_kinds, class_of):
    build(course)
    return class_of(course)


def plain(a_class):
    assert a_class.course.api().autograde(ASSIGNMENT, "*", force=True)["success"]


def parallel(a_class):
    assert a_class.grade("--force")[0] == 0


def exported(a_class, monkeypatch, tmp_path):
    to = tmp_path / "grades.csv"
    command = ["course", "export", "--format", "csv", "--to", str(to), "--course", str(a_class.course.root)]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit):
        main()
    with to.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    return row


def type_points(a_class, **points):
    with a_class.course.api().gradebook as gradebook:
        for name, value in points.items():
            grade = gradebook.find_grade(name[1:], "square", ASSIGNMENT, "ada")
            grade.manual_score, grade.needs_manual_grade = value, False
        gradebook.find_comment("04_poster", "square", ASSIGNMENT, "ada").manual_comment = "Colourful!"
        gradebook.db.commit()


@pytest.mark.sandbox
@pytest.mark.parametrize("grade", [plain, parallel])
def test_all_that_a_person_grades_waits_is_graded_and_stays_graded(
    by_hand, grade, monkeypatch, tmp_path, capsys
):
    submission = by_hand.composer.submission("ada", "perfect")
    submission.notebook.cells.append(new_markdown_cell("My poster is green.", id="mine"))
    by_hand.hand_in(submission)
    grade(by_hand)
    grades = by_hand.gradebook()["ada"]["grades"]
    assert grades["01_square-values"] == (90, None, False)
    assert {name for name, found in grades.items() if found == (None, None, True)} == BY_HAND
    assert by_hand.record("ada")["notes"] == []
    row = exported(by_hand, monkeypatch, tmp_path)
    assert (row["score"], row["status"]) == ("", "waits for a person: 02_written, 03_plot, 04_poster")
    (waiting,) = read_results(by_hand.course, ASSIGNMENT).submissions
    assert set(waiting.waiting) == BY_HAND

    type_points(by_hand, _02_written=4.0, _03_plot=3.3, _04_poster=2.7)
    for _ in range(2):
        row = exported(by_hand, monkeypatch, tmp_path)
        assert (row["score"], row["max_score"], row["04_poster"]) == ("100", "100", "2.7")
        assert read_results(by_hand.course, ASSIGNMENT).submissions[0].score == 100
        grade(by_hand)

    assert by_hand.course.api().generate_feedback(ASSIGNMENT, "*")["success"]
    page = (by_hand.course.feedback / "ada" / ASSIGNMENT / "square.html").read_text(encoding="utf-8")
    for shown in ("100 of 100 points", "Colourful!", "My poster is green.", "Make a poster"):
        assert shown in page
    assert "each colour" not in page


@pytest.mark.sandbox
@pytest.mark.parametrize("grade", [plain, parallel])
def test_an_untouched_answer_earns_nothing_and_an_untouched_task_waits(by_hand, grade):
    by_hand.hand_in(by_hand.composer.blank("ada"))
    grade(by_hand)
    grades = by_hand.gradebook()["ada"]["grades"]
    assert grades["02_written"] == grades["03_plot"] == (0, None, False)
    assert grades["04_poster"] == (None, None, True)


def test_a_task_is_released_without_its_mark_scheme(by_hand):
    path = by_hand.course.assignments / ASSIGNMENT / "square.ipynb"
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    assert cells["04_poster"].source.strip() == "Make a poster, in cells of your own below."
    assert cells["04_poster"].metadata.nbgrader.task is True


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("points=2.7", "points=0", "04_poster has points=0: a number more than 0"),
        ('task="04_poster" points=2.7', 'task="04_poster"', "04_poster has no points"),
        (
            '[markdown] task="04_poster"',
            'task="04_poster"',
            "a task cell is a markdown cell, this one",
        ),
        ("END MARK SCHEME", "END MARKSCHEME", "strips; write `### END MARK SCHEME`"),
        ("points=2.7", "points=2.8", "add up to 100.1, not 100"),
    ],
)
def test_a_wrong_task_is_refused_with_its_line(course, all_kinds, old, new, says):
    text = all_kinds.read_text(encoding="utf-8")
    all_kinds.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError, match=says):
        read_source(all_kinds, course.facts)
