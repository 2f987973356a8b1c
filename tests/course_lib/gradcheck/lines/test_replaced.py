"""The measured gradient in the place of what a line computes."""

import ast
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import find_line
from course_lib.gradcheck.lines import replaced
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.source import NotFollowed
from tests.course_lib.gradcheck.lines import functions
from tests.course_lib.gradcheck.lines.asking import event, search, site

NEURON = {"w": 2.0, "x": -1.0, "b": 1.0}
RNG = np.random.default_rng(0)


def names(found):
    return [(one.site.name, one.target) for one in found]


def test_the_one_value_that_mends_everything():
    (first,) = replaced.findings(search(functions.neuron_without_exp, NEURON))[:1]
    assert (first.site.line, first.target, first.right_before, first.mended) == (10, "neg", 3, 3)
    assert first.whole


def test_of_two_slips_none_mends_everything_and_the_first_is_told():
    asked = search(functions.two_slips, {"x": 0.3, "y": 1.1})
    assert replaced.findings(asked) == []
    (first,) = replaced.first_of_several(asked)
    assert (first.site.name, first.whole) == ("dp", False)


def hinges(x, w, b):
    a = x @ w + b
    return np.maximum(a, 0), (x, w, b, a)


def inverted(dout, cache):
    x, w, _, a = cache
    on = (a < 0) * dout
    return on @ w.T, x.T @ on, on.sum(axis=0)


def from_bias(dout, cache):
    x, w, b, _ = cache
    on = (x @ w + b < 0) * dout
    return on @ w.T, x.T @ on, on.sum(axis=0)


@pytest.mark.parametrize("backward", [inverted, from_bias])
@pytest.mark.parametrize("zeros", [True, False])
def test_what_forward_made_is_no_gradient_whatever_its_signs_would_mend(backward, zeros):
    x, w = RNG.uniform(0.5, 1.5, (5, 3)), RNG.uniform(0.5, 1.5, (3, 2)) * (not zeros)
    found = find_line(hinges, backward, x, w, np.array([1.0, 2.0]))
    assert found.source.startswith("on = ")


def test_right_gradients_have_no_first_wrong_one():
    with pytest.raises(NotFollowed, match="right at this point"):
        replaced.findings(search(functions.neuron, NEURON))


def cross_entropy(z, y):
    exps = np.exp(z)
    probs = exps / exps.sum()
    loss = np.log(exps.sum()) - z[y]
    dz = probs * 1.0  # the true class's 1 is missing
    return loss, {"z": dz}


def test_what_forward_makes_on_its_way_comes_after_a_gradient_by_name():
    found = replaced.findings(search(cross_entropy, {"z": RNG.normal(size=4), "y": 1}))
    assert names(found)[0] == ("dz", "z")
    assert "probs" in [one.site.name for one in found[1:]]


def grown(f):
    for _ in range(3):
        f = 1.3 * f
    df = 2.0  # 1
    for _ in range(3):
        df *= 1.3
    return f, {"f": df}


def test_a_value_that_a_loop_begins_with():
    assert find_line(grown, {"f": 0.7}).source.startswith("df = 2.0")


def at(moment, name, value=1.0, **known):
    mask = known.pop("mask", False)
    return event(value, (moment, 0), mask=mask), site(name, **{"line": moment, "number": moment, **known})


class Asked:
    """A search in which everything is given: `claims` says of what a name is the gradient, `right` which are.

    `mends` are pairs (name, target) with which nothing is wrong any more, `improves` those that mend one.
    """

    def __init__(self, *events, claims=None, right=(), mends=(), improves=(), wrong=("w", "x"), **known):
        self.sites = {one.moment: where for one, where in events}
        self.backward = [one for one, _ in events]
        self.claims, self.right, self.mends, self.improves = claims or {}, right, mends, improves
        self.wrong = frozenset(wrong)
        self.known = known
        self.inputs = known.get("inputs", {})
        self.unmeasured = known.get("unmeasured", ())
        self.values = {
            name: [event(value, (100 + k, 0))]
            for k, (name, value) in enumerate(known.get("values", {}).items())
        }
        self.kept = known.get("kept", [])
        self.run = known.get("run")
        self.subject = SimpleNamespace(sources=known.get("sources", {}))

    def site(self, one):
        return self.sites[one.moment]

    def name(self, one):
        return self.sites[one.moment].name if one.moment in self.sites else ""

    def of(self, target):
        return next(
            (values[0] for name, values in self.values.items() if name == target), event(0.0, (target, 0))
        )

    def targets(self, one):
        return [(target, self.of(target)) for target in self.claims.get(self.name(one), ())]

    @property
    def judged(self):
        return [one for one in self.backward if self.targets(one)]

    def gradient_of(self, value):
        target = next((name for name, values in self.values.items() if values[0] is value), value.moment[0])
        number = np.array(np.nan if target in self.unmeasured else 7.0)
        return Asked.Of(number, np.zeros(()), target, self.right)

    class Of(Measured):
        def __init__(self, value, allowed, target, right):
            super().__init__(value, allowed)
            object.__setattr__(self, "target", target)
            object.__setattr__(self, "right", right)

        def agrees(self, gradient):
            return gradient is not None and (self.target, float(np.sum(gradient))) in self.right

    def is_right(self, one):
        return self.name(one) in self.right

    def wrong_with(self, one, measured):
        pair = self.name(one), measured.target
        return frozenset() if pair in self.mends else frozenset("w") if pair in self.improves else self.wrong

    def run_with(self, values):
        return self.run

    def before(self, a, b):
        return a.moment < b.moment

    def flag(self, which, one):
        return (one.name if hasattr(one, "name") else self.name(one)) in self.known.get(which, ())

    def grows(self, one):
        return self.flag("growing", one)

    def begins(self, one):
        return self.known.get("begins", {}).get(self.name(one), "")

    def hands_on(self, where):
        return self.flag("handing", where)

    def on_the_way(self, one):
        return self.flag("on_the_way", one)

    def is_some_gradient(self, one):
        return self.flag("some_gradient", one)


A, B, C = at(1, "a"), at(2, "b"), at(3, "c")


def found_in(*events, **known):
    return [(one.site.name, one.target) for one in replaced.findings(Asked(*events, **known))]


def test_values_that_mend_everything_in_the_place_of_what_they_claim_to_be():
    claims = {"a": ["p", "q"], "b": ["r"]}
    assert found_in(A, B, C, claims=claims, mends=[("a", "q"), ("b", "r")]) == [("a", "q"), ("b", "r")]
    assert found_in(A, B, C, claims=claims, mends=[("a", "r")]) == []
    assert found_in(A, claims=claims, mends=[("a", "q")], right=[("p", 1.0)]) == []
    assert found_in(A, claims=claims, mends=[("a", "q")], unmeasured=["q"]) == []
    assert found_in(A, claims=claims, mends=[("a", "q")], growing=["a"]) == []
    assert found_in(A, claims=claims, mends=[("a", "q")], growing=["a"], begins={"a": "scaled"}) == [
        ("a", "q")
    ]
    with pytest.raises(NotFollowed, match="right at this point"):
        found_in(A, wrong=())
    masked = at(1, "a", mask=True)
    assert found_in(masked, claims=claims, mends=[("a", "q")]) == [("a", "q")]


def test_what_claims_nothing_may_be_the_gradient_of_any_value_of_its_shape():
    values = {"p": 1.0, "q": 2.0, "row": [1.0, 2.0], "none": None}
    assert found_in(A, values=values, mends=[("a", "q"), ("a", "row")]) == [("a", "q")]
    assert found_in(at(1, "a", mask=True), values=values, mends=[("a", "q")]) == []
    many = {f"v{k}": 1.0 for k in range(13)}
    assert found_in(A, values=many, mends=[("a", "v1")]) == [("a", "v1")]
    assert found_in(A, values=many, mends=[("a", "v0")]) == []  # of all that may be, the last twelve
    del many["v12"]
    assert found_in(A, values={**many, "row": [1.0, 2.0]}, mends=[("a", "v0")]) == [("a", "v0")]


def test_what_may_only_make_up_for_a_later_slip_comes_last():
    values, mends = {"p": 1.0}, [("a", "p"), ("b", "p")]
    order = [("b", "p"), ("a", "p")]
    assert found_in(A, B, values=values, mends=mends) == order[::-1]
    for known in (
        {"some_gradient": ["a"]},
        {"handing": ["a"]},
        {"on_the_way": ["a"]},
    ):
        assert found_in(A, B, values=values, mends=mends, **known) == order
    claims = {"a": ["p"]}
    assert found_in(A, B, values=values, mends=mends, claims=claims, handing=["a"]) == order[::-1]
    assert found_in(A, B, values=values, mends=mends, claims={"b": ["p"]}, inputs={"p": None}) == order


def test_some_places_alone_are_confirmed():
    asked = Asked(A, B, claims={"a": ["p"], "b": ["r"]}, mends=[("a", "p"), ("b", "r")])
    assert replaced.confirmed(asked, [1]) == {(1, "p")}
    assert replaced.confirmed(asked, [1, 2, 3]) == {(1, "p"), (2, "r")}
    with pytest.raises(NotFollowed, match="right at this point"):
        replaced.confirmed(Asked(A, wrong=()), [1])


TREE = ast.parse("def backward():\n  x = 1\n  for k in y:\n    a = b\n    b = a\n  c = b\n").body[0]


def several(*events, **known):
    asked = Asked(*events, sources={"backward": SimpleNamespace(tree=TREE)}, **known)
    try:
        (found,) = replaced.first_of_several(asked)
    except NotFollowed as error:
        return str(error)
    assert found.whole is False
    return found.site.name, found.target


def test_of_several_the_first_that_mends_something_and_whose_sources_are_right():
    claims = {"a": ["p"], "b": ["q"], "c": ["r"]}
    improves = [("a", "p"), ("b", "q")]
    assert several(A, B, claims=claims, improves=improves) == ("a", "p")
    assert several(A, B, claims=claims, improves=improves, right=["a"]) == ("b", "q")
    assert several(A, B, claims=claims, improves=[("b", "q")]) == ("b", "q")
    assert several(A, B, claims=claims) == "no single line explains what is wrong"
    assert several(A, B, claims=claims, improves=improves, unmeasured=["p"]) == ("b", "q")
    reading = at(2, "b", reads="a")
    assert several(A, reading, claims=claims, improves=[("b", "q")]) == replaced.NO_LINE
    assert several(A, reading, claims=claims, improves=[("b", "q")], right=["a"]) == ("b", "q")
    itself = at(2, "b", reads="b")
    assert several(itself, claims=claims, improves=[("b", "q")]) == ("b", "q")


def test_in_a_loop_a_later_line_flows_into_one_before_it():
    asked = Asked(
        a_in := at(4, "a"),
        b_in := at(5, "b"),
        c_out := at(6, "c"),
        x_out := at(2, "x"),
        elsewhere := at(7, "a", function="other", line=4),
        sources={"backward": SimpleNamespace(tree=TREE)},
    )

    def flows(one, other):
        return replaced._flows_into(asked, one[0], other[0])

    assert flows(a_in, b_in) is True
    assert flows(b_in, a_in) is True
    assert flows(c_out, a_in) is False
    assert flows(b_in, x_out) is False
    assert flows(c_out, x_out) is False
    assert flows(elsewhere, b_in) is False


def test_a_finding_counts_what_was_right_before_and_what_is_mended_after():
    claims = {name: [name.upper()] for name in "abcd"}
    run = SimpleNamespace(events=[event(3.0, (3, 0)), event(5.0, (4, 0))])

    def counts(*events, right=(), agrees=(), run=run):
        asked = Asked(*events, claims=claims, right=[*right, *agrees], run=run)
        found = replaced._finding(asked, B[0], "B", Measured(np.zeros(()), np.zeros(())), whole=True)
        return found.right_before, found.mended

    d = at(4, "d")
    assert counts(A, B, C, d, right="a", agrees=[("C", 3.0), ("D", 5.0)]) == (1, 2)
    assert counts(A, B, C, d, right="a", agrees=[("C", 3.0), ("D", 6.0)]) == (1, 1)
    assert counts(A, B, C, d, agrees=[("C", 3.0)]) == (None, 1)
    assert counts(B, C, d, agrees=[("C", 3.0)]) == (0, 1)
    assert counts(A, B, C, d, right="ac", agrees=[("C", 3.0), ("D", 5.0)]) == (1, 1)
    assert counts(A, B, at(3, "c", plain=True), d, right="a", agrees=[("C", 3.0), ("D", 5.0)]) == (1, 1)
    assert counts(A, B, at(3, "b"), right="a", agrees=[("B", 3.0)]) == (1, 0)
    assert counts(A, B, C, d, right="a", agrees=[("C", 3.0)], run=None) == (1, 0)


def test_what_forward_made_is_kept_when_it_is_put_away_or_taken_out_again():
    values = [1.0, 2.0], [1.0, 3.0], None, [1.0, 2.0], [1.0, 4.0]
    made, other, nothing, taken, another = (event(value, (k, 0)) for k, value in enumerate(values))
    asked = SimpleNamespace(
        kept=[other],
        values={"h": [nothing, made]},
        site=lambda one: site("h"),
        hands_on=lambda where: True,
    )
    kept = [replaced._is_kept(asked, one) for one in (taken, other, nothing, another)]
    assert kept == [True, True, False, False]
    asked.hands_on = lambda where: False
    assert replaced._is_kept(asked, taken) is False
