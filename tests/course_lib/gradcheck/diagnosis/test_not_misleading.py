"""Causes that fit the numbers by chance are not named: each of these was, once."""

import numpy as np
from views_under_test import explanation

from course_lib import Cause, check_gate, check_gradient, check_parameters, check_vjp

RNG = np.random.default_rng(0)


def test_units_that_are_off_do_not_make_a_loss_ignore_its_parameters():
    X = np.abs(RNG.normal(size=(4, 3)))

    def loss(p):
        return float(np.sum(np.maximum(X @ p["W"] - 50.0, 0.0)))

    wrong = {"W": X.T @ np.ones((4, 2))}
    params = {"W": RNG.normal(size=(3, 2))}
    assert "does not depend" not in explanation(check_parameters(loss, params, wrong))
    assert "does not depend" in explanation(check_parameters(lambda p: 1.0, params, wrong))


def test_a_factor_that_comes_from_data_is_not_called_a_constant():
    x = 102.151

    def loss(w, b):
        return (w * x + b - 1.0) ** 2

    def grads(p):
        z = p["w"] * x + p["b"] - 1.0
        return {"w": 2 * z * x, "b": 2 * z * x}

    check = check_parameters(lambda p: loss(**p), {"w": 0.3, "b": 0.2}, grads)
    assert "a factor that b does not change: a constant, or data" in explanation(check, 1)
    half = check_parameters(
        lambda p: loss(**p), {"w": 0.3, "b": 0.2}, lambda p: {k: g / 2 for k, g in grads(p).items()}
    )
    assert "a constant factor" not in explanation(half, 1)


def test_two_gradients_that_are_the_same_are_not_taken_for_each_other():
    def almost(p):
        x, y, z = p["x"], p["y"], p["z"]
        return {"x": z * (1 + 1e-4 * np.sin(x)), "y": z, "z": x + y}

    check = check_parameters(lambda p: (p["x"] + p["y"]) * p["z"], {"x": 1.0, "y": 2.0, "z": 3.0}, almost)
    assert "gradient of y" not in explanation(check)


def test_a_multiple_of_the_weights_is_no_penalty_where_the_loss_has_none():
    x = RNG.normal(size=5)

    def loss(w):
        return float(np.logaddexp(0.0, -w @ x))

    w = RNG.normal(size=5)
    s = 1 / (1 + np.exp(w @ x))
    assert "regularization" not in explanation(check_gradient(loss, w, -s * w))
    y = RNG.normal()
    squared = check_gradient(lambda w: float((w @ x - y) ** 2), w, lambda w: 2 * (w @ x - y) * w)
    assert "regularization" not in explanation(squared)


def test_a_quarter_beside_an_axis_of_four_may_be_either():
    W = RNG.normal(size=(4, 3))
    check = check_gradient(lambda W: float(np.sum(W**2)), W, 0.5 * W)
    assert Cause.SCALE_N in check.arguments[0].diagnosis
    assert Cause.CONSTANT_FACTOR in check.arguments[0].diagnosis
    assert "or a factor 4 is missing" in explanation(check)


def test_a_square_is_only_spoken_of_where_there_is_one():
    class Add:
        def forward(self, x, y):
            return x + y

        def backward(self, dz):
            return dz / 2, dz / 2

    assert "square" not in explanation(check_gate(Add(), RNG.normal(size=3), RNG.normal(size=3)))
    x = RNG.normal(size=3)
    assert "differentiate the square" in explanation(check_gradient(lambda x: float(x @ x), x, x))


def test_a_common_factor_at_one_point_is_not_called_constant():
    x = RNG.normal(size=5)

    def loss(w):
        return float(np.logaddexp(0.0, -w @ x))

    w = RNG.normal(size=5)
    s = 1 / (1 + np.exp(-w @ x))
    assert "a number that multiplies all of them" in explanation(check_gradient(loss, w, -s * x))


def test_one_entry_that_is_hardly_off_may_have_been_measured():
    x = RNG.normal(size=6)
    almost = np.exp(x)
    almost[2] *= 1 + 3e-8
    check = check_vjp(lambda x: np.exp(x), lambda dout, cache: dout * almost, x)
    assert "by little" in explanation(check)


def test_a_branch_that_is_wrong_in_itself_lacks_no_mask():
    x, v, w = RNG.normal(size=(5, 4)), RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))

    def forward(x, v, w):
        return np.maximum(x @ v, x @ w), (x, v, w)

    def backward(dout, cache):
        x, v, w = cache
        first = x @ v >= x @ w
        one, other = dout * first, dout * ~first
        return one @ v.T + other @ v.T, x.T @ one, x.T @ other  # the other's weights are w

    assert "mask" not in explanation(check_vjp(forward, backward, x, v, w))


def test_one_entry_of_few_is_not_called_special_where_others_are_wrong_elsewhere():
    x = np.array([1.0, -2.0, 0.5, -1.0])
    check = check_vjp(lambda x: (np.maximum(x, 0), x), lambda dout, x: dout * x * (x > 0), x)
    assert "only the entry" not in explanation(check)


def test_a_gradient_that_is_zero_everywhere_does_not_only_vanish_in_yours():
    def forward(x, b):
        y = x + b
        centred = y - y.mean(axis=0)
        return centred**2, centred

    def backward(dout, centred):
        d = 2 * centred * dout
        return d - d.mean(axis=0), d.sum(axis=0)  # that of b is zero

    rng = np.random.default_rng(0)
    check = check_vjp(forward, backward, rng.normal(size=(6, 3)), rng.normal(size=3))
    assert check.passed is False
    assert "yours is zero and should not be" not in str(check)


def test_a_factor_of_the_largest_entries_is_no_factor_where_small_ones_are_right():
    def from_quotient(dout, cache):
        x, w = cache
        return -dout * w / (x + 1e-8) ** 2, dout / (x + 1e-8)

    for x in (np.array([1e-12, 1e-6, 1.0, 1e6, 1e12]), np.logspace(-12, 12, 7), np.array([1e-12, 1e12])):
        check = check_vjp(lambda x, w: (w / x, (x, w)), from_quotient, x, np.arange(1.0, len(x) + 1))
        for argument in check.arguments:
            assert argument.passed is False
            assert "numerical" not in argument.explanation
            assert "the gradient of w" not in argument.explanation
        for slope in (lambda x: 1 / (x + 1e-8), lambda x: 1 / x - 1e-8 / x / (x + 1e-8)):
            total = check_vjp(lambda x: (np.log(x).sum(), x), lambda d, x, f=slope: d * f(x), x)
            assert total.passed is False
            assert "samples" not in explanation(total)


def test_no_large_number_is_taken_for_a_count_of_samples():
    x = RNG.normal(size=(3, 4))
    for factor, counted in ((1 / 1357.4, False), (1 / 1357, True), (11.005, True), (11.02, False)):
        check = check_vjp(lambda x: (np.sum(np.exp(x)), x), lambda d, x, f=factor: d * f * np.exp(x), x)
        assert ("samples" in explanation(check)) is counted


def test_a_path_through_a_gate_is_not_called_one_through_what_the_gate_multiplies():
    def gate(x, v):
        return 1 / (1 + np.exp(-x @ v))

    def forward(x, h, v, w):
        r = gate(x, v)
        return np.tanh(x @ w + r * h), (x, h, v, w, r)

    def backward(dout, cache, share=0.0):
        x, h, v, w, r = cache
        da = dout * (1 - np.tanh(x @ w + r * h) ** 2)
        dr = da * h * r * (1 - r)
        return da @ w.T + share * dr @ v.T, da * r, x.T @ dr, x.T @ da

    inputs = [RNG.normal(size=shape) for shape in ((3, 4), (3, 5), (4, 5), (4, 5))]
    assert check_vjp(forward, lambda d, c: backward(d, c, 1.0), *inputs).passed is True
    for share in (0.0, -1.0, 0.7):
        said = explanation(check_vjp(forward, lambda d, c, s=share: backward(d, c, s), *inputs))
        assert "path through h" not in said
        assert "h" in said


def test_a_branch_between_two_that_are_right_lacks_no_mask():
    def huber(x, t):
        e = x - t
        return np.mean(np.where(np.abs(e) <= 1, 0.5 * e**2, np.abs(e) - 0.5)), e

    def backward(dout, e):
        dx = dout * np.where(np.abs(e) <= 1, 2 * e, np.sign(e)) / e.size
        return dx, -dx

    check = check_vjp(huber, backward, 2 * RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4)))
    assert all("mask" not in argument.explanation for argument in check.arguments)


def test_what_is_right_for_small_numbers_because_all_is_smooth_lacks_no_mask():
    first, second = (np.random.default_rng(0).normal(size=shape) for shape in ((3, 4), (4, 2)))

    def forward(x):
        return np.tanh(x @ first) @ second, x

    def backward(dout, x):
        h = np.tanh(x @ first)
        return dout @ second.T * (1 - np.tanh(h) ** 2) @ first.T  # tanh once too often

    check = check_vjp(forward, backward, np.random.default_rng(8).normal(size=(5, 3)))
    assert "mask" not in explanation(check)


def test_a_ratio_of_counts_is_no_factor():
    data, signs = np.random.default_rng(4).normal(size=(6, 3)), np.array([1.0, -1.0, 1.0, 1.0, -1.0, -1.0])

    def hinges(w, b):
        margins = 1 - signs * (data @ w + b)
        return np.maximum(0, margins).mean(), (margins > 0) / 6

    def with_bias(db):
        return lambda dout, on: (-dout * (on * signs) @ data, dout * db(on))

    point = np.random.default_rng(3).normal(size=3), 0.2
    wrong = check_vjp(hinges, with_bias(lambda on: -on.sum()), *point)
    assert "no simple slip" in explanation(wrong, 1)
    reversed_sign = check_vjp(hinges, with_bias(lambda on: (on * signs).sum()), *point)
    assert reversed_sign.arguments[1].diagnosis == Cause.SIGN


def test_a_huber_loss_with_its_branches_exchanged_has_no_regularization():
    def forward(r):
        size = np.abs(r)
        return np.mean(np.where(size > 0.8, 0.8 * (size - 0.4), r**2 / 2)), r

    def check(backward):
        return check_vjp(forward, lambda d, r: d * backward(r) / r.size, 2 * RNG.normal(size=(4, 3)))

    exchanged = check(lambda r: np.where(np.abs(r) > 0.8, r, 0.8 * np.sign(r)))
    assert "regularization" not in explanation(exchanged)
    no_slope = check(lambda r: np.where(np.abs(r) > 0.8, np.sign(r), r))
    assert "mask" not in explanation(no_slope)  # which is there and right


def test_a_sum_along_the_other_axis_is_no_missing_path():
    x = RNG.normal(size=(3, 4))

    def backward(axis):
        def centred_backward(d, x):
            c = x - x.mean(axis=1, keepdims=True)
            n = np.sqrt(np.sum(c**2, axis=1, keepdims=True))
            dc = d / n - c * np.sum(d * c, axis=1, keepdims=True) / n**3
            return dc - dc.mean(axis=axis, keepdims=True)

        return centred_backward

    def forward(x):
        c = x - x.mean(axis=1, keepdims=True)
        return c / np.sqrt(np.sum(c**2, axis=1, keepdims=True)), x

    assert check_vjp(forward, backward(1), x).passed
    assert explanation(check_vjp(forward, backward(0), x)) == (
        "along axis 0 of x, forward keeps entries apart, and yours mixes them: check every axis=, every "
        "transpose and every index"
    )


def test_a_sum_over_time_in_the_order_of_forward_is_said_to_run_the_wrong_way():
    check = check_vjp(
        lambda x: (np.cumsum(x, axis=0), None), lambda d, _: np.cumsum(d, axis=0), RNG.normal(size=(5, 2))
    )
    assert "axis 0 in the direction in which forward goes" in explanation(check)
    check = check_vjp(
        lambda x: (np.eye(4, k=1) @ x + x[::-1], None),
        lambda d, _: np.eye(4, k=1) @ d + d[::-1],
        RNG.normal(size=(4, 2)),
    )
    assert "a matrix of forward is used transposed" in explanation(check)


def test_of_two_arguments_that_do_not_meet_no_path_leads_to_both():
    a, p, n = RNG.normal(size=(3, 6, 3))

    def backward(d, cache):
        a, p, n = cache
        return 2 * d * (n - p), 2 * d * (p - a), 2 * d * (a - p)  # the last one: a - n

    check = check_vjp(
        lambda a, p, n: (np.sum((a - p) ** 2) - np.sum((a - n) ** 2), (a, p, n)), backward, a, p, n
    )
    assert "path" not in explanation(check, 2)


def test_what_a_mask_stops_where_an_argument_is_zero_is_no_lost_contribution():
    x, n = RNG.normal(size=(2, 5))
    check = check_vjp(
        lambda x, n, m: (np.sum(np.maximum(m - (x * n) ** 2, 0)), (x, n, m)),
        lambda d, c: (*backward_of_hinges(d, *c), d * np.sum((c[0] * c[1]) ** 2 > c[2])),  # <
        x,
        n,
        0.2,
    )
    assert "vanishes" not in explanation(check, 2)


def backward_of_hinges(d, x, n, m):
    on = (x * n) ** 2 < m
    return -2 * d * on * x * n**2, -2 * d * on * n * x**2


def test_limits_that_are_exchanged_invert_a_mask_and_reverse_no_term():
    def backward(d, cache):
        x, low, high = cache
        dy = 2 * d * np.clip(x, low, high)
        return dy * ((x < low) | (x > high)), np.sum(dy[x <= low]), np.sum(dy[x >= high])

    x = np.array([-1.3, -0.2, 0.4, 2.0, 0.7, -0.9, 1.4, 0.1, -0.5])
    check = check_vjp(lambda x, *limits: (np.clip(x, *limits) ** 2, (x, *limits)), backward, x, -0.7, 0.9)
    assert explanation(check) == "gradient flows exactly where it should not: the mask is inverted"
