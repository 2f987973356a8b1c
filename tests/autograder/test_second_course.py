"""Another course, of strings and lists, whose configuration is our two lines: everything works on it."""

import subprocess
import sys

import nbformat
import pytest

from autograder.authoring.build import build, stage
from autograder.cli import main
from autograder.course import Course
from autograder.editions.kit import make_kit
from autograder.errors import CourseError
from autograder.gradebook.scores import automatic_scores

CONFIG = """
from autograder import plugins

c = get_config()
plugins.configure(c)
"""
WORDS = '''# %% [markdown]
# # Words
#
# ## Turning round

# %% answer="01_backwards"
def backwards(words):
    """The words in the opposite order."""
    ### BEGIN SOLUTION
    return list(reversed(words))
    ### END SOLUTION

# %% graded="01_backwards-two" points=2
assert backwards(["a", "b"]) == ["b", "a"]
### BEGIN HIDDEN TESTS
assert backwards([]) == []
### END HIDDEN TESTS
2.0

# %% [markdown]
# ## Shouting

# %% answer="02_shout"
def shout(text):
    """The text in capitals."""
    ### BEGIN SOLUTION
    return text.upper()
    ### END SOLUTION

# %% graded="02_shout-hi" points=1.5
assert shout("hi") == "HI"
1.5
'''
ANSWERS = {
    "ada": ("return words[::-1]", "return text.upper()"),
    "bob": ("return words", "return ''.join(letter.upper() for letter in text)"),
    "eve": ("words.reverse()\n    return words", "return 'HI' if True else text"),
}
SCORES = {"ada": [2, 1.5], "bob": [0, 1.5], "eve": [2, 1.5]}
pytestmark = pytest.mark.sandbox


@pytest.fixture
def words(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    folder = tmp_path / "source" / "words"
    folder.mkdir(parents=True)
    (folder / "words.py").write_text(WORDS, encoding="utf-8")
    return Course(tmp_path)


def hand_in(course):
    released = nbformat.read(course.assignments / "words" / "words.ipynb", as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in released.cells}
    for student, (turned, shouted) in ANSWERS.items():
        cells["01_backwards"].source = f"def backwards(words):\n    {turned}"
        cells["02_shout"].source = f"def shout(text):\n    {shouted}"
        folder = course.submitted / student / "words"
        folder.mkdir(parents=True)
        nbformat.write(released, folder / "words.ipynb")


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["course", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_it_is_built_graded_reported_and_exported(words, monkeypatch, capsys):
    build(words)
    hand_in(words)
    assert run(monkeypatch, "grade", "words", "--course", words.root, "--jobs", 1) == 0
    scores = automatic_scores(words, "words")
    assert {student: list(points.values()) for student, points in scores.items()} == SCORES
    assert words.api().generate_feedback("words")["success"]
    page = (words.feedback / "bob" / "words" / "words.html").read_text(encoding="utf-8")
    assert "1.5 of 3.5" in page
    assert "backwards([])" not in page
    assert run(monkeypatch, "report", "words", "--course", words.root) == 0
    grades = words.root / "grades.csv"
    assert run(monkeypatch, "export", "--format", "csv", "--to", grades, "--course", words.root) == 0
    assert "bob" in grades.read_text(encoding="utf-8")
    capsys.readouterr()
    assert run(monkeypatch, "doctor", "--course", words.root) == 0
    assert "grades behind the wall" in capsys.readouterr().out


def test_plain_nbgrader_gives_the_same_scores(words):
    build(words)
    hand_in(words)
    assert words.api().autograde("words", "*")["success"]
    scores = automatic_scores(words, "words")
    assert {student: list(points.values()) for student, points in scores.items()} == SCORES


def test_its_kit_has_the_notebook_and_the_checker_and_nothing_of_this_course(words, tmp_path):
    build(words)
    into = tmp_path / "kit"
    wheel = make_kit(words, into)
    listed = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", wheel], capture_output=True, text=True, check=True
    ).stdout
    assert wheel.name.startswith("course_kit-")
    assert "course_lib/grading/checks.py" in listed
    assert not [part for part in ("reference", "viz", "data/digits") if f"course_lib/{part}" in listed]
    assert (into / "release" / "words" / "words.ipynb").is_file()
    readme = (into / "README.md").read_text(encoding="utf-8")
    assert "jupyter lab release" in readme
    assert "`raise NotImplementedError()`" in readme


def test_what_is_released_may_not_import_what_only_hidden_tests_have(words):
    config = words.root / "nbgrader_config.py"
    config.write_text(f"{CONFIG}c.CourseFacts.hidden_packages = ['answers_of_ours']\n", encoding="utf-8")
    source = words.source_of("words")
    source.write_text(f"{WORDS}\n# %%\nfrom answers_of_ours.words import shout\n", encoding="utf-8")
    with pytest.raises(CourseError, match="is released and imports answers_of_ours, which no student has"):
        list(stage(words))


def test_the_points_of_a_course_are_those_that_it_says(words):
    config = words.root / "nbgrader_config.py"
    config.write_text(f"{CONFIG}c.CourseFacts.total_points = 10\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"the points add up to 3\.5, not 10"):
        list(stage(Course(words.root)))


def test_a_package_that_is_not_installed_is_said_before_anything_is_graded(words, monkeypatch, capsys):
    build(words)
    hand_in(words)
    config = words.root / "nbgrader_config.py"
    config.write_text(f"{CONFIG}c.CourseFacts.packages = ['not_there']\n", encoding="utf-8")
    assert run(monkeypatch, "grade", "words", "--course", words.root, "--jobs", 1) == 2
    assert "the course's package 'not_there' is not installed" in capsys.readouterr().err
    assert not words.autograded.exists()
