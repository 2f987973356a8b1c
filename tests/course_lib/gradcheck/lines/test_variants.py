"""Texts of a function in which one line is another."""

import ast
import textwrap

import pytest

from course_lib.gradcheck.lines import variants
from course_lib.gradcheck.lines.source import parsed


def tree(text):
    return ast.parse(textwrap.dedent(text).strip()).body[0]


def edits(make, text, *rest):
    """The line that each edit is about, the lines that are new in it, what is said, and the names."""
    before = ast.unparse(tree(text)).splitlines()
    return [
        (
            line,
            "; ".join(one.strip() for one in ast.unparse(other).splitlines() if one not in before),
            said,
            names,
        )
        for line, other, said, names in make(tree(text), *rest)
    ]


def as_python_writes(targets):
    """Whether parentheses are around them differs from version to version."""
    return ast.unparse(tree(f"{targets} = 0"))[: -len(" = 0")]


LOOPS = """
def back(d, k, n):
    for i in k:
        d = d * i
    for i in k:
        e = d * i
    for t in range({}):
        d += t
"""


@pytest.mark.parametrize("leaving", ["break", "return d"])
def test_a_loop_that_is_left_from_inside_is_not_turned(leaving):
    turning = (
        "def f(d):\n    for k in count():\n        d = d * k\n        if d > 5:\n            {}\n    return d"
    )
    assert len(list(variants._turned(parsed(turning.format("continue"))))) == 1
    assert list(variants._turned(parsed(turning.format(leaving)))) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("for one in x[1:]:", ["x[:]"]),
        ("for k, one in enumerate(x[:-1]):", ["enumerate(x[:])"]),
        ("for a, b in zip(x[:-1], x[1:]):", ["zip(x[:], x[1:])", "zip(x[:-1], x[:])"]),
        ("for one in x[::-1]:", []),
        ("for one in x[0]:", []),
    ],
)
def test_a_loop_over_a_part_is_tried_over_all(text, told):
    edits = list(variants._with_the_whole(parsed(f"def f(x):\n    {text}\n        pass")))
    assert [said for *_, said, _ in edits] == [variants.OTHER_TURNS.format(one) for one in told]
    assert [ast.unparse(tree.body[0].iter) for _, tree, *_ in edits] == told


@pytest.mark.parametrize(
    ("body", "carried"),
    [
        ("d = d * k", True),
        ("b[i] += d\nd = b[i] * k", True),
        ("b[i - 1] += b[i]", True),
        ("t = d * k\ntotal += t", False),
        ("g[i + 1] += k\ng[i] = k", False),
        ("d, t = t, d", True),
        ("g[n] = k\nn = n - 1", True),
    ],
)
def test_a_turn_that_reads_what_another_makes(body, carried):
    loop = ast.parse("for i in k:\n" + textwrap.indent(body, " ")).body[0]
    assert variants.carries(loop) is carried


@pytest.mark.parametrize(
    ("given", "tried_there"),
    [
        ("n", ["n + 1", "n - 1", "1, n", "-1, n"]),
        ("3", ["4", "2", "1, 3", "-1, 3"]),
        ("2, n, 3", ["2, n + 1, 3", "2, n - 1, 3", "3, n, 3", "1, n, 3"]),
        ("n, 5", ["n, 6", "n, 4", "n + 1, 5", "n - 1, 5"]),
        ("*n", []),
    ],
)
def test_a_range_is_tried_with_a_turn_more_or_less_at_either_end(given, tried_there):
    assert edits(variants._with_other_turns, LOOPS.format(given)) == [
        (6, f"for t in range({there}):", f"with range({there}) there, every gradient is right", set())
        for there in tried_there
    ]


def test_a_loop_of_which_a_turn_reads_the_one_before_is_turned_and_no_other():
    assert edits(variants._turned, LOOPS.format("n")) == [
        (2, "for i in reversed(list(k)):", variants.TURNS, set()),
    ]


def test_names_of_one_call_get_one_each():
    text = """
    def back(x):
        a = b = np.zeros(3)
        c = np.zeros(3)
        d = e = x
        f = g = h = list(x)
    """
    said = "{} are one array there: with one for each, every gradient is right"
    assert edits(variants._with_one_each, text) == [
        (2, as_python_writes("a, b") + " = (np.zeros(3), np.zeros(3))", said.format("a and b"), set()),
        (
            5,
            as_python_writes("f, g, h") + " = (list(x), list(x), list(x))",
            said.format("f and g and h"),
            set(),
        ),
    ]


def test_lines_of_loops_are_tried_as_sums_and_sums_as_lines():
    text = """
    def back(x, w):
        d, e = x, w
        d += 1
        for t in x:
            d += t
            e -= t
            e *= t
            f = t
            f = 2 * t
            d[0] = t * 2
            d[0] = d[0] * 2
            e = e + 1
            w.a = t
            e = d = t
    """
    assert edits(variants._adding, text) == [
        (5, "d = t", variants.ADDS, set()),
        (5, "d -= t", variants.SIGN.format("-="), set()),
        (6, "e = t", variants.ADDS, set()),
        (6, "e += t", variants.SIGN.format("+="), set()),
        (9, "f = f + 2 * t", variants.OVERWRITES.format("line 8"), set()),
        (10, "d[0] = d[0] + t * 2", variants.OVERWRITES.format("line 5"), set()),
    ]


def test_two_names_that_are_taken_out_of_something_are_exchanged_unless_they_are_right_or_made():
    text = """
    def back(c):
        a, b, (d, e) = c
        f, g = a, b
        for i, j in c:
            h, k[0], m = j
    """
    assert edits(variants._exchanged, text, {"m"}) == [
        (2, as_python_writes("b, a, (d, e)") + " = c", variants.EXCHANGED.format("a", "b"), {"a", "b"}),
        (
            4,
            ast.unparse(tree("for j, i in c: pass")).splitlines()[0],
            variants.EXCHANGED.format("i", "j"),
            {"i", "j"},
        ),
        (2, as_python_writes("a, b, (e, d)") + " = c", variants.EXCHANGED.format("d", "e"), {"d", "e"}),
    ]
    assert edits(variants._exchanged, text, set())[-1][1] == as_python_writes("m, k[0], h") + " = j"
