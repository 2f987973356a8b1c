"""Other texts of one statement, tried."""

import ast

import numpy as np

from course_lib.gradcheck.lines.edited import Edit, Trials, drafts_of, places
from course_lib.gradcheck.lines.question import question

X = np.array([1.0, -2.0, 3.0])


def square_forward(x):
    return x**2, x


def square_backward(dout, cache):
    x = cache
    dx = np.zeros_like(x)
    for i in range(3):
        dx[i] += dout[i] * x[i]
    return dx


def right_backward(dout, cache):
    return 2 * dout * cache


def asked(backward=square_backward):
    return question(square_forward, (backward, X), None, 0)


def test_the_first_edit_that_makes_all_gradients_right():
    texts = ("dx[i] = nonsense", "dx[i] += 2", "dx[i] += 2 * dout[i] * x[i]", "dx[i] = 2 * dout[i] * x[i]")
    edits = [Edit("square_backward", 3, text) for text in texts]
    trials = Trials(asked())
    assert trials.first_right(edits, 5.0) == 2
    assert trials.first_right(edits[:2], 5.0) is None
    assert trials.first_right(edits, 0.0) is None


def test_an_edit_has_to_hold_elsewhere_and_keep_the_value():
    here = ", ".join(map(repr, (2 * X).tolist()))
    chance = Edit("square_backward", 4, f"return dout * np.array([{here}])")
    another = Edit("square_forward", 0, "return x**2 / 2, x")
    assert Trials(asked()).first_right([chance, another], 5.0) is None


def test_drafts_are_texts_and_shapes_of_what_is_wrong():
    back, there = drafts_of(asked())
    assert (back.function, there.function) == ("square_backward", "square_forward")
    assert back.shapes == {"dout": (3,), "cache": (3,), "x": (3,), "dx": (3,), "i": ()}
    assert ast.parse(back.text)
    assert drafts_of(asked(right_backward)) == []
    assert drafts_of(asked(lambda dout, cache: dout)) == []


def test_statements_are_counted_as_they_are_written():
    tree = ast.parse("def f():\n    a\n    for i in x:\n        b\n    else:\n        c\n    d").body[0]
    assert [ast.unparse(body[i]).split("\n")[0] for body, i in places(tree)] == [
        "a",
        "for i in x:",
        "b",
        "c",
        "d",
    ]
