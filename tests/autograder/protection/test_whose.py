"""Which names answers read that a graded cell below binds."""

from nbformat.v4 import new_code_cell

from autograder.protection.whose import read_above


def cell(source, **role):
    usual = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return new_code_cell(source, metadata={"nbgrader": {**usual, **role}})


def test_what_a_graded_cell_imports_is_the_same_on_both_sides_and_what_it_makes_is_not():
    answer = cell("def f():\n    return size * random.random()", grade_id="f", solution=True)
    graded = cell("import random\nsize = 3\nassert f() < 3", grade_id="graded", grade=True, points=1)
    assert read_above([answer, graded], "graded") == {"size"}
    assert read_above([graded, answer], "graded") == frozenset()
