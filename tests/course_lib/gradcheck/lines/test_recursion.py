"""Functions that call themselves, in all the ways in which they may."""

import ast
import inspect
import textwrap
from types import FunctionType

import pytest

from course_lib.gradcheck.lines.recursion import MOST, _as_method, calls_itself, reached


def directly(x):
    return directly(x - 1) if x else 0


def there(x):
    return back(x - 1) if x else 0


def back(x):
    return [there(each) for each in range(x)]


def plain(x):
    plain = x + 1  # a variable that is called so
    return plain * 2


def helped(x):
    return plain(x)


class Layer:
    def backward(self, dout):
        return self.backward(dout[1:]) if len(dout) else dout

    def through(self, layers, dout):
        return [layer.through(layers, dout) for layer in layers]  # other objects' methods of that name


def made():
    def inner(x):
        return outer(x)

    def outer(x):
        return inner(x)

    return inner


def asked(function):
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    return calls_itself(tree, function)


@pytest.mark.parametrize("function", [directly, there, back, Layer.backward, made()])
def test_it_does(function):
    assert asked(function)


@pytest.mark.parametrize("function", [plain, helped, Layer.through, made])
def test_it_does_not(function):
    assert not asked(function)


def first_of(count):
    """The first of so many functions, each of which calls the next, and the last the first."""
    text = "".join(f"def f{k}(x):\n    return f{k + 1}(x)\n" for k in range(count))
    space = {}
    exec(text + f"def f{count}(x):\n    return f0(x)\n", space)
    return space["f0"]


def test_less_than_a_hundred_others_are_looked_through():
    assert MOST == 100
    tree = ast.parse("def f0(x):\n    return f1(x)").body[0]
    for count, found in ((MOST - 1, True), (MOST, False), (3 * MOST, False)):
        assert calls_itself(tree, first_of(count)) is found


def test_functions_that_call_each_other_and_not_this_one_are_looked_through_once():
    space = {}
    exec("def f(x):\n    return a(x)\ndef a(x):\n    return b(x) + a(x)\ndef b(x):\n    return a(x)\n", space)
    assert calls_itself(ast.parse("def f(x):\n    return a(x)").body[0], space["f"]) is False
    assert sorted(one.__name__ for one in reached(space["a"])) == ["a", "b"]


def test_a_method_has_to_be_that_of_self():
    def method(text):
        return _as_method(ast.parse(textwrap.dedent(text)).body[0])

    assert method("def g(self, x):\n    return self.g(x)")
    assert method("def g(self, /, x):\n    return self.g(x)")
    assert not method("def g(other, x):\n    return other.g(x)")
    assert not method("def g(self, x):\n    return x.g(self)")
    assert not method("def g(self, x):\n    return self.h(x)")
    assert not method("def g(self, x):\n    return self.f.g(x)")
    assert not method("def g():\n    return self.g()")


def test_a_name_that_is_only_read_is_the_function_whatever_it_is_bound_to():
    def bound(text):
        space = {}
        exec(text, space)
        return calls_itself(ast.parse(text).body[0], FunctionType(space["g"].__code__, {}))

    assert bound("def g(x):\n    return g(x)") is True
    assert bound("def g(x):\n    g = x\n    return g") is False


def test_a_variable_of_the_function_around_that_is_still_empty_is_no_function():
    def around():
        def inner(x):
            return later(x)

        assert list(reached(inner)) == []
        later = plain
        return inner

    assert [one.__name__ for one in reached(around())] == ["plain"]


def test_functions_inside_are_looked_through_too():
    space = {}
    exec("def f(xs):\n    def one(x):\n        return lambda: f(x)\n    return one\n", space)
    assert [one.__name__ for one in reached(space["f"])] == ["f"]
