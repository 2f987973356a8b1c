"""Outputs that jump beyond the reach of small steps: by rounding, or because they are a floor."""

from types import SimpleNamespace

import numpy as np
import pytest
from points_under_test import point_of, slopes_of

from course_lib import check_gradient, check_vjp
from course_lib.gradcheck import jumps as room
from course_lib.gradcheck.jumps import _jump, _roughness, _smooth_at_one, jumps_of_rounding
from course_lib.gradcheck.stepping import Prober


def probability(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("logit", [30.3, 33.1, 35.2])
def test_the_loss_of_a_saturated_probability_refuses_no_right_gradient(logit):
    z = np.array([logit, 0.5])
    losses = lambda z: np.log(1 - probability(z))  # noqa: E731
    assert check_gradient(lambda z: losses(z).mean(), z, lambda z: -probability(z) / 2).passed is not False
    right = check_vjp(lambda z: (losses(z), z), lambda dout, z: -dout * probability(z), z)
    assert right.passed is not False
    wrong = check_vjp(lambda z: (losses(z), z), lambda dout, z: dout * probability(z), z)
    assert wrong.passed is False


def point_at(forward, x):
    return point_of(lambda a, b, x: forward(x[1:2]), np.ones(3), np.ones(3), np.array([0.3, x, 0.4]))


@pytest.mark.parametrize(
    ("forward", "above", "below"),
    [
        (lambda x: 3 * x + 0.5 * (x > 8.2) + 9 * (x > 8.5), [0.5], [0.0]),
        (lambda x: -(x**2) - 0.5 * (x < 7.9), [0.0], [0.5]),
        (lambda x: np.where(x > 8.3, np.nan, x), None, [0.0]),
    ],
)
def test_a_jump_is_what_outputs_do_at_once_on_their_way(forward, above, below):
    point = point_at(forward, 8.01)
    assert _jump(point, 2, 1, 0.025, 0.4) == (above and pytest.approx(above, abs=1e-3))
    assert _jump(point, 2, 1, -0.025, -0.4) == pytest.approx(below, abs=1e-3)


def test_what_is_no_cubic_within_reach_is_rough():
    rough = lambda x: np.where(x > 1, np.round(20 * x) / 20, x**3)  # noqa: E731
    assert _roughness(point_at(rough, 3.0), 2, 1, 0.5) == pytest.approx([0.02], abs=0.01)
    assert _roughness(point_at(rough, -3.0), 2, 1, 0.5) == pytest.approx([0.0], abs=1e-9)
    assert _roughness(point_at(lambda x: np.where(x > 3.2, np.nan, x), 3.0), 2, 1, 0.5) == [np.inf]


def jumps(forward, x, claimed):
    point = point_at(forward, x)
    rungs = [Prober(point).along_entry(2, 1, 6.4 / 16**k) for k in range(3)]
    return jumps_of_rounding(point, 2, 1, rungs, rungs[-1], claimed).tolist()


def in_halves_above_6(x):
    return np.where(x > 6, np.round(2 * x) / 2, x)


def test_jumps_on_both_sides_that_are_not_there_nearer_to_zero_are_rounding():
    assert jumps(in_halves_above_6, 8.01, claimed=1.0) == pytest.approx([0.5], abs=1e-3)


def test_jumps_on_a_slope_are_what_is_left_without_it():
    assert jumps(lambda x: in_halves_above_6(x) + 30 * x, 8.01, claimed=31.0) == pytest.approx(
        [0.5], abs=0.02
    )


def test_what_is_rough_around_zero_is_not_looked_at():
    def rough_at_zero(x):
        return np.where(np.abs(x) < 1, np.round(20 * x) / 20, in_halves_above_6(x))

    assert jumps(rough_at_zero, 8.01, claimed=1.0) == pytest.approx([0.5], abs=1e-3)


@pytest.mark.parametrize(
    ("forward", "claimed"),
    [
        (lambda x: np.round(2 * x) / 2, 1.0),  # everywhere
        (lambda x: np.where(x > 8.2, 20 + 0 * x, 0 * x), 2.5),  # on one side
        (lambda x: np.maximum(x - 8.2, 0) + np.maximum(8 - x, 0), 0.01),  # kinks
        (in_halves_above_6, 0.0),  # no step sees what is claimed better than the smallest
    ],
)
def test_other_jumps_and_kinks_are_no_rounding(forward, claimed):
    assert jumps(forward, 8.01, claimed) == [0.0]


def test_a_floor_is_not_differentiated_as_if_it_were_none():
    x = np.array([0.3123, 1.7456])
    assert check_vjp(lambda x: (np.round(100 * x) / 100, x), lambda dout, x: dout, x).passed is False


def ratio(x):
    return (np.exp(x) - 1) / x  # 1 + x / 2, in steps of rounding as large as eps / x


@pytest.mark.parametrize(
    ("dtype", "x"), [(np.float64, 1.2573e-12), (np.float64, 1e-8), (np.float32, 1.2573e-3)]
)
def test_rounding_that_a_tiny_divisor_makes_large_refuses_no_right_gradient(dtype, x):
    x = np.array([x]).astype(dtype)
    check = check_vjp(lambda x: (ratio(x.astype(dtype)), x), lambda dout, x: dout * (0.5 + x / 3), x)
    assert check.passed is not False


def test_steps_that_are_there_where_an_entry_is_one_are_no_rounding():
    x = np.array([1.2573e-3, -1.321e-4])
    check = check_vjp(lambda x: (np.floor(1e6 * x) / 1e6 / x, x), lambda dout, x: dout / 2, x)
    assert check.passed is False


def test_jumps_as_small_as_the_rounding_of_what_outputs_reach_are_rounding():
    z = -np.array([24.18579415, 24.77585829, 33.02761185])
    losses = lambda z: (-np.log(1 - probability(z)).sum(), z)  # noqa: E731
    assert check_vjp(losses, lambda dout, z: dout * probability(z), z).passed is not False
    assert check_vjp(losses, lambda dout, z: -dout * probability(z), z).passed is False


def test_jumps_and_roughness_are_those_of_outputs_times_dout():
    def forward(a, x):
        return np.array([7 * x[1], 3 * x[1] + 0.5 * (x[1] > 8.2), np.round(20 * x[1]) / 20])

    point = point_of(forward, np.ones(3), np.array([0.3, 8.01, 0.4]), dout=[1.0, -2.0, -4.0])
    two = point_of(lambda a, x: forward(a, x)[:2], *point.inputs, dout=[1.0, -2.0])
    assert _jump(two, 1, 1, 0.0125, 0.4) == pytest.approx([0.0, 1.0], abs=1e-3)
    straight, jump, steps = _roughness(point, 1, 1, 0.5)
    single = point_of(lambda x: forward(None, np.array([0.0, x[0]]))[2], np.array([8.01]))
    assert straight == pytest.approx(0.0, abs=1e-9)
    assert 0.2 < jump < 1.0
    assert steps == pytest.approx(4 * _roughness(single, 0, 0, 0.5)[0])


@pytest.mark.parametrize("entry", [1e-3, -1e-3])
def test_outputs_are_looked_at_where_a_small_entry_is_one_and_the_others_are_as_they_are(entry):
    def forward(a, x):
        if x[0] != 0.3 or a[0] != -2.0:
            return np.full(3, np.nan)
        return np.array([np.sin(x[1]), np.floor(1e6 * x[1]), 1e9 + np.cos(x[1])])

    point = point_of(forward, np.array([-2.0, 5.0]), np.array([0.3, entry, 0.4]), dout=[1.0, -2.0, 3.0])
    reach = point.epsilon**0.25
    assert _smooth_at_one(point, 1, 1, 0.9 * reach).tolist() == [True, False, True]
    assert _smooth_at_one(point, 1, 1, 1.1 * reach).tolist() == [False] * 3
    nowhere = point_of(lambda x: np.where(np.abs(x) > 0.9, np.nan, x), np.array([entry]))
    assert _smooth_at_one(nowhere, 0, 0, 0.9 * reach).tolist() == [False]


def test_a_jump_is_found_by_halving_twelve_times_and_a_curve_is_looked_at_in_seventeen_places():
    seen = []

    def forward(x):
        seen.append(x[1] - 8.0)
        return x[1] ** 3 + (x[1] > 8.3)

    point = point_of(forward, np.array([0.3, 8.0, 0.4]))
    seen.clear()
    _jump(point, 0, 1, 0.1, 0.5)
    assert seen[:2] == pytest.approx([0.1, 0.5])
    assert seen[2:5] == pytest.approx([0.3, 0.4, 0.35]) or seen[2:5] == pytest.approx([0.3, 0.2, 0.25])
    assert len(seen) == 2 + 12 + 2
    seen.clear()
    _roughness(point, 0, 1, 0.5)
    assert sorted(seen) == pytest.approx(sorted(0.5 * np.cos(np.arange(17) * np.pi / 16)), abs=1e-12)
    assert _roughness(point_of(lambda x: x[1] ** 4, np.array([0.3, 8.0, 0.4])), 0, 1, 0.5) > 1e-3


def rounding_jumps(monkeypatch, jump, *, numbers=1e8, most=1.0, nearer=None, at_one=False, claimed=2.0):
    """What is taken for rounding where rungs see slopes of 3, 1 and 1, and where jumps were looked for."""
    asked = []

    def jumps_between(point, argument, index, near, far):
        asked.append((argument, index, near, far))
        return jump(far)

    stand_ins = {
        "_jump": jumps_between,
        "numbers_reached": lambda *place: np.full(2, numbers) if place[1:] == (1, 2) else np.nan,
        "most_of_rounding": lambda point: np.full(2, most),
        "_roughness": lambda point, *place: (
            np.array(nearer) if (point, *place[:2]) == ("near", 1, 2) else None
        ),
        "_smooth_at_one": lambda point, *place: np.full(2, at_one and place[:2] == (1, 2)),
    }
    for name, stand_in in stand_ins.items():
        monkeypatch.setattr(room, name, stand_in)
    x = np.array([4.0, -2.0, 8.0])

    def at(inputs):
        assert [one.tolist() for one in inputs] == [[0.5], [2.0, -1.0, 4.0]]
        return None if nearer is None else ("near", None)

    point = SimpleNamespace(
        out=np.zeros(2), dout=np.array([2.0, -2.0]), epsilon=1e-10, inputs=[np.ones(1), x], at=at
    )
    rungs = [slopes_of(step, slope, slope) for step, slope in ((256.0, 3.0), (16.0, 1.0), (1.0, 1.0))]
    found = jumps_of_rounding(point, 1, 2, rungs, rungs[-1], claimed)
    return found.tolist(), asked


def test_jumps_are_looked_for_beyond_the_rungs_that_agree_up_to_sixteen_times_as_far(monkeypatch):
    found, asked = rounding_jumps(monkeypatch, lambda far: np.zeros(2))
    assert found == [0.0, 0.0]
    assert asked == [(1, 2, side * 16.0, side * 256.0 * times) for times in (1, 4, 16) for side in (1, -1)]
    found, asked = rounding_jumps(monkeypatch, lambda far: np.array([0.5, 0.3]) * (abs(far) > 1000))
    assert found == [0.5, 0.3]
    assert len(asked) == 4
    for claimed in (1.0, 6.0):  # nothing is off, or the larger rung sees nothing else
        assert rounding_jumps(monkeypatch, lambda far: np.ones(2), claimed=claimed) == ([0.0, 0.0], [])


def test_a_jump_is_on_both_sides_and_as_large_to_a_tenth(monkeypatch):
    for one, other, found in ((0.5, 0.051, 0.051), (0.5, 0.049, 0.0), (0.051, 0.5, 0.051)):
        seen = lambda far, a=one, b=other: np.array([a if far > 0 else b, 0.0])  # noqa: E731
        assert rounding_jumps(monkeypatch, seen)[0] == [found, 0.0]
    assert rounding_jumps(monkeypatch, lambda far: np.full(2, 0.5) if far > 0 else None)[0] == [0.5, 0.5]
    assert rounding_jumps(monkeypatch, lambda far: None)[0] == [0.0, 0.0]


@pytest.mark.parametrize("jump", [0.5, 2.0])
def test_a_jump_is_rounding_of_large_numbers_or_not_there_nearer_to_zero_or_at_one(jump, monkeypatch):
    def found(**known):
        return rounding_jumps(monkeypatch, lambda far: np.array([jump, jump / 2]), **known)[0]

    whole, nothing = [jump, jump / 2], [0.0, 0.0]
    units = 64 * 1e-10 * 2
    for share, same in ((1.02, whole), (0.98, nothing)):
        assert found(numbers=share * jump / units, most=3.0) == same
        assert found(numbers=1e12, most=share * jump) == same
    assert found(most=0.0) == nothing
    assert found(most=0.0, at_one=True) == whole
    for share, same in ((0.98, [jump, 0.0]), (1.02, nothing)):
        assert found(most=0.0, nearer=[share * jump / 64, 1.0]) == same
