"""What is particular to a course is read once from its configuration, or refused in one sentence."""

import ast
from pathlib import Path

import pytest
from traitlets.config import Config

from autograder.course import Course
from autograder.errors import CourseError
from autograder.facts import UNKNOWN, CourseFacts
from autograder.student_side.packages import NONE, Packages

REPOSITORY = Path(__file__).parents[2]


def facts(**values):
    config = Config()
    config.CourseFacts.update(values)
    return CourseFacts(config)


def test_of_a_course_that_says_nothing_nothing_is_taken_for_granted():
    assert (UNKNOWN.total_points, UNKNOWN.checks_in_every_cell, UNKNOWN.shown) == (None, False, NONE)


def test_this_course_says_what_is_particular_to_it():
    ours = Course(REPOSITORY).facts
    assert ours.total_points == 100
    assert "course_lib.reference" in ours.hidden_packages
    assert not {name for name in ours.shown.shown if "reference" in name}


def test_facts_do_not_change_once_they_are_read():
    read = facts(total_points=10)
    with pytest.raises(AttributeError, match="do not change: total_points"):
        read.total_points = 20
    assert read.total_points == 10


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"total_points": "many"}, "total_points"),
        ({"total_points": -1}, "total_points is -1, which no points add up to"),
        ({"total_points": float("nan")}, "total_points is nan"),
        ({"packages": [1]}, "packages"),
        ({"packages": ["../secrets"]}, "'../secrets' is no module's name"),
        ({"hidden_packages": ["a b"]}, "'a b' is no module's name"),
        ({"kit_name": "my kit"}, "kit_name is 'my kit'"),
        (
            {"figure_packages": ["ours"], "hidden_packages": ["ours"]},
            "ours is both shown to students and hidden",
        ),
        ({"totl_points": 7}, "sets CourseFacts.totl_points; there is: .*total_points"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(values, says):
    with pytest.raises(CourseError, match=says) as caught:
        facts(**values)
    assert "\n" not in str(caught.value)


def test_packages_go_through_a_command_line():
    packages = Packages(("a.b", "c"), ("d",), ("d.e",))
    assert Packages.of_argument(packages.as_argument()) == packages
    assert packages.shown == ("a.b", "c", "d")


def said_in(path):
    """The texts of a file of Python, and what it imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and type(node.value) is str:
            yield node.value
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_the_autograder_names_nothing_that_belongs_to_one_course():
    """Packages, assignments and titles."""
    packages = ("course_lib.reference", "viz.", "course_lib.viz", "course_lib.data")
    words = (*packages, "01_flat", "backpropagation")
    paths = sorted((REPOSITORY / "autograder").rglob("*.py"))
    assert paths
    named = [(path, text) for path in paths for text in said_in(path) if any(word in text for word in words)]
    assert named == []
