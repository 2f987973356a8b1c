import numpy as np
import pytest

from course_lib.gradcheck.lines import slopes
from course_lib.gradcheck.lines.slopes import Measured, measure

MOMENT = (4, 2)
EPSILON = 2.0**-52


def measured(f, x):
    """Return what is measured of a loss that is a function of the value of one moment."""

    def loss(changes):
        assert set(changes) <= {MOMENT}
        value = np.array(x, dtype=float)
        return float(f(changes[MOMENT](value) if changes else value))

    return measure(loss, MOMENT, np.array(x, dtype=float))


def test_the_gradient_of_a_loss_is_measured_entry_by_entry():
    x = np.array([[0.5, -1.0], [2.0, 0.0]])
    found = measured(lambda x: np.sum(np.sin(x)), x)
    assert found.value == pytest.approx(np.cos(x), abs=1e-9)
    assert found.known
    assert not found.zero


def test_who_waits_for_many_entries_sees_how_many_there_are(monkeypatch):
    seen = []
    monkeypatch.setattr(slopes, "watched", lambda steps, label, total: seen.append(total) or steps)
    assert measured(np.sum, np.ones((2, 3))).value == pytest.approx(np.ones((2, 3)))
    assert seen == [6]


def points(x):
    """Return how far each entry is moved."""
    seen = []

    def f(value):
        seen.append(value - np.array(x))
        return 0.0

    measured(f, x)
    return seen


def test_the_step_is_that_of_the_entry_or_of_the_root_of_the_mean_square():
    root = EPSILON ** (1 / 3)
    rms = np.sqrt((3.0**2 + 0.0 + 0.0 + 1.0) / 4)
    moved = points([-3.0, 0.0, 0.0, 1.0])
    assert len(moved) == 1 + 2 * 4
    for entry, size in enumerate((3.0, rms, rms, rms)):
        ahead, behind = moved[1 + 2 * entry : 3 + 2 * entry]
        assert ahead[entry] == pytest.approx(size * root, rel=1e-9)
        assert behind[entry] == pytest.approx(-size * root, rel=1e-9)
        assert not np.delete(ahead, entry).any()
    assert points([0.0])[1] == pytest.approx(root)
    assert points([1e200, 0.0])[3][1] == pytest.approx(np.sqrt(0.5) * 1e200 * root)


def test_what_is_allowed_is_a_fraction_of_the_largest_slope_and_the_rounding_of_the_loss():
    for sign in (1, -1):
        found = measured(lambda x, sign=sign: sign * (3 * x[0] - 7 * x[1] + 1e5), [1.0, 2.0])
        assert sign * found.value == pytest.approx([3.0, -7.0], abs=1e-4)
        steps = EPSILON ** (1 / 3) * np.array([np.sqrt(2.5), 2.0])
        assert found.allowed == pytest.approx(7e-5 + 16 * EPSILON * 2 * 99989.0 / steps, rel=1e-5)


def test_a_loss_that_depends_on_nothing_has_no_slope():
    found = measured(lambda x: 5.0, [1.0, 2.0])
    assert found.zero
    assert found.value.tolist() == [0.0, 0.0]
    assert measured(lambda x: np.abs(x).sum(), [0.0]).allowed.tolist() == [
        16 * EPSILON * EPSILON ** (1 / 3) / EPSILON ** (1 / 3)
    ]


def test_an_entry_on_a_kink_or_without_a_value_is_not_known():
    found = measured(lambda x: np.abs(x).sum(), [0.0, 1.0])
    assert np.isnan(found.value).tolist() == [True, False]
    assert found.known
    nowhere = measured(lambda x: np.nan, [1.0, 2.0])
    assert not nowhere.known
    assert not nowhere.agrees(np.zeros(2))


@pytest.mark.parametrize(("bend", "known"), [(0.8e-2, True), (1.2e-2, False)])
def test_slopes_to_both_sides_may_differ_by_a_hundredth_of_the_larger(bend, known):
    for sign in (100, -100):
        found = measured(
            lambda x, sign=sign: sign * np.where(x > 1.0, x - 1, (1 - bend) * (x - 1)).sum(), [1.0]
        )
        assert found.known is known


KNOWN = Measured(np.array([1.0, np.nan, -3.0]), np.array([0.1, 0.1, 0.2]))


@pytest.mark.parametrize(
    ("gradient", "agrees"),
    [
        ([1.0, 9.0, -3.0], True),
        ([1.09, 9.0, -3.19], True),
        ([0.91, np.nan, -2.81], True),
        ([1.11, 9.0, -3.0], False),
        ([1.0, 9.0, -2.79], False),
        ([np.nan, 9.0, -3.0], False),
        ([1.0, 9.0], False),
        ([[1.0, 9.0, -3.0]], False),
    ],
)
def test_a_gradient_agrees_if_every_entry_that_is_known_does(gradient, agrees):
    assert KNOWN.agrees(np.array(gradient)) is agrees
    assert not KNOWN.agrees(None)


def test_in_the_place_of_a_gradient_its_own_entries_stay_where_nothing_is_known():
    assert KNOWN.instead_of(np.array([5.0, 6.0, 7.0])).tolist() == [1.0, 6.0, -3.0]
    assert KNOWN.instead_of(np.array([5.0, 6.0])).tolist() == [1.0, 0.0, -3.0]


def test_the_worst_entry_is_the_farthest_of_those_that_are_known():
    assert KNOWN.worst(np.array([1.5, 99.0, -3.2])) == (0,)
    assert KNOWN.worst(np.array([1.5, 99.0, -4.2])) == (2,)
    assert KNOWN.worst(np.array([1.0, 99.0, -3.0])) == (0,)
    assert Measured(np.zeros((2, 2)), np.zeros((2, 2))).worst(np.array([[0.0, 1.0], [-2.0, 0.5]])) == (1, 0)


def test_a_slope_is_zero_within_what_is_allowed_in_every_entry():
    allowed = np.array([0.1, 0.2])
    assert Measured(np.array([0.1, -0.2]), allowed).zero
    assert not Measured(np.array([0.1, -0.21]), allowed).zero
    assert not Measured(np.array([np.nan, 0.0]), allowed).zero


def test_a_value_below_all_steps_is_measured_as_zero_is():
    assert measured(lambda x: 3 * x.sum(), np.array([5e-324])).value == pytest.approx([3.0])
