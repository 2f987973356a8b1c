import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from points_under_test import point_of

from course_lib import Cause, check_vjp
from course_lib.gradcheck.contract import first_backward
from course_lib.gradcheck.noise import measure
from course_lib.gradcheck.pairs import ScalarWithGradient
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.problem import Problem
from course_lib.gradcheck.upstream import PROBE, SCALE, UpstreamRounding, _upstream_fault, upstream_faults

X = np.random.default_rng(0).normal(size=(7, 3))
DOUT = np.random.default_rng(1).normal(size=(7, 3))


def removed(x, b):
    return (x + b) - (x + b).mean(axis=0)


def to_removed(dout, extra=0.0):
    d = dout - dout.mean(axis=0)
    return d, d.sum(axis=0) + extra


def found_for(backward):
    point = point_of(removed, X, np.full(3, 0.3), dout=DOUT, backward=lambda dout, cache: backward(dout))
    point = measure(point, 0)
    return point, first_backward(point, None)


def test_a_gradient_that_is_nothing_but_rounding_need_not_be_proportional():
    point, contract = found_for(to_removed)
    assert 0 < np.abs(contract.gradient(1)).max() < 1e-14
    assert upstream_faults(point, contract) == {}


@pytest.mark.parametrize("extra", [1e-3, 1e-6, 1e-9])
def test_a_small_constant_beside_rounding_is_not_proportional(extra):
    point, contract = found_for(lambda dout: to_removed(dout, extra))
    assert upstream_faults(point, contract)[1][0] == Cause.UPSTREAM_IGNORED


def test_a_term_that_is_not_multiplied_by_dout_is_seen_above_its_fraction():
    point, contract = found_for(lambda dout: (to_removed(dout)[0] + 1e-5, to_removed(dout)[1]))
    assert upstream_faults(point, contract)[0][0] == Cause.UPSTREAM_MISUSED


def test_the_rounding_of_backward_is_of_the_size_of_what_cancels():
    point, contract = found_for(lambda dout: tuple(1e8 * g for g in to_removed(dout)))
    rounding = UpstreamRounding(point, contract)
    assert 1e-8 < rounding.of(1) < 1e-4


def test_what_doubling_and_reversing_scale_exactly_is_off_by_rounding_alone():
    def squeezed(dout, power=0):  # a few rounding units are all that is left, and stay as they are nearby
        left = 1e4 * ((dout + 13.7 * 2.0**-53 * dout) - dout)
        return left + power * left * dout, np.zeros(3)

    point, contract = found_for(squeezed)
    assert 0 in {k for k, fault in upstream_faults(*found_for(lambda d: squeezed(d, 1))).items()}
    assert upstream_faults(point, contract) == {}


def test_rounding_that_fits_into_float32_is_not_called_float32():
    point, contract = found_for(lambda dout: (to_removed(dout)[0], np.array([37.0, -5.0, 1001.0]) * 2.0**-60))
    assert 1 not in {k for k, fault in upstream_faults(point, contract).items() if fault[0] == Cause.FLOAT32}


def test_a_gradient_computed_in_float32_is_called_float32():
    def in_single(dout):
        return tuple(np.float64(np.float32(gradient)) for gradient in to_removed(np.float32(dout)))

    point, contract = found_for(in_single)
    assert upstream_faults(point, contract)[0][0] == Cause.FLOAT32


def test_softmax_with_an_upstream_gradient_of_ones_is_right():
    def forward(z):
        p = np.exp(z - z.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True), p / p.sum(axis=1, keepdims=True)

    def backward(dout, p):
        return p * (dout - (dout * p).sum(axis=1, keepdims=True))

    assert check_vjp(forward, backward, X, dout=np.ones((7, 3))).passed is True
    assert check_vjp(forward, lambda d, p: backward(d, p) + 1e-6, X, dout=np.ones((7, 3))).passed is False


def fault_of(local, dout=DOUT, **changes):
    """Return what is said of the second of two arguments, whose gradient is `local(dout)`."""
    dout = np.array(dout)
    point = point_of(
        lambda x, w: x + w,
        np.ones(dout.shape),
        np.ones(dout.shape),
        dout=dout,
        backward=lambda d, c: (d, local(d)),
    )
    point = dataclasses.replace(point, **changes)
    faults = upstream_faults(point, first_backward(point, None))
    assert set(faults) <= {1}
    return faults.get(1)


IGNORED = (
    Cause.UPSTREAM_IGNORED,
    "the gradient of x1 stays the same when dout is scaled or reversed: "
    "multiply the local derivative by dout",
)
MASK = (
    Cause.MASK_FROM_WRONG_TENSOR,
    "another sign or size of dout lets other entries of the gradient of x1 through: "
    "a mask or comparison is taken from dout instead of from what forward saw",
)
EVEN = (
    Cause.UPSTREAM_MISUSED,
    "the gradient of x1 stays the same when dout is reversed: an absolute value or a norm is taken of it",
)
MISUSED = (
    Cause.UPSTREAM_MISUSED,
    "the gradient of x1 is not proportional to dout: some term is not multiplied by it, or it enters twice",
)


@pytest.mark.parametrize(
    ("local", "said"),
    [
        (lambda d: 3 * d, None),
        (np.ones_like, IGNORED),
        (lambda d: d * (d > 0), MASK),
        (np.abs, EVEN),
        (lambda d: d * (np.abs(d) < 0.6), MASK),
        (lambda d: d * (np.abs(d) > 0.9), MASK),
        (lambda d: d * (d < 1), MASK),
        (lambda d: d * (d > -0.4), MASK),
        (np.square, MISUSED),
        (lambda d: d**3, MISUSED),
        (lambda d: d + 1, MISUSED),
        (np.sign, MISUSED),
        (lambda d: 1e-3 * d * (d > 0) + 1, MISUSED),
    ],
)
def test_how_a_gradient_follows_dout_tells_what_is_wrong(local, said):
    assert fault_of(local) == said


def test_dout_is_reversed_and_scaled_by_what_no_float32_holds():
    seen = []
    fault_of(lambda d: (seen.append(np.array(d) / DOUT), d)[1])
    assert [float(ratio.mean()) for ratio in seen] == pytest.approx([1, -1, SCALE])
    assert all(np.ptp(ratio) < 1e-15 for ratio in seen)


@pytest.mark.parametrize(("constant", "said"), [(0.4e-6, None), (0.7e-6, MISUSED)])
def test_a_millionth_of_the_largest_entry_need_not_be_proportional(constant, said):
    extra = np.array([0.0, constant])
    assert fault_of(lambda d: d + extra, [1.0, 1e-9]) == said


@pytest.mark.parametrize("constant", [1e-6, 3e-6, 6e-6, 1e-5, 1e-4])
def test_a_small_constant_is_not_taken_for_a_mask(constant):
    for place in ([0.0, constant], [constant, 0.0], [constant, constant]):
        extra = 2 * np.array(place)
        assert fault_of(lambda d, extra=extra: d + extra, [1.0, 1e-9]) == MISUSED


@pytest.mark.parametrize(("size", "said"), [(1.2e-5, MASK), (0.8e-5, MISUSED)])
def test_a_mask_is_named_where_it_moves_entries_ten_times_more_than_they_may_move(size, said):
    masked = np.array([False, True])
    assert fault_of(lambda d: np.where(masked & (d < 0), 0.0, d), [1.0, size]) == said


def test_a_pair_without_an_upstream_gradient_is_not_asked_for_another():
    pair = ScalarWithGradient(lambda x: np.sum(x), lambda x: np.ones(3))
    point = Point.of(Problem(pair, [np.ones(3)], ["x"], "f"), np.array(3.0), np.array(1.0))
    assert upstream_faults(point, first_backward(point, (np.ones(3),))) == {}


@pytest.mark.parametrize("fails", [lambda d: d[0, 0] == -DOUT[0, 0], lambda d: d[0, 0] > DOUT[0, 0]])
def test_a_backward_that_fails_for_another_dout_is_blamed_for_every_gradient_that_can_be_compared(fails):
    def backward(dout, cache):
        if fails(dout):
            raise ValueError("no")
        return dout, dout[:2], dout

    point = point_of(lambda x, w, b: x + b, X, X, X, dout=DOUT * np.sign(DOUT[0, 0]), backward=backward)
    sentence = "backward raised ValueError: no for another upstream gradient"
    blamed = (Cause.UPSTREAM_MISUSED, sentence)
    assert upstream_faults(point, first_backward(point, None)) == {0: blamed, 2: blamed}


def single(dout):
    return np.float64(np.float32(dout))


def test_float32_is_named_unless_forward_computes_in_it_too():
    sentence = (
        "every entry of the gradient of x1 fits into float32: "
        "somewhere backward computes in float32, which loses half of the digits"
    )
    dout = single(DOUT)
    assert fault_of(single, dout) == (Cause.FLOAT32, sentence)
    assert fault_of(single, dout, epsilon=2.0**-23) is None
    assert fault_of(lambda d: single(d) * SCALE, dout) is None


@pytest.mark.parametrize("factor", [1, 3, 15, 105, 1056])
def test_whole_numbers_are_no_float32_whatever_divides_them(factor):
    ones = np.ones(DOUT.shape)
    assert fault_of(lambda d: factor * d, ones) is None
    assert fault_of(lambda d: d / factor, factor * ones) is None


def noisy(errors, size=1.0, **changes):
    """Return the rounding of a gradient that is off by `errors[k]` for the k-th probe of dout."""

    def backward(dout, cache):
        probe = round((dout[0] / size - 1) / PROBE)
        return dout + (errors[probe - 1] if probe else 0.0)

    dout = np.array([1.0, 0.0]) * size
    point = dataclasses.replace(point_of(lambda x: x, np.ones(2), dout=dout, backward=backward), **changes)
    return point, UpstreamRounding(point, first_backward(point, None))


def test_rounding_is_measured_by_dout_scaled_by_next_to_nothing():
    point = point_of(lambda x: x, np.ones(2), backward=lambda dout, cache: 0 * dout)
    assert UpstreamRounding(point, first_backward(point, None)).of(0) == pytest.approx(
        16 * point.rounding(0), abs=0
    )
    point, rounding = noisy([np.array([0.0, error]) for error in (0.0, 3e-6, 0.0)])
    # what the contrasts (1, -1, -1, 1) / 2 and (-1, 3, -3, 1) / sqrt(20) make of it
    assert rounding.of(0) == pytest.approx(
        32 * 3e-6 * np.hypot(1 / 2, 3 / np.sqrt(20)) / np.sqrt(2), rel=1e-6
    )


def test_rounding_is_measured_once_and_only_when_it_is_asked_for():
    calls = []
    point = point_of(lambda x: x, np.ones(2), backward=lambda dout, cache: (calls.append(1), dout)[1])
    rounding = UpstreamRounding(point, first_backward(point, None))
    assert len(calls) == 1
    rounding.of(0), rounding.of(0)
    assert len(calls) == 4


def test_only_entries_that_float32_would_have_rounded_by_more_show_it():
    _, rounding = noisy([np.array([0.0, error]) for error in (0.0, 3e-9, 0.0)])
    clear = rounding.of(0) * 2.0**23
    assert rounding.shows_single(0, np.array([1.1 * clear + 1e-9, 0.5])) is False
    assert rounding.shows_single(0, single(np.array([-1.1 * clear, 0.3])))
    assert rounding.shows_single(0, np.array([single(1.1 * clear), 0.9 * clear + 1e-13]))
    assert not rounding.shows_single(0, single(np.array([0.9 * clear, 0.3])))


G = np.array([1.0, 2.0, -3.0])


def fault(reversed_=-G, scaled=SCALE * G, doubled=None, absolute=0.0, gradient=G):
    """What is said of the second of two arguments."""
    doubled = doubled if doubled is not None else 3 * gradient
    rounding = SimpleNamespace(of={1: absolute}.__getitem__, doubled=[None, doubled])
    found = _upstream_fault("w", gradient, np.array(reversed_), np.array(scaled), rounding, 1)
    return found and found[0]


def test_a_gradient_that_is_scaled_and_reversed_to_a_millionth_or_rounding_is_proportional():
    off = np.array([0.0, 0.0, 3.0])
    assert fault() is None
    for share, cause in ((1.8e-6, None), (2.2e-6, Cause.UPSTREAM_MISUSED)):
        assert fault(reversed_=-G + share * off) is cause
        assert fault(scaled=SCALE * (G + share * off)) in (cause, cause and Cause.MASK_FROM_WRONG_TENSOR)
    for share, right in ((0.9, True), (1.1, False)):
        few = share * 1e-4 * off / 3
        assert (fault(reversed_=-G + few, absolute=1e-4) is None) is right
        assert (fault(scaled=SCALE * G + few, absolute=1e-4) is None) is right
    assert fault(scaled=SCALE * G + off, doubled=2 * G) is None  # whatever scaling by SCALE rounds
    assert fault(scaled=SCALE * G + off, doubled=2.000001 * G) is not None
    assert fault(reversed_=-G + off, doubled=2 * G) is not None


@pytest.mark.parametrize(
    ("reversed_", "scaled", "cause"),
    [
        (G, G, Cause.UPSTREAM_IGNORED),
        (G, SCALE * G, Cause.UPSTREAM_MISUSED),
        (G, 5 * G, Cause.UPSTREAM_MISUSED),
        (-5 * G, G, Cause.UPSTREAM_MISUSED),
        ([-1.0, 0.0, 3.0], SCALE * G, Cause.MASK_FROM_WRONG_TENSOR),
        (-G + [0, 0, 5e-5], SCALE * G, Cause.UPSTREAM_MISUSED),
        (-G + [0, 0, 7e-5], SCALE * G, Cause.MASK_FROM_WRONG_TENSOR),
        ([-1.0, 0.0, 0.0], [SCALE, 0.0, -3 * SCALE], Cause.MASK_FROM_WRONG_TENSOR),
        ([-1.5, 0.0, 0.0], [SCALE, 0.0, -3 * SCALE], Cause.UPSTREAM_MISUSED),
        ([-1.0, 0.0, 0.0], [1.5, 0.0, -4.0], Cause.UPSTREAM_MISUSED),
        (-G, [0.0, 0.0, 0.0], Cause.MASK_FROM_WRONG_TENSOR),
        (-G, [0.0, 0.0, 1.0], Cause.UPSTREAM_MISUSED),
        (-2 * G, [0.0, 0.0, 0.0], Cause.UPSTREAM_MISUSED),
        (-G, -SCALE * G, Cause.UPSTREAM_MISUSED),
    ],
)
def test_what_another_upstream_gradient_does_says_how_it_is_misused(reversed_, scaled, cause):
    assert fault(reversed_, scaled) is cause


def test_what_rounding_explains_is_no_mask():
    off = np.array([0.0, 0.0, 1.0])
    for share, cause in ((9.0, Cause.UPSTREAM_MISUSED), (11.0, Cause.MASK_FROM_WRONG_TENSOR)):
        assert fault(-G + share * 1e-4 * off, absolute=1e-4) is cause
