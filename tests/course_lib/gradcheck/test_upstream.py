import numpy as np
import pytest
from points_under_test import point_of

from course_lib import Cause, check_vjp
from course_lib.gradcheck.contract import first_backward
from course_lib.gradcheck.noise import measure
from course_lib.gradcheck.upstream import UpstreamRounding, upstream_faults

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
