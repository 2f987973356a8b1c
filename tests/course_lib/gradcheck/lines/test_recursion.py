"""Functions that call themselves, in all the ways in which they may."""

import ast
import inspect
import textwrap

import pytest

from course_lib.gradcheck.lines.recursion import calls_itself


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
