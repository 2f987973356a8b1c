"""A rule: its value and its pullback, a function or lambda inside of it."""

import functools

import numpy as np
import pytest

from course_lib import check_vjp, find_line
from course_lib.gradcheck.lines.rule import Rule

X = np.array([[1.0, 2.0, 0.5], [-0.3, 0.7, 1.9]])


def product_rule(x, y):
    with np.errstate(over="ignore"):

        def pullback(dz):
            dx = dz * y
            dy = dz * y
            return dx, dy

        return x * y, pullback


def exp_rule(x):
    z = np.exp(x)
    return z, lambda dz: (dz / x,)


def power_rule(x, exponent):
    slope = exponent * x**exponent
    return x**exponent, lambda dz: (dz * slope,)


def mean_rule(x, axis):
    back = lambda dz: (np.expand_dims(dz, axis) * np.ones_like(x),)  # noqa: E731
    return x.mean(axis=axis), back


def branching_rule(x, twice=False):
    scale = 1.0
    if twice:
        scale = 3.0

    def back(dz):
        return (dz * scale,)

    return (2.0 if twice else 1.0) * x, back


def right_rule(x, y):
    return x * y, lambda dz: (dz * y, dz * x)


def made_elsewhere(x):
    return np.sin(x), functools.partial(np.multiply, x)


def one_of_two(x):
    def back(dz):
        return (dz,)

    def other(dz):
        return (-dz,)

    if x.sum() > 0:
        return x, back
    return -x, other


def decorated(x):
    @functools.cache
    def back(dz):
        return (dz,)

    return x, back


def three_at_once(x):
    def back(dz):
        return (dz,)

    return x, back, x


@pytest.mark.parametrize(
    ("rule", "inputs", "line", "source"),
    [
        (product_rule, (X, X + 1), 6, "dy = dz * y"),
        (exp_rule, (X,), 3, "return z, lambda dz: (dz / x,)"),
        (functools.partial(power_rule, exponent=3), (X,), 2, "slope = exponent * x**exponent"),
        (functools.partial(mean_rule, axis=1), (X,), 2, "back = lambda dz: (np.expand_dims(dz, axis)"),
        (functools.partial(branching_rule, twice=True), (X,), 7, "return (dz * scale,)"),
    ],
)
def test_the_line_is_counted_from_the_def_of_the_rule(rule, inputs, line, source):
    found = find_line(rule, *inputs)
    assert found.line == line, str(found)
    assert found.source.startswith(source)
    assert found.function == getattr(rule, "func", rule).__name__


@pytest.mark.parametrize(
    ("rule", "inputs"), [(right_rule, (X, X + 1)), (functools.partial(branching_rule), (X,))]
)
def test_no_line_is_named_of_what_is_right(rule, inputs):
    assert find_line(rule, *inputs).right


def test_what_a_rule_is_given_may_be_changed_there():
    def rule(x, scale):
        x *= scale
        scale *= 2.0
        return x**2, lambda dz: (dz * x * scale**2,)

    found = find_line(functools.partial(rule, scale=np.array([3.0])), X)
    assert found.source == "return x**2, lambda dz: (dz * x * scale**2,)", str(found)
    assert X[0, 0] == 1.0


@pytest.mark.parametrize("returned", [X, (X, None)])
def test_a_rule_that_returns_no_pullback_here_has_no_line(returned):
    def rule(x, there=False):
        if there:
            return x, lambda dz: (dz,)
        return returned

    assert "returns no pullback" in str(find_line(rule, X))


NO_RULES = [made_elsewhere, one_of_two, decorated, three_at_once, np.sin, lambda x: (x, lambda dz: (2 * dz,))]


@pytest.mark.parametrize("rule", NO_RULES)
def test_what_returns_no_pullback_of_its_own_is_no_rule(rule):
    with pytest.raises(TypeError, match="find_line takes"):
        find_line(rule, X)

    def forward(x):
        return rule(x)

    forward.rule = rule
    check = check_vjp(forward, lambda dz, _: 5 * dz, X)
    assert (check.passed, check.line) == (False, None)


def test_a_rule_that_takes_any_number_of_inputs_has_no_names_for_them():
    def rule(*xs):
        return xs[0] * xs[1], lambda dz: (dz * xs[1], dz * xs[1])

    assert "does not name its arguments" in str(find_line(rule, X, X + 1))


def test_a_check_that_calls_a_rule_names_its_line():
    def forward(x, y):
        return product_rule(x, y)

    def backward(dz, pullback):
        return pullback(dz)

    forward.rule = functools.partial(product_rule)
    assert "the first wrong line of product_rule is 6:  dy = dz * y" in str(
        check_vjp(forward, backward, X, X + 1)
    )


def test_the_output_is_called_so():
    def forgetful_rule(x):
        one = np.ones_like(x)
        return x * x, lambda dz: (one * 2 * x,)

    assert "d(loss)/d(output[" in str(find_line(forgetful_rule, X))


def test_a_run_of_a_rule_records_what_passes_only_where_that_is_asked():
    subject = Rule(right_rule, (X, X + 1), {})
    assert subject.run({}).events
    assert subject.run({}, recording=False).events == ()
