"""What a function's syntax tree says of its blocks and its arguments."""

import ast

import pytest

from course_lib.gradcheck.lines.source import written
from course_lib.gradcheck.lines.syntax import (
    adds_to,
    block_around,
    makes_room,
    names_bound,
    parameters_of,
    written_into,
)

LOOPS = """\
def f(x):
    y = 0
    for v in x:
        y += v
        if v > 0:
            y += 1
    while y > 9:
        y -= 1
    return y
"""


@pytest.mark.parametrize(
    ("line", "loop", "branch"),
    [(2, 0, 0), (3, 0, 0), (4, 3, 0), (5, 3, 0), (6, 3, 5), (7, 0, 0), (8, 7, 0), (9, 0, 0)],
)
def test_the_innermost_block_that_a_line_stands_in(line, loop, branch):
    tree = written(LOOPS).tree
    assert getattr(block_around(tree, line), "lineno", 0) == loop
    assert getattr(block_around(tree, line, (ast.If,)), "lineno", 0) == branch


@pytest.mark.parametrize(
    "around",
    [
        "if x:\n  pass\n else:",
        "try:\n  pass\n except ValueError:",
        "try:\n  pass\n finally:",
        "while x:\n  pass\n else:",
        "match x:\n  case 1:",
        "with x:\n  pass\n with x:",
    ],
)
def test_a_loop_is_found_inside_of_every_other_block(around):
    text = f"def f(x):\n {around}\n   for v in x:\n    x = v\n return x\n"
    (loop,) = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.For))
    found = block_around(written(text).tree, loop.lineno + 1)
    assert isinstance(found, ast.For)
    assert found.lineno == loop.lineno


def test_the_names_that_a_target_gives_values_are_bound():
    (statement,) = ast.parse("a, (b[i], *c) = x").body
    assert names_bound(statement.targets[0]) == {"a", "c"}


def test_parameters_are_all_that_have_a_name():
    tree = written("def f(a, /, b, *rest, c=1, **others): pass").tree
    assert [argument.arg for argument in parameters_of(tree)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "adds"),
    [
        ("d = d + 1", True),
        ("d = a + d", True),
        ("d = d + a - b", True),
        ("d = a + d - b", True),
        ("d = d", False),
        ("d = a - d", False),
        ("d = 2 * d + a", False),
        ("d = d - d.mean()", False),
        ("d[0] = d + a", False),
    ],
)
def test_a_statement_adds_to_a_variable_where_it_is_a_term_once(text, adds):
    statement = ast.parse(text).body[0]
    assert isinstance(statement, ast.Assign)
    assert adds_to(statement.targets[0], statement.value) is adds


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("y = np.zeros(3)", True),
        ("y = z = np.empty_like(x)", True),
        ("y = np.zeros(3); z = np.zeros(4)", True),
        ("y = np.zeros(3); z = x", False),
        ("y = np.ones(3)", False),
        ("y = 2 * np.zeros(3)", False),
        ("y = zeros(3)", False),
        ("return np.zeros(3)", False),
    ],
)
def test_a_line_makes_room_that_makes_an_array_and_no_more(text, room):
    assert makes_room(written(f"def f(x):\n    w = x\n    {text}\n").tree, 3) is room
    assert not makes_room(written(f"def f(x):\n    w = x\n    {text}\n").tree, 2)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("np.add(x, y, out=z)", "z"),
        ("np.add(x, y, where=w, out=z)", "z"),
        ("np.add(x, out=z[0])", None),
        ("np.add(x, where=w)", None),
        ("np.add(x)", None),
        ("z", None),
    ],
)
def test_a_call_writes_into_the_variable_that_is_its_out(text, name):
    assert getattr(written_into(ast.parse(text, mode="eval").body), "id", None) == name
