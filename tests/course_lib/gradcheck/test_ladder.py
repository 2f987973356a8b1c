"""A ladder ends where it confirms a claim, or where more steps see nothing but rounding or another region."""

from dataclasses import replace

import numpy as np
import pytest
from ladders_under_test import ladder, plain, prober_of
from points_under_test import slopes_of

from course_lib.gradcheck.estimate import Estimate, estimate
from course_lib.gradcheck.ladder import Claim, agrees_nearer, climb, confirmation, noisier, settle, surer
from course_lib.gradcheck.rungs import RATIO


def test_a_right_claim_ends_the_climb_early():
    rungs, claim = ladder(np.exp, 1.0, float(np.e))
    assert len(rungs) < 9
    assert settle(rungs, claim).distance(float(np.e)) < 1e-8


def test_a_claim_is_confirmed_by_no_rung_less_accurate_than_wanted():
    prober = prober_of(lambda t: 1e6 + t, 1.0)
    first = prober.along_entry(0, 0, 6e-6)
    assert confirmation([first], Claim.of_entry(1.0, 0.0, first, 1e-6)) is None
    assert confirmation([first], Claim.of_entry(1.0, 0.0, first, 1e-2)) is not None


def test_a_claim_that_disagrees_must_be_confirmed_more_accurately_than_it_disagrees():
    first = prober_of(np.exp, 0.0).along_entry(0, 0, 6e-6)
    assert Claim.of_entry(1.0 + 1e-8, 0.0, first, 1e-3).wanted == pytest.approx(5e-9, rel=1e-2)
    assert Claim.of_entry(1.0, 0.0, first, 1e-3).wanted == pytest.approx(1e-3)


def test_drowned_slopes_are_sought_with_larger_steps_first():
    prober = prober_of(lambda t: 1e7 + t, 1.0)
    first = prober.along_entry(0, 0, 2.0**-17)
    claim = Claim.of_entry(1.0, 0.0, first, 1e-6)
    rungs = climb(lambda step: prober.along_entry(0, 0, step), first, claim)
    assert [rung.step for rung in rungs] == [2.0**-5, 2.0**-9, 2.0**-13, 2.0**-17]
    assert RATIO == 2.0**4


def test_more_accuracy_is_asked_for_only_if_a_mismatch_exceeds_rounding_and_floor():
    first = plain(1.0, 2.0, rounding=0.05)
    asked = [Claim.of_entry(2.0 + d, 0.01, first, 0.5, 7.0) for d in (0.059, 0.061, -0.1, 4.0)]
    assert [claim.wanted for claim in asked] == pytest.approx([0.51, 0.0405, 0.06, 0.51])
    assert asked[0] == Claim(2.059, 0.01, 0.51, 7.0)


def test_one_rung_confirms_a_claim_within_its_rounding_and_the_floor():
    rung = slopes_of(1.0, 1.995, 2.005, rounding=0.02)
    for difference, confirmed in ((0.029, True), (-0.029, True), (0.031, False), (-0.031, False)):
        found = confirmation([rung], Claim(2.0 + difference, 0.01, 0.05))
        assert found == (Estimate(2.0, 0.02, rung.low, rung.high) if confirmed else None)
    assert confirmation([rung], Claim(2.0, 0.01, 0.029)) is None
    assert confirmation([replace(rung, one_sided=True)], Claim(2.0, 0.01, 0.05)) is None
    rough = slopes_of(1.0, 1.9, 2.1, rounding=0.02)
    assert confirmation([rough], Claim(2.0, 0.01, 0.05)) is None
    assert confirmation([rough], Claim(2.0, 0.01, 0.05, size=20.0)) is not None


def test_two_rungs_confirm_a_claim_within_a_ratio_of_what_lies_between_them():
    large, small = plain(RATIO, 2.0 + 0.256, rounding=9.0), plain(1.0, 2.0 + 0.001, rounding=0.004)
    value = 2.001 - 0.255 / 255  # the error goes with the square of the step
    spread = 0.255 / 16 + 0.004
    for beyond, confirmed in ((-1e-3, True), (1e-3, False)):
        for sign in (-1, 1):
            claim = Claim(value + sign * (spread + 0.01 + beyond), 0.01, 1.0)
            found = confirmation([large, small], claim)
            assert (found is not None) is confirmed
    found = confirmation([large, small], Claim(value + 0.025, 0.01, 1.0))
    assert (found.value, found.error) == pytest.approx((value, spread))
    assert (found.low, found.high) == (small.low, small.high)
    assert confirmation([large, small], Claim(value + 0.02, 0.01, spread + 0.009)) is None
    assert confirmation([large, replace(small, low=1.9, high=2.1)], Claim(value + 0.025, 0.01, 1.0)) is None


def climbing(f, first, claim, longest=99):
    steps = []

    def measure(step):
        steps.append(step)
        return f(step)

    return climb(measure, first, claim, longest), steps


def test_a_ladder_goes_six_rungs_down_and_four_up_and_no_further_than_the_longest():
    def alternating(step):  # never confirms, never useless
        return plain(step, 2.0 + 0.1 * (-1) ** round(np.log2(step) / 4))

    first = alternating(1.0)
    rungs, steps = climbing(alternating, first, Claim(9.0, 0.0, 1e-9))
    assert steps == [16.0**-k for k in range(1, 7)] + [16.0**k for k in range(1, 5)]
    assert [rung.step for rung in rungs] == [16.0**k for k in range(4, -7, -1)]
    rungs, steps = climbing(alternating, first, Claim(9.0, 0.0, 1e-9), longest=4)
    assert steps == [16.0**-k for k in range(1, 4)]
    assert len(rungs) == 4
    rungs, steps = climbing(lambda step: None, first, Claim(9.0, 0.0, 1e-9))
    assert (rungs, len(steps)) == ([first], 10)


@pytest.mark.parametrize(
    ("mismatch", "rounding", "wanted", "first_step"),
    [(0.99, 0.1, 1.0, 16.0), (1.01, 0.1, 1.0, 1 / 16), (-1.01, 0.1, 1.0, 1 / 16), (50.0, 0.1, 0.09, 16.0)],
)
def test_what_may_be_rounding_is_sought_with_larger_steps(mismatch, rounding, wanted, first_step):
    first = plain(1.0, 2.0, rounding=rounding)
    _, steps = climbing(lambda step: None, first, Claim(2.0 + mismatch, 0.0, wanted))
    assert steps[0] == first_step
    rough = slopes_of(1.0, 1.5, 2.5, rounding=rounding)
    assert climbing(lambda step: None, rough, Claim(2.0 + mismatch, 0.0, wanted))[1][0] == 1 / 16


def test_steps_that_see_only_rounding_or_another_region_end_the_climb():
    def steps(below, above, first):
        def measure(step):
            return plain(step, 2.0, rounding=below) if step < 1 else plain(step, above)

        return len(climbing(measure, first, Claim(3.0, 0.0, 1e-9))[1])

    smooth = plain(1.0, 2.0)
    assert [steps(below, 2.3, smooth) for below in (0.99, 1.01)] == [10, 5]
    assert [steps(0.0, above, smooth) for above in (2.59, 2.61, 1.41, 1.39)] == [10, 7, 10, 7]
    kinked = slopes_of(1.0, 1.0, 3.0, rounding=0.0)
    assert [steps(below, 2.3, kinked) for below in (1.99, 2.01)] == [10, 5]


def test_a_larger_step_may_differ_by_a_third_of_the_slope_and_of_its_rounding():
    first = plain(1.0, 2.0, rounding=1.0)
    for above, number in ((2.89, 10), (2.91, 7), (1.11, 10), (1.09, 7)):
        _, steps = climbing(
            lambda step, a=above: plain(step, a if step > 1 else 2.0), first, Claim(3.5, 0.0, 1e-9)
        )
        assert len(steps) == number


def test_a_ladder_says_what_confirms_the_claim_and_else_its_own_estimate():
    rungs = [plain(16.0, 2.5, rounding=0.1), plain(1.0, 2.0, rounding=0.1)]
    confirmed = Claim(2.05, 0.0, 0.2)
    assert settle(rungs, confirmed) == confirmation(rungs, confirmed) == Estimate(2.0, 0.1, 2.0, 2.0)
    assert settle(rungs, Claim(7.0, 0.0, 0.2)) == estimate(rungs)


@pytest.mark.parametrize(
    ("value", "rounding", "wanted"),
    [
        (2e-3, 0.1, 0.1 + 0.01 + 0.01),  # half of the mismatch is more, and its sign hidden by rounding
        (0.0, 0.1, 0.5 + 0.01),  # nothing has no sign
        (-3.0, 0.1, 0.3 + 0.01),
        (6.0, 0.1, 0.5 + 0.01),
    ],
)
def test_of_a_small_claim_no_more_is_asked_than_that_its_sign_shows(value, rounding, wanted):
    first = plain(1.0, 40.0, rounding=rounding)
    assert Claim.of_entry(value, 0.01, first, 0.5).wanted == pytest.approx(wanted)


def test_a_noisier_ladder_has_its_claim_and_rungs_of_more_rounding():
    ladder = Claim(2.0, 0.0, 1.0), [plain(1.0, 2.0), plain(0.1, 2.0)]
    claim, rungs = noisier(ladder, np.array([0.3]))
    assert claim is ladder[0]
    assert [(rung.step, rung.rounding) for rung in rungs] == [
        (rung.step, rung.noisier(np.array([0.3])).rounding) for rung in ladder[1]
    ]
    assert rungs[0].rounding > 0


def rungs_of(slope, rounding=1e-9):
    return [plain(16.0**-k, slope, rounding=rounding) for k in range(4)]


def test_of_two_ladders_the_nearer_is_surer_where_they_contradict_each_other_and_else_what_confirms():
    wrong, right = Claim(9.0, 0.0, 1e-3), Claim(2.0, 0.0, 1e-3)
    near, far = (wrong, rungs_of(2.0)), (wrong, rungs_of(7.0))
    assert surer(near, far) is near
    assert surer(far, near) is far
    near, far = (wrong, rungs_of(2.0)), (right, rungs_of(2.0))
    assert surer(near, far) is surer(far, near) is far
    near, far = (wrong, rungs_of(-2.0, 1e-6)), (wrong, rungs_of(-2.0))
    assert surer(near, far) is surer(far, near) is far


def test_a_ladder_that_confirms_a_claim_is_not_surer_than_a_nearer_one_that_contradicts_it():
    # log|x| at 1e-12: steps of 1e-4 see the same on both sides, and smaller ones ever more
    claim = Claim(0.0, 1e-3, 1e-2)
    far = claim, [plain(1e-4 / 16**k, 1e-4 * 256.0**k, rounding=1e-9) for k in range(7)]
    near = claim, rungs_of(1e12, 1.0)
    assert surer(near, far) is near


def test_the_farther_of_two_ladders_is_surer_where_outputs_that_stand_still_may_hide_the_contradiction():
    claim = Claim(9.0, 0.0, 1e-3)
    near, far = (claim, rungs_of(2.0, 1e-9)), (claim, rungs_of(2.5, 1e-8))
    asked = []
    for hidden, surest in ((0.4, near), (0.6, far)):
        assert surer(near, far, lambda shown, hidden=hidden: asked.append(shown) or hidden) is surest
    assert all(shown in near[1] for shown in asked)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("slope", "rounding", "agrees"), [(2.0, 0.1, True), (2.0, 0.3, False), (2.2, 0.1, False)]
)
def test_a_claim_is_plainly_seen_by_a_smaller_step_within_a_quarter_of_its_mismatch(slope, rounding, agrees):
    def agreeing(steps):
        rungs = [slopes_of(steps[0], 1.0, 1.0), slopes_of(steps[1], slope, slope, rounding=rounding)]
        return agrees_nearer(rungs, Claim(2.0, 0.0, 1.0), Estimate(1.0, 0.01, 1.0, 1.0))

    assert agreeing([1.0, 0.1]) is agrees
    assert agreeing([0.1, 1.0]) is False
