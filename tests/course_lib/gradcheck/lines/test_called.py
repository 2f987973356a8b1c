"""A line's own functions are those defined where its function is, however they are called."""

import fractions
import functools
from textwrap import dedent
from types import ModuleType

import numpy as np
import pytest

from course_lib.gradcheck import check_vjp
from course_lib.gradcheck.lines.called import inside_of, lives_elsewhere, own_functions, stands_alone
from course_lib.gradcheck.lines.source import read_source, written


def unbroadcast(d, shape):
    while d.ndim > len(shape):
        d = d.mean(axis=0)
    return d


def forward(x, b):
    return x * b, (x, b)


def backward(dout, cache):
    x, b = cache
    db = unbroadcast(dout * x, b.shape)
    dx = np.multiply(dout, len(b) * b / 3)
    return dx, db


class Gate:
    def scaled(self, d):
        return d

    @staticmethod
    def halved(d):
        return d

    @classmethod
    def doubled(cls, d):
        return 2 * d

    def backward(self, dout):
        return self.halved(self.scaled(dout)) + dout.sum() + self.scale(dout)

    scale = np.negative


@pytest.mark.parametrize(("line", "names"), [(2, []), (3, ["unbroadcast"]), (4, [])])
def test_a_function_beside_is_named_and_none_of_a_library_or_of_python(line, names):
    assert own_functions(read_source(backward), line) == names


def test_methods_of_the_same_object_are_named():
    assert own_functions(read_source(Gate().backward), 2) == ["self.halved", "self.scaled"]
    of_any = own_functions(read_source(Gate.backward), 2)  # `dout` may have a `sum` of its own: arrays do
    assert of_any == ["self.scale", "self.halved", "self.scaled"]


def by_class(dout):
    gate = Gate()
    first = Gate.halved(dout)
    second = BESIDE.near(dout)
    return fractions.Fraction(1), np.ma.MaskedArray(second), gate, first


BESIDE = ModuleType("beside")
exec("def near(d):\n    return d\n", BESIDE.__dict__)


def test_classes_and_what_classes_and_modules_of_ones_own_have_are_named():
    found = [own_functions(read_source(by_class), line) for line in (2, 3, 4, 5)]
    assert found == [["Gate"], ["Gate.halved"], ["BESIDE.near"], []]


def test_what_a_closure_has_from_around_it_is_named():
    def doubled(d):
        return 2 * d

    def back(dout):
        return doubled(dout + 1)

    assert own_functions(read_source(back), 2) == ["doubled"]


def test_what_a_function_defines_inside_of_it_is_named():
    def back(dout, x):
        def doubled(d):
            return 2 * d

        halved = lambda d: d / 2  # noqa: E731
        return halved(doubled(dout)) * np.cos(x)

    assert own_functions(read_source(back), 6) == ["halved", "doubled"]


def test_of_a_text_alone_nothing_is_known():
    assert own_functions(written("def f(x):\n    return g(x)\n"), 2) == []


def test_a_wrong_line_that_calls_a_function_names_that_too():
    rng = np.random.default_rng(0)
    x, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    check = check_vjp(forward, backward, x, b)
    assert check.line.line == 3
    assert "or in `unbroadcast`, which line 3 calls" in str(check)
    assert "the first wrong line is 3, if it is none named below" in str(check)


def test_what_a_doubted_line_calls_is_named_too():
    def halved(d):
        return d / 2

    def square(x):
        return x * x, x

    def back(dout, x):
        y = 2 * halved(dout) * x
        return y  # noqa: RET504 (the slip is a line above it)

    check = check_vjp(square, back, np.array([1.0, 2.0]))
    assert "line is 2, if it is none named below:  y = 2 * halved(dout) * x" in str(check)
    assert "or line 3:  return y" in str(check)
    assert "or in `halved`, which line 2 calls" in str(check)


def test_what_is_made_in_a_function_and_called_there_is_named_but_for_what_arrays_and_lists_do():
    def back(dout, tape, table, kind):
        for layer, pull in reversed(tape):
            dout = layer.backward(pull(dout)).sum()
            tape.append(dout)
        return table[kind](dout)

    assert own_functions(read_source(back), 3) == ["layer.backward", "pull"]
    assert own_functions(read_source(back), 4) == []
    assert own_functions(read_source(back), 5) == ["table[kind]"]


def test_a_function_that_is_handed_to_another_is_named():
    def back(dout, tape):
        def pull(d, one):
            return d * one

        return functools.reduce(pull, tape, np.add(map(unbroadcast, dout, tape)))

    assert own_functions(read_source(back), 5) == ["pull", "unbroadcast"]


def test_a_name_without_a_value_yet_is_no_function():
    def back(dout):
        return later(dout + 1)

    assert own_functions(read_source(back), 2) == []
    later = unbroadcast
    assert own_functions(read_source(back), 2) == ["later"]


def anything(*args):
    return unbroadcast(*args)


def keyword_only(d, *, shape=()):
    return unbroadcast(d, shape)


def a_part(d, c):
    """It hands on a part."""
    return backward(d, c)[0]


def the_rest(d, c):
    _, db = backward(d, cache=c)
    return db


def computing(d, c):
    return -backward(d, c)[0]


def twice_called(d, c):
    return forward(*backward(d, c))


def counting(*args):
    counting.calls += 1
    return backward(*args)


def test_a_function_is_written_around_the_one_that_it_says_or_hands_on_to():
    def told(d):
        return d

    told.around = backward
    assert inside_of(told) is backward
    assert inside_of(lambda d, c: backward(d, c)) is backward
    assert inside_of(lambda d, c: forward(*backward(d, c))) is None
    assert inside_of(lambda d: np.sum(d)) is None
    assert inside_of(anything) is unbroadcast
    assert inside_of(keyword_only) is unbroadcast
    assert inside_of(a_part) is inside_of(the_rest) is inside_of(counting) is backward
    assert inside_of(computing) is inside_of(twice_called) is None
    assert inside_of(backward) is None
    assert inside_of(Gate().backward) is None
    gate = Gate()
    assert inside_of(lambda d: gate.backward(d)) == gate.backward
    assert inside_of(lambda d: gate.halved(d)) is gate.halved
    assert inside_of(lambda d: gate.doubled(d)) == gate.doubled
    assert inside_of(lambda d: gate.scale(d)) is None  # NumPy's
    assert inside_of(lambda d: gate.scaled(gate.halved(d))) is None
    assert inside_of(lambda d: unbroadcast(d, gate)) is unbroadcast
    numbers = fractions.Fraction(1, 2)
    assert inside_of(lambda d: unbroadcast(d, numbers.limit_denominator())) is unbroadcast
    dedented = dedent
    assert inside_of(lambda text: dedented(text)) is None  # Python's own


def test_a_function_stands_alone_that_has_nothing_of_another_around_it():
    space = {"np": np, "far": Far()}
    exec("def near(d):\n    return np.sum(d)\n\ndef asks(d):\n    return far(d)\n", space)

    def closure(d):
        return space["near"](d)

    data, far = {"x": [np.ones(2), 3.0], "kind": None}, Far()

    def around_data(d):
        return beside(d) * data["x"]

    def beside(d):
        return d

    def around_far(d):
        return far(d)

    assert stands_alone(space["near"])
    assert stands_alone(around_data)
    assert not stands_alone(around_far)
    assert not stands_alone(space["asks"])
    assert not stands_alone(closure)
    assert not stands_alone(np.sum)
    assert stands_alone(Gate().backward)
    assert stands_alone(functools.partial(around_data, 1.0))
    assert not stands_alone(functools.partial(around_far, 1.0))
    assert lives_elsewhere(space["far"])
    assert not lives_elsewhere(closure)


class Far:
    def __find_line__(self, rest, dout, seed):
        raise AssertionError
