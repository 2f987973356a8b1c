"""A course of one small assignment, for tests of everything that builds, composes and grades."""

import shutil
from pathlib import Path

import pytest

from autograder.build import build
from autograder.course import CONFIG, Course

REPOSITORY = Path(__file__).parents[2]

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


@pytest.fixture
def course(tmp_path):
    """A course directory with the repository's configuration and one assignment, not yet built."""
    shutil.copy(REPOSITORY / CONFIG, tmp_path)
    folder = tmp_path / "solutions" / "01_square"
    (folder / "answers").mkdir(parents=True)
    (folder / "square.py").write_text(SQUARE, encoding="utf-8")
    (folder / "answers" / "01_square.py").write_text(ANSWERS, encoding="utf-8")
    return Course(tmp_path)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    return tmp_path_factory.mktemp("built")


@pytest.fixture
def built_course(course, built):
    """The course, built: once, and copied for each test. Nobody has handed anything in."""
    if not any(built.iterdir()):
        build(course, ["01_square"])
        shutil.copytree(course.root, built, dirs_exist_ok=True)
    shutil.copytree(built, course.root, dirs_exist_ok=True)
    return Course(course.root)


@pytest.fixture
def source_path(course):
    """The text of the assignment, to be edited by a test."""
    return course.solutions / "01_square" / "square.py"
