"""In which order a line is looked for, at which points, and what is said where none is found."""

import ast
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.gradcheck.lines import api, called
from course_lib.gradcheck.lines.around import Around
from course_lib.gradcheck.lines.guilty import Blame
from course_lib.gradcheck.lines.result import Suspect, WrongLine
from course_lib.gradcheck.lines.search import NO_LINE
from course_lib.gradcheck.lines.source import NotFollowed
from tests.course_lib.gradcheck.lines import functions
from tests.course_lib.gradcheck.lines.asking import site, wrong

NEURON = {"w": 2.0, "x": -1.0, "b": 1.5}


def finding(number, target="x"):
    return wrong(1.0, 2.0, of=site(f"g{number}", line=number, number=number), target=target)


@pytest.fixture
def ways(monkeypatch):
    """Give the ways of looking for a line, functions of a search; the third is `replaced.findings`."""

    def given(*looks, confirmed=frozenset()):
        monkeypatch.setattr(api, "WAYS", looks)
        monkeypatch.setattr(api.replaced, "findings", looks[2] if len(looks) > 2 else lambda search: [])
        monkeypatch.setattr(
            api.replaced, "confirmed", lambda search, among: {c for c in confirmed if c[0] in among}
        )

    return given


def test_the_first_way_that_finds_something_is_enough(ways):
    one, two = [finding(1)], [finding(2)]

    def never(search):
        raise AssertionError

    ways(lambda search: [], lambda search: one, never)
    assert api._alone("search") is one
    ways(lambda search: [], lambda search: two)
    assert api._alone("search") is two
    ways(lambda search: [], lambda search: [])
    assert api._alone("search") == []


def also(monkeypatch, findings):
    monkeypatch.setattr(api, "Search", lambda subject: subject)
    found = api._also_at(lambda: "there", findings)
    return [(one.site.number, one.target) for one in found]


def test_what_another_point_confirms_in_any_way_is_left(monkeypatch, ways):
    here = [finding(1), finding(2, "y"), finding(3)]
    asked = []

    def look(*there):
        def found(search):
            asked.append(search)
            return list(there)

        return found

    ways(look(), look(finding(2, "y"), finding(9)), look(), look(finding(1)))
    assert also(monkeypatch, here) == [(2, "y")]
    assert asked == ["there", "there"]
    ways(look(finding(2, "z")), look(finding(3), finding(1)), look())
    assert also(monkeypatch, here) == [(1, "x"), (3, "x")]
    ways(look(), look(), look(finding(1)), confirmed={(3, "x"), (9, "x")})
    assert also(monkeypatch, here) == [(3, "x")]
    ways(look(), look(), look())
    with pytest.raises(NotFollowed, match=NO_LINE):
        also(monkeypatch, here)
    assert also(monkeypatch, []) == []


def test_a_point_that_cannot_be_followed_says_nothing(monkeypatch, ways):
    def fails(search):
        raise NotFollowed("right there")

    ways(fails)
    assert also(monkeypatch, [finding(1)]) == [(1, "x")]


class Asked:
    """A question: what is known of the point, or why nothing is, and so many points."""

    function, at = "f", None

    def __init__(self, first, points=1):
        self._first = first
        self.subjects = [lambda k=k: k for k in range(points)]

    @property
    def search(self):
        if isinstance(self._first, str):
            raise NotFollowed(self._first)
        return self._first


def answered(monkeypatch, alone=(), also=None, several=(), shared=(), made=(), wrong="x", points=1):
    first = SimpleNamespace(wrong=frozenset(wrong), subject=None, all_measured=True)
    calls = []

    def also_at(maker, findings):
        calls.append(maker())
        return also if also is not None else findings

    monkeypatch.setattr(api, "_alone", lambda search: list(alone))
    monkeypatch.setattr(api, "_also_at", also_at)
    monkeypatch.setattr(api.replaced, "first_of_several", lambda search: list(several))
    monkeypatch.setattr(api, "read_by_all", lambda search, several: list(shared))
    monkeypatch.setattr(api, "operands", lambda search, several: list(made))
    monkeypatch.setattr(api, "_named", lambda search, findings: findings)
    return api.answer(Asked(first, points)), calls


def test_what_explains_all_comes_first_then_operands_then_what_all_read_and_what_mends_something(monkeypatch):
    one, two, three, four = (finding(k) for k in range(1, 5))
    rest = {"several": [two], "shared": [three], "made": [four]}
    assert answered(monkeypatch, alone=[one], **rest)[0] == [one]
    assert answered(monkeypatch, **rest)[0] == [four]
    assert answered(monkeypatch, several=[two], shared=[three])[0] == [three, two]
    assert answered(monkeypatch, several=[two])[0] == [two]


def test_every_point_but_the_first_has_to_confirm_it(monkeypatch):
    one, two = finding(1), finding(2)
    found, calls = answered(monkeypatch, alone=[one, two], also=[two], points=3)
    assert (found, calls) == ([two], [1, 2])


def test_where_nothing_is_wrong_or_nothing_is_found_the_reason_is_given(monkeypatch):
    right = answered(monkeypatch, alone=[finding(1)], wrong="")[0]
    assert str(right) == "f: no line is named: the gradients that it returns are right at this point"
    assert api.answer(Asked("it is a lambda")) == WrongLine("f", reason="it is a lambda")
    monkeypatch.setattr(api, "_alone", lambda search: (_ for _ in ()).throw(NotFollowed("too large")))
    first = SimpleNamespace(wrong=frozenset("x"), subject=None, all_measured=True)
    assert api.answer(Asked(first)) == WrongLine("f", reason="too large")


def only(text, around=True):
    tree = ast.parse(text).body[0]
    subject = object.__new__(Around) if around else SimpleNamespace()
    source = SimpleNamespace(
        name="inner", tree=tree, line=lambda number: text.splitlines()[number - 1].strip()
    )
    subject.__dict__.update(name="inner", sources={"inner": source})
    return api._only_line(SimpleNamespace(subject=subject))


def test_the_only_line_of_a_function_inside_of_a_check_is_wrong_whatever_it_computes():
    found = only("def inner(x):\n    '''text'''\n    return 2 * x")
    suspect = Suspect("inner", 3, "return 2 * x", "")
    assert found.candidates == (suspect,)
    assert (found.function, found.line, found.source, found.variable) == ("inner", 3, "return 2 * x", "")
    assert found.sentences == ("it is the only line, and what comes of it is wrong",)
    assert only("def inner(x):\n    return 2 * x", around=False) is None
    assert only("def inner(x):\n    y = x\n    return 2 * y") is None
    assert only("def inner(x):\n    y = x") is None


def test_lines_are_named_with_their_texts_in_the_order_of_blame(monkeypatch):
    lines = [site("dx", line=3), site("dw", line=4, function="helper")]
    monkeypatch.setattr(api, "blame", lambda search, findings: Blame(tuple(lines), "sentence", 1, more=True))
    monkeypatch.setattr(api, "sentences", lambda search, finding, guilty: (finding, guilty.sentence))
    text = SimpleNamespace(line=lambda number: f"line {number}")
    search = SimpleNamespace(subject=SimpleNamespace(sources={"backward": text, "helper": text}))
    found = api._named(search, ["first", "second"])
    assert (found.function, found.line, found.source, found.variable) == ("backward", 3, "line 3", "dx")
    assert found.candidates == (Suspect("backward", 3, "line 3", "dx"), Suspect("helper", 4, "line 4", "dw"))
    assert (found.doubts, found.more, found.sentences) == (1, True, ("first", "sentence"))


class Elsewhere:
    """Stands for a function of another process."""

    def __find_line__(self, rest, dout, seed):
        return rest, dout, seed

    def __call__(self):
        raise AssertionError


def test_functions_that_live_elsewhere_are_looked_through_there():
    one, other = Elsewhere(), Elsewhere()
    assert api.find_line(one, 1.0, dout=2.0, seed=3) == ((1.0,), 2.0, 3)
    assert api.find_line(one, other, 1.0) == ((other, 1.0), None, 0)
    assert called.lives_elsewhere(one) is True
    assert called.lives_elsewhere(functions.neuron) is False
    found = api.find_line(one, functions.neuron, 1.0)  # one of them lives here
    assert isinstance(found, WrongLine)
    assert found.line is None


def test_what_a_partial_has_is_an_input_by_its_name():
    bound = partial(functions.neuron_without_exp, b=1.5)
    assert api.find_line(bound, {"w": 2.0, "x": -1.0}).line == 10


def test_the_upstream_gradient_and_the_seed_are_those_that_are_given():
    def forward(x):
        return np.stack([x**2, x**3]), x

    def backward(dout, x):
        return 2 * x * dout[0] + 2 * x**2 * dout[1]  # 3 x**2

    x = np.array([1.5, -0.5])
    assert api.find_line(forward, backward, x).line == 1 + 1
    right = api.find_line(forward, backward, x, dout=np.array([[1.0, 1.0], [0.0, 0.0]]))
    assert right.line is None
    assert "right at this point" in right.reason


def test_where_answers_are_withheld_no_line_is_told(monkeypatch):
    def refuse():
        raise PermissionError

    monkeypatch.setattr(api, "refuse_answers", refuse)
    with pytest.raises(PermissionError):
        api.find_line(functions.neuron, NEURON)


@pytest.fixture
def asked_of(monkeypatch):
    """What a question is made of; its answer is a text."""
    calls = []
    monkeypatch.setattr(api, "question", lambda *asked: calls.append(asked) or "point")
    monkeypatch.setattr(api, "answer", lambda point: f"answer at the {point}")
    return calls


def test_a_partial_is_a_function_with_inputs_or_a_rule_with_settings(asked_of):
    def f(x, w=2.0):
        return x

    def g(dout):
        return dout

    known = {"dout": 5.0, "seed": 6, "names": ("a",)}
    for one, rest, asked in (
        (partial(f, w=3.0), (1.0,), (f, (1.0, {"w": 3.0}), 5.0, 6, ("a",), ())),
        (partial(f, w=3.0), ({"x": 1.0},), (f, ({"x": 1.0, "w": 3.0},), 5.0, 6, ("a",), ("x",))),
        (f, (1.0,), (f, (1.0,), 5.0, 6, ("a",), ())),
        (f, (g, 1.0), (f, (g, 1.0), 5.0, 6, ("a",), ())),
    ):
        assert api.find_line(one, *rest, **known) == "answer at the point"
        assert asked_of.pop() == asked
    for one, rest in ((partial(f, 1.0), (2.0,)), (partial(f, w=3.0), (g, 1.0))):
        api.find_line(one, *rest)
        assert asked_of.pop() == (one, rest, None, 0, (), ())


def test_what_a_check_is_written_around_mends_its_answer(asked_of):
    class Mending:
        def __call__(self, dout):
            return dout

        def __mended__(self, point, found):
            return self, point, found

    def backward(dout):
        return dout

    inside = backward.around = Mending()
    assert api.find_line(lambda x: x, backward, 1.0) == (inside, "point", "answer at the point")


@pytest.mark.parametrize(
    ("around", "unit", "wrong", "explained"),
    [
        (True, "unit", "x", True),
        (True, "unit", "", False),
        (True, None, "x", False),
        (False, "unit", "x", False),
    ],
)
def test_a_function_that_knows_no_upstream_gradient_is_explained_at_one(
    around, unit, wrong, explained, monkeypatch
):
    subject = object.__new__(Around) if around else SimpleNamespace()
    subject.__dict__["with_unit_upstream"] = lambda: unit
    monkeypatch.setattr(api, "Search", lambda given: SimpleNamespace(subject=given, wrong=wrong))
    monkeypatch.setattr(api, "_explained", lambda search, beside: (search.subject, beside))
    search = SimpleNamespace(subject=subject)
    assert api._at_unit(search) == (("unit", []) if explained else None)

    def fails(search, beside):
        raise NotFollowed("at one")

    monkeypatch.setattr(api, "_explained", fails)
    assert api._at_unit(search) is None


def test_lines_that_fill_a_list_are_named_where_no_line_explains_what_is_wrong(monkeypatch):
    monkeypatch.setattr(api.unseen, "returned", lambda search: [f"{search} of lists"])
    monkeypatch.setattr(api, "_named", lambda search, found: (search, found))
    assert api._of_lists("search", NO_LINE) == ("search", ["search of lists"])
    assert api._of_lists("search", "too large") is None
    monkeypatch.setattr(api.unseen, "returned", lambda search: [])
    assert api._of_lists("search", NO_LINE) is None


def test_where_nothing_is_found_the_value_one_then_the_only_line_then_lists_are_asked(monkeypatch):
    first = SimpleNamespace(wrong=frozenset("x"), subject=None, all_measured=True)
    monkeypatch.setattr(api, "_alone", lambda search: (_ for _ in ()).throw(NotFollowed(NO_LINE)))
    monkeypatch.setattr(api, "_at_unit", lambda search: None)
    monkeypatch.setattr(api, "_only_line", lambda search: None)
    monkeypatch.setattr(api, "_of_lists", lambda search, reason: (search, reason))
    assert api.answer(Asked(first)) == (first, NO_LINE)
    monkeypatch.setattr(api, "_only_line", lambda search: (search, "only"))
    assert api.answer(Asked(first)) == (first, "only")
    monkeypatch.setattr(api, "_at_unit", lambda search: (search, "one"))
    assert api.answer(Asked(first)) == (first, "one")
