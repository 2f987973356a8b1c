"""What hypotheses compare, and how finely."""

import dataclasses

import numpy as np
import pytest
from views_under_test import ALLOWED, entries_of, view_of

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.diagnosis.evidence import Evidence, View, close, dimensions, parts, sizes
from course_lib.gradcheck.entries import UNRESOLVED

YOURS = np.array([[1.0, 2.0], [3.0, 4.0]])
NUMERICAL = np.array([[1.0, 5.0], [3.0, 8.0]])


def test_a_view_has_both_gradients_the_argument_and_the_output_in_their_shapes():
    x, w = np.full((2, 2), 3.0), np.full(3, 7.0)
    view = view_of(YOURS, NUMERICAL, w, x, k=1, forward=lambda w, x: x.sum(axis=0), dout=[5.0, 6.0])
    assert (view.k, view.name) == (1, "x1")
    assert view.a.tolist() == YOURS.tolist()
    assert view.n.tolist() == NUMERICAL.tolist()
    assert view.x.tolist() == x.tolist()
    assert (view.out.tolist(), view.dout.tolist()) == ([6.0, 6.0], [5.0, 6.0])
    assert {name: value.tolist() for name, value in view.others.items()} == {"x0": [7.0, 7.0, 7.0]}
    assert view.complete
    column = view_of(YOURS, NUMERICAL, x, forward=lambda x: x[:, :1], dout=[5.0, 6.0])
    assert column.out.shape == column.dout.shape == (2, 1)


def test_numbers_of_functions_in_float32_are_compared_less_finely():
    view = view_of(YOURS, NUMERICAL)
    single = dataclasses.replace(view.evidence.point, epsilon=2.0**-23)
    coarse = View(dataclasses.replace(view.evidence, point=single), 0)
    assert (view.relative, coarse.relative) == (1e-5, 1e-3)


def used(yours, numerical, **known):
    return view_of(yours, numerical, **known).use.tolist()


def test_entries_that_were_not_looked_at_are_out_of_use():
    nan = np.nan
    view = view_of([1.0, 2.0, 3.0, 4.0], [nan, 3.0, 3.0, 4.0])
    assert view.use.tolist() == [False, True, True, True]
    assert not view.complete
    assert np.array_equal(view.clear, [nan, 3.0, 3.0, 4.0], equal_nan=True)


@pytest.mark.parametrize("mark", ["rough", "kink"])
def test_entries_on_and_near_kinks_are_out_of_use_unless_only_these_are_wrong(mark):
    marked = {mark: [True, False, False, False]}
    assert used([1.0, 2.0, 3.0, 4.0], [1.0, 9.0, 3.0, 4.0], **marked) == [False, True, True, True]
    assert used([1.0, 2.0, 3.0, 4.0], [9.0, 2.0, 3.0, 4.0], **marked) == [True] * 4
    assert used([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0], **marked) == [False, True, True, True]


def test_all_that_is_known_is_in_use_where_less_than_two_entries_are_clear():
    rough = [True, True, False, True]
    assert used([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 9.0, np.nan], rough=rough) == [True, True, True, False]
    assert used([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 9.0, 4.0], rough=[True, True, False, False]) == [
        False,
        False,
        True,
        True,
    ]


def test_entries_that_were_decided_beside_a_kink_or_not_at_all_are_out_of_use():
    decided = {"state": [0, 1, 0, 0]}  # right, although the numbers differ
    assert used([1.0, 2.0, 3.0, 4.0], [9.0, 9.0, 3.0, 4.0], **decided) == [False, True, True, True]
    unresolved = {"state": [UNRESOLVED, 1, 0, 0]}
    assert used([1.0, 2.0, 3.0, 4.0], [1.0, 9.0, 3.0, 4.0], **unresolved) == [False, True, True, True]
    nearly = {"state": [0, 1, 0, 0]}
    numerical = [1.0 + 0.5 * ALLOWED, 9.0, 3.0, 4.0]
    assert used([1.0, 2.0, 3.0, 4.0], numerical, **nearly) == [True] * 4


def test_scale_and_noise_are_those_of_the_entries_in_use():
    view = view_of([100.0, -2.0, 3.0], [1.0, 7.0, 3.0], rough=[True, False, False], allowed=[9.0, 1.0, 3.0])
    assert view.scale == 7.0
    assert view.noise == 2.0
    assert view_of([-8.0, 2.0], [7.0, 2.0]).scale == 8.0
    assert view_of([0.0, 0.0], [0.0, -3.0]).scale == 3.0


def limit(size, scale, relative=1e-5):
    return relative * size + 20 * ALLOWED + 1e-7 * scale


@pytest.mark.parametrize("sign", [1, -1])
def test_entries_are_equal_up_to_their_own_size_what_is_allowed_and_the_scale(sign):
    yours = np.array([1.0, 1e-6, -1e3, 0.0])
    view = view_of(yours, [2.0, 1e-6, -1e3, 0.0])
    limits = np.array([limit(abs(value), 1e3) for value in yours])
    assert view.equal(yours, yours + sign * 0.98 * limits).all()
    assert not view.equal(yours, yours + sign * 1.02 * limits).any()
    assert not view.equal(yours + sign * 1.02 * limits, yours).any()


def test_an_entry_that_is_unknown_is_equal_to_anything_and_only_those_in_use_are_compared():
    view = view_of([1.0, 2.0, 3.0], [9.0, 2.0, np.nan])
    assert view.equal(np.array([1.0, 2.0, 3.0]), np.array([np.nan, 5.0, 7.0])).tolist() == [True, False]


def test_a_candidate_matches_where_at_least_half_of_it_is_known():
    view = view_of([1.0, 2.0, 3.0, 4.0], [9.0, 9.0, 9.0, 9.0])
    nan = np.nan
    assert view.matches(np.array([1.0, 2.0, nan, nan]))
    assert not view.matches(np.array([1.0, nan, nan, nan]))
    assert not view.matches(np.array([1.0, 2.0, 3.0, 5.0]))
    assert not view.matches(np.array([[1.0, 2.0, 3.0, 4.0]]))
    assert not view_of([1.0, 2.0], [np.nan, np.nan]).matches(np.array([1.0, 2.0]))  # nothing is known
    assert view.matches_other(np.array([5.0, 6.0, 7.0, 8.0]), np.array([5.0, 6.0, 7.0, 8.0]))
    assert not view.matches_other(np.array([5.0, 6.0, 7.0, 8.0]), np.array([1.0, 2.0, 3.0, 4.0]))


def test_zero_is_what_is_far_below_the_scale():
    view = view_of([1.0, 2.0, 3.0], [np.nan, 100.0, 3.0])
    assert view.nonzero(np.array([7.0, 1.1e-5, -0.9e-5])).tolist() == [True, False]
    assert view.nonzero(np.array([7.0, -1.1e-5, 0.0])).tolist() == [True, False]


def test_whole_rows_are_those_of_which_every_entry_was_looked_at():
    numerical = np.array([[1.0, 2.0], [np.nan, 3.0], [5.0, 6.0]])
    view = view_of(np.arange(6.0).reshape(3, 2), numerical)
    x, a, n = view.whole_rows()
    assert (a.tolist(), n.tolist()) == ([[0.0, 1.0], [4.0, 5.0]], [[1.0, 2.0], [5.0, 6.0]])
    assert x.tolist() == view.x[[0, 2]].tolist()


MATRIX = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def test_the_numerical_jacobian_is_whole_or_none():
    assert view_of([1.0, 2.0, 3.0], [0.0] * 3, jacobian=MATRIX).numerical_jacobian.tolist() == MATRIX.tolist()
    assert view_of([1.0, 2.0, 3.0], [0.0] * 3, jacobian=MATRIX[:, :2]).numerical_jacobian is None


def linear(**known):
    """A product with MATRIX and a backward that takes it negatively, checked at two outputs."""
    options = {
        "forward": lambda w, x: MATRIX @ x,
        "backward": lambda dout, cache: (np.zeros(2), -dout @ MATRIX),
        "jacobian": MATRIX,
        **known,
    }
    return view_of([1.0, 2.0, 3.0], [4.0, 2.0, 3.0], np.ones(2), np.ones(3), k=1, **options)


def test_the_jacobian_that_backward_implies_takes_a_call_for_each_output():
    view = linear()
    assert view.analytic_jacobian.tolist() == (-MATRIX).tolist()
    analytic, numerical = view.jacobians
    assert (analytic.tolist(), numerical.tolist()) == ((-MATRIX).tolist(), MATRIX.tolist())


def fails(dout, cache):
    raise ValueError("not for a unit vector")


@pytest.mark.parametrize(
    "known",
    [
        {"backward": fails},
        {"faults": {1: (Cause.UPSTREAM_MISUSED, "")}},
        {"backward": lambda dout, cache: (np.zeros(2), np.full(3, np.inf))},
        {"jacobian": MATRIX[:, :1]},
    ],
)
def test_there_are_no_jacobians_where_one_of_them_cannot_be_formed(known):
    assert linear(**known).jacobians is None


def test_a_fault_of_another_argument_is_no_obstacle():
    analytic, numerical = linear(faults={0: (Cause.UPSTREAM_MISUSED, "")}).jacobians
    assert (analytic.tolist(), numerical.tolist()) == ((-MATRIX).tolist(), MATRIX.tolist())


@pytest.mark.parametrize(("outputs", "formed"), [(600, True), (601, False)])
def test_backward_is_called_for_so_many_outputs_and_no_more(outputs, formed):
    view = view_of([1.0], [2.0], np.ones(1), forward=lambda x: np.full(outputs, x[0]))
    assert (view.analytic_jacobian is not None) is formed


def test_a_scalar_has_a_gradient_and_no_jacobian():
    for forward in (lambda x: np.sum(x), lambda x: np.sum(x)[None], lambda x: x[:1, None]):
        view = view_of([1.0, 2.0], [3.0, 2.0], forward=forward, jacobian=[[3.0, 2.0]])
        assert view.jacobians is None
    two = view_of([1.0, 2.0], [3.0, 2.0], forward=lambda x: x[None], jacobian=np.eye(2))
    assert two.jacobians[0].shape == (1, 2, 2)


@pytest.mark.parametrize(
    ("matrix", "elementwise"),
    [
        ([[2.0, 0.0], [0.0, -3.0]], True),
        ([[2.0, 2.9e-6], [-2.9e-6, -3.0]], True),
        ([[2.0, 3.1e-6], [0.0, -3.0]], False),
        ([[0.0, 1.0], [1.0, 0.0]], False),
    ],
)
def test_a_function_is_elementwise_where_its_jacobian_is_a_diagonal(matrix, elementwise):
    assert view_of([1.0, 2.0], [2.0, -3.0], jacobian=matrix).elementwise is elementwise


def test_a_function_to_another_shape_is_not_elementwise():
    diagonal = np.eye(2)
    assert not view_of([1.0, 2.0], [2.0, 2.0], forward=lambda x: x[:, None], jacobian=diagonal).elementwise
    assert not view_of(1.0, 2.0, jacobian=[[1.0]]).elementwise
    assert not view_of([1.0, 2.0], [2.0, 2.0]).elementwise


@pytest.mark.parametrize(("difference", "agree"), [(0.9e-3, True), (1.1e-3, False)])
def test_arrays_are_close_within_a_fraction_of_the_largest_entry(difference, agree):
    left = np.array([-100.0, 1.0])
    assert close(left, left + np.array([0.0, 100 * difference]), 1e-3) is agree
    assert close(left - np.array([0.0, 100 * difference]), left, 1e-3) is agree
    assert close(left / 1e3, left * 0 + left / 1e3 + [0.1 * difference, 0.0], 1e-3) is agree
    assert not close(left, left[:1], 1e-3)
    assert close(np.zeros(0), np.zeros(0), 1e-3)


def test_lengths_and_sizes_are_named_by_the_first_that_has_them_the_output_before_the_arguments():
    x, w = np.ones((4, 3)), np.ones((3, 1, 5))
    view = view_of(x, x, x, w, forward=lambda x, w: np.ones((4, 5)), dout=np.ones(20))
    assert dimensions(view) == {
        4: "N = 4 is the length of axis 0 of the output",
        5: "N = 5 is the length of axis 1 of the output",
        3: "N = 3 is the length of axis 1 of x0",
    }
    assert sizes(view) == {
        20: "N = 20 is the number of entries of the output",
        12: "N = 12 is the number of entries of x0",
        15: "N = 15 is the number of entries of x1",
    }
    vector = view_of([1.0, 2.0], [1.0, 2.0])
    assert dimensions(vector) == {2: "N = 2 is the length of axis 0 of the output"}
    assert sizes(vector) == {}
    assert parts(view) == parts(vector) == {}


def test_axes_of_one_length_are_all_named_where_the_average_may_be_over_either():
    x = np.ones((4, 3, 3))
    view = view_of(x, x, x, forward=lambda x: x[:, 0, :1] * np.ones((4, 4)), dout=np.ones(16))
    assert dimensions(view) == {
        4: "N = 4 is the length of axis 0 or 1 of the output",
        3: "N = 3 is the length of axis 1 or 2 of x0",
    }


def test_entries_along_some_axes_are_counted_where_there_are_more():
    x = np.ones((2, 1, 3, 3))
    view = view_of(x, x, x, forward=lambda x: np.ones((2, 4, 3, 3)), dout=np.ones(72))
    assert {size: parts(view)[size] for size in (6, 18)} == {
        6: "N = 6 is the number of entries of the output along 2 of its axes",
        18: "N = 18 is the number of entries of the output along 3 of its axes",
    }
    assert set(parts(view)) == {6, 8, 9, 12, 18, 24, 36}


def test_evidence_of_another_point_is_not_there_until_it_is_asked_for():
    view = view_of([1.0], [2.0])
    assert (
        Evidence(view.evidence.point, view.evidence.contract, {0: entries_of([1.0], [2.0])}, {}).elsewhere
        is None
    )


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("noise", [0.0, np.array([1e-3, 0.0, 1e-4])])
def test_a_sum_is_denied_where_one_entry_is_off_by_more_than_its_parts_and_noise_allow(sign, noise):
    view = view_of([1.0, -2.0, 0.0], [9.0, 5.0, 3.0], allowed=[1e-6, 1e-9, 1e-5])
    parts = -10 * view.a, 11 * view.a
    limits = 1e-5 * 11 * np.abs(view.a) + 20 * (view.allowed + noise)
    for entry in np.eye(3):
        for share, denied in ((0.98, False), (1.02, True)):
            off = sign * share * limits * entry
            assert view.denies(*parts, off, noise=noise) is denied
    assert view.denies(view.a) is view.denies(parts[0], parts[1]) is False
    assert view.denies(*parts, np.full(3, 1e-3))


def test_a_sum_is_denied_in_right_entries_that_are_only_near_a_kink_too():
    yours, numerical = [1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 9.0, 9.0, 9.0]
    kinds = {"rough": [True, True, False, False, True], "kink": [False, True, False, False, False]}
    view = view_of(yours, numerical, **kinds)
    assert [view.denies(view.a, entry) for entry in np.eye(5)] == [True, False, True, True, False]


@pytest.mark.parametrize(("share", "equal"), [(0.98, True), (1.02, False)])
def test_entries_are_equal_up_to_twenty_times_what_is_allowed(share, equal):
    view = view_of([1.0, 1.0], [2.0, 2.0], allowed=[1e-3, 1e-2])
    for entry in np.eye(2):
        assert view.equal(view.a, view.a + share * (20 * view.allowed + 1e-5) * entry).all() == equal
