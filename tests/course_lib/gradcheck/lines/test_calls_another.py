"""A function that calls another one in the place of a certain one, wherever it holds that."""

from functools import partial

import numpy as np
import pytest

from course_lib.gradcheck.lines.calls_another import with_another
from course_lib.gradcheck.lines.source import NotFollowed


def relu(x):
    return np.maximum(0, x)


def copies(*arrays):
    return [array.copy() for array in arrays]


def test_the_checks_functions_are_not_changed():
    def inner(x):
        return relu(x) + 1

    outer = with_another(inner, relu, np.negative)
    assert outer(2.0) == -1.0
    assert inner(2.0) == 3.0
    pair = (copies, relu)

    def by_place(x):
        return pair[1](x)

    assert with_another(by_place, relu, np.negative)(2.0) == -2.0
    with pytest.raises(NotFollowed):
        with_another(inner, copies, relu)


def test_a_function_is_exchanged_wherever_a_check_holds_it():
    def with_default(x, *, f=3, scale=2.0):
        return relu(x) * scale

    assert with_another(with_default, relu, np.negative)(2.0) == -4.0
    assert with_another(with_default, relu, np.negative)(2.0, scale=1.0) == -2.0

    def positional(x, scale=3.0):
        return relu(x) * scale

    changed = with_another(positional, relu, np.negative)
    assert changed(2.0) == -6.0
    assert changed.__name__ == "positional"
    assert with_another(relu, relu, np.negative) is np.negative

    held = relu

    def closure(x):
        return held(x)

    assert with_another(closure, relu, np.negative)(2.0) == -2.0
    assert closure(2.0) == 2.0

    def empty(x):
        return held(x) + (later if x > 9 else 0)

    assert with_another(empty, relu, np.negative)(2.0) == -2.0
    later = 1.0
    assert empty(10.0) == 11.0


class Scaled:
    def __init__(self, scale):
        self.scale = scale

    def of(self, x):
        return self.scale * x

    def twice(self, x):
        return self.of(x) + self.of(x)


def test_a_method_is_exchanged_where_an_object_is_read_and_not_inside_of_it():
    model = Scaled(3.0)

    def outside(x):
        return model.of(x) + model.twice(x) + model.scale

    changed = with_another(outside, model.of, lambda x: 100.0 * x)
    assert (outside(1.0), changed(1.0)) == (12.0, 109.0)
    with pytest.raises(NotFollowed):
        with_another(lambda x: Scaled(2.0).of(x), model.of, relu)


def test_closures_that_lie_in_each_other_are_looked_through_to_a_depth():
    def old(x):
        return x

    def nested(depth):
        function = old
        for _ in range(depth):
            function = (lambda inner: lambda x: inner(x))(function)
        return function

    for depth, found in ((1, True), (6, True), (7, False)):
        if found:
            assert with_another(nested(depth), old, lambda x: 10 * x)(2) == 20
        else:
            with pytest.raises(NotFollowed, match="the check does not call it"):
                with_another(nested(depth), old, lambda x: 10 * x)
    assert nested(2)(2) == 2


def test_tuples_in_closures_are_looked_through_and_left_where_they_hold_nothing():
    def old(x):
        return x

    def holds(functions):
        return lambda x: sum(function(x) for function in functions)

    assert with_another(holds((abs, old)), old, lambda x: 10 * x)(2) == 22
    assert with_another(holds((abs, (lambda f: lambda x: f(x))(old))), old, lambda x: 10 * x)(2) == 22
    with pytest.raises(NotFollowed):
        with_another(holds((abs, max)), old, lambda x: 10 * x)
    with pytest.raises(NotFollowed):
        with_another(holds([abs, old]), old, lambda x: 10 * x)


def in_globals(depth):
    """A function that calls `old` of its globals, through so many others."""
    space = {}
    exec(
        "".join(f"def f{k}(x):\n    return f{k + 1}(x)\n" for k in range(depth))
        + f"def f{depth}(x):\n    return x\n",
        space,
    )
    return space["f0"], space[f"f{depth}"]


def in_tuples(depth):
    def old(x):
        return x

    parts = old
    for _ in range(depth):
        parts = (parts,)

    def inside(x):
        found = parts
        while isinstance(found, tuple):
            (found,) = found
        return found(x)

    return inside, old


def test_globals_and_tuples_are_looked_through_to_the_same_depth():
    for make, most in ((in_globals, 6), (in_tuples, 5)):
        function, old = make(most)
        assert with_another(function, old, lambda x: 10 * x)(2) == 20
        assert function(2) == 2
        with pytest.raises(NotFollowed):
            with_another(*make(most + 1), lambda x: 10 * x)


def test_what_is_called_instead_has_the_name_of_the_other():
    def old(x):
        return x

    def named(x):
        return old.__name__, old(x)

    assert with_another(named, old, partial(int, base=8))("17") == ("old", 15)


def test_what_a_function_keeps_as_its_attributes_is_kept():
    def counting(x):
        counting.calls += 1
        return relu(x)

    counting.calls = 5
    assert with_another(counting, relu, lambda x: 2 * x)(-1.0) == -2.0
