"""Of the errors above a graded cell, the one that it may fail by is named, and no other."""

import pytest
import roles
from nbformat.v4 import new_notebook, new_output
from roles import graded

from autograder.protection.earlier import error_above


def cell(source, error="", **role):
    name, _, words = error.partition(": ")
    outputs = [new_output("error", ename=name, evalue=words, traceback=[])] if error else []
    return roles.cell(source, outputs=outputs, **role)


def above(*cells, note="AssertionError"):
    return error_above(new_notebook(cells=list(cells)), "graded", note)


def test_the_first_of_a_chain_of_cells_is_named():
    cells = [
        cell("a = open('gone')", "OSError: gone"),
        cell("b = a.read()", "NameError: a"),
        cell("c = 1 / 0"),
    ]
    assert above(*cells, graded("assert b")) == " (above, cell 1 raised OSError: gone)"


def test_of_cells_that_ended_for_want_of_a_name_those_are_asked_that_bind_it():
    def no(name):
        return f"NameError: name '{name}' is not defined"

    cells = [
        cell("m = 1 / 0", "ZeroDivisionError: by zero"),
        cell("def shown(a): pass\nshown(z)", no("z")),
        cell("a = m + 1\nshown(a)", no("m")),
        cell("b = a\nshown(b)", no("a")),
    ]
    names = graded("assert b and shown")
    assert above(*cells, names, note=no("b")) == " (above, cell 1 raised ZeroDivisionError: by zero)"
    assert above(*cells[1:], names, note=no("b")) == f" (above, cell 2 raised {no('m')})"
    assert above(cells[1], names, note=no("np")) == f" (above, cell 1 raised {no('z')})"


@pytest.mark.parametrize(
    ("files", "where"),
    [
        (["/home/ada/course/helper.py:3"], ", line 3 of helper.py"),
        (["/c/one.py:1", "/c/two.py:22"], ", line 22 of two.py"),
        (["/c/one.py:1", "/usr/lib/python3.11/json.py:9"], ""),
        ([], ""),
    ],
)
def test_a_line_of_a_module_beside_the_notebook_is_named(files, where):
    failing = cell("a = 1 / 0", "ZeroDivisionError: by zero")
    frames = [f"\x1b[31mFile {file}, in f(x)\x1b[0m\n    it goes" for file in files]
    failing.outputs[0].traceback = ["a traceback", *frames]
    said = f" (above, cell 1 raised ZeroDivisionError: by zero{where})"
    assert above(failing, graded("assert a")) == said


def test_a_cell_is_called_by_its_name():
    answer = cell("a = 1 / 0", "ZeroDivisionError: by zero", grade_id="quotient", solution=True)
    assert above(answer, graded("assert a")) == " (above, quotient raised ZeroDivisionError: by zero)"


@pytest.mark.parametrize("note", ["AssertionError", "ModuleNotFoundError: No module named 'nose'"])
def test_what_raised_elsewhere_is_not_named(note):
    other, below = (
        cell("z = 1 / 0", "ZeroDivisionError: by zero"),
        cell("a = 1 / 0", "ZeroDivisionError: too"),
    )
    assert above(cell("a = 1"), other, graded("assert a"), below, note=note) == ""


def test_a_cell_that_raised_before_it_bound_a_missing_name_is_named():
    raised = cell("raise MemoryError", "MemoryError: ")
    assert above(raised, graded("assert a"), note="NameError: a") == " (above, cell 1 raised MemoryError)"


def test_a_cell_that_imports_everything_may_have_bound_what_is_missing():
    star = cell("from helper import *", "ZeroDivisionError: by zero")
    assert (
        above(star, cell("b = 2"), graded("assert a")) == " (above, cell 1 raised ZeroDivisionError: by zero)"
    )


def test_of_cells_that_are_no_python_the_one_is_named_that_mentions_the_missing_name():
    bad = "SyntaxError: incomplete input"
    cells = [cell("def f():", bad), cell("print(g)", "NameError: g"), cell("def g():", bad), cell("h(", bad)]
    said = above(*cells, graded("assert g()"), note="NameError: name 'g' is not defined")
    assert said == f" (above, cell 3 raised {bad})"
