"""Cells that only show something are not run for a grade, unless the student's code uses their names."""

import nbformat
import pytest
from roles import cell

from autograder.submission.skippable import without_shows


def kept(*cells):
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    before = nbformat.writes(notebook)
    shortened = without_shows(notebook)
    assert shortened is not notebook
    assert nbformat.writes(notebook) == before
    return [bool(c.source) for c in shortened.cells]


FIGURE = cell("h = 3\ndraw(h)", locked=True)
SETUP = cell("import numpy as np", locked=True, tags=["setup"])


def test_a_figure_is_not_drawn_and_all_else_runs():
    answer = cell("def f(x, h=1):\n    h = x\n    return np.sin(h)", solution=True)
    graded = cell("h = 2\nchecks.score(h)", grade=True)
    mine = cell("f(2)")
    assert kept(SETUP, FIGURE, answer, graded, mine) == [True, False, True, True, True]


@pytest.mark.parametrize("source", ["def f(x):\n    return x * h", "y = h + 1", "f = lambda: (lambda: h)()"])
def test_a_figure_whose_name_the_students_code_uses_is_run(source):
    assert kept(FIGURE, cell(source, solution=True)) == [True, True]


def test_a_class_that_a_graded_cell_uses_is_defined():
    given = cell("class TanhGate:\n    pass", locked=True)
    assert kept(given, cell("gate = TanhGate()", grade=True)) == [True, True]


def test_what_a_kept_cell_needs_is_kept():
    needed = cell("w = 2", locked=True)
    figure = cell("h = w + 1", locked=True)
    assert kept(needed, figure, cell("h + 1", solution=True)) == [True, True, True]
    assert kept(needed, figure, cell("1 + 1", solution=True)) == [False, False, True]


def test_what_sets_up_is_run_though_nobody_uses_it():
    assert kept(SETUP, FIGURE) == [True, False]


def test_words_stay_whatever_their_role_is():
    words = nbformat.v4.new_markdown_cell("h = 3")
    words.metadata = FIGURE.metadata
    words.metadata["tags"] = []
    assert kept(words, cell("h", solution=True)) == [True, True]
    assert kept(FIGURE, nbformat.v4.new_markdown_cell("h")) == [False, True]


def test_a_graded_cell_has_its_own_names_and_a_graded_answer_has_not():
    source = "h = h_of(2)\nprint(h)"
    assert kept(FIGURE, cell(source, grade=True)) == [False, True]
    assert kept(FIGURE, cell(source, grade=True, solution=True)) == [True, True]
    assert kept(FIGURE, cell(source, solution=True)) == [True, True]
    assert kept(FIGURE, cell(source)) == [True, True]


def test_a_cell_that_is_not_locked_is_run():
    assert kept(cell("h = 3", task=True, locked=False), cell("1 + 1")) == [True, True]


def test_a_graded_cell_that_is_no_python_uses_every_word_in_it():
    assert kept(FIGURE, cell("h = 3\n%time print(h)", grade=True)) == [True, True]
    assert kept(cell("%time h = 3", locked=True), cell("1 + 1")) == [True, True]


def test_names_of_several_cells_are_used():
    g = cell("g = 4", locked=True)
    users = [cell("h", solution=True), cell("g", grade=True), cell("1 + 1")]
    assert kept(FIGURE, g, *users) == [True] * 5
    assert kept(FIGURE, g, *reversed(users)) == [True] * 5


@pytest.mark.parametrize("source", ["%matplotlib inline\n!ls\nprint(h)", "%timeit f(h)", "h?", "y = !ls {h}"])
def test_magics_use_every_word_in_them(source):
    assert kept(FIGURE, cell(source)) == [True, True]
    assert kept(FIGURE, cell(source.replace("h", "g"))) == [False, True]


def test_what_is_no_python_uses_every_word_in_it():
    assert kept(FIGURE, cell("def f(: h")) == [True, True]
    assert kept(FIGURE, cell("def f(:")) == [False, True]


def test_when_a_cell_is_too_long_to_look_into_everything_runs():
    long = cell("x = 1\n" * 10_000)
    assert kept(FIGURE, long) == kept(long, FIGURE) == [True, True]


def as_it_was(source, released=None):
    made = cell(source)
    made.metadata["autograder"] = {"released": source if released is None else released}
    return made


def test_an_example_that_is_as_it_was_released_is_left_out_like_a_figure():
    example = as_it_was("w = 2\nprint(w)")
    assert kept(SETUP, example, cell("1 + 1")) == [True, False, True]
    assert kept(SETUP, example, cell("w + 1")) == [True, True, True]


def test_an_example_that_a_student_changed_is_run():
    assert kept(as_it_was("w = 2\nprint(w)", released="w = 1\nprint(w)")) == [True]


CHANGES = ["net.rate = 2", "net['rate'] = 2", "del net['rate']", "net.train()", "net.layers[0].update(2)"]


@pytest.mark.parametrize("source", CHANGES)
@pytest.mark.parametrize("made", [as_it_was, lambda source: cell(source, locked=True)])
def test_a_cell_that_may_change_an_object_is_run_if_its_name_is_used(made, source):
    assert kept(made(source), cell("net + 1", solution=True)) == [True, True]
    assert kept(made(source), cell("1 + 1", solution=True)) == [False, True]


def test_a_function_of_a_module_that_the_release_imports_changes_no_module():
    example, answer = as_it_was("np.sort(2)"), cell("np.sin(2)", solution=True)
    assert kept(as_it_was("import numpy as np\nnp"), example, answer) == [True, False, True]
    assert kept(SETUP, example, answer) == [True, False, True]
    assert kept(cell("import numpy as np", solution=True), example, answer) == [True, True, True]


@pytest.mark.parametrize("source", ["np.random.seed(2)", "random.setstate(2)", "seed(2)"])
def test_a_cell_that_sets_a_seed_is_run(source):
    assert kept(as_it_was(source), cell(source, locked=True)) == [True, True]


def test_what_a_cell_of_the_release_binds_itself_it_needs_from_none_above():
    given = cell("h = make()\nshow(h)", locked=True)
    answer = cell("h + 1", solution=True)
    assert kept(FIGURE, given, answer) == [False, True, True]
    assert kept(FIGURE, cell("if make():\n    h = 2", locked=True), answer) == [True, True, True]
    assert kept(FIGURE, cell("h = h + 2", locked=True), answer) == [True, True, True]


def test_what_a_student_binds_may_still_come_from_above():
    assert kept(FIGURE, cell("h = make()\nh + 1", solution=True)) == [True, True]
