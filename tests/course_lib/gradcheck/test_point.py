import dataclasses

import numpy as np
import pytest
from points_under_test import digits_of, point_of

from course_lib.gradcheck.arrays import DOUBLE, LARGEST


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


@pytest.mark.parametrize("error", [ValueError("too large"), SystemExit(1)])
def test_a_point_outside_the_domain_is_nan_and_counted(error):
    def forward(x):
        if x > 1:
            raise error
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


def test_a_point_has_the_gradients_there_or_nothing_where_forward_or_backward_fails():
    def backward(dout, x):
        if x > 5:
            raise ValueError("too large")
        return 2 * dout * x

    point = point_of(lambda x: (x * np.sqrt(x), x), np.array([1.0]), backward=backward, dout=[10.0])
    there, gradients = point.with_gradients_at([np.array([4.0])])
    assert (there.inputs[0], there.out, gradients[0]) == ([4.0], [8.0], [80.0])
    assert point.with_gradients_at([np.array([-1.0])]) is None
    assert point.with_gradients_at([np.array([6.0])]) is None


def test_a_natural_gradient_changes_the_outputs_as_much_as_they_are_seen_to_change():
    point = dataclasses.replace(point_of(np.sin, np.array([3.0, -3.0])), variation=np.array([6.0, 1.0]))
    assert point.natural(0) == pytest.approx(7 / 3)
    assert point.natural(0, np.array([False, True])) == pytest.approx(1 / 3)
    assert dataclasses.replace(point, variation=np.full(2, 1e308)).natural(0) == LARGEST


def test_a_rounding_unit_counts_outputs_by_their_size_or_by_their_change():
    point = dataclasses.replace(point_of(lambda x: x, np.array([2.0, 2.0])), variation=np.array([6.0, 0.0]))
    assert point.rounding(0) == digits_of((6 + 2) / 2 * 2.0**-52)


def test_what_rounding_hides_of_a_gradient_is_measured_in_outputs_of_the_size_one():
    point = point_of(lambda x: x - x + 1e12, np.array([2.0, 2.0]))
    assert point.invisible(0) == digits_of(2 * 2**-52 / 2)


ZEROS = np.zeros(2)


def known(**changes):
    """Return a point with a number of its own in each place: x = (3, 4), f(x) = (7, 0.5), dout = (-2, 10)."""
    point = point_of(lambda x: np.array([7.0, 0.5]), np.array([3.0, 4.0]), dout=[-2.0, 10.0])
    return dataclasses.replace(point, **changes)


TYPICAL = np.sqrt(12.5)


def test_a_point_is_taken_to_be_rounding_at_best_and_quiet_beside():
    point = known()
    assert point.noise.tolist() == [7 * 2**-52, 0.5 * 2**-52]
    assert point.noise_beside.tolist() == [0.0, 0.0]
    assert point.variation.tolist() == [7.0, 0.5]
    assert point_of(lambda x: -x, np.ones(2)).variation.tolist() == [1.0, 1.0]
    assert point.epsilon == 2.0**-52
    assert dataclasses.replace(point, epsilon=2.0**-24).single is False
    assert dataclasses.replace(point, epsilon=2.0**-10).half is True
    assert dataclasses.replace(point, epsilon=2.0**-11).half is False


def test_a_point_knows_its_arguments_and_functions():
    point = point_of(lambda x, w: x, np.ones(3), np.ones((2, 2)))
    assert point.size == 7
    assert point.names == ("x0", "x1")
    assert point.pair is point.problem.pair


def test_the_sizes_of_gradients_weigh_each_output_by_dout():
    variation = np.array([1.0, 2.0])
    point = known(variation=variation, epsilon=0.25)
    assert point.natural(0) == pytest.approx((2 * 1 + 10 * 2) / TYPICAL)
    assert point.natural(0, np.array([True, False])) == pytest.approx(2 / TYPICAL)
    assert point.rounding(0) == pytest.approx(0.25 * (2 * 7 + 10 * 2) / TYPICAL)
    noisy = known(noise=np.array([1.0, 0.125]), epsilon=0.25)
    assert noisy.invisible(0) == pytest.approx((2 * 0.25 + 10 * 0.125) / TYPICAL)
    zero = known(noise=ZEROS, variation=np.array([0.0, 1.0]), epsilon=0.25)
    assert zero.invisible(0) == pytest.approx(0.25 * 2 / TYPICAL)
    small = dataclasses.replace(zero, inputs=(np.full(2, 0.1),))
    assert small.invisible(0) == pytest.approx(0.25 * 2)


def test_the_scale_is_that_of_the_argument_which_is_asked_about():
    point = point_of(lambda x, w: x, np.full(2, 3.0), np.full(2, 5.0))
    assert point.natural(0) / point.natural(1) == pytest.approx(5 / 3)
    assert point.rounding(0) / point.rounding(1) == pytest.approx(5 / 3)
    assert point.invisible(0) / point.invisible(1) == pytest.approx(5 / 3)


def test_sizes_that_overflow_are_the_largest_number():
    huge = known(variation=np.array([1e308, 1e308]))
    assert huge.natural(0) == LARGEST
    assert huge.natural(0, np.array([False, False])) == 0.0
    nothing = dataclasses.replace(huge, variation=ZEROS, noise=ZEROS, dout=np.full(2, 1e308))
    assert nothing.invisible(0) == np.inf
    assert huge.rounding(0) == pytest.approx(DOUBLE * 1e308 / TYPICAL * 12)


def test_an_output_of_another_size_is_nan_and_its_token_is_kept():
    def forward(x):
        return (x if x[0] < 2 else x[:1]), "token"

    point = point_of(forward, np.ones(2))
    out, token = point.value_and_token([np.full(2, 3.0)])
    assert np.isnan(out).tolist() == [True, True]
    assert token == "token"
    assert point.value_and_token([np.full(2, 1.5)])[0].tolist() == [1.5, 1.5]
    assert point_of(lambda x: 1 / 0 if x > 1 else x, 0.5).value_and_token([np.array(2.0)])[1] is None


def test_only_the_argument_that_moves_is_replaced():
    point = point_of(lambda x, w: x + w, np.ones(2), np.full(2, 5.0))
    moved = point.moved(1, ZEROS)
    assert [array.tolist() for array in moved] == [[1.0, 1.0], [0.0, 0.0]]
    assert point.inputs[1].tolist() == [5.0, 5.0]
    there, token = point.elsewhere(1, ZEROS)
    assert there.out.tolist() == [1.0, 1.0]
    assert [array.tolist() for array in token] == [[1.0, 1.0], [0.0, 0.0]]
    assert there.noise is point.noise


def test_one_entry_of_an_argument_may_be_another_for_one_value():
    point = point_of(lambda x, w: x + w, np.ones(4), np.full(4, 5.0))
    assert point.value_with(1, 2, -1.0).tolist() == [6.0, 6.0, 0.0, 6.0]
    assert point.inputs[1].tolist() == [5.0] * 4
    square = point_of(lambda x: x**2, np.arange(4.0).reshape(2, 2))
    assert square.value_with(0, 2, 7.0).tolist() == [0.0, 1.0, 49.0, 9.0]  # a flat index, a flat output


@pytest.mark.parametrize(
    ("returned", "read"),
    [
        (np.array([1, 2]), [1.0, 2.0]),
        ([1.5, 2], [1.5, 2.0]),
        (np.array([1.5, 2], dtype=np.float32), [1.5, 2.0]),
        (np.array([True, False]), None),
        (np.array([1j, 2]), None),
        ("two", None),
        (np.ones((2, 1)), None),
        (1.0, None),
    ],
)
def test_gradients_are_read_as_float64_or_as_nan(returned, read):
    point = point_of(lambda x, w: x, ZEROS, ZEROS, backward=lambda dout, cache: (returned, dout))
    first, second = point.gradients(np.array([3.0, 4.0]), None)
    assert (None if np.isnan(first).all() else first.tolist()) == read
    assert first.shape == (2,)
    assert first.dtype == np.float64
    assert second.tolist() == [3.0, 4.0]


def test_backward_gets_dout_in_the_shape_of_the_output_as_a_copy_and_the_token():
    seen = []

    def backward(dout, cache):
        seen.append((dout.shape, cache))
        dout *= 2
        return dout

    point = point_of(lambda x: x, np.ones((2, 1)), dout=[3.0, 4.0], backward=backward)
    assert point.gradients(point.dout, "token")[0].tolist() == [[6.0], [8.0]]
    assert point.dout.tolist() == [3.0, 4.0]
    assert seen == [((2, 1), "token")]


class StandsIn:
    """A function that can be asked for several values at once, as one in another process."""

    def __init__(self, function):
        self.function, self.questions = function, []

    def __call__(self, *inputs):
        self.questions.append(1)
        return self.function(*inputs)

    def __in_turn__(self, calls):
        self.questions.append(len(calls))
        return [self.function(*call.args) for call in calls]


def test_values_are_asked_for_together_where_they_can_be():
    stands_in = StandsIn(lambda x: (x**2, "cache"))
    point = point_of(stands_in, np.array([1.0, 2.0]))
    stands_in.questions.clear()
    before = point.problem.evaluations
    assert [out.tolist() for out in point.values_with(0, 1, [3.0, -4.0])] == [[1, 9], [1, 16]]
    assert [out.tolist() for out in point.values([[np.zeros(2)], [np.ones(2)]])] == [[0, 0], [1, 1]]
    assert stands_in.questions == [2, 2]
    assert point.problem.evaluations == before + 4
    assert list(point.values([])) == []


def test_values_are_asked_for_one_by_one_where_one_has_none_and_where_they_are_many():
    def root(x):
        if np.any(x < 0):
            raise ValueError("negative")
        return np.sqrt(x)

    stands_in = StandsIn(root)
    point = point_of(stands_in, np.array([1.0, 2.0]))
    one, other = point.values_with(0, 0, [-1.0, 4.0])
    assert np.isnan(one).all()
    assert other.tolist() == [2, np.sqrt(2)]
    stands_in = StandsIn(np.sqrt)
    point = point_of(stands_in, np.ones(2**14 + 1))
    stands_in.questions.clear()
    assert [out[0] for out in point.values_with(0, 0, [4.0, 9.0])] == [2, 3]
    assert stands_in.questions == [1, 1]
    short, right = point.values([[np.ones(3)], [np.ones(2**14 + 1)]])
    assert (np.isnan(short).all(), right[0]) == (True, 1)


def test_one_entry_is_replaced_where_it_stands():
    point = point_of(lambda x: 1.0 * x, np.array([1.0, 2.0, 3.0, 4.0]))
    assert point.value_with(0, 1, 9.0).tolist() == [1.0, 9.0, 3.0, 4.0]
