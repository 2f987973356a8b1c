"""What holds of each notebook of this course as a text: hints, effort, little to copy, little machinery."""

import ast
from functools import cache

import nbformat
import pytest
from inprocess import ASSIGNMENTS, REPOSITORY
from rendered import left_raw, lists_begun

from autograder.course import Course
from autograder.rules.hints import lacking_hints
from autograder.sources.exercises import exercises, table
from autograder.sources.source import read_source

COURSE = Course(REPOSITORY)
MOST_GIVEN = 0.25  # of all automatic points
MOST_MACHINERY = 0.3  # of the code lines that are seen when the notebook is opened


@cache
def source_of(assignment):
    return read_source(COURSE.source_of(assignment))


def test_at_most_a_quarter_of_all_automatic_points_is_typing_a_printed_formula():
    every = [one for name in ASSIGNMENTS for one in exercises(source_of(name))]
    assert sum(one.given for one in every) <= MOST_GIVEN * sum(one.automatic for one in every)


def test_the_table_for_instructors_is_what_the_notebooks_say():
    page = (REPOSITORY / "docs" / "instructors.md").read_text(encoding="utf-8")
    every = [one for name in ASSIGNMENTS for one in exercises(source_of(name))]
    assert table(every) in page, "run `course exercises --into docs/instructors.md`"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_exercise_says_its_points_stars_and_minutes_and_whether_its_formula_is_given(assignment):
    found = exercises(source_of(assignment))
    assert [one.number for one in found if not (one.stars and one.minutes and one.trains)] == []
    assert [one.number for one in found if one.promised != pytest.approx(one.points)] == []
    assert [one.number for one in found if one.unmarked] == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_exercise_of_five_points_or_more_has_three_hints(assignment):
    source = source_of(assignment)
    assert "Hint 1" in source.path.read_text(encoding="utf-8")
    assert [one.number for one in lacking_hints(source)] == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_what_is_seen_of_code_when_a_notebook_is_opened_is_mostly_the_students(assignment):
    (path,) = COURSE.assignments.joinpath(assignment).glob("*.ipynb")
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    seen = [cell for cell in cells if not cell.metadata.get("jupyter", {}).get("source_hidden")]
    students, others = 0, 0
    for cell in seen:
        lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        if cell.metadata.get("nbgrader", {}).get("solution"):
            students += lines
        else:
            others += lines
    assert others <= MOST_MACHINERY * (students + others)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_notebook_begins_with_words(assignment):
    (path,) = COURSE.assignments.joinpath(assignment).glob("*.ipynb")
    assert nbformat.read(path, as_version=4).cells[0].cell_type == "markdown"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_dollar_bar_or_backtick_is_left_raw_in_any_rendered_text(assignment):
    texts = [item for item in source_of(assignment).cells if item.cell.cell_type == "markdown"]
    raw = {item.line: found for item in texts if (found := left_raw(item.cell.source))}
    assert raw == {}


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_sentence_is_broken_by_a_line_that_begins_a_list(assignment):
    texts = [item for item in source_of(assignment).cells if item.cell.cell_type == "markdown"]
    begun = {item.line: found for item in texts if (found := lists_begun(item.cell.source))}
    assert begun == {}


@pytest.mark.parametrize(
    ("source", "begun"),
    [
        ("the weights give p (1\n- p) (a - b)", ["- p) (a - b)"]),
        ("as in\n1. that", ["1. that"]),
        ("Two things.\n* One\n* and another\n  of two lines\n* and a third", []),
        ("One\n\n- p", []),
        ("the loss is $a\n+ b$", []),
    ],
)
def test_a_line_that_begins_a_list_in_a_sentence_is_found(source, begun):
    assert lists_begun(source) == begun


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_check_needs_what_another_check_of_its_cell_has_made(assignment):
    """For where that stops early, the next would say that a name is not defined."""
    needed = {}
    for item in source_of(assignment).cells:
        if item.role == "readonly" and (names := made_by_another(ast.parse(item.cell.source).body)):
            needed[item.grade_id] = names
    assert needed == {}


def made_by_another(statements):
    """The names that a block of checks reads first, and only an earlier block has bound."""
    blocks = [each for each in statements if isinstance(each, ast.With)]
    others = {name.id for each in statements if each not in blocks for name in stored(each)}
    made, found = set(), set()
    for block in blocks:
        own = {name.id: name.lineno for name in reversed(stored(block))}
        for name in (each for each in ast.walk(block) if isinstance(each, ast.Name)):
            if name.id in made - others and name.lineno < own.get(name.id, name.lineno + 1):
                found.add(name.id)
        made |= own.keys()
    return found


def stored(tree):
    names = (each for each in ast.walk(tree) if isinstance(each, ast.Name))
    return sorted((each for each in names if isinstance(each.ctx, ast.Store)), key=lambda each: each.lineno)


@pytest.mark.parametrize(
    ("second", "names"),
    [
        ("print(f)", {"f"}),
        ("f = 2\n    print(f)", set()),
        ("print(g)", set()),
        ("print(f)\n    f = 2", {"f"}),
    ],
)
def test_what_another_check_has_made_is_found(second, names):
    source = f"g = 0\nwith checks('one'):\n    f = g = 1\nwith checks('two'):\n    {second}\n"
    assert made_by_another(ast.parse(source).body) == names


@pytest.mark.parametrize(
    ("source", "raw"),
    [
        ("A sum, $a + b$, in `code`.", False),
        ("$$a | b$$", False),
        ("| a | b |\n|---|---|\n| $x$ | `y` |", False),
        ("Text\n| a | b |\n| 1 | 2 |", True),
        ("It costs 5 $ in all.", True),
        ("An open `backtick.", True),
        ("| a | b |\n|---|---|\n| the value $`x`$ | 1 |", True),
        ("<details><summary>Hint</summary>\n**bold**\n</details>", True),
        ("<details><summary>Hint</summary>\n\n**bold**\n\n</details>", False),
    ],
)
def test_what_would_be_left_raw_is_found(source, raw):
    assert bool(left_raw(source)) is raw
