"""Functions that only hand on to another one are followed into it."""

from functools import partial, wraps

import numpy as np

from course_lib import check_gate, check_vjp
from course_lib.gradcheck.lines.source import written
from course_lib.gradcheck.lines.tape import Tape
from course_lib.gradcheck.lines.twin import Twin
from course_lib.gradcheck.lines.wrapped import Twins, Wrapped, followed

X = np.array([0.5, -1.2, 2.0])


def told(method):
    @wraps(method)
    def inner(*args, **kwargs):
        return method(*args, **kwargs)

    return inner


class Gaussian:
    @told
    def forward(self, x, scale):
        self.z = x / scale
        self.scale = scale
        return -0.5 * self.z**2

    @told
    def backward(self, dout):
        dz = -self.z * dout
        dx = dz * self.scale
        dscale = -dz * self.z / self.scale
        return dx, dscale


def power(x, exponent=2.0):
    y = x**exponent
    return y, x


def power_backward(dout, cache, exponent=2.0):
    x = cache
    local = exponent * x**exponent
    return dout * local


def test_a_method_that_is_decorated_has_the_line_of_what_is_written():
    check = check_gate(Gaussian(), X, np.array([1.5, 0.8, 2.0]))
    assert (check.line.function, check.line.source) == ("backward", "dx = dz * self.scale")


def test_a_partial_function_has_the_line_of_its_own():
    forward, backward = partial(power, exponent=3.0), partial(power_backward, exponent=3.0)
    assert check_vjp(forward, backward, X).line.source == "local = exponent * x**exponent"
    by_lambda = check_vjp(lambda x: power(x, 3.0), backward, X)
    assert by_lambda.line.source == "local = exponent * x**exponent"


def test_the_twin_of_the_whole_passes_what_is_inside_and_can_have_another_text():
    twin = followed(partial(power, exponent=3.0), 7)
    assert isinstance(twin, Wrapped)
    assert min(twin.sites) == 7
    tape = Tape()
    assert twin.call(tape, 2.0) == (8.0, 2.0)
    assert [event.value for event in tape.events][:2] == [2.0, 3.0]
    text = "def power(x, exponent=2.0):\n    return x * exponent\n"
    other = type(twin.source)(written(text).tree, text, (), power)
    assert twin.edited(other)(2.0) == 6.0


def test_a_function_of_its_own_has_a_plain_twin():
    assert isinstance(followed(power, 0), Twin)
    assert isinstance(followed(Gaussian.forward.__wrapped__, 0), Twin)


def test_arguments_by_name_are_handed_on():
    scale, tape = np.array([1.5, 0.8, 2.0]), Tape(recording=False)
    decorated = followed(Gaussian().forward, 0).call(tape, X, scale=scale)
    assert np.allclose(decorated, -0.5 * (X / scale) ** 2)
    assert np.allclose(followed(partial(power, exponent=3.0), 0).call(tape, x=X)[0], X**3)


def test_a_function_is_read_once_for_each_first_number():
    twins = Twins()
    twin = twins.of(power)
    assert twins.of(power) is twin
    assert twins.of(power, 3) is not twin
    assert twins.of(power_backward) is not twin


def test_a_method_that_hands_its_arguments_to_a_function_is_followed_itself():
    class Power:
        def forward(self, x):
            return power(x)

    assert isinstance(followed(Power().forward, 0), Twin)
