"""Probes around every value that gets a name or is used, wherever it is written."""

import numpy as np
import pytest

from course_lib import find_line
from tests.course_lib.gradcheck.lines.probing import about, passed, sites, straight, twin


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


def test_a_name_that_a_comprehension_gives_anew_is_another_variable():
    def function(x):
        k = 3.0
        return k * sum(k * x for k in (1.0, 2.0))

    assert passed(function, 2.0)[0] == 18.0


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
        (2, "a", "assigned", "", {"plain"}),
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
    assert passed(containers, 2.0, 3.0)[0] == containers(2.0, 3.0)


def test_parts_of_a_dict_that_is_called_for_are_sites():
    def function(x):
        cache = dict(a=x, b=2 * x)  # noqa: C408
        return cache  # noqa: RET504

    assert sites(function)[1:3] == [
        (2, "a", "assigned", "cache", {"plain"}),
        (2, "b", "assigned", "cache", set()),
    ]


def in_part(x, i):
    dx = np.zeros_like(x)
    dx[i] = 3.0
    dx[0, i] += x[0, 0]
    dx[i][0] *= 2.0
    dx[0] -= x[0]
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
        [[-1, 0], [6, 3]],
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


def with_parts(x, cache):
    return cache["w"] * x.real + cache[0] * cache.get("w") + x.real.imag * np.pi


def test_parts_that_have_a_name_of_their_own_are_sites_and_methods_and_modules_are_not():
    found = [(one.name, one.container) for one in twin(with_parts).sites.values() if one.kind == "used"]
    assert found == [
        *(("cache", ""), ("w", "cache"), ("x", ""), ("real", "x")),
        *(("cache", ""), ("cache", ""), ("x", ""), ("real", "x")),
    ]


def local_definition(x):
    def inner(y):
        z = y * 2
        return z + 1

    return inner(x) * 3.0


def test_definitions_inside_are_left_as_they_are():
    assert {line for line, *_ in sites(local_definition)} == {1, 6}
    assert passed(local_definition, 2.0)[0] == 15.0


def starred(dout, cache):
    rest = cache[1]
    d = 3 * dout  # 2
    grads = []
    for _ in rest:
        grads.append(dout)
    return (d, *grads)


def test_what_is_returned_with_a_star_is_followed_up_to_there():
    found = find_line(lambda_free_sum, starred, np.ones(2), np.ones(2))
    assert any(each.source.startswith("d = 3 * dout") for each in found.candidates[: 1 + found.doubts])


def lambda_free_sum(x, y):
    return 2 * x + y, (x, [y])


def test_what_a_call_writes_into_is_a_site():
    def masked(d, w):
        dx = d * 0
        np.multiply(d, w, out=dx)
        np.multiply(d, w, out=w[:])
        print(end="")
        return dx

    assert [(line, name) for line, name, kind, *_ in sites(masked) if kind == "assigned"] == [
        (2, "dx"),
        (3, "dx"),
    ]
    result, events = passed(masked, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    assert result.tolist() == [3, 8]
    assert ("dx", "assigned", [3.0, 8.0]) in events


class Kept:
    def forward(self, u, v):
        self.u, (self.v, w) = u, (v, u * v)
        a = b = w
        return a + b


def test_a_line_that_assigns_several_values_is_as_many_assignments():
    found = sites(Kept().forward)
    assert found[2:] == [
        (2, "u", "assigned", "", {"plain", "attribute"}),
        (2, "v", "assigned", "", {"plain", "attribute"}),
        (2, "w", "assigned", "", set()),
        (3, "a", "assigned", "", {"plain"}),
        (3, "b", "assigned", "", {"plain"}),
        (4, "", "returned", "", set()),
    ]
    assert passed(Kept().forward, 2.0, 3.0)[0] == 12.0
