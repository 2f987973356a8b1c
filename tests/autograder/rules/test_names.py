"""Two checks by one name are refused where somebody would take one for the other."""

import pytest

from autograder.errors import CourseError
from autograder.rules.names import changeable_names, check_names, misplaced_cells, misspelt_answers
from autograder.sources.source import read_source

SECOND = """
# %% graded="01_square-more" points=5
checks = Checks({exercise})
with checks("at two"):
    expect_close("square(-2)", square(-2.0), 4.0)
### BEGIN HIDDEN TESTS
with checks("at a random point", points=5):
    expect_close("square(-3)", square(-3.0), 9.0)
### END HIDDEN TESTS
checks.score()
"""


def append(path, exercise):
    text = path.read_text(encoding="utf-8").replace("Checks()", f"Checks({exercise})")
    path.write_text(text + SECOND.format(exercise=exercise), encoding="utf-8")


def test_two_checks_of_a_cell_by_one_name_are_refused(source_path):
    text = source_path.read_text(encoding="utf-8").replace('"at a random point"', 'name="at two"')
    source_path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"square\.py:22: line 19 has a check 'at two' already"):
        check_names(read_source(source_path))


def test_two_visible_checks_of_an_exercise_by_one_name_are_refused(source_path):
    append(source_path, '"1.1"')
    with pytest.raises(CourseError, match=r"square\.py:38: line 19 has a check 'at two' already"):
        check_names(read_source(source_path))


def test_checks_of_no_exercise_may_have_the_name_of_another_cells(source_path):
    append(source_path, "")
    check_names(read_source(source_path))


def test_only_what_makes_the_checks_says_their_exercise(source_path):
    append(source_path, "")
    text = source_path.read_text(encoding="utf-8").replace("checks = ", 'print("1.1")\nchecks = ')
    source_path.write_text(text, encoding="utf-8")
    check_names(read_source(source_path))


def test_hidden_checks_may_have_the_name_of_another_cells(source_path):
    append(source_path, '"1.1"')
    text = source_path.read_text(encoding="utf-8").replace('checks("at two"):', 'checks("at minus two"):')
    source_path.write_text(text, encoding="utf-8")
    check_names(read_source(source_path))


def test_what_is_no_check_may_be_opened_twice(source_path):
    twice = "with open('a'):\n    pass\n" * 2 + "checks.score()"
    text = source_path.read_text(encoding="utf-8").replace("checks.score()", twice)
    source_path.write_text(text, encoding="utf-8")
    check_names(read_source(source_path))


def test_checks_that_name_another_exercise_than_their_heading_are_found(source_path):
    text = source_path.read_text(encoding="utf-8")
    headed = "# %% [markdown]\n# ## 1.1 A square (100 points)\n\n# %% answer="
    source_path.write_text(text.replace("# %% answer=", headed, 1), encoding="utf-8")
    append(source_path, '"1.2"')
    source = read_source(source_path)
    assert {(what, number) for _, what, number in misplaced_cells(source)} == {('Checks("1.2")', "1.1")}
    assert [line for line, *_ in misplaced_cells(source)] == [
        item.line for item in source.cells if item.role == "graded"
    ]
    text = (
        source_path.read_text(encoding="utf-8").replace('"1.2"', '"1.1"').replace("01_square-more", "02_more")
    )
    source_path.write_text(text, encoding="utf-8")
    assert [what for _, what, _ in misplaced_cells(read_source(source_path))] == ["02_more"]
    source_path.write_text(text.replace("02_more", "01_square-more"), encoding="utf-8")
    assert list(misplaced_cells(read_source(source_path))) == []


def test_a_graded_cell_whose_id_is_nearly_an_answers_is_found(source_path):
    text = source_path.read_text(encoding="utf-8")
    source_path.write_text(text.replace('graded="01_square-', 'graded="01_sqaure-'), encoding="utf-8")
    ((line, begins, meant),) = misspelt_answers(read_source(source_path))
    assert (begins, meant) == ("01_sqaure", "01_square")
    assert text.splitlines()[line - 1].startswith("# %% graded=")
    for right in ("01_square-", "01_protocol-"):
        source_path.write_text(text.replace('graded="01_square-', f'graded="{right}'), encoding="utf-8")
        assert list(misspelt_answers(read_source(source_path))) == []


def test_a_graded_cell_that_reads_what_students_may_change_is_found(source_path):
    text = source_path.read_text(encoding="utf-8")
    assert list(changeable_names(read_source(source_path))) == []
    loose = text.replace("# %% answer=", "# %%\nTWO = 2.0\n%time unread = 1\n\n# %% answer=", 1)
    source_path.write_text(loose.replace("square(2.0)", "square(TWO)"), encoding="utf-8")
    ((item, names),) = changeable_names(read_source(source_path))
    assert (item.grade_id, names) == ("01_square-values", ["TWO"])
    kept = source_path.read_text(encoding="utf-8").replace("# %%\nTWO", '# %% setup="two"\nTWO')
    source_path.write_text(kept, encoding="utf-8")
    assert list(changeable_names(read_source(source_path))) == []
