import numpy as np
import pytest

from course_lib import numerical_gradient, numerical_jacobian


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
