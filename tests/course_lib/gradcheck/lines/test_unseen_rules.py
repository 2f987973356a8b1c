"""What statements change, and which lines that no probe sees are named for it: the rules, one at a time."""

import ast
from types import SimpleNamespace

import pytest

from course_lib.gradcheck.lines import unseen as room
from tests.course_lib.gradcheck.lines.asking import site


def statement(text):
    return ast.parse(text).body[0]


@pytest.mark.parametrize(
    ("text", "changed", "in_place", "begins"),
    [
        ("a = b", "a", False, True),
        ("a = a + b", "a", True, False),
        ("a = b + 1", "a", False, False),
        ("a = b['a']", "a", False, True),
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
