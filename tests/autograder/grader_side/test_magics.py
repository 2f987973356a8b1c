"""Of a cell with magics its Python stays, line for line, and what did more than look is named."""

import ast

import pytest

from autograder.grader_side.magics import python_of, tree_of


@pytest.mark.parametrize(
    ("source", "python", "beyond"),
    [
        ("x = 5 % 3", "x = 5 % 3", ()),
        ("%matplotlib inline\nx = 1", "pass\nx = 1", ()),
        ("if a:\n    %time b = f(3)", "if a:\n    b = f(3)", ()),
        ("%timeit f(3)\n%time", "pass\npass", ()),
        ("%cd /tmp\nx = 1", "pass\nx = 1", ("%cd",)),
        ("!ls\n!!ls\nx = 1", "pass\npass\nx = 1", ("!",)),
        ("files = !ls\nn = %pwd\nm, k = %env A", "\n\n", ("!", "%pwd", "%env")),
        ("np.dot?\n?f\nx = 1", "pass\npass\nx = 1", ()),
        ("%%time\nx = f(3)", "\nx = f(3)", ()),
        ("\n%%capture\nx = 1", "\n\nx = 1\npass", ()),
        ("%%capture --no-stderr out\nx = 1", "out = None\nx = 1\npass", ()),
        ("%%bash\nls", "", ("%%bash",)),
    ],
)
def test_the_python_of_a_cell_and_what_else_it_does(source, python, beyond):
    assert python_of(source) == (python, beyond)


@pytest.mark.parametrize(
    ("source", "statements"),
    [("%cd /tmp\nx = f(3)", "pass\nx = f(3)"), ("x = (", ""), ("x = 1\0", "")],
)
def test_a_cell_that_is_no_python_has_a_tree_of_nothing(source, statements):
    assert ast.unparse(tree_of(source)) == statements
