"""Lines that no probe sees, and that may be wrong: calls that change a value, lists, what enters them."""

import ast
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import check_vjp, find_line
from course_lib.gradcheck.lines import unseen as room
from tests.course_lib.gradcheck.lines.asking import site

X, W = np.array([[0.3, -1.2], [0.8, 0.1], [-0.5, 0.9]]), np.array([[0.7, -0.4], [0.2, 1.1]])


def named(found):
    return [suspect.line for suspect in found.candidates[: 1 + found.doubts]]


def rows_forward(x, w):
    return np.tanh(x @ w), (x, w)


def test_a_line_that_adds_to_a_list_and_what_it_reads_are_named():
    def rows_backward(dout, cache):
        x, w = cache
        parts = []
        for row, upstream in zip(x, dout, strict=True):
            slope = 1 - np.tanh(row @ w)
            parts.append(w @ (slope * upstream))
        return np.array(parts), x.T @ (dout * (1 - np.tanh(x @ w) ** 2))

    lines = named(find_line(rows_forward, rows_backward, X, W))
    assert {4, 5, 6, 7} <= set(lines), lines
    assert 3 not in lines  # it only begins


def test_a_list_that_is_made_in_one_line_is_named():
    def listing_backward(dout, cache):
        x, w = cache
        slopes = [1 - np.tanh(row @ w) for row in x]
        dx = np.array([w @ (slope * up) for slope, up in zip(slopes, dout, strict=True)])
        return dx, x.T @ (dout * (1 - np.tanh(x @ w) ** 2))

    assert 3 in named(find_line(rows_forward, listing_backward, X, W))


def test_a_call_that_changes_an_array_in_place_is_named():
    def scatter_forward(x, w):
        return np.maximum(x @ w, 0), (x, w)

    def scatter_backward(dout, cache):
        x, w = cache
        local = dout.copy()
        np.copyto(local, 1.0, where=x @ w > 0)
        return local @ w.T, x.T @ (dout * (x @ w > 0))

    found = find_line(scatter_forward, scatter_backward, X, W)
    assert 4 in named(found), str(found)


def test_what_probes_see_adds_no_line():
    def seen_backward(dout, cache):
        x, w = cache
        da = dout * (1 - np.tanh(x @ w) ** 2)
        print(da)
        dx = da @ w
        return dx, x.T @ da

    assert named(find_line(rows_forward, seen_backward, X, W)) == [5]


def test_a_list_is_named_where_the_check_is_written_around_a_function_that_makes_it():
    def squared_norm(w, x):
        r = [row @ x for row in w]
        value = sum(entry**2 for entry in r)
        twice = [1 * entry for entry in r]  # and not 2
        dw = np.array([[g * xj for xj in x] for g in twice])
        dx = sum(g * row for g, row in zip(twice, w, strict=True))
        return value, dw, dx

    x = np.array([0.4, -0.7])

    def backward(dout, w):
        return dout * squared_norm(w, x)[1]

    backward.around = squared_norm
    check = check_vjp(lambda w: (np.sum((w @ x) ** 2), w), backward, W)
    assert check.line.line == 5
    assert 4 in named(check.line), check.line


def test_a_call_that_changes_what_a_line_begins_is_named_before_it():
    def of_rows(b, e):
        return np.sum((b[np.array([0, 0, 1, 2])] + e) ** 2) / 2, (b, e)

    def of_rows_backward(dout, cache):
        b, e = cache
        de, db = b[np.array([0, 0, 1, 2])] + e, np.zeros_like(b)
        np.add.at(db, np.array([0, 1, 0, 1]), de)
        return dout * db, dout * de

    assert named(find_line(of_rows, of_rows_backward, np.array([0.3, -1.0, 2.0]), np.ones(4))) == [4, 3, 5]


def halves(x):
    return np.tanh(x[:, ::2]) * x[:, 1::2], x


def test_a_line_that_changes_a_part_of_an_array_under_another_name_is_named_and_so_is_what_takes_the_part():
    def halves_backward(dout, x):
        dx = np.zeros(x.shape)
        left, right = dx[:, ::2], dx[:, 1::2]
        left += dout * (1 - np.tanh(x[:, ::2]))
        right += dout * np.tanh(x[:, ::2])
        return dx

    found = named(
        find_line(halves, halves_backward, np.array([[0.3, -1.2, 0.8, 0.1], [0.7, 0.2, -0.9, 1.1]]))
    )
    assert found[:2] == [4, 5], found
    assert set(found) == {2, 3, 4, 5, 6}


def test_rows_of_an_array_that_a_loop_changes_are_parts_of_it():
    def rows_backward(dout, cache):
        x, w = cache
        dx = np.zeros_like(x)
        for row, upstream, at in zip(dx, dout, x, strict=True):
            row += w @ (upstream * (1 - np.tanh(at @ w)))
        return dx, x.T @ (dout * (1 - np.tanh(x @ w) ** 2))

    assert named(find_line(rows_forward, rows_backward, X, W))[0] == 5


def test_a_part_that_a_sum_makes_no_part_any_more_is_named():
    def flat_backward(dout, cache):
        x, w = cache
        da, flat = dout * (1 - np.tanh(x @ w) ** 2), np.zeros(w.size)
        dw = flat.reshape(w.shape)
        dw = dw + x.T @ da
        return da @ w.T, flat.reshape(w.shape)

    assert 5 in named(find_line(rows_forward, flat_backward, X, W))


def stacked(x, w, v):
    h = np.tanh(x @ w)
    return h @ v, (x, w, v, h)


def test_where_nothing_explains_what_a_returned_list_holds_the_lines_that_fill_it_are_named():
    def listing_backward(dout, cache):
        x, w, v, h = cache
        grads = []
        for a, slope, weight in ((h, 1, v), (x, 1 - h**2, w)):
            dout = dout * slope
            grads.insert(0, a.T @ dout / len(a))
            dout = dout @ weight.T
        return (dout, *grads)

    found = find_line(stacked, listing_backward, X, W, np.array([[0.3], [-0.8]]))
    assert found.line == 6
    assert 8 in named(found)
    assert "right from wrong one by one" in str(found)


def test_where_what_is_returned_is_followed_nothing_is_said_of_lists():
    def two_slips(dout, cache):
        x, w, v, h = cache
        dz = dout @ v.T * (1 - h**2)
        return dz @ w.T, dout @ x, 2 * h.T @ dout

    found = find_line(stacked, two_slips, X, W, np.array([[0.3], [-0.8]]))
    assert "one by one" not in str(found)


def test_a_dict_with_keys_that_are_computed_is_not_followed():
    def keyed_backward(dout, cache):
        x, w, v, h = cache
        grads = {}
        dz = dout @ v.T * (1 - h**2)
        for key, a, d in (("w", x, dz), ("v", h, dout)):
            grads[f"d{key}"] = -a.T @ d
        return (dz @ w.T, *grads.values())

    found = find_line(stacked, keyed_backward, X, W, np.array([[0.3], [-0.8]]))
    assert found.line == 6
    assert 3 not in named(found)[:2]


def test_a_line_that_puts_what_is_made_of_a_value_into_a_dict_is_named_beside_it():
    def keyed_backward(dout, cache):
        x, w, v, h = cache
        grads = {}
        for key, a, slope in (("v", h, 1), ("w", x, 1 - h**2)):
            dz = dout * slope
            grads[f"d{key}"] = a.T @ dz / len(a)
            dout = dz @ (v if key == "v" else w).T
        return dout, grads["dw"], grads["dv"]

    found = find_line(stacked, keyed_backward, X, W, np.array([[0.3], [-0.8]]))
    assert 6 in named(found), found


class Node:
    """A number that knows what it is made of, and adds to the gradients of that."""

    def __init__(self, value, *local):
        self.value, self.local, self.grad = value, local, 0.0

    def times(self, other):
        return Node(self.value * other.value, (self, self.value), (other, other.value))

    def flow(self, upstream):
        self.grad = self.grad + upstream
        for node, slope in self.local:
            node.flow(upstream * slope)


def product(x, w):
    return x * w, (x, w)


def test_what_is_called_on_one_object_may_change_others():
    def graph_backward(dout, cache):
        a, b = map(Node, cache)
        c = a.times(b)
        c.flow(dout)
        return a.grad, b.grad

    found = find_line(product, graph_backward, X, X + 1)
    assert 4 in named(found)
    assert "or in `c.flow`, which line 4 calls" in found.sentences


class Keeping:
    def backward(self, upstream):
        self.dx = 3 * upstream


def test_what_a_value_is_handed_to_for_its_effect_may_be_wrong_in_its_place():
    keeping = Keeping()

    def square(x):
        return x**2, x

    def handing_backward(dout, x):
        up = dout * x
        keeping.backward(up)
        return keeping.dx

    found = find_line(square, handing_backward, X)
    assert {2, 3} <= set(named(found))


def test_a_function_inside_that_is_called_for_its_effect_may_change_what_it_reads():
    def filling_backward(dout, cache):
        x, w = cache
        dx = np.zeros_like(x)

        def fill(k):
            dx[k] = -dout[k] * w[k]

        for k in range(len(x)):
            fill(k)
        return dx, dout * x

    found = find_line(product, filling_backward, X, X + 1)
    assert 9 in named(found)
    assert "or in `fill`, which line 9 calls" in found.sentences


def statement(text):
    return ast.parse(text).body[0]


@pytest.mark.parametrize(
    ("text", "changed", "in_place", "begins"),
    [
        ("a = b", "a", False, True),
        ("a = a + b", "a", True, False),
        ("a = b + 1", "a", False, False),
        ("a = 0", "a", False, True),
        ("a, b = c, 0", "a b", False, True),
        ("a, b = c, f(d)", "a b", False, False),
        ("a[i] = b.T", "a", True, True),
        ("a.b[i] = c[0]", "a", True, True),
        ("a += b", "a", True, True),
        ("a: float = b", "a", False, True),
        ("a.append(b)", "a b", True, False),
        ("np.add(a, b, out=c)", "np a c", True, False),
        ("f(a, b, c=d)", "a b d", True, False),
        ("a[i], (b.c, *d) = e", "a b d", False, True),
        ("f(a[0], out=b[0])", "", True, False),
        ("print(a)", "", True, False),
        ("a.print(b)", "a b", True, False),
        ("a", "", True, True),
        ("return a", "", False, True),
        ("pass", "", False, False),
    ],
)
def test_what_a_statement_changes_and_whether_in_place_or_only_to_begin_with(text, changed, in_place, begins):
    one = statement(text)
    assert room._changed(one) == set(changed.split())
    assert room._in_place(one) is in_place
    assert room._begins(one) is begins


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("a", True),
        ("a[0].T", True),
        ("a.reshape(2, 3)[0]", True),
        ("a.ravel()", True),
        ("a.sum()", False),
        ("ravel(a)", False),
        ("a + b", False),
        ("(a + b).T", False),
    ],
)
def test_a_name_a_part_or_a_view_of_one_is_taken(text, takes):
    assert room._takes_part(statement(text).value) is takes


VIEWED = """
def back(dout, cache):
    rows, w = cache[0], cache[1]
    part = dout[1:]
    row = other = part.T
    mean = part.mean()
    kept = w
    for one, two in rows:
        one += 1
        mean += 1
    part[0] = 2
    row *= 2
    for k in range(3):
        k = k + 1
    return part
"""


def test_views_are_names_of_parts_that_are_changed_in_place():
    tree = statement(VIEWED.strip())
    assert room._views(tree) == {"one": {"rows"}, "part": {"dout"}, "row": {"part"}, "k": {"range"}}


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("row += 1", "part dout"),
        ("row[0] = 1", "part dout"),
        ("row = part", "part dout"),
        ("row = part + 1", ""),
        ("part += 1", "dout"),
        ("dout += 1", ""),
        ("f(row)", "part dout"),
        ("f(row, part)", "dout"),
    ],
)
def test_behind_a_view_stands_what_it_is_a_part_of(text, behind):
    views = {"row": {"part"}, "part": {"dout"}}
    one = statement(text)
    assert room._behind(one, room._changed(one), views) == set(behind.split())
    assert room._behind(statement("row += 1"), frozenset({"row", "part"}), views) == {"dout"}


def test_targets_stand_beside_what_they_get():
    def named(text):
        return [(ast.unparse(a), ast.unparse(b)) for a, b in room._named(statement(text))]

    assert named("a = b = c") == [("a", "c"), ("b", "c")]
    assert named("a, b = c, d") == [("a", "c"), ("b", "d")]
    assert named("a, b = c") == [("(a, b)", "c")]
    assert named("a = b, c") == [("a", "(b, c)")]
    assert named("for a, b in c: pass") == [("(a, b)", "c")]
    assert named("a += b") == named("f(a)") == []


def test_statements_are_those_inside_of_blocks():
    blocks = "if a:\n b\nelse:\n c\nfor d in e:\n f\ntry:\n g\nfinally:\n h\nwith i:\n j\nwhile k:\n l\nm"
    found = room._statements(ast.parse(blocks).body)
    assert [ast.unparse(one) for one in found] == ["b", "c", "f", "g", "h", "j", "l", "m"]


def test_a_function_inside_captures_what_it_reads():
    tree = statement("def f(x):\n def g(y):\n  x[0] = y + z\n def h(): return u\n return x")
    assert room._captured(tree, statement("g(x)")) >= {"y", "z"}
    assert "u" not in room._captured(tree, statement("g(x)"))
    assert room._captured(tree, statement("h()")) == {"u"}
    for nothing in ("a = g(x)", "x.g()", "k(x)", "g"):
        assert room._captured(tree, statement(nothing)) == set()


PUTTING = """
def f(x, other):
    held, rest = [], {}
    y = x * 2
    held.append(y)
    z = y + 1
    rest["a"] = y * z
    rest["b"] = y
    held.append(other)
    if x:
        note(y, held)
    return held
"""


def searched(text, *followed):
    """What is asked of a search of one function, of which the values of some names were seen."""
    tree = statement(text.strip())
    events = [SimpleNamespace(name=name, value=1.0) for name in followed]
    events.append(SimpleNamespace(name="held", value=None))
    return SimpleNamespace(
        subject=SimpleNamespace(name="f", sources={"f": SimpleNamespace(tree=tree)}),
        base=SimpleNamespace(events=events),
        backward=[],
        site=lambda event: site(event.name, function="f"),
    )


def test_lines_that_put_what_is_made_of_a_value_away_are_those_that_read_it():
    found = room.put_away(searched(PUTTING, "x", "y", "z", "other"), site("y", function="f", line=3))
    assert [(one.line, one.name, one.kind, one.function) for one in found] == [
        (4, "held", "unseen", "f"),
        (6, "rest", "unseen", "f"),
        (10, "held", "unseen", "f"),
    ]
    assert found[0].reads >= {"held", "y"}
    assert {"y", "z"} <= found[1].reads
    assert room.put_away(searched(PUTTING, "x", "y", "z"), site("nothing", function="f")) == []


def test_what_is_returned_and_not_followed_is_named_with_the_lines_that_fill_it():
    found = room.returned(searched(PUTTING, "x", "y", "z", "other"))
    assert [one.site.line for one in found] == [4, 11, 8, 10, 6, 7]
    assert {one.event.name for one in found} == {"held"}
    assert {(one.sentence, one.whole) for one in found} == {(room.NOT_FOLLOWED, False)}
    assert room.returned(searched(PUTTING, "x", "y", "z", "other", "held")) == []


AFTERWARDS = """
def f(x, dout):
    a = x * 2
    b = x * 3
    da = dout * 2
    fix(da, a, b)
    part = da[0]
    for k in range(2):
        part += b * k
    return da
"""


def test_what_changes_a_value_after_its_line_is_doubted_and_then_what_that_reads_the_latest_first():
    search, lines = searched(AFTERWARDS, "a", "b", "da", "part"), {"a": 2, "b": 3}
    search.backward = search.base.events[:2]
    search.site = lambda event: site(event.name, function="f", line=lines.get(event.name, 9))
    search.is_right = search.hands_on = lambda what: False
    found = room.unseen(search, [site("da", function="f", line=4, reads="dout")])
    assert [one.line for one in found] == [5, 8, 7, 3, 2, 6]
    assert [(one.name, one.number) for one in found if one.kind == "unseen"] == [("da", -1)] * 3
    kept = searched("def f(x):\n    made = {}\n    made['a'] = x * 3\n    return made", "x")
    assert room.unseen(kept, [site("made", function="f", line=2, reads="x")]) == []
