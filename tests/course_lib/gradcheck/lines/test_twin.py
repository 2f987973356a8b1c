"""A function rewritten so that every value on its way into a variable passes a probe."""

import functools

import numpy as np
import pytest

from course_lib.gradcheck.lines.source import read_source, written
from course_lib.gradcheck.lines.tape import Tape
from course_lib.gradcheck.lines.twin import Twins, twin_of

FLAGS = ("plain", "divides", "part", "attribute", "unpacks")


def twin(function):
    return twin_of(read_source(function))


def sites(function):
    """Return what each site but the uses says: line, name, kind, container, and the flags that are set."""
    return [
        (site.line, site.name, site.kind, site.container, {flag for flag in FLAGS if getattr(site, flag)})
        for site in twin(function).sites.values()
        if site.kind != "used"
    ]


def passed(function, *args, changes=None, **kwargs):
    """Return what a function's twin returns, and name and value of everything that passed a probe."""
    one = twin(function)
    tape = Tape(changes or {})
    result = one.call(tape, *args, **kwargs)
    names = [one.sites[event.moment[0]] for event in tape.events]
    values = [None if event.value is None else event.value.tolist() for event in tape.events]
    return result, [(site.name, site.kind, value) for site, value in zip(names, values, strict=True)]


def straight(x, w=2.0, /, *, b=1.0):
    h = x * w
    y = h
    z: float = h / b
    z += y
    z *= 3
    z -= 1
    z /= 2
    return z


def test_every_way_into_a_variable_is_a_site():
    assert sites(straight) == [
        (1, "x", "parameter", "", {"plain"}),
        (1, "w", "parameter", "", {"plain"}),
        (1, "b", "parameter", "", {"plain"}),
        (2, "h", "assigned", "", set()),
        (3, "y", "assigned", "", {"plain"}),
        (4, "z", "assigned", "", {"divides"}),
        (5, "z", "added to", "", set()),
        (6, "z", "scaled", "", set()),
        (7, "z", "added to", "", set()),
        (8, "z", "scaled", "", set()),
        (9, "", "returned", "", {"plain"}),
    ]


def test_a_twin_returns_what_the_function_does_and_all_that_passes_is_recorded_in_order():
    result, events = passed(straight, 3.0)
    assert result == straight(3.0)
    assert events[:6] == [
        ("x", "parameter", 3.0),
        ("w", "parameter", 2.0),
        ("b", "parameter", 1.0),
        ("x", "used", 3.0),
        ("w", "used", 2.0),
        ("h", "assigned", 6.0),
    ]
    assert [value for name, kind, value in events if name == "z" and kind != "used"] == [
        6.0,
        12.0,
        36.0,
        35.0,
        17.5,
    ]
    assert events[-1] == ("", "returned", 17.5)


def test_what_is_put_in_the_place_of_a_value_goes_on_from_there():
    one = twin(straight)
    (added,) = [number for number, site in one.sites.items() if site.line == 5 and site.kind == "added to"]
    assert one.call(Tape({(added, 0): lambda value: value + 10}), 3.0) == (22 * 3 - 1) / 2
    (first,) = [number for number, site in one.sites.items() if site.kind == "parameter" and site.name == "x"]
    assert one.call(Tape({(first, 0): lambda value: 0 * value}), 3.0, b=2.0) == straight(0.0, b=2.0)


def about(function, line):
    """Return reads and weight of what is assigned or returned on a line."""
    (site,) = [
        s for s in twin(function).sites.values() if s.line == line and s.kind not in ("used", "parameter")
    ]
    return set(site.reads), site.weight


def test_a_site_says_what_is_read_and_how_many_nodes_compute():
    assert about(straight, 2) == ({"x", "w"}, 3)
    assert about(straight, 3) == ({"h"}, 1)
    assert about(straight, 4) == ({"h", "b"}, 3)
    assert about(straight, 5) == ({"y"}, 1)
    assert about(straight, 6) == (set(), 1)
    assert about(straight, 9) == ({"z"}, 1)


class Layer:
    def __init__(self):
        self.w = 2.0

    def forward(self, x):
        self.x = x
        self.out = self.w * x
        return self.out


def test_attributes_of_an_object_are_sites_and_self_is_none():
    layer = Layer()
    found = sites(layer.forward)
    assert found == [
        (1, "x", "parameter", "", {"plain"}),
        (2, "x", "assigned", "", {"plain", "attribute"}),
        (3, "out", "assigned", "", {"attribute"}),
        (4, "", "returned", "", {"unpacks"}),
    ]
    assert about(layer.forward, 3)[0] == {"self", "w", "x"}
    assert passed(layer.forward, 3.0)[0] == 6.0
    assert layer.out == 6.0


def containers(x, w):
    a, (b, *_) = x, (w, x, w)
    both = first = a * b
    cache = {"a": a, "n": {"b": b + 1}, 3: x}
    pair = (a, b * 2)
    nested = [a, [b, x]]
    cache["c"] = both
    return first, {"dx": pair[0], "dw": cache}, nested


def test_parts_of_tuples_and_dicts_are_sites_of_their_own():
    assert sites(containers)[2:] == [
        (2, "a", "assigned", "", set()),
        (2, "b", "assigned", "", set()),
        (3, "both", "assigned", "", set()),
        (3, "first", "assigned", "", set()),
        (4, "a", "assigned", "cache", {"plain"}),
        (4, "b", "assigned", "n", set()),
        (5, "pair[0]", "assigned", "pair", {"plain"}),
        (5, "pair[1]", "assigned", "pair", set()),
        (6, "nested[0]", "assigned", "nested", {"plain"}),
        (6, "nested[1][0]", "assigned", "nested", {"plain"}),
        (6, "nested[1][1]", "assigned", "nested", {"plain"}),
        (7, "c", "assigned", "cache", {"plain"}),
        (8, "[0]", "returned", "return", {"plain"}),
        (8, "dx", "returned", "[1]", {"unpacks"}),
        (8, "dw", "returned", "[1]", {"plain"}),
        (8, "[2]", "returned", "return", {"plain"}),
    ]


def unpacking(cache, i):
    x, w = cache
    a = cache[0]
    b = cache["b"]
    c = cache[i]
    d, e = cache[0], cache[1]
    f = cache.shape
    g = cache[0] + 1
    return x, w, a, b, c, d, e, f, g


def test_what_is_taken_out_as_it_is_unpacks():
    found = {
        (name, "unpacks" in flags) for line, name, kind, _, flags in sites(unpacking) if kind == "assigned"
    }
    assert found == {
        ("x", False),
        ("w", False),
        ("a", True),
        ("b", True),
        ("c", False),
        ("d", True),
        ("e", True),
        ("f", True),
        ("g", False),
    }


def in_part(x, i):
    dx = np.zeros_like(x)
    dx[i] = 3.0
    dx[0, i] += x[0, 0]
    dx[i][0] *= 2.0
    dx[0, 0] -= 1.0
    return dx


def test_entries_that_change_are_the_variable_changed_in_part():
    assert sites(in_part)[2:] == [
        (2, "dx", "assigned", "", set()),
        (3, "dx", "added to", "", {"part"}),
        (4, "dx", "added to", "", {"part"}),
        (5, "dx", "scaled", "", {"part"}),
        (6, "dx", "added to", "", {"part"}),
        (7, "", "returned", "", {"plain"}),
    ]
    assert about(in_part, 3) == ({"i"}, 1)
    assert about(in_part, 4)[0] == {"x", "i"}
    x = np.ones((2, 2))
    result, events = passed(in_part, x, 1)
    assert result.tolist() == in_part(x, 1).tolist()
    assert [value for name, kind, value in events if name == "dx" and kind == "added to"] == [
        [[0, 0], [3, 3]],
        [[0, 1], [3, 3]],
        [[-1, 1], [6, 3]],
    ]


def blocks(x, many):
    total = 0.0
    for value in x:
        step = value
        if many > 1:
            total += step
        elif many:
            total -= step
        else:
            total = step
    while total > 100.0:
        total = total / 2
    with np.errstate(all="ignore"):
        scaled = total * 1.0
    try:
        risky = 1 / scaled
    except ZeroDivisionError:
        risky = 0.0
    else:
        risky = risky + 1
    finally:
        done = risky
    match many:
        case 0:
            last = 1.0
        case _:
            last = done
    return last


@pytest.mark.parametrize(
    ("x", "many"), [([1.0, 200.0], 2), ([1.0, 2.0], 1), ([0.0, 0.0], 2), ([0.0, 3.0], 0)]
)
def test_what_happens_in_loops_and_branches_is_recorded_and_stays_as_it_is(x, many):
    result, events = passed(blocks, x, many)
    assert result == blocks(x, many)
    assert [value for name, kind, value in events if name == "step" and kind == "assigned"] == x
    totals = [value for name, kind, value in events if name == "total" and kind != "used"]
    assert len(totals) >= 3
    assert [value for name, kind, value in events if name == "last" and kind == "assigned"] == [result]


def test_statements_of_every_block_are_sites():
    lines = {(line, name) for line, name, *_ in sites(blocks)}
    assert lines >= {
        (4, "step"),
        (6, "total"),
        (8, "total"),
        (10, "total"),
        (12, "total"),
        (14, "scaled"),
        (16, "risky"),
        (18, "risky"),
        (20, "risky"),
        (22, "done"),
        (25, "last"),
        (27, "last"),
    }


def uses(function):
    return [(site.line, site.name) for site in twin(function).sites.values() if site.kind == "used"]


def calls(x, scale, f=np.sin):
    y = f(x, *[scale], out=None) if scale is None else f(x)
    inner = lambda x: x * scale  # noqa: E731
    listed = [x + i for i in range(3)]
    text = f"{x}"
    z = (w := y) + max(scale or 0, x)
    return inner(z) + w + listed[0] + len(text)


def test_variables_that_are_read_are_sites_but_not_inside_of_functions_of_their_own():
    found = uses(calls)
    assert [name for line, name in found if line == 2] == ["scale", "x", "scale", "x"]
    assert [name for line, name in found if line in (3, 4, 5)] == []
    assert [name for line, name in found if line == 6] == ["y", "scale", "x"]
    assert [name for line, name in found if line == 7] == ["z", "w", "listed", "text"]
    assert passed(calls, 0.5, 2.0)[0] == calls(0.5, 2.0)


def local_definition(x):
    def inner(y):
        z = y * 2
        return z + 1

    return inner(x) * 3.0


def test_definitions_inside_are_left_as_they_are():
    assert {line for line, *_ in sites(local_definition)} == {1, 6}
    assert passed(local_definition, 2.0)[0] == 15.0


def nothing():
    return None


def test_a_function_of_nothing_has_a_twin():
    assert passed(nothing) == (None, [("", "returned", None)])


def test_sites_are_numbered_from_where_it_is_said_and_named_after_their_function():
    numbered = twin_of(read_source(straight), first=40)
    assert sorted(numbered.sites) == list(range(40, 40 + len(numbered.sites)))
    assert {site.function for site in numbered.sites.values()} == {"straight"}
    assert all(number == site.number for number, site in numbered.sites.items())


def test_a_function_has_one_twin_for_each_first_number():
    twins = Twins()
    assert twins.of(straight) is twins.of(straight)
    assert twins.of(straight, 3) is not twins.of(straight)
    assert twins.of(calls) is not twins.of(straight)
    made = functools.partial(lambda function, first: (function, first))
    assert Twins().of(straight, 5, made) == (straight, 5)


def test_another_text_runs_in_the_functions_place():
    one = twin(straight)
    source = read_source(straight)
    other = type(source)(
        written("def straight(x, w=2.0, /, *, b=1.0):\n    return x + b").tree, "", (), straight
    )
    assert one.edited(other)(3.0) == 4.0
