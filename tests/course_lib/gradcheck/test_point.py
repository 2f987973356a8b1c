import dataclasses

import numpy as np
import pytest
from points_under_test import point_of


def test_a_point_is_made_once_and_never_changes():
    point = point_of(np.sin, np.array([[1.0, 2.0]]), dout=[[3.0, 4.0]])
    assert point.out == pytest.approx(np.sin([1.0, 2.0]))
    assert point.out_shape == (1, 2)
    assert point.dout.tolist() == [3.0, 4.0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.dout = np.zeros(2)


def test_outputs_are_taken_to_be_as_noisy_as_rounding_until_noise_is_measured():
    point = point_of(lambda x: 3 * x, np.array([1.0, -2.0]))
    assert point.noise.tolist() == [3 * 2**-52, 6 * 2**-52]
    assert not point.single
    assert dataclasses.replace(point, epsilon=2.0**-23).single


def test_a_point_outside_the_domain_is_nan_and_counted():
    def forward(x):
        if x > 1:
            raise ValueError("too large")
        return x

    point = point_of(forward, 0.5)
    assert point.value([np.array(0.7)]) == [0.7]
    assert np.isnan(point.value([np.array(2.0)])).all()
    assert point.problem.evaluations == 3


def test_an_output_that_is_reused_between_calls_is_copied():
    buffer = np.zeros(2)

    def forward(x):
        buffer[...] = x
        return buffer

    point = point_of(forward, np.array([1.0, 2.0]))
    first = point.value([np.array([1.0, 2.0])])
    point.value([np.array([5.0, 6.0])])
    assert first == pytest.approx([1.0, 2.0])


def test_a_gradient_of_another_shape_is_nan():
    point = point_of(np.sin, np.ones(3), backward=lambda dout, cache: dout[:2])
    assert np.isnan(point.gradients(point.dout, None)[0]).tolist() == [True] * 3


def test_a_point_elsewhere_has_its_own_output_and_token():
    point = point_of(lambda x: (x**2, "cache"), np.array([1.0, 2.0]))
    there, token = point.elsewhere(0, np.array([3.0, 2.0]))
    assert there.out.tolist() == [9.0, 4.0]
    assert there.inputs[0].tolist() == [3.0, 2.0]
    assert token == "cache"
    assert point.inputs[0].tolist() == [1.0, 2.0]
    assert point_of(np.sqrt, np.array([1.0])).elsewhere(0, np.array([-1.0])) is None


def test_a_natural_gradient_changes_the_outputs_as_much_as_they_are_seen_to_change():
    point = dataclasses.replace(point_of(np.sin, np.array([3.0, -3.0])), variation=np.array([6.0, 1.0]))
    assert point.natural(0) == pytest.approx(7 / 3)
    assert point.natural(0, np.array([False, True])) == pytest.approx(1 / 3)
    assert dataclasses.replace(point, variation=np.full(2, 1e308)).natural(0) == 0.0


def test_a_rounding_unit_counts_outputs_by_their_size_or_by_their_change():
    point = dataclasses.replace(point_of(lambda x: x, np.array([2.0, 2.0])), variation=np.array([6.0, 0.0]))
    assert point.rounding(0) == pytest.approx((6 + 2) / 2 * 2.0**-52)


def test_what_rounding_hides_of_a_gradient_is_measured_in_outputs_of_the_size_one():
    point = point_of(lambda x: x - x + 1e12, np.array([2.0, 2.0]))
    assert point.invisible(0) == pytest.approx(2 * 2**-52 / 2)
