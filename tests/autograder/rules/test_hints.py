"""No hint gives the line away, and an exercise of weight has all three."""

import pytest

from autograder.authoring.build import remarks, stage
from autograder.errors import CourseError
from autograder.sources.source import read_source

SECTION = """# %% [markdown]
# ## 1.1 The square (100 points, ★, 5 minutes)
#
# <details><summary>Hint 1: where to look</summary>
#
# At the multiplication table.
#
# </details>
# <details><summary>Hint 2: the idea, in a smaller case</summary>
#
# $3^2 = 9$.
#
# </details>
# <details><summary>Hint 3: all but the line</summary>
#
# Multiply it by itself.
#
# </details>

# %% answer="01_square"
"""


def with_hints(source_path, old="", new=""):
    text = source_path.read_text(encoding="utf-8")
    assert old in SECTION
    source_path.write_text(
        text.replace('# %% answer="01_square"\n', SECTION.replace(old, new) if old else SECTION),
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    "said",
    [
        "`the_square_of_x = x * x`",
        "Write `the_square_of_x=x*x` there.",
        "Try the_square_of_x  =  x * x, twice.",
    ],
)
def test_a_hint_that_holds_a_line_of_the_solution_stops_the_build(course, source_path, said):
    with_hints(source_path, "Multiply it by itself.", said)
    with pytest.raises(CourseError, match=r"square\.py:\d+: hint 3 holds a line of the solution"):
        list(stage(course))


def test_hints_in_other_words_pass(course, source_path):
    with_hints(source_path)
    assert len(list(stage(course))) == 1
    assert list(remarks(read_source(source_path))) == []


def test_an_exercise_without_its_third_hint_is_remarked_upon(source_path):
    with_hints(source_path, "Hint 3", "A last one")
    (remark,) = remarks(read_source(source_path))
    assert remark.endswith("1.1 has 90 points, and not hints 1, 2 and 3")


def test_a_heading_that_promises_other_points_than_its_cells_are_worth_is_remarked_upon(source_path):
    with_hints(source_path, "(100 points", "(80 points")
    (remark,) = remarks(read_source(source_path))
    assert "the heading of 1.1 promises 80 points, its cells are worth 100;" in remark


def test_a_notebook_without_hints_is_left_alone(source_path):
    assert list(remarks(read_source(source_path))) == []
