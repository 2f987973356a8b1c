from types import SimpleNamespace

import nbformat

from autograder.pages import Effort
from autograder.report.outline import read_outline
from autograder.sources.source import read_source

SOURCE = """# %% [markdown]
# # The lot

# %% setup="imports"
from course_lib.grading import Checks

# %% [markdown]
# ## 1.1 Pairs (40 points, ★★, 25 minutes)

# %% answer="02_second"
### BEGIN SOLUTION
second = 2
### END SOLUTION

# %% graded="02_second-values" points=20
checks = Checks()
with checks("two", points=20):
    assert second == 2
checks.score()

# %% answer="01_first"
### BEGIN SOLUTION
first = 1
### END SOLUTION

# %% graded="01_first-values" points=20
checks = Checks()
with checks("one", points=20):
    assert first == 1
checks.score()

# %% [markdown]
# ## 1.2 In words (60 points)

# %% [markdown] written="03_words" points=60
# ### BEGIN SOLUTION
# So.
# ### END SOLUTION
"""


class Known:
    """A gradebook that knows the one assignment; its cells come in another order than the notebook's."""

    def __init__(self, source):
        cells = [
            SimpleNamespace(name=item.grade_id, max_score=item.points)
            for item in reversed(source.cells)
            if item.role in ("graded", "written")
        ]
        self.notebook = SimpleNamespace(name="square", grade_cells=cells, task_cells=[])

    def find_assignment(self, name):
        return SimpleNamespace(name=name, notebooks=[self.notebook])


def outline_of(course, source_path, text):
    source_path.write_text(text, encoding="utf-8")
    source = read_source(source_path)
    folder = course.assignments / "01_square"
    folder.mkdir(parents=True)
    nbformat.write(source.notebook(), folder / "square.ipynb")
    return read_outline(course, Known(source), "01_square")


def test_exercises_come_in_the_notebooks_order_by_heading_and_by_name_where_they_share_one(
    course, source_path
):
    outline = outline_of(course, source_path, SOURCE)
    assert outline.title == "The lot"
    assert outline.titles == {
        "02_second": "1.1 Pairs: second",
        "01_first": "1.1 Pairs: first",
        "03_words": "1.2 In words",
    }
    assert list(outline.labels.values()) == ["1.1 second", "1.1 first", "1.2"]
    assert list(outline.efforts.values()) == [Effort(40, 2, 25), Effort(40, 2, 0), Effort(60, 0, 0)]
    assert list(outline.max_points.items()) == [
        ("02_second-values", 20.0),
        ("01_first-values", 20.0),
        ("03_words", 60.0),
    ]


def test_exercises_without_a_heading_of_theirs_stand_under_the_title(course, source_path):
    outline = outline_of(course, source_path, SOURCE.replace("# ## 1", "# ### 1"))
    assert list(outline.titles.values()) == ["The lot: second", "The lot: first", "The lot: words"]
    assert list(outline.labels) == list(outline.labels.values())


def test_without_a_released_notebook_exercises_keep_their_ids(course, source_path):
    outline = read_outline(course, Known(read_source(source_path)), "01_square")
    assert outline.title == "01_square"
    assert outline.titles == {"01_square": "01_square", "02_written": "02_written"}
    assert list(outline.labels) == ["01_square", "02_written"]
