import numpy as np
import pytest
from pairs_under_test import (
    affine_backward,
    affine_forward,
    affine_inputs,
    affine_with,
    relu_backward,
    relu_forward,
    rng,
)

from course_lib import Cause, GradientMismatch, assert_vjp, check_vjp


def test_a_right_backward_passes_for_every_argument():
    check = check_vjp(affine_forward, affine_backward, *affine_inputs())
    assert check.passed is True
    assert [argument.name for argument in check.arguments] == ["x", "w", "b"]
    assert all(argument.passed and argument.diagnosis is None for argument in check.arguments)


def test_only_the_wrong_argument_fails():
    check = check_vjp(affine_forward, affine_with(w=np.negative), *affine_inputs())
    assert check.passed is False
    assert [argument.passed for argument in check.arguments] == [True, False, True]
    assert check.arguments[1].diagnosis == Cause.SIGN
    assert check.arguments[1].wrong == check.arguments[1].checked == 12


@pytest.mark.parametrize("error", [1e-2, 1e-3, 1e-5, -1e-5])
def test_one_entry_off_by_little_is_found_and_named(error):
    def change(gradient):
        gradient = gradient.copy()
        gradient[2, 1] *= 1 + error
        return gradient

    check = check_vjp(affine_forward, affine_with(w=change), *affine_inputs())
    assert check.passed is False
    assert check.arguments[1].worst_index == (2, 1)
    assert check.arguments[1].diagnosis == Cause.ONE_ENTRY


def test_float32_inside_a_float64_backward_is_found():
    def in_single(dout, cache):
        return tuple(
            g.astype(np.float64) for g in affine_backward(np.float32(dout), [np.float32(c) for c in cache])
        )

    check = check_vjp(affine_forward, in_single, *affine_inputs())
    assert {argument.diagnosis for argument in check.arguments} == {Cause.FLOAT32}


def test_a_forward_without_a_cache_hands_backward_its_inputs():
    check = check_vjp(lambda x, y: x * y, lambda dout, cache: (dout * cache[1], dout * cache[0]), 2.0, -3.0)
    assert check.passed is True


def test_plain_numbers_arrive_as_plain_numbers():
    seen = set()

    def forward(x):
        seen.add(type(x))
        return x * x

    check_vjp(forward, lambda dout, cache: 2 * dout * cache[0], 3.0)
    assert seen == {float}


def test_any_valid_slope_passes_on_a_kink_and_the_kinks_are_counted():
    x = np.array([0.0, 1.0, -2.0, 0.0])
    for slope in (0.0, 1.0, 0.5, 0.3):
        check = check_vjp(relu_forward, lambda dout, x, s=slope: dout * np.where(x == 0, s, x > 0), x)
        assert check.passed is True
        assert check.arguments[0].kinks == 2


@pytest.mark.parametrize("slope", [-0.1, 1.1, 2.0])
def test_a_slope_outside_the_one_sided_ones_fails_on_a_kink(slope):
    x = np.array([0.0, 1.0, -2.0, 0.5])
    assert check_vjp(relu_forward, lambda dout, x: dout * np.where(x == 0, slope, x > 0), x).passed is False


@pytest.mark.parametrize("distance", [1e-8, 1e-7, 1e-6, 1e-5, 1e-4])
def test_a_right_relu_passes_close_to_its_kink_and_a_wrong_one_does_not(distance):
    x = np.array([distance, -distance, 1.0, -1.0, 0.7])
    assert check_vjp(relu_forward, relu_backward, x).passed is True
    assert check_vjp(relu_forward, lambda dout, x: 0.9 * dout * (x > 0), x).passed is False


def test_integers_are_promoted_and_the_report_says_so():
    check = check_vjp(lambda x: x**2, lambda dout, cache: 2 * dout * cache[0], np.array([3, 4]))
    assert check.passed is True
    assert check.notes == ("x was promoted from int64 to float64",)


def test_a_forward_in_float32_is_held_to_float32():
    x, w, b = affine_inputs()

    def forward(x, w, b):
        return np.float32(x) @ np.float32(w) + np.float32(b), (x, w, b)

    check = check_vjp(forward, affine_backward, np.float32(x), np.float32(w), np.float32(b))
    assert check.passed is True
    assert any("float32" in note for note in check.notes)
    assert check_vjp(forward, affine_with(w=lambda g: 1.05 * g), x, w, b).passed is False


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_inputs_of_any_scale_are_judged_alike(scale):
    x = rng().uniform(0.5, 3, size=8) * scale

    def forward(x):
        return x * np.log(x / scale), x

    assert check_vjp(forward, lambda dout, x: dout * (np.log(x / scale) + 1), x).passed is True
    assert check_vjp(forward, lambda dout, x: dout * (np.log(x / scale) + 1.001), x).passed is False


def test_points_at_the_edge_of_the_domain_are_no_trouble():
    x = np.array([2e-9, 1e-4, 0.5, 2.0])
    assert check_vjp(lambda x: np.log(x), lambda dout, cache: dout / cache[0], x).passed is True


def test_the_same_call_gives_the_same_text():
    x, w, b = affine_inputs()
    texts = {str(check_vjp(affine_forward, affine_with(w=lambda g: g**2), x, w, b, seed=3)) for _ in range(3)}
    assert len(texts) == 1


def test_a_given_upstream_gradient_is_used():
    seen = []

    def backward(dout, cache):
        seen.append(dout.copy())
        return affine_backward(dout, cache)

    x, w, b = affine_inputs()
    dout = np.arange(24.0).reshape(6, 4)
    assert check_vjp(affine_forward, backward, x, w, b, dout=dout).passed is True
    assert np.array_equal(seen[0], dout)


def test_inputs_are_left_untouched():
    x, w, b = affine_inputs()
    before = x.copy()
    check_vjp(affine_forward, affine_backward, x, w, b)
    assert np.array_equal(x, before)


def test_the_assert_twin_raises_with_the_check_and_its_text():
    x, w, b = affine_inputs()
    assert_vjp(affine_forward, affine_backward, x, w, b)
    with pytest.raises(GradientMismatch, match="opposite sign") as raised:
        assert_vjp(affine_forward, affine_with(b=np.negative), x, w, b)
    assert raised.value.check.passed is False


def test_below_3000_entries_four_evaluations_per_entry_are_enough():
    x, w, b = affine_inputs(20, 10, 10)
    check = check_vjp(affine_forward, affine_backward, x, w, b)
    assert check.evaluations <= 4 * (x.size + w.size + b.size)
