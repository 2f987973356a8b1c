import numpy as np
import pytest

from course_lib import numerical_gradient, numerical_jacobian
from course_lib.gradcheck.numerical import _combined
from course_lib.gradcheck.withheld import Asking, Withheld


def test_the_gradient_of_a_sum_of_squares_is_exact_to_many_digits_for_integers_too():
    assert numerical_gradient(lambda x: np.sum(x**2), np.array([3, 4])) == pytest.approx([6, 8], rel=1e-11)


def test_the_gradient_has_the_shape_of_x_and_leaves_x_alone():
    x = np.random.default_rng(0).normal(size=(2, 3, 2))
    before = x.copy()
    gradient = numerical_gradient(lambda x: np.sum(np.sin(x)), x)
    assert gradient == pytest.approx(np.cos(before), rel=1e-10)
    assert np.array_equal(x, before)


def test_a_number_has_a_number_for_a_gradient():
    gradient = numerical_gradient(lambda x: x**3, 2.0)
    assert gradient.shape == ()
    assert float(gradient) == pytest.approx(12)


def test_the_jacobian_has_the_shape_of_y_and_then_x():
    x, w = np.random.default_rng(0).normal(size=(2, 3)), np.random.default_rng(1).normal(size=(3, 4))
    jacobian = numerical_jacobian(lambda x: x @ w, x)
    assert jacobian.shape == (2, 4, 2, 3)
    assert jacobian == pytest.approx(np.einsum("ik,lj->ijkl", np.eye(2), w), abs=1e-9)


def test_a_vector_function_has_no_gradient():
    with pytest.raises(ValueError, match=r"f returned an array of shape \(2,\); a gradient needs a scalar"):
        numerical_gradient(lambda x: x**2, np.array([1.0, 2.0]))


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_step_follows_the_scale_of_x(scale):
    x = np.array([0.5, 2.0, 3.0]) * scale
    assert numerical_gradient(lambda x: np.sum(np.log(x)), x) == pytest.approx(1 / x, rel=1e-9)


def test_a_function_may_change_what_it_is_handed():
    def doubled_in_place(x):
        x *= 2
        return (x**2).sum()

    x = np.array([1.0, 2.0])
    assert numerical_gradient(doubled_in_place, x).tolist() == [8.0, 16.0]
    assert x.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (None, "f returned None; did you forget the return statement"),
        (1j, "f returned values of dtype complex128; expected real numbers"),
        ("loss", "f returned values of dtype <U4; expected real numbers"),
    ],
)
def test_what_is_no_real_number_is_refused(returned, message):
    for numerical in (numerical_gradient, numerical_jacobian):
        with pytest.raises(TypeError, match=message):
            numerical(lambda x: returned, np.ones(2))


def test_rows_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="rows differ in length"):
        numerical_jacobian(lambda x: [[1.0], [1.0, 2.0]], np.ones(2))


def test_a_function_whose_shape_changes_is_refused():
    with pytest.raises(ValueError, match="expected one shape"):
        numerical_jacobian(lambda x: x[x > 1.0], np.ones(2))


@pytest.mark.parametrize("scale", [1e-170, 1e170])
def test_neither_overflow_nor_underflow_of_squares_spoils_the_step(scale):
    x = np.array([0.5, 2.0, 3.0]) * scale
    assert numerical_gradient(lambda x: np.sum(x / scale), x) * scale == pytest.approx([1, 1, 1], rel=1e-9)


def points_of(x):
    """Return the values of each entry at which a function of `x` was called, and the types it was handed."""
    seen, kinds = [], set()

    def f(value):
        seen.append(np.ravel(value).tolist())
        kinds.add((type(value), np.shape(value)))
        return np.sum(value)

    numerical_gradient(f, x)
    return seen, kinds


def test_four_steps_to_both_sides_are_taken_eight_times_smaller_each_and_all_powers_of_two():
    seen, kinds = points_of(1.0)
    assert seen == [[1 + side * 2.0**-9 / 8**k] for k in range(4) for side in (1, -1)]
    assert kinds == {(float, ())}


def test_steps_are_the_nearest_power_of_two_to_two_thousandths_of_the_entry_or_of_all_together():
    seen, kinds = points_of(np.array([[0.0, -100.0]]))
    moved = [point for point in seen if point[0]]
    assert moved == [[side * 2.0**-3 / 8**k, -100.0] for k in range(4) for side in (1, -1)]
    assert seen[len(moved) :] == [[0.0, -100.0 + side * 2.0**-2 / 8**k] for k in range(4) for side in (1, -1)]
    assert kinds == {(np.ndarray, (1, 2))}


def test_a_plain_integer_is_handed_on_as_a_float():
    assert points_of(2)[1] == {(float, ())}
    assert float(numerical_gradient(lambda x: x**2, 3)) == 6.0


def of_combinations(first, *combined):
    """Return central slopes that make these combinations by Richardson's rule."""
    central = [np.array(first, dtype=float)]
    for combination in combined:
        central.append((63 * np.array(combination) + central[-1]) / 64)
    return central


@pytest.mark.parametrize(
    ("first", "combined", "kept"),
    [
        (-5.0, (5.0, 3.0, 3.5), 3.5),
        (-5.0, (5.0, 3.0, 2.5), 2.5),
        (-5.0, (5.0, 3.0, 9.0), 3.0),
        (-5.0, (5.0, 7.0, 1.0), 7.0),
        (6.0, (5.0, 3.0, 9.0), 5.0),
        (4.0, (5.0, 3.0, 2.5), 2.5),
        (7.0, (5.0, 2.9, 9.0), 5.0),
        (-5.0, (5.0, 4.0, 3.0), 4.0),
    ],
)
def test_the_combination_that_its_neighbour_confirms_best_is_kept(first, combined, kept):
    assert float(_combined(of_combinations(first, *combined))) == pytest.approx(kept)


def test_where_large_steps_have_no_value_the_smallest_two_are_kept():
    central = [np.array(slope) for slope in (np.nan, np.nan, 3.5, 3.5)]
    assert float(_combined(central)) == 3.5


def test_each_output_keeps_a_combination_of_its_own():
    combined = [[5.0, 5.0], [3.0, 3.0], [3.5, 9.0]]
    assert _combined(of_combinations([-5.0, -5.0], *combined)) == pytest.approx([3.5, 3.0])


def test_a_polynomial_of_the_third_degree_has_its_derivative_to_the_last_digit():
    x = np.array([1.0, -2.0, 0.5])
    assert numerical_gradient(lambda x: np.sum(x**3 + x), x).tolist() == (3 * x**2 + 1).tolist()


@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_an_array_of_one_number_is_a_scalar(shape):
    gradient = numerical_gradient(lambda x: np.full(shape, np.sum(x**2)), np.array([[1.0], [2.0]]))
    assert gradient == pytest.approx(np.array([[2.0], [4.0]]))
    assert numerical_gradient(lambda x: [x**2], 3.0) == pytest.approx(6.0)


def test_the_shape_of_what_is_no_scalar_is_named_without_that_of_x():
    sentence = (
        r"^f returned an array of shape \(4, 3\); a gradient needs a scalar \(or use numerical_jacobian\)$"
    )
    with pytest.raises(ValueError, match=sentence):
        numerical_gradient(lambda x: np.ones((4, 3)) * x.sum(), np.ones((2, 5)))
    with pytest.raises(ValueError, match=r"^f returned an array of shape \(2,\);"):
        numerical_gradient(lambda x: np.array([x, x]), 1.0)


def test_numbers_of_any_kind_are_read():
    assert numerical_jacobian(lambda x: [1, 2], np.ones(3)).tolist() == [[0.0] * 3] * 2
    assert numerical_gradient(lambda x: bool(x[0] > 0), np.ones(1)).tolist() == [0.0]
    assert numerical_gradient(lambda x: np.float32(3), np.ones(1)).tolist() == [0.0]


@pytest.mark.parametrize(
    ("f", "error", "sentence"),
    [
        (3, TypeError, r"^f is not callable: it is of type int$"),
        (
            lambda x: np.ma.array([1.0]),
            TypeError,
            r"^f returned a masked array; return its plain numbers, as",
        ),
        (
            lambda x: [[1.0], [1.0, 2.0]],
            ValueError,
            r"^f returned a list whose rows differ in length; expected",
        ),
        (lambda x: {}, TypeError, r"^f returned values of dtype object; expected real numbers$"),
        (
            lambda x: np.ones(2 if x > 1 else 3),
            ValueError,
            r"^f returned arrays of shapes \(2,\) and \(3,\); expected one shape$",
        ),
        (
            lambda x: np.ones(2 if abs(x - 1) > 1e-4 else 3),
            ValueError,
            r"^f returned arrays of different shapes at neighbouring points; expected one shape$",
        ),
    ],
)
def test_what_cannot_be_differentiated_is_told_in_a_sentence(f, error, sentence):
    with pytest.raises(error, match=sentence):
        numerical_jacobian(f, 1.0)


def test_no_warning_of_numpys_comes_from_differences_or_from_the_function():
    gradient = numerical_gradient(lambda x: np.exp(x) * np.inf, 1.0)
    assert np.isnan(gradient)
    assert numerical_gradient(lambda x: np.log(x - 0.9999), 1.0) == pytest.approx(1e4, rel=1e-2)


def test_a_function_that_keeps_what_it_is_handed_changes_nothing_for_later_calls():
    kept = []

    def f(x):
        for old in kept:
            old[...] = 0.0
        kept.append(x)
        return np.sum(x**2)

    assert numerical_gradient(f, np.array([1.0, 2.0])) == pytest.approx([2, 4])


def test_what_a_function_returns_and_changes_later_is_kept():
    buffer = np.zeros(2)

    def f(x):
        buffer[...] = x**2
        return buffer

    assert numerical_jacobian(f, np.array([1.0, 2.0])) == pytest.approx(np.diag([2.0, 4.0]))


def test_an_answer_under_check_is_refused():
    with pytest.raises(Withheld, match=r"^numerical_jacobian"), Asking():
        numerical_jacobian(np.sin, np.ones(2))


def test_arguments_without_numbers_are_refused_by_their_name():
    for numerical in (numerical_gradient, numerical_jacobian):
        with pytest.raises(TypeError, match=r"^x is None"):
            numerical(np.sum, None)
