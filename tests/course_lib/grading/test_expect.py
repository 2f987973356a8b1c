"""Expectations say the first thing that is wrong, in the order a person debugs."""

from array import array

import numpy as np
import pytest

from course_lib.grading import expect_close, expect_raises, expect_shape, expect_unchanged


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (2, 2.0),
        (2.0 + 1e-12, 2.0),
        (np.float64(0.1), 0.1),
        (np.array(3.0), 3.0),
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        ({"x": 1.0, "more": "whatever"}, {"x": 1.0}),
        ([1.0, np.ones(2)], (1.0, np.ones(2))),
        (np.array([1.0, 2.0]), (1.0, 2.0)),
        (np.array([1, 2]), [1.0, np.array(2.0)]),
    ],
)
def test_what_is_right_in_any_harmless_form_passes(actual, expected):
    assert expect_close("f", actual, expected) is None


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        (None, 1.0, "f should be a number, not None"),
        ("1.0", 1.0, "f should be a number, not a str"),
        (True, 1.0, "f should be a number, not a bool"),
        (1j, 1.0, "f should be a number, not a complex"),
        (np.array(["a"]), np.ones(1), "f should be an array of shape (1,), not an array of dtype <U1"),
        ([1.0, 2.0], np.ones(2), r"f should be an array of shape (2,), not a list"),
        (array("d", [1.0]), np.ones(1), "f should be an array of shape (1,), not an array.array"),
        (np.ones((1, 3)), np.ones(3), "f should have shape (3,), yours has (1, 3)"),
        (np.ones(3), 1.0, "f should be a number, yours has shape (3,)"),
        (np.array([1.0, np.nan]), np.ones(2), "f[1] is nan: every value should be finite"),
        (3.0, 1.0, "f is wrong: yours 3, expected 1, allowed error 1e-09"),
        (np.array(1.0).data, 1.0, "f should be a number, not a memoryview, as the `.data` of an array is"),
        (
            np.array([[1.0, 1.0], [1.0, 3.0]]),
            np.ones((2, 2)),
            "f is wrong in 1 of 4 entries, worst at f[1, 1]",
        ),
        ({}, {"x": 1.0}, "f has no key 'x'; its keys are none"),
        (3.0, {"x": 1.0}, "f should be a dict with keys 'x', not a float"),
        ({"x": 2.0}, {"x": 1.0}, "f['x'] is wrong: yours 2"),
        ((1.0,), (1.0, 2.0), "f should be 2 values, not a tuple of 1"),
        ((1.0, 3.0), (1.0, 2.0), "f[1] is wrong: yours 3"),
        (np.array([1.0, 3.0]), (1.0, 2.0), "f[1] is wrong: yours 3"),
        (np.ones((2, 1)), (1.0, 1.0), "f should be 2 values, not an array"),
        (np.ones((2, 1)), (np.ones(1), np.ones(1)), "f should be 2 values, not an array"),
        (np.ones(1), (np.ones(1),), "f should be one value, in a tuple, not an array"),
        (np.array(1.0), (np.array(1.0),), "f should be one value, in a tuple, not an array"),
    ],
)
def test_what_is_wrong_is_named(actual, expected, message):
    with pytest.raises(AssertionError) as caught:
        expect_close("f", actual, expected)
    assert str(caught.value).startswith(message)


def test_float32_precision_is_not_float64_precision():
    with pytest.raises(AssertionError, match="is wrong"):
        expect_close("f", np.float32(0.1), 0.1)


def test_a_tiny_entry_beside_large_ones_is_held_to_what_sums_can_keep():
    expected = np.array([1e-12, 1.0])
    assert expect_close("f", expected + np.array([1e-10, 0.0]), expected) is None


def test_what_is_not_written_yet_does_not_count_as_a_refusal():
    with pytest.raises(NotImplementedError), expect_raises(RuntimeError):
        raise NotImplementedError("not written yet")


def test_expect_raises_wants_the_kind_and_the_word():
    with expect_raises(ValueError, mentions="cycle"):
        raise ValueError("there is a cycle: a -> b -> a")
    with (
        pytest.raises(AssertionError, match="should mention 'cycle'"),
        expect_raises(ValueError, mentions="cycle"),
    ):
        raise ValueError("no")
    with pytest.raises(AssertionError, match="nothing was raised"), expect_raises(ValueError):
        pass


def test_an_argument_changed_in_place_is_named_with_its_index():
    x = np.arange(6.0).reshape(2, 3)
    with expect_unchanged(x=x):
        x + 1
    with (
        pytest.raises(AssertionError, match=r"changed its argument `x` in place: x\[1, 2\] was"),
        expect_unchanged(x=x),
    ):
        x[1, 2] = -1.0


def test_a_dict_may_have_any_keys():
    kept = {1: np.zeros(2), "a": [1]}
    with expect_unchanged(kept=kept):
        pass
    with (
        pytest.raises(AssertionError, match="changed its argument `kept` in place"),
        expect_unchanged(kept=kept),
    ):
        kept[1][0] = 3.0


def test_nan_in_an_argument_is_not_a_change():
    x = np.array([np.nan, 1.0])
    with expect_unchanged(x=x):
        total = x.sum()
    assert np.isnan(total)


def test_two_numbers_that_look_alike_are_told_apart_by_their_difference():
    with pytest.raises(AssertionError, match=r"yours 0\.125, expected 0\.125, a difference of 3e-09,"):
        expect_close("x", 0.125 + 3e-9, 0.125)
    with pytest.raises(AssertionError, match=r"yours 0\.126, expected 0\.125, allowed"):
        expect_close("x", 0.126, 0.125)


@pytest.mark.parametrize(("number", "said"), [(10**400, "inf"), (-(10**400), "-inf")])
def test_an_integer_beyond_all_floats_is_not_finite(number, said):
    with pytest.raises(AssertionError, match=rf"^loss is {said}: every value should be finite"):
        expect_close("loss", number, 1.0)


def test_numbers_whose_squares_overflow_are_compared_all_the_same():
    expect_close("x", np.array([1e200, 1.0]), np.array([1e200, 1.0 + 1e-9]))
    with pytest.raises(AssertionError, match=r"^x is wrong: yours 0, expected 1e\+200, allowed"):
        expect_close("x", 0.0, 1e200)
    with pytest.raises(AssertionError, match=r"^x is wrong: yours -1e\+308, expected 1e\+308"):
        expect_close("x", -1e308, 1e308)


def test_where_no_error_is_allowed_the_largest_is_the_worst_and_nothing_warns():
    with pytest.raises(AssertionError, match=r"in 2 of 2 entries, worst at bytes\[1\]: yours 1e\+12"):
        expect_close("bytes", np.array([1e9, 1e12]), np.array([2, 3]), rtol=0, atol=0)


@pytest.mark.parametrize("unknown", [np.nan, np.inf])
def test_what_is_expected_to_be_no_number_is_said_and_nothing_warns(unknown):
    with pytest.raises(AssertionError, match=rf"^x\[1\] cannot be compared: .* expected there is {unknown}$"):
        expect_close("x", np.array([1.0, 2.0]), np.array([1.0, unknown]))


def test_an_entry_of_what_has_a_name_in_words_is_told_by_its_index():
    with pytest.raises(
        AssertionError, match=r"^dw at -1e4 is wrong in 1 of 2 entries, worst at \[1\]: yours 3,"
    ):
        expect_close("dw at -1e4", np.array([1.0, 3.0]), np.array([1.0, 2.0]))
    with pytest.raises(
        AssertionError, match=r"^entry \[0\] of dw at -1e4 is nan: every value should be finite$"
    ):
        expect_close("dw at -1e4", np.array([np.nan, 3.0]), np.array([1.0, 2.0]))
    with pytest.raises(AssertionError, match=r"^the loss is inf: "):
        expect_close("the loss", np.inf, 1.0)


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        (6, 5, "f is wrong: yours 6, expected 5"),
        (
            np.array([1, 3]),
            np.array([1, 2]),
            "f is wrong in 1 of 2 entries, worst at f[1]: yours 3, expected 2",
        ),
        (6.0, 5, "f is wrong: yours 6, expected 5, allowed error 5e-09"),
        (6, 5.0, "f is wrong: yours 6, expected 5, allowed error 5e-09"),
    ],
)
def test_whole_numbers_have_no_allowed_error(actual, expected, message):
    with pytest.raises(AssertionError) as caught:
        expect_close("f", actual, expected)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        ((1.0, 3.0), (1.0, 2.0), "entry [1] of the slopes is wrong"),
        ({"w": 3.0}, {"w": 2.0}, "entry ['w'] of the slopes is wrong"),
        (
            [np.array([1.0, 3.0])],
            [np.ones(2)],
            "entry [0] of the slopes is wrong in 1 of 2 entries, worst at [1]",
        ),
    ],
)
def test_a_part_of_what_has_a_name_in_words_is_an_entry_of_it(actual, expected, message):
    with pytest.raises(AssertionError) as caught:
        expect_close("the slopes", actual, expected)
    assert str(caught.value).startswith(message)


def test_a_shape_is_asked_of_what_is_an_array_of_numbers():
    expect_shape("dx", np.ones((2, 3)), (2, 3))
    expect_shape("dx", 1.0, ())
    for actual, message in (
        (None, r"dx should be an array of shape \(2,\), not None"),
        (1.0, r"dx should have shape \(2,\), yours has \(\)"),
        ([1.0, 2.0], r"dx should be an array of shape \(2,\), not a list"),
    ):
        with pytest.raises(AssertionError, match=f"^{message}$"):
            expect_shape("dx", actual, (2,))
