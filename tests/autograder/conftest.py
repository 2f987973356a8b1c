"""A course of one small assignment, and a class on it, for tests of all that builds, composes and grades."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from sqlalchemy.engine import Engine

from autograder.authoring.build import build
from autograder.cli import main
from autograder.course import CONFIG, Course
from autograder.disposable import Bounds, Fork
from autograder.recorded.record import RECORD
from autograder.rehearsal.answers import load_answers
from autograder.rehearsal.compose import Composer
from autograder.rehearsal.demo import hand_in
from autograder.sources.source import read_source


class Compiled(dict):
    """Compiled statements, for every engine of a kind of database and not for one alone.

    nbgrader makes ten engines for each submission, and each would compile the same statements again.
    """

    def get(self, key):
        return super().get((type(key[0]), *key[1:]))

    def __setitem__(self, key, statement):
        super().__setitem__((type(key[0]), *key[1:]), statement)


Engine._execution_options = Engine._execution_options.union({"compiled_cache": Compiled()})

REPOSITORY = Path(__file__).parents[2]
ASSIGNMENT = "01_square"

SQUARE = '''# %% [markdown]
# # Squares
#
# Write $x^2$.

# %% setup="imports"
from course_lib.grading import Checks, expect_close

# %% answer="01_square"
def square(x):
    """Return x squared."""
    ### BEGIN SOLUTION
    the_square_of_x = x * x
    return the_square_of_x
    ### END SOLUTION

# %% graded="01_square-values" points=90
checks = Checks()
with checks("at two", points=30):
    expect_close("square(2)", square(2.0), 4.0)
### BEGIN HIDDEN TESTS
with checks("at a random point", points=60) as rng:
    anywhere = rng.normal()
    expect_close("square(x)", square(anywhere), anywhere**2)
### END HIDDEN TESTS
checks.score()

# %%
[k * k for k in range(5)]

# %% [markdown] written="02_written" points=10
# ### BEGIN SOLUTION
# The area of a square of side x.
# ### END SOLUTION
'''

ANSWERS = """# %% right="by a power"
def square(x):
    return x**2

# %% wrong="doubled" points={"01_square-values": 30} says="expected"
def square(x):
    return x + x
"""


SEVERAL = Bounds(seconds=20, memory_bytes=2**27, result_bytes=2**20, jobs=3)


@pytest.fixture
def fork():
    """Makes a fork of what does a job there; it is ended after the test."""
    made = []

    def make(work, bounds=SEVERAL):
        made.append(Fork(lambda: work, bounds))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def course(tmp_path):
    """A course directory with the repository's configuration and one assignment, not yet built."""
    shutil.copy(REPOSITORY / CONFIG, tmp_path)
    folder = tmp_path / "solutions" / "01_square"
    (folder / "answers").mkdir(parents=True)
    (folder / "square.py").write_text(SQUARE, encoding="utf-8")
    (folder / "answers" / "01_square.py").write_text(ANSWERS, encoding="utf-8")
    return Course(tmp_path)


@pytest.fixture
def source_path(course):
    """The text of the assignment, to be edited by a test."""
    return course.solutions / "01_square" / "square.py"


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

    def grade(self, *options, assignment=ASSIGNMENT):
        """The exit status of `course grade`, its standard output and its standard error."""
        arguments = ["course", "grade", assignment, "--course", str(self.course.root), *map(str, options)]
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


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    return tmp_path_factory.mktemp("built")


@pytest.fixture
def class_of(monkeypatch, capsys):
    """Makes a class on a built course."""

    def make(course):
        source = read_source(course.source_of(ASSIGNMENT))
        release = nbformat.read(course.assignments / ASSIGNMENT / "square.ipynb", as_version=4)
        return Class(course, Composer(source, release, load_answers(source)), monkeypatch, capsys)

    return make


@pytest.fixture
def built_course(course, built):
    """The course, built: once, and copied for each test. Nobody has handed anything in."""
    if not any(built.iterdir()):
        build(course, [ASSIGNMENT], checked=False)
        shutil.copytree(course.root, built, dirs_exist_ok=True)
    shutil.copytree(built, course.root, dirs_exist_ok=True)
    return Course(course.root)


@pytest.fixture
def a_class(built_course, class_of):
    """A class on a built course, with nothing handed in."""
    return class_of(built_course)
