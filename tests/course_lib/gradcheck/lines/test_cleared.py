"""Which of the lines that a wrong value is computed from can be cleared."""

import linecache
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import check_gradient, find_line
from course_lib.gradcheck.lines import cleared, replaced
from course_lib.gradcheck.lines.cleared import not_cleared
from tests.course_lib.gradcheck.lines.asking import event, search, site, sources, wrong

RNG = np.random.default_rng(2)
X, V, W = (RNG.normal(size=shape) for shape in ((4, 3), (3, 2), (3, 2)))


def two_maps(x):
    return np.maximum(x @ V, x @ W), x


def copied(dout, x):
    a, b = x @ V, x @ W
    da = np.where(a >= b, dout, 0)
    db = np.where(a >= b, dout, 0)  # copied from above, not turned round
    dx = da @ V.T
    dx += db @ W.T
    return dx


def test_what_a_sum_adds_is_not_cleared_where_another_value_of_it_mends_everything():
    asked = search(two_maps, copied, X)
    dx = next(one for one in replaced.findings(asked) if one.site.name == "dx")
    told, doubted = not_cleared(asked, dx, [dx.site])
    assert any(line.startswith("db = ") for line in sources(asked, told + doubted))
    found = find_line(two_maps, copied, X)
    assert any(each.variable == "db" for each in found.candidates[: 1 + found.doubts])


def squares(dout, x):
    q = x @ V
    dq = q  # 2 q
    return dout * (dq @ V.T)


def test_a_line_that_gives_another_name_to_a_value_may_lack_a_factor():
    found = find_line(lambda_free_squares, squares, X)
    assert "dq = q" in [each.source.split("  #")[0] for each in found.candidates[: 1 + found.doubts]]


def lambda_free_squares(x):
    return np.sum((x @ V) ** 2), x


def first_only(dout, x):
    parts = dout[0], dout[1]
    total = parts[0]
    return total  # noqa: RET504 - the line of its own is what is asked for


def test_what_is_returned_under_another_name_is_doubted_where_it_is_taken():
    found = find_line(lambda_free_copies, first_only, np.array([0.5, -1.0]))
    assert "total = parts[0]" in [each.source for each in found.candidates[: 1 + found.doubts]]


def lambda_free_copies(x):
    return np.stack([x, 3 * x]), x


def chain(x, y):
    m = 0 - x * y
    f = np.exp(m)
    f_by_m = f
    m_by_p = 1.0  # -1
    dp = f_by_m * m_by_p
    return f, {"x": dp * y, "y": dp * x}


def test_a_constant_may_be_wrong_although_it_is_a_gradient_by_chance():
    found = find_line(chain, {"x": 0.4, "y": 1.3})
    assert "m_by_p = 1.0" in [each.source.split("  #")[0] for each in found.candidates[: 1 + found.doubts]]


def listed(x, y):
    f = x**2 * y + np.sin(x)
    into_x = [x * y, x * y, np.sin(x)]  # cos
    return f, {"x": sum(into_x), "y": x**2}


def test_a_list_is_doubted_where_it_is_read_as_a_whole():
    found = find_line(listed, {"x": 0.4, "y": 1.3})
    assert any(each.source.startswith("into_x = ") for each in found.candidates[: 1 + found.doubts])


class Log:
    def forward(self, x):
        self.x, self.y = x, np.log(x)
        return self.y

    def backward(self, dout):
        slope = self.y  # 1 / self.x
        return (dout * slope,)


def test_what_is_taken_out_under_another_name_may_be_wrong():
    found = find_line(Log(), np.array([0.5, 2.0, 3.0]))
    assert "slope = self.y" in [each.source.split("  #")[0] for each in found.candidates[: 1 + found.doubts]]


def at(moment, name, value=1.0, **known):
    return event(value, (moment, 0)), site(name, **{"line": moment, "number": moment, "weight": 5, **known})


def asked_of(*events, gradients=(), targets=(), renames=(), cheap=True):
    sites = {one.moment: where for one, where in events}
    return SimpleNamespace(
        backward=[one for one, _ in events],
        subject=SimpleNamespace(cheap=cheap),
        with_another_upstream=None,
        site=lambda one: sites[one.moment],
        before=lambda a, b: a.moment < b.moment,
        same_variable=lambda a, b: a.name == b.name,
        renames=lambda where: where.name in renames,
        is_some_gradient=lambda one: sites[one.moment].name in gradients,
        targets=lambda one: [sites[one.moment].name] if sites[one.moment].name in targets else [],
    )


def test_a_line_is_read_by_its_name_or_as_a_part_of_what_is_read():
    asked = site("dx", reads="parts")
    assert cleared._read(site("a"), {"a"}, asked)
    assert not cleared._read(site("a"), {"b"}, asked)
    assert cleared._read(site("parts[0]", container="parts"), set(), asked)
    assert not cleared._read(site("others[0]", container="others"), set(), asked)
    assert not cleared._read(site("key", container="parts"), set(), asked)


def test_operands_constants_and_copies_are_not_known():
    dx = wrong(1.0, 2.0, of=site("dx", reads="a one copy grad"), moment=(9, 0))

    def unknown(*events, **known):
        return sorted(cleared._not_known(asked_of(*events, **known), dx))

    reads = {"reads": "z"}
    assert unknown(at(1, "a", **reads), at(2, "grad", **reads), gradients=("grad",)) == ["a"]
    assert unknown(at(1, "one"), gradients=("one",)) == ["one"]
    assert unknown(at(1, "two"), gradients=("two",)) == []
    copies = {"plain": True, **reads}
    assert unknown(at(1, "copy", **copies), gradients=("copy",)) == ["copy"]
    assert unknown(at(1, "copy", **copies), gradients=("copy",), targets=("copy",)) == []
    assert unknown(at(1, "copy", kind="added to", **copies), gradients=("copy",)) == []
    assert unknown(at(1, "copy", **reads), gradients=("copy",)) == []
    assert unknown(at(1, "other", **copies), gradients=("other",)) == []


def test_a_variable_that_is_made_of_itself_had_its_value_from_a_line_before():
    first, second, other = at(1, "a"), at(2, "a"), at(3, "b")
    again = at(4, "a", reads="a b")
    after = at(5, "a")
    asked = asked_of(first, second, other, again, after)
    assert cleared._remade(asked, again[1], again[0]) == {2: second[1]}
    assert cleared._remade(asked, other[1], other[0]) == {}
    assert cleared._remade(asked_of(again), again[1], again[0]) == {}
    same_line = at(2, "a", line=4)
    assert cleared._remade(asked_of(same_line, again), again[1], again[0]) == {}


@pytest.mark.parametrize("local", [True, False])
def test_a_local_derivative_that_is_mended_by_more_than_a_factor_is_told(local, monkeypatch):
    monkeypatch.setattr(cleared, "is_local", lambda search, events: local)

    def tells(*pairs):
        events = [event(value, (k, 0)) for k, (value, _) in enumerate(pairs)]
        put = {(k, 0): np.array(there) for k, (_, there) in enumerate(pairs) if there is not None}
        return cleared._tells(None, events, put)

    assert tells(([1.0, 2.0], [1.0, 3.0])) is local
    assert tells(([1.0, 2.0], [2.0, 4.0])) is False
    assert tells((1.0, 3.0)) is False
    assert tells(([1.0, 2.0], [2.0, 4.0]), ([1.0, 2.0], [1.0, 3.0])) is local


def test_only_one_value_may_be_of_another_shape(monkeypatch):
    monkeypatch.setattr(cleared, "of_another_shape", lambda search, one, shape: (one, shape))
    dx = wrong([1.0, 2.0], [2.0, 2.0])
    one, two = event(1.0, (1, 0)), event(2.0, (2, 0))
    assert cleared._of_another_shape(None, [one], dx) == (one, (2,))
    assert cleared._of_another_shape(None, [one, two], dx) is False
    assert cleared._of_another_shape(None, [one], wrong(None, [1.0])) is False


class Clearing:
    """`not_cleared` where solutions are given: of which lines there are some, and which are telling."""

    def __init__(self, monkeypatch):
        self.monkeypatch = monkeypatch

    def __call__(
        self,
        *events,
        solves="",
        tells="",
        other_shape="",
        nearby="",
        local=(),
        sites=(),
        reads="a b",
        **known,
    ):
        asked = asked_of(*events, **known)

        def named(events, names):
            return asked.site(events[0]).name in names.split()

        put = self.monkeypatch.setattr
        put(cleared, "solved", lambda search, events: {} if named(events, solves) else None)
        put(cleared, "_tells", lambda search, events, found: named(events, tells))
        put(cleared, "would_do_nearby", lambda search, events: named(events, nearby))
        put(cleared, "_of_another_shape", lambda search, events, finding: named(events, other_shape))
        put(cleared, "is_local", lambda search, events: asked.site(events[0]).name in local)
        dx = wrong(1.0, 2.0, of=site("dx", line=9, reads=reads), moment=(9, 0))
        told, found = not_cleared(asked, dx, list(sites))
        return [where.name for where in told], [where.name for where in found]


@pytest.fixture
def clearing(monkeypatch):
    return Clearing(monkeypatch)


Z = {"reads": "z"}


def test_lines_with_other_values_that_mend_everything_are_not_cleared(clearing):
    a, b, other, late = at(1, "a", **Z), at(2, "b", **Z), at(3, "c", **Z), at(10, "a", line=10, **Z)
    assert clearing(a, b, other) == ([], [])
    assert clearing(a, b, other, solves="a b c") == ([], ["a", "b"])
    assert clearing(a, b, other, solves="a b c", tells="b") == (["b"], ["a"])
    assert clearing(a, b, other, nearby="b c") == ([], ["b"])
    assert clearing(a, b, other, other_shape="a c") == (["a"], [])
    assert clearing(late, solves="a") == ([], [])
    assert clearing(at(1, "a", line=9, **Z), solves="a") == ([], [])
    assert clearing(a, b, solves="a b", gradients=("b",)) == ([], ["a"])


def test_what_lines_that_are_not_cleared_are_made_of_is_asked_next(clearing):
    deep, a = at(1, "deep", **Z), at(2, "a", reads="deep")
    assert clearing(deep, a, solves="a deep") == ([], ["a", "deep"])
    assert clearing(deep, a, solves="deep") == ([], [])
    again = at(1, "a", **Z), at(3, "a", reads="a")
    assert clearing(*again, solves="a") == ([], ["a", "a"])


def test_one_line_more_is_asked_than_can_be_doubted_to_tell_that_there_are_more(clearing):
    chain = [at(k, f"v{k}", reads=f"v{k - 1}") for k in range(1, 9)]
    _, found = clearing(*chain, solves=" ".join(f"v{k}" for k in range(9)), reads="v8")
    assert found == [f"v{k}" for k in range(8, 7 - cleared.MOST_DOUBTS, -1)]


def test_too_many_numbers_are_not_cleared_by_anything(clearing):
    for cheap, most in ((True, 120), (False, 8)):
        assert clearing(at(1, "a", np.ones(most), **Z), cheap=cheap) == ([], [])
        assert clearing(at(1, "a", np.ones(most + 1), **Z), cheap=cheap) == ([], ["a"])


def test_lines_that_hand_on_are_cleared_but_for_names_that_say_what_they_are(clearing):
    handed = at(1, "a", plain=True, **Z)
    assert clearing(handed, solves="a") == ([], ["a"])  # another name for what was made here
    assert clearing(handed, solves="a", local=("a",)) == ([], [])
    assert clearing(handed, solves="a", local=("a",), renames=("a",)) == ([], ["a"])
    taken = at(1, "a", unpacks=True, **Z)
    assert clearing(taken, solves="a") == ([], [])
    assert clearing(at(1, "a", unpacks=True), solves="a") == ([], ["a"])
    plain = site("dx", line=9, reads="a", plain=True)
    assert clearing(taken, solves="a", sites=[plain]) == ([], ["a"])


def test_the_lines_that_put_a_value_together_are_asked_in_its_place(clearing):
    a, c = at(1, "a", **Z), at(2, "c", **Z)
    assert clearing(a, c, solves="a c", sites=[site("dx", line=8, reads="c")]) == ([], ["c"])


def test_a_count_that_is_divided_by_may_be_far_off():
    def scaled(x):
        return x - x.mean(axis=(0, 2), keepdims=True), x.shape

    def scaled_backward(dout, shape):
        count = shape[0] * shape[1] * shape[2]
        total = dout.sum(axis=(0, 2), keepdims=True)
        return (count * dout - total) / count

    found = find_line(scaled, scaled_backward, np.random.default_rng(0).normal(size=(2, 3, 2)))
    assert {2, 4} == {suspect.line for suspect in found.candidates[: 1 + found.doubts]} - {3}


def gate(x):
    return 1 / (1 + np.exp(-x))


def of_another_gate(dout, x):
    s = gate(dout)  # gate(x)
    return dout * (s + x * s * (1 - s))


def test_a_line_whose_other_value_is_not_found_where_what_it_enters_bends_is_not_cleared():
    found = find_line(lambda_free_gated, of_another_gate, RNG.normal(size=(3, 4)))
    assert [each.line for each in found.candidates[: 1 + found.doubts]] == [3, 2]


def lambda_free_gated(x):
    return x * gate(x), x


def fitted(p):
    return np.mean((p[0] * np.sin(p[1] * TIMES) + p[2]) ** 2)


TIMES = np.linspace(0, 1, 6)


def fitted_by(**other):
    text = {
        "r": "a * s + c",
        "dr": "2 * r / len(TIMES)",
        "gb": "dr @ (a * TIMES * np.cos(b * TIMES))",
        "order": "ga, gb",
    }
    text.update(other)
    lines = [
        "def gradient(p):",
        "a, b, c = p",
        "s = np.sin(b * TIMES)",
        f"r = {text['r']}",
        f"dr = {text['dr']}",
        "ga = dr @ s",
        f"gb = {text['gb']}",
        "gc = dr.sum()",
        f"return np.array([{text['order']}, gc])",
    ]
    return check_gradient(
        fitted, np.array([1.2, 2.7, 0.1]), written_as("\n    ".join(lines), "gradient")
    ).line


def written_as(text, name):
    linecache.cache[text] = (len(text), None, text.splitlines(keepends=True), text)
    space = {"np": np, "TIMES": TIMES}
    exec(compile(text, text, "exec"), space)
    return space[name]


def test_what_is_put_into_one_array_is_named_before_the_line_that_puts_it_there():
    one = fitted_by(gb="dr @ (a * np.cos(b * TIMES))")
    assert (one.line, one.candidates[one.doubts].line) == (7, 9)


def test_where_several_parts_of_an_array_are_wrong_what_all_of_them_read_is_named_first():
    assert fitted_by(dr="2 * r").line == 5
    deeper = fitted_by(r="a * s - c")
    assert deeper.line == 5
    assert deeper.more


def test_where_parts_of_an_array_only_change_places_the_line_that_puts_them_there_is_named_alone():
    found = fitted_by(order="gb, ga")
    assert (found.line, found.doubts) == (9, 0)
