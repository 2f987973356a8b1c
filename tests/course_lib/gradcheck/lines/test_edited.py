"""Other texts of one statement, tried."""

import ast
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.gradcheck.lines import edited
from course_lib.gradcheck.lines.edited import (
    MOST_SHAPES,
    Edit,
    Trials,
    _edited,
    _same,
    drafts_of,
    places,
    results_of,
)
from course_lib.gradcheck.lines.question import question
from course_lib.gradcheck.lines.source import read_source, written

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
    assert trials.first_right(edits, -1.0) is None  # the time is up before the first


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


NESTED = """def f(x):
    a = x
    for i in x:
        b = i
        if b:
            c = 1
        else:
            c = 2
    while a:
        d = 3
    try:
        e = 4
    except ValueError:
        g = 5
    finally:
        h = 6
    with x as y:
        k = 7
    def inner(z):
        return z
    class Box:
        side = 1
    return a
"""


def statements(source):
    return [ast.unparse(body[i]).split("\n")[0] for body, i in places(source.tree)]


def test_statements_inside_of_every_block_but_handlers_and_definitions_are_counted():
    assert statements(written(NESTED)) == [
        "a = x",
        "for i in x:",
        "b = i",
        "if b:",
        "c = 1",
        "c = 2",
        "while a:",
        "d = 3",
        "try:",
        "e = 4",
        "h = 6",
        "with x as y:",
        "k = 7",
        "def inner(z):",
        "class Box:",
        "return a",
    ]


@pytest.mark.parametrize("number", range(16))
def test_one_statement_is_exchanged_for_others_and_the_source_stays(number):
    source = written(NESTED)
    before, names = ast.dump(source.tree), statements(source)
    changed = _edited(source, Edit("f", number, "new = 1\nother = 2"))
    after = statements(changed)
    block = {"for i in x:": 5, "if b:": 3, "while a:": 2, "try:": 3, "with x as y:": 2}.get(names[number], 1)
    assert after == [*names[:number], "new = 1", "other = 2", *names[number + block :]]
    assert ast.dump(source.tree) == before
    assert changed.name == "f"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (1.0, 1.0, True),
        (1.0, 1.0 + 0.9e-9, True),
        (1.0, 1.0 + 1.1e-9, False),
        (-2.0, -2.0 - 1.9e-9, True),
        (np.nan, 1.0, False),
        (np.inf, np.inf, False),
        (0.0, 0.0, True),
    ],
)
def test_a_value_may_be_rounded_otherwise(a, b, same):
    assert _same(a, b) is same


def test_an_edit_that_raises_or_returns_no_gradient_is_not_right():
    edits = [
        Edit("square_backward", 4, "raise ValueError"),
        Edit("square_backward", 4, "return None"),
        Edit("square_backward", 4, "return 2 * dout * x"),
    ]
    assert Trials(asked()).first_right(edits, 5.0) == 2
    assert Trials(asked()).first_right([], 5.0) is None


def test_an_edit_has_to_be_right_at_both_other_points():
    """At one of the other points the first entry grows, at the other it shrinks."""
    points = [make.args[-1][0] for make in asked().generic_subjects]
    assert len(points) == 3
    for k in (1, 2):
        only_here = f"return 2 * dout * x * (1 + (abs(x[0] - {points[k][0]!r}) < 1e-9))"
        assert Trials(asked()).first_right([Edit("square_backward", 4, only_here)], 5.0) is None


def test_where_the_functions_do_not_work_as_they_are_an_edit_may_be_right():
    def forward(x):
        if x[0] != 1.0:
            raise ValueError
        return x**2, x

    one = question(forward, (square_backward, X), None, 0)
    assert Trials(one).first_right([Edit("square_backward", 4, "return 2 * dout * x")], 5.0) == 0


def test_the_first_shape_of_a_name_is_told():
    def reshaping(dout, cache):
        x = cache
        x = x[None]
        dx = dout * x
        return dx[0]

    back, _ = drafts_of(asked(reshaping))
    assert back.shapes["x"] == (3,)
    assert back.shapes["dx"] == (1, 3)
    assert not any("[" in name for name in back.shapes)
    assert MOST_SHAPES == 200


def test_results_of_edits_are_those_of_fresh_arguments():
    def shifted(x, by=1.0):
        x[0] += 1.0
        return x + by

    edits = [(1, "return x - by"), (0, "raise ValueError"), (0, "by *= 2"), (1, "return x")]
    results = results_of(read_source(shifted), edits, (X,), {"by": 2.0}, 5.0)
    assert [None if one is None else one.tolist() for one in results] == [
        [0.0, -4.0, 1.0],
        None,
        [5.0, 2.0, 7.0],
        [2.0, -2.0, 3.0],
    ]
    assert X.tolist() == [1.0, -2.0, 3.0]


def test_edits_are_tried_until_so_many_seconds_of_the_processor_are_over(monkeypatch):
    def is_at(*seconds):
        clock = iter(seconds)
        monkeypatch.setattr(edited, "time", SimpleNamespace(process_time=lambda: next(clock)))

    right = Edit("square_backward", 4, "return 2 * dout * x")
    wrong = Edit("square_backward", 4, "return dout * x")
    trials = Trials(asked())
    for last, found in ((12.0, 1), (12.1, None)):
        is_at(10.0, 11.9, last)
        assert trials.first_right([wrong, right], 2.0) == found
    is_at(10.0, 12.0, 12.1)
    twice = [(0, "return dout - cache")] * 2
    assert list(results_of(read_source(right_backward), twice, (3.0, 1.0), {}, 2.0)) == [2.0, None]
