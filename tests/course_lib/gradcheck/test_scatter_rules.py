"""The rules by which what scatters is taken for rounding, one at a time."""

from dataclasses import replace

import numpy as np
import pytest
from points_under_test import point_of

from course_lib import check_gradient
from course_lib.gradcheck import scatter
from course_lib.gradcheck.arrays import SINGLE
from course_lib.gradcheck.noise import measure
from course_lib.gradcheck.scatter import _differences, _outputs_beside, _typical, rounding_around


def naive(x):
    return (1 - np.cos(x)) / x**2


def around(function, x, least=0.0):
    point = measure(point_of(function, np.array([x])), 0)
    return rounding_around(point, 0, 0, least)[0]


def test_rounding_is_what_scatters_alike_at_two_distances_on_both_sides():
    assert 1e-10 < around(naive, 2e-4) < 1e-8
    assert around(lambda x: np.exp(x), 1.3) < 1e-14
    for near, far in ((1e-5, 2e-4), (3e-6, 5e-5)):  # kinks on both sides
        assert around(lambda x, a=near, b=far: abs(x - 1 - a) + abs(x - 1 + b), 1.0) < 1e-14
    assert around(lambda x: np.sin(1e5 * x), 1.3) < 1e-9
    for function in (np.sqrt, np.log, np.reciprocal):  # they look alike from any distance
        assert around(lambda x, f=function: f(x - 1), 1 + 1e-9) <= 1e-13 * abs(function(1e-9))
    assert around(lambda x: np.sin(1e7 * x), 1.3) == 0.0  # its size is no rounding
    assert around(lambda x: np.sqrt(x), 1e-30) < 1e-29


@pytest.mark.parametrize("x", [2.08e-5, -6.1e-5, 3e-5, 1.7e-5])
def test_outputs_that_move_by_as_many_steps_from_one_sample_to_the_next_show_their_rounding(x):
    assert (
        1e-9 < around(naive, x) < 1e-6
    )  # 2.08e-5 moved by a few times 4e-5 of itself: all differences are alike
    check = check_gradient(lambda x: float(naive(x)), x, lambda x: -x / 12)
    assert check.passed is None


def test_rounding_too_little_to_matter_is_not_looked_for():
    calls = []

    def function(x):
        calls.append(1)
        return naive(x)

    point = measure(point_of(function, np.array([2e-4])), 0)
    calls.clear()
    assert rounding_around(point, 0, 0, 1.0).tolist() == [0.0]
    assert len(calls) == 8
    assert rounding_around(point, 0, 0, 0.0)[0] > 0
    assert len(calls) == 8 + 8 + 4 * 16 + 4  # the last ones tell how large the numbers are


A = 1e-9


@pytest.fixture
def evenly(monkeypatch):
    """Outputs are looked at as far apart as they alternate."""
    monkeypatch.setattr(scatter, "WIDENS", 0.0)


def scattering(far, left=True, most=np.inf):
    """One output near 1 of which samples alternate by A, and farther away by so many times A."""

    def function(x):
        away = abs(x - 1)
        if away > most:
            return x * np.nan
        apart, size = (4e-6, 1.0) if away < 6.6e-5 else (4e-5, far)
        return 1 + A * size * (-1) ** np.round(away / apart) * (left or x >= 1)

    return function


@pytest.mark.usefixtures("evenly")
@pytest.mark.parametrize(("far", "seen"), [(1.0, True), (7.0, True), (9.0, False)])
def test_rounding_is_known_by_its_size_which_is_less_than_eight_times_as_much_farther_away(far, seen):
    size = 16 * A / np.sqrt(70) * far  # fourth differences of what alternates
    assert around(scattering(far), 1.0) == pytest.approx(size if seen else 0.0, rel=1e-6)


@pytest.mark.usefixtures("evenly")
@pytest.mark.parametrize(("times", "seen"), [(1e5, True), (1e7, False)])
def test_what_scatters_by_more_than_a_thousandth_of_an_output_is_no_rounding_of_it(times, seen):
    assert bool(around(lambda x: 1e-7 * (1 + times * (scattering(1.0)(x) - 1)), 1.0)) is seen


@pytest.mark.usefixtures("evenly")
def test_what_scatters_to_one_side_alone_is_a_kink():
    assert around(scattering(1.0, left=False), 1.0) < 1e-14


@pytest.mark.usefixtures("evenly")
def test_where_a_domain_ends_rounding_is_seen_in_the_other_samples():
    assert around(scattering(1.0, most=15.5 * 4e-5), 1.0) == pytest.approx(16 * A / np.sqrt(70), rel=1e-6)


@pytest.mark.usefixtures("evenly")
@pytest.mark.parametrize(("share", "seen"), [(0.99, True), (1.01, False)])
def test_the_largest_of_a_few_differences_shows_how_much_rounding_may_be(share, seen):
    most = 6 * 64 * A / np.sqrt(924)  # sixth differences of what alternates
    assert bool(around(scattering(1.0), 1.0, share * most)) is seen


def test_the_entry_that_is_asked_about_is_moved_in_its_own_argument():
    def function(a, x, b):
        return naive(x[1:2]) + 0 * (a.sum() + b.sum())

    point = measure(point_of(function, np.ones(2), np.array([5.0, 2e-4, 7.0]), np.ones(4)), 0)
    assert 1e-10 < rounding_around(point, 1, 1, 0.0)[0] < 1e-8
    assert rounding_around(point, 1, 2, 0.0)[0] == 0.0


def typical(*differences):
    return _typical(np.array(differences)[:, None]).tolist()


def test_differences_of_rounding_change_their_sign_about_every_second_time():
    assert typical(1.0, -2.0, -3.0, 5.0) == [2.5]
    assert typical(1.0, 2.0, -3.0, -5.0) == [0.0]
    assert typical(-1.0, 2.0, -3.0, -4.0, -5.0) == [3.0]
    assert typical(*[-1.0] * 13) == typical(*[1.0] * 13) == typical(*[1e-200] * 13) == [0.0]
    assert typical(np.inf, 0.0, 1.0, -1.0, 1.0) == [1.0]


@pytest.mark.parametrize("nothing", [np.nan, np.inf])
def test_where_outputs_have_no_value_around_there_is_no_rounding_to_be_seen(nothing):
    assert around(lambda x: np.where(abs(x - 1) < 1e-6, x, nothing), 1.0) == 0.0


def differences(function, order, count, x=1.0):
    return _differences(_outputs_beside(point_of(function, np.array([x])), 0, 0, 0.25, count), order)


@pytest.mark.usefixtures("evenly")
def test_differences_are_zero_of_a_line_and_infinite_where_there_are_no_outputs():
    assert differences(lambda x: 4 + x, 2, 4).tolist() == [[0.0], [0.0]]
    assert differences(lambda x: 1e9 + 0 * x, 4, 6).tolist() == [[0.0], [0.0]]
    curved, nothing = differences(lambda x: np.where(x < 1.6, x**2, np.nan), 2, 4).ravel()
    assert [curved, nothing] == pytest.approx([0.125 / np.sqrt(6), np.inf], rel=1e-14, abs=0)


def test_differences_of_powers_below_their_order_are_rounding_also_where_places_are_not_as_far_apart():
    assert np.abs(differences(lambda x: x**2 + x**3, 4, 9)).max() < 1e-14
    assert np.abs(differences(lambda x: x**4, 4, 9)).max() > 1e-3
    scattered = np.random.default_rng(0).normal(size=2000)
    assert np.sqrt(np.mean(_differences(scattered[:, None], 4) ** 2)) == pytest.approx(1, rel=0.1)


def test_the_entry_that_is_asked_about_is_the_one_that_moves():
    single = around(naive, 2e-4)
    a, x = np.array([1e3]), np.array([5.0, 7.0, 2e-4, 9.0, 1e-30])
    point = measure(point_of(lambda a, x: naive(x[2]) + 0 * a[0], a, x), 0)
    assert rounding_around(point, 1, 2, 0.0)[0] == pytest.approx(single, rel=0.5)
    for argument, index in ((0, 0), (1, 0), (1, 1), (1, 3), (1, 4)):
        assert rounding_around(point, argument, index, 0.0)[0] == 0.0


@pytest.mark.parametrize(("entry", "size"), [(-3.0, 3.0), (2.0, 2.0), (0.0, np.sqrt(61 / 3))])
def test_outputs_are_looked_at_on_both_sides_at_two_distances_in_units_of_the_entry(entry, size):
    seen = []

    def function(x):
        seen.append(x[1])
        return naive(1e-4 * (x[1] + 10))

    point = measure(point_of(function, np.array([5.0, entry, 6.0])), 0)
    seen.clear()
    rounding_around(point, 0, 1, 0.0)
    places = np.arange(17) + 0.0211 * np.arange(17) ** 2
    away = (np.array(seen) - entry) / size
    assert away[:8] == pytest.approx(4e-5 * places[1:9], rel=1e-6)
    for k, spacing in enumerate([4e-5, -4e-5, 4e-6, -4e-6]):
        assert away[8 + 16 * k : 24 + 16 * k] == pytest.approx(spacing * places[1:], rel=1e-5)


@pytest.mark.usefixtures("evenly")
@pytest.mark.parametrize(("share", "seen"), [(0.98, True), (1.02, False)])
def test_rounding_is_a_thousandth_of_an_output_at_most(share, seen):
    times = share * 1e-3 / (A * 16 / np.sqrt(70))
    assert bool(around(lambda x: 1e-7 * (1 + times * (scattering(1.0)(x) - 1)), 1.0)) is seen


def test_of_three_differences_one_has_to_change_its_sign_and_in_single_precision_none_is_looked_at():
    assert typical(1.0, 2.0, -3.0) == [2.0]
    assert typical(1.0, 2.0, 3.0) == [0.0]
    point = measure(point_of(naive, np.array([2e-4])), 0)
    assert rounding_around(point, 0, 0, 0.0)[0] > 0
    assert rounding_around(replace(point, epsilon=SINGLE), 0, 0, 0.0)[0] == 0
    assert rounding_around(replace(point, dout=-point.dout), 0, 0, 1e-12)[0] > 0
