"""What a plain cell of the release leaves to be written: what does nothing yet, and what it asks for."""

import pytest
from roles import answer, cell

from autograder.grader_side.left_open import left_open, left_open_in


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x):\n    pass", {"f"}),
        ("def f(x):\n    'Twice.'\n    ...", {"f"}),
        ("def f(x):\n    raise NotImplementedError()", {"f"}),
        ("async def f(x):\n    return", {"f"}),
        ("a = b = None\nc = 3", {"a", "b"}),
        ("a = ...", {"a"}),
        ('NAME = ""', {"NAME"}),
        ("line = ''\nline += 'a'", set()),
        ("def f(x):\n    return ''", set()),
        ("import math\ndef f(x):\n    # YOUR CODE HERE\n    return 'here'\nlimit = 3", {"f", "limit"}),
        ("import math  # YOUR CODE HERE", set()),
        ("cache = None\ndef f():\n    global cache\n    cache = 3", set()),
        ("best = None\nbest = 3", set()),
        ("class Mistake(Exception):\n    pass", set()),
        ("@register\ndef f(x):\n    pass", set()),
        ("def f(x):\n    return x", set()),
        ("# test your code here\ntext = 'abc'", set()),
        ("a = 0", set()),
        ("def f(x):", set()),
        ("", set()),
    ],
)
def test_what_is_left_open(source, names):
    assert left_open(source) == names


def test_a_plain_cell_leaves_open_what_it_did_as_it_was_released():
    assert left_open_in(cell("a = 3", "a = None")) == {"a"}
    assert left_open_in(cell("a = None", "a = 3")) == frozenset()
    assert left_open_in(answer("a = 3", "a = None")) == left_open_in(cell("a = None", grade_id="a")) == set()
