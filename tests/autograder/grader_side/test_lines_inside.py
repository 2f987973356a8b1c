"""The search inside of a check: what is asked of the student's process, how it is read, and the repair."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.grader_side import lines_inside
from autograder.student_side import line_search
from course_lib import find_line
from course_lib.gradcheck.lines.source import LONGEST, NotFollowed
from course_lib.gradcheck.lines.tape import Tape

X = np.array([[0.5, -1.0, 2.0], [3.0, 0.1, -0.7]])


class Owner:
    """The student's process, which is this one: every question is answered in a fork."""

    def __init__(self):
        self.repairs = {}
        self.asked = []

    def search(self, operation, *args):
        self.asked.append(operation)
        return getattr(line_search, operation)(*args)


class There:
    """Stands for a function of the student's."""

    def __init__(self, function, owner):
        self.function, self.owner = function, owner

    def __call__(self, *args):
        return self.function(*args)

    def __inside__(self, first):
        return lines_inside.inside(self.owner, self.function, first)

    def __mended__(self, asked, found):
        return lines_inside.mended(self.owner, self.function, asked, found)


def square_gradients(dout, cache):
    (x,) = cache
    slope = 3 * x
    dx = dout * slope
    return {"dx": dx, "rest": (dx.sum(), 1.0)}


def loop_gradient(dout, cache):
    (x,) = cache
    dx = np.zeros(x.shape)
    for i in range(len(x)):
        dx[i] += dout[i] * x[i]
    return dx


def found_in(function, pick):
    owner = Owner()
    there = There(function, owner)

    def backward(dout, cache):
        return pick(there(dout, cache))

    backward.around = there
    return find_line(np.square, backward, X), owner


def capped_gradient(dout, cache):
    (x,) = cache
    slope = np.minimum(3 * x, 1e308)
    return dout * slope


@pytest.mark.parametrize(
    ("function", "pick", "lines", "repair"),
    [
        (
            capped_gradient,
            lambda dx: dx,
            {3, 4},
            "line 3: slope = np.minimum(2 * x, 1e+308)  (2 in the place of 3)",
        ),
        (square_gradients, lambda grads: grads["dx"], {3, 4}, "line 3: slope = 2 * x  (2 in the place of 3)"),
        (loop_gradient, lambda grads: grads, {5}, "line 5: dx[i] += 2 * (dout[i] * x[i])"),
    ],
)
def test_a_line_inside_is_found_with_its_repair(function, pick, lines, repair):
    found, owner = found_in(function, pick)
    assert found.line in lines, str(found)
    assert found.repair.split("  (")[0] in {repair.split("  (")[0], "line 5: dx[i] += dout[i] * x[i] * 2"}
    assert owner.asked.count("tried") == 3  # at three points, all edits at once


def test_of_several_edits_the_first_is_taken_that_is_right_at_each_point(monkeypatch):
    points = {"here": "bcd", "of there": "cd"}
    monkeypatch.setattr(lines_inside, "Search", "of {}".format)
    monkeypatch.setattr(lines_inside, "_right_at", lambda at, *_: [edit in points[at] for edit in _[-1]])

    def first_of(edits):
        asked = SimpleNamespace(search="here", generic_subjects=[None, lambda: "there"])
        return lines_inside._first_right(None, None, asked, edits)

    assert [first_of(edits) for edits in ("abcd", "dcb", "b", "a")] == [2, 0, -1, -1]


def test_a_function_is_mended_once():
    owner = Owner()
    there = There(square_gradients, owner)

    def backward(dout, cache):
        return there(dout, cache)["dx"]

    backward.around = there
    first, second = (find_line(np.square, backward, x) for x in (X, X + 1))
    assert first.repair == second.repair
    assert owner.asked.count("tried") == 3


def test_what_is_returned_comes_as_it_is():
    values = {"a": (1.5, np.array([[1, 2], [3, 4]])), "b": [True, None, "text"]}
    read = lines_inside._value(json.loads(json.dumps(line_search._as_text(values))))
    assert (read["a"][0], type(read["a"][0])) == (1.5, float)
    np.testing.assert_array_equal(read["a"][1], [[1.0, 2.0], [3.0, 4.0]])
    assert read["b"] == (1.0, None, None)


def test_of_many_turns_the_first_and_the_last_come_with_their_values(monkeypatch):
    asked = (loop_gradient, 0, [np.ones((5, 3)), (np.ones((5, 3)),)], {}, [])

    def values():
        said = json.loads(line_search.traced(*asked, True))
        number = next(n for n, turn, *_ in said["events"] if turn == 4)
        return [value is not None for n, _, value, _ in said["events"] if n == number]

    assert values() == [True] * 5
    monkeypatch.setattr(line_search, "MOST_NUMBERS", 10)
    assert values() == [True, False, False, False, True]
    assert json.loads(line_search.traced(*asked, False))["events"] == []


@pytest.mark.parametrize("said", ["", "[]", "{", 3, '{"text": 1, "sites": []}', "x" * (1 << 17)])
def test_what_cannot_be_is_no_function(said):
    class Saying:
        def search(self, *_):
            return said

    with pytest.raises(NotFollowed):
        lines_inside.inside(Saying(), square_gradients, 0)


@pytest.mark.parametrize("said", ["", "[]", '{"results": 3, "which": []}', '{"results": [], "which": ["a"]}'])
def test_an_answer_that_cannot_be_mends_nothing(said):
    class Odd(Owner):
        def search(self, operation, *args):
            return said if operation == "tried" else super().search(operation, *args)

    there = There(square_gradients, Odd())

    def backward(dout, cache):
        return there(dout, cache)["dx"]

    backward.around = there
    found = find_line(np.square, backward, X)
    assert found.line is not None
    assert not hasattr(found, "repair")


WORDS = {"function": "f", "name": "dx", "kind": "assigned", "container": ""}
FLAGS = {"plain": True, "divides": False, "part": False, "attribute": False, "unpacks": False}
PLACE = {"number": 7, "line": 2, "weight": 1, "reads": ["x"], **WORDS, **FLAGS}
TEXT = "def f(x):\n    dx = 2 * x\n    return dx\n"


class Saying:
    """Stands for the student's process: says this to every question."""

    def __init__(self, said, **more):
        self.said, self.more, self.asked = said, more, []

    def search(self, operation, *args):
        self.asked.append((operation, *args))
        said = self.more.get(operation, self.said)
        return said if type(said) is str else json.dumps(said)


def test_a_place_is_read_field_by_field():
    there = lines_inside.inside(Saying({"text": TEXT, "sites": [PLACE]}), "it", 7)
    (site,) = there.sites.values()
    assert (site.number, site.function, site.line, site.name, site.kind) == (7, "f", 2, "dx", "assigned")
    assert (site.plain, site.weight, site.reads) == (True, 1, frozenset({"x"}))


@pytest.mark.parametrize("field", sorted(set(PLACE) - {"reads"}))
def test_a_field_of_another_type_or_none_is_no_place(field):
    without = {name: value for name, value in PLACE.items() if name != field}
    for place in (without, *({**PLACE, field: other} for other in (None, [], 2.5))):
        with pytest.raises(NotFollowed):
            lines_inside.inside(Saying({"text": TEXT, "sites": [place]}), "it", 7)


def test_words_of_a_place_are_cut_and_made_printable():
    said = {**PLACE, "name": "n" * 81, "function": "a\x1bb", "reads": ["r" * 81, 3]}
    (site,) = lines_inside.inside(Saying({"text": TEXT, "sites": [said]}), "it", 7).sites.values()
    assert (site.name, site.function) == ("n" * 79 + "…", "a\\x1bb")
    assert site.reads == frozenset({"r" * 79 + "…"})


@pytest.mark.parametrize(("more", "follows"), [(0, True), (1, False)])
def test_a_text_is_as_long_as_one_that_is_followed_at_home(more, follows):
    text = TEXT + "#" * (LONGEST - len(TEXT) + more)
    owner = Saying({"text": text, "sites": []})
    if follows:
        assert lines_inside.inside(owner, "it", 0).sites == {}
    else:
        with pytest.raises(NotFollowed):
            lines_inside.inside(owner, "it", 0)


def traced(said, changes=None, recording=True):
    owner = Saying({"text": TEXT, "sites": [PLACE]}, traced=said)
    there, tape = lines_inside.inside(owner, "it", 7), Tape(changes or {}, recording=recording)
    return there.call(tape, 1.0, y=2.0), tape, owner.asked[-1]


NUMBERS = {"shape": [2], "bytes": "AAAAAAAA+D8AAAAAAAAAQA=="}


def test_each_value_that_passed_a_place_is_noted_once():
    events = [[7, 0, NUMBERS, 0], [7, 1, None, 1], [8, 0, NUMBERS, 0], [7, "2", NUMBERS, 0]]
    value, tape, asked = traced({"result": NUMBERS, "events": events})
    assert [(event.moment, event.mask) for event in tape.events] == [((7, 0), False), ((7, 1), True)]
    np.testing.assert_array_equal(value, [1.5, 2.0])
    assert asked == ("traced", "it", 7, [1.0], {"y": 2.0}, [], True)


def test_of_what_is_changed_the_functions_own_places_are_asked_for():
    changes = {(7, 0): lambda value: 5.0, (9, 0): lambda value: 6.0}
    _, tape, asked = traced({"result": NUMBERS, "events": [[7, 0, NUMBERS, 0]]}, changes, recording=False)
    assert asked[5:] == ([[7, 0, 5.0]], False)
    assert tape.events == []


def test_what_passed_may_be_as_long_as_the_bound_and_no_longer():
    said = json.dumps({"result": NUMBERS, "events": []})
    assert traced(said.ljust(2**20))[0].shape == (2,)
    with pytest.raises(ValueError, match="Expecting value"):
        traced(said.ljust(2**20 + 1))


def test_more_answers_than_edits_are_not_read():
    class More(Owner):
        def search(self, operation, *args):
            said = json.loads(super().search(operation, *args))
            return json.dumps(said | {"which": [*said.get("which", []), 0, 0]})

    there = There(square_gradients, More())

    def backward(dout, cache):
        return there(dout, cache)["dx"]

    backward.around = there
    assert find_line(np.square, backward, X).repair.startswith("line 3: slope = 2 * x")


def test_a_shape_without_end_is_none():
    class Endless(Owner):
        def search(self, operation, *args):
            said = super().search(operation, *args)
            return said.replace('"shape": [2, 3]', '"shape": [Infinity, 3]') if operation == "tried" else said

    there = There(square_gradients, Endless())

    def backward(dout, cache):
        return there(dout, cache)["dx"]

    backward.around = there
    found = find_line(np.square, backward, X)
    assert found.line in {3, 4}
    assert not hasattr(found, "repair")
