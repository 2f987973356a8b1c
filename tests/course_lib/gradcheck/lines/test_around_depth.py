"""How deep the function inside of a check is looked for."""

import pytest

from course_lib.gradcheck.lines.around import with_another
from course_lib.gradcheck.lines.source import NotFollowed


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
