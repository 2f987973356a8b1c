import numpy as np
import pytest
from points_under_test import point_of, slopes_of

from course_lib import check_gradient, check_vjp
from course_lib.gradcheck import nearby as room
from course_lib.gradcheck.first_step import first_steps
from course_lib.gradcheck.nearby import Nearby
from course_lib.gradcheck.noise import measure

TIED = np.array([0.3, 1.7, 1.7, 1.7, 2.9])
WEIGHTS = np.array([1.0, -2.0, 5.0, 0.5, 3.0])


def ordered(x):
    return np.argsort(x, kind="stable")


def sorted_sum(x):
    return np.sort(x) @ WEIGHTS


def placed(dout, cache):
    gradient = np.zeros(5)
    gradient[ordered(cache[0])] = WEIGHTS * dout
    return gradient


def around(claimed, forward=sorted_sum, backward=placed, x=TIED, here=None, allowed=1e-9, dout=None):
    point = measure(point_of(forward, x, backward=backward, dout=dout), 0)
    here = slopes_of(1e-5, -2.0, 0.5) if here is None else here
    return Nearby(point).slopes_of_entry(0, 2, claimed, here, allowed)


def test_an_entry_that_ties_may_take_any_place_that_it_takes_near_by():
    found = around(5.0)
    assert (found.low, found.high) == pytest.approx((-2.0, 5.0))
    assert around(4.0) is not None
    assert around(5.01) is None
    assert around(-2.01) is None


def test_sides_are_the_least_and_the_largest_of_each_output():
    def backward(dout, cache):
        gradient = np.zeros(5)
        gradient[ordered(cache[0])] = dout
        return gradient

    here = slopes_of(1e-5, [0.0, -2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5, 0.0])
    found = around(5.0, np.sort, backward, here=here, dout=WEIGHTS)
    assert found.left == pytest.approx([0, -2, 0, 0, 0], abs=1e-6)
    assert found.right == pytest.approx([0, 0, 5, 0.5, 0], abs=1e-6)
    assert (found.low, found.high) == pytest.approx((-2.0, 5.5))


def test_a_gradient_that_is_wrong_near_by_is_wrong():
    def doubled(dout, cache):
        return 2 * placed(dout, cache)

    assert around(10.0, backward=doubled) is None
    assert around(5.0 * 1.00001, backward=lambda dout, cache: 1.00001 * placed(dout, cache)) is None


def test_where_nothing_ties_few_places_are_looked_at(monkeypatch):
    calls = []

    def forward(x):
        calls.append(x)
        return np.sum(x**2)

    here = slopes_of(1e-5, 3.0, 3.0)
    assert around(2.0, forward, lambda dout, cache: dout * 2 * cache[0], np.ones(5), here) is not None
    looked = len(calls)
    monkeypatch.setattr(room, "FIRST_PLACES", 24)
    calls.clear()
    around(2.0, forward, lambda dout, cache: dout * 2 * cache[0], np.ones(5), here)
    assert len(calls) == looked + 12


def test_a_claim_that_all_places_give_is_right_there_but_none_of_nothing():
    def kept(x):  # which entry is left out changes with the place, and few are
        return np.sort(x)[1:-1].mean()

    def share(dout, cache):
        gradient = np.zeros(40)
        gradient[ordered(cache[0])[1:-1]] = dout / 38
        return gradient

    assert check_vjp(kept, share, np.ones(40)).passed is True
    assert check_vjp(kept, lambda dout, cache: share(dout, cache) / 2, np.ones(40)).passed is False
    steps = np.array([0.3, -0.8])
    assert check_vjp(lambda x: np.round(x, 7), lambda dout, x: 0 * dout, steps).passed is not True


def test_a_gradient_that_is_wrong_at_a_first_place_needs_no_others():
    claims, wrong_ones = [], []

    def backward(dout, cache):
        claims.append(None)
        return dout * (3 if len(claims) in wrong_ones else 2) * cache[0]

    point = measure(point_of(lambda x: np.sum(x**2), np.ones(5), backward=backward), 0)
    for wrong, looked_at in ((1, 1), (2, 2), (3, room.PLACES)):
        claims.clear()
        wrong_ones[:] = [wrong]
        Nearby(point).slopes_of_entry(0, 2, 2.0, slopes_of(1e-5, 3.0, 3.0), 0.2)
        assert len(claims) == looked_at


def test_a_claim_that_hardly_differs_and_a_large_problem_are_not_looked_at(monkeypatch):
    assert around(5.0, here=slopes_of(1e-5, 5.0004, 5.0004)) is None
    assert around(5.0, here=slopes_of(1e-5, 5.0006, 5.0006)) is not None
    assert around(5.0, allowed=1.4) is not None
    assert around(5.0, allowed=1.5) is None
    monkeypatch.setattr(room, "MOST_ENTRIES", 4)
    assert around(5.0) is None


def test_places_are_no_farther_than_a_hundredth_of_the_step_that_shows_the_slope():
    seen = []

    def forward(x):
        seen.append(x)
        return sorted_sum(x)

    for step, farthest in ((1.0, 1e-2), (1e-8, 1e-2 * 1e-8)):
        seen.clear()
        point = measure(point_of(forward, TIED, backward=placed), 0)
        seen.clear()
        Nearby(point).slopes_of_entry(0, 2, 5.0, slopes_of(step, -2.0, 0.5), 1e-9)
        usual = np.finfo(float).eps ** (1 / 3) * 2.9
        limit = min(farthest * usual, farthest) if step == 1.0 else farthest * 1.8
        away = max(float(np.abs(x - TIED).max()) for x in seen)
        assert limit / 2 < away < 1.1 * limit


def test_what_is_claimed_is_that_of_a_place_to_a_millionth():
    assert around(5.0 * (1 + 0.9e-6)) is not None
    assert around(5.0 * (1 + 1.1e-6)) is None


def test_where_something_ties_64_places_are_looked_at_and_the_first_by_a_fiftieth_of_their_distance():
    seen = []

    def forward(x):
        seen.append(x)
        return sorted_sum(x)

    point = measure(point_of(forward, TIED, backward=placed), 0)
    seen.clear()
    assert Nearby(point).slopes_of_entry(0, 2, 5.01, slopes_of(1.0, -2.0, 0.5), 1e-9) is None
    assert len(seen) == 64 + 2 * room.LOOKED_AT + 2 * room.OWN_PLACES
    usual = np.finfo(float).eps ** (1 / 3) * np.sqrt(np.mean(TIED**2))
    assert seen[1][2] - seen[2][2] == pytest.approx(2 * usual / 100 / 50, rel=1e-3)


@pytest.mark.parametrize(("kinked", "known"), [(7, True), (8, False)])
def test_eight_places_are_tried_where_others_lie_on_a_kink(kinked, known, monkeypatch):
    asked = {}

    class Kinked:
        def __init__(self, place):
            self.number = asked.setdefault(id(place), len(asked))

        def along_entry(self, argument, index, step):
            return slopes_of(step, 5.0, 5.0 if self.number >= kinked else 9.0)

    monkeypatch.setattr(room, "Prober", Kinked)
    monkeypatch.setattr(room, "OWN_PLACES", 0)
    assert (around(5.0) is not None) is known


def test_a_backward_that_fails_near_by_says_nothing():
    def backward(dout, cache):
        raise ValueError("too close")

    assert around(5.0, backward=backward) is None


def test_given_numbers_are_held_against_the_slopes_near_by():
    right = np.zeros(5)
    right[ordered(TIED)] = WEIGHTS
    assert check_gradient(sorted_sum, TIED, right).passed is True
    wrong = right.copy()
    wrong[2] = 5.01
    assert check_gradient(sorted_sum, TIED, wrong).passed is False


@pytest.mark.parametrize("factor", [1.001, 1.01, 2.0])
@pytest.mark.parametrize("offset", [1e-5, 1e-7])
def test_curvature_is_no_tie(factor, offset):
    a = np.arange(1.0, 30.0)
    factors = np.where(np.arange(29) == 14, factor, 1.0)

    def gradient(x):
        return 2 * (x - a) * factors

    for given in (gradient, gradient(a + offset)):
        assert check_gradient(lambda x: np.sum((x - a) ** 2), a + offset, given).passed is False


def test_a_given_number_that_is_off_by_less_than_a_hundredth_of_what_slopes_differ_by_may_be_curvature():
    point = measure(point_of(sorted_sum, TIED), 0)
    point.pair.given = True
    for claimed, known in ((4.96, False), (4.98, True)):  # around, slopes are from -2 to 5
        found = Nearby(point).slopes_of_entry(0, 2, claimed, slopes_of(1e-5, 4.9, 4.9), 1e-9)
        assert (found is not None) is known


@pytest.mark.parametrize("sign", [1, -1])
def test_together_no_entry_moves_farther_than_alone(sign, monkeypatch):
    asked = []
    monkeypatch.setattr(Nearby, "_outputs_allow", lambda nearby, *args: bool(asked.append(args)))
    x, w = np.array([300.0, 400.0, 1.0, 0.0]), np.array([6.0])
    nearby = Nearby(point_of(lambda x, w: x.sum() + w, x, w))
    move = {0: np.array([0.0, 2e-3, -1e-3, 0.0]), 1: np.array([-1e-5])}
    assert nearby.allows_move(move, sign * 3.0, sign * 7.0, 0.5) is False
    ((look,),) = asked
    unit = 400.0 / 2e-3
    assert look.direction[0] == pytest.approx(unit * move[0])
    assert look.direction[1] == pytest.approx(unit * move[1])
    usual = 2.0 ** (-52 / 3)
    assert look.scale == pytest.approx(min(1.0, 1 / (unit * usual)))
    assert (look.value, look.allowed) == pytest.approx((sign * 3 * unit, unit / 2))
    point = nearby._point
    assert look.slopes_of(point).step == pytest.approx(2e-4 * look.scale * usual)


def test_entries_that_move_together_add_up_to_what_they_do_near_by():
    point = measure(point_of(sorted_sum, TIED, backward=placed), 0)
    move = {0: np.array([0.0, 1.0, -1.0, 2.0, 0.0]) * 1e-5}
    total = float(placed(1.0, (TIED,)) @ move[0])
    assert Nearby(point).allows_move(move, total, total - 1e-5, 1e-12)
    assert not Nearby(point).allows_move(move, 13e-5, 5e-5, 1e-12)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ties", [3, 7])
def test_any_order_of_what_ties_is_right_and_giving_all_to_each_is_not(seed, ties):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=9)
    chosen = np.argsort(x)[1 : 1 + ties]
    x[chosen] = x[chosen[0]]

    def right(dout, order):
        gradient = np.zeros(9)
        gradient[order] = dout
        return gradient

    assert check_vjp(lambda x: (np.sort(x), ordered(x)), right, x, seed=seed).passed is True
    middle = x.copy()
    middle[np.argsort(x)[3:6]] = np.median(x)
    everywhere = check_vjp(lambda x: (np.median(x), x == np.median(x)), lambda d, m: d * m, middle, seed=seed)
    shared = check_vjp(
        lambda x: (np.median(x), x == np.median(x)), lambda d, m: d * m / m.sum(), middle, seed=seed
    )
    assert (everywhere.passed, shared.passed) == (False, True)


def test_a_gradient_of_plain_numbers_that_vanishes_by_chance_is_wrong_all_the_same():
    """A wrong factor is zero at this point and of both signs around it, while the slopes are not."""

    def neuron(w0, x0, w1, x1, w2):
        dot = w0 * x0 + w1 * x1 + w2
        return 1 / (1 + np.exp(-dot)), (w0, x0, w1, x1, dot)

    def backward(dout, cache):
        w0, x0, w1, x1, dot = cache
        ddot = (1 - dot) * dot * dout
        return x0 * ddot, w0 * ddot, x1 * ddot, w1 * ddot, ddot

    check = check_vjp(neuron, backward, 2.0, -1.0, -3.0, -2.0, -3.0)
    assert [argument.wrong for argument in check.arguments] == [True] * 5
    assert "kink" not in str(check)


def test_plain_numbers_that_tie_are_moved_apart():
    def backward(dout, numbers):
        return tuple(dout * (np.argsort(numbers, kind="stable")[1] == np.arange(3)))

    assert check_vjp(lambda *numbers: (float(np.median(numbers)), numbers), backward, 0.7, 0.7, 0.7).passed


@pytest.mark.parametrize("weights", [np.linspace(-1, 1, 7) ** 3, np.array([0, 0.3, 0.7, 0, 0])])
def test_any_entry_that_ties_takes_each_place_near_by(weights):
    x = np.full(weights.size, -0.22853537)
    for turns in range(weights.size):
        share = np.roll(weights, turns)
        assert check_gradient(lambda x: weights @ np.sort(x), x, share).passed, turns


def softmax(scores):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("seed", "loss"), [(412, "none"), (488, "none"), (435, "squares"), (691, "squares"), (553, "softmax")]
)
def test_units_that_are_all_exactly_zero_may_all_be_off_or_all_on(seed, loss):
    rng = np.random.default_rng(seed)
    n, d, h, k = rng.integers(2, 7), rng.integers(1, 4), rng.integers(2, 6), rng.integers(1, 4)
    x, w = rng.integers(-2, 3, (n, d)) * 1.0, rng.integers(-2, 3, (d, h)) * 1.0
    v = rng.integers(-2, 3, (h, k)) * 1.0 if rng.random() < 0.5 else rng.normal(size=(h, k))
    on_at_zero = rng.random() < 0.5
    truth = np.arange(n), rng.integers(0, k, n)

    def forward(w, b, v):
        a = x @ w + b
        out = np.maximum(a, 0) @ v
        p = softmax(out)
        losses = {"none": out, "squares": np.sum(out**2), "softmax": -np.log(p[truth]).mean()}
        p[truth] -= 1
        local = {"none": np.ones_like(out), "squares": 2 * out, "softmax": p / n}
        return losses[loss], (a, v, local[loss])

    def off_by(factor):
        def backward(dout, cache):
            a, v, local = cache
            da = (dout * local @ v.T) * ((a >= 0) if on_at_zero else (a > 0)) * factor
            return x.T @ da, da.sum(axis=0), np.maximum(a, 0).T @ (dout * local)

        return check_vjp(forward, backward, w, np.zeros(h), v).passed

    assert off_by(1.0) is True
    assert off_by(1.001) is False


def moved(number, scale=1.0):
    """How far each of eight entries is moved, in units of the farthest, at one of the places near by."""
    inputs = np.array([0.3, -1.7, 2.0]), np.array([0.0, 4.0, -8.0, 1.0, 2.0])
    point = point_of(lambda x, w: np.sum(x) + np.sum(w), *inputs)
    point.pair.given = True
    place, gradients = Nearby(point)._another(number, scale)
    assert gradients == []
    usual = [first_steps(x, point.epsilon) for x in inputs]
    parts = [
        (there - x) / (scale * 1e-2 * one) for there, x, one in zip(place.inputs, inputs, usual, strict=True)
    ]
    return np.concatenate(parts)


@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_at_the_first_places_entries_are_in_order_and_each_is_in_turn_the_first_and_the_last(scale):
    for number in range(room.FIRST_PLACES):
        turns, backwards = divmod(number, 2)
        order = np.argsort(-moved(number, scale) if backwards else moved(number, scale))
        assert order.tolist() == [(k + 2 * turns) % 8 for k in range(8)]
    assert moved(0, scale) == pytest.approx(np.linspace(-1, 1, 8), abs=1 / 20)


def test_at_the_next_places_one_argument_moves_to_one_side_far_more_than_the_others():
    for number, one, side in ((12, 0, 1), (13, 0, -1), (14, 1, 1), (15, 1, -1)):
        x, w = np.split(moved(number), [3])
        far, few = (x, w) if one == 0 else (w, x)
        assert far == pytest.approx(np.full(far.size, side), rel=1e-6)
        assert 0 < np.abs(few).max() <= 1 / 16
    later = [moved(number) for number in (16, 17, 40)]
    assert all(1 / 4 < np.abs(one).max() <= 1 for one in later)
    assert np.ptp(later, axis=0).min() > 1e-3


@pytest.mark.parametrize("sign", [1, -1])
def test_each_output_may_have_its_part_of_a_move_from_another_place(sign, monkeypatch):
    monkeypatch.setattr(room, "PLACES", 4)
    monkeypatch.setattr(room, "OWN_PLACES", 0)
    nearby = Nearby(point_of(lambda x: x, np.ones(2)))

    def allows(claimed, allowed, sides, gradient=None):
        sides = iter(sides)
        nearby._place = lambda number, scale: ("place", gradient or []) if number != 1 else None

        def slopes(place):
            known = next(sides, None)
            return known and slopes_of(0.5, *(sign * np.array(side) for side in known))

        asked = room.Asked({0: np.ones(2)}, slopes, sign * claimed, sign * -100.0, allowed, 1.0)
        return nearby._outputs_allow(asked)

    known = ([1.0, -3.0], [2.0, 0.0]), None, ([0.0, 1.0], [4.0, -1.0])
    assert allows(5.0, 0.0, known) is True
    assert allows(5.2, 0.1, known) is False
    assert allows(-3.2, 0.1, known) is False
    assert allows(-3.05, 0.1, known) is True
    assert allows(1.0, 9.0, ()) is False
    there = ([1.0, 2.0], [1.0, 2.0]), ([4.0, 5.0], [4.0, 5.0]), ([-4.0, 1.0], [-4.0, 1.0])
    claimed = [sign * np.array([1.0, 2.0])]
    assert allows(3.0, 0.0, there, claimed) is False  # right at the first, not at the next
    assert allows(3.0, 0.0, [there[0], None, there[2]], claimed) is False
    assert allows(3.0, 0.0, [there[0], there[0], there[2]], claimed) is True
    monkeypatch.setattr(room, "MOST_ENTRIES", 2)
    assert allows(5.0, 0.0, known) is True
    monkeypatch.setattr(room, "MOST_ENTRIES", 1)
    assert allows(5.0, 0.0, known) is False


def test_at_its_own_places_an_entry_moves_little_where_others_move_and_the_other_way_round():
    inputs = np.array([0.3, -1.7, 2.0]), np.array([0.0, 4.0, -8.0, 1.0])
    point = point_of(lambda x, w: np.sum(x) + np.sum(w), *inputs)
    point.pair.given = True
    asked = room.Asked({1: np.array([0.0, 0.0, 3.0, 0.0])}, lambda place: None, 1.0, 0.0, 0.0, 0.25)
    places = [place for place, _ in Nearby(point)._own_places(asked)]
    away = np.array(
        [
            np.concatenate([(there - x) / (0.25e-2 * first_steps(x, point.epsilon)) for there, x in pairs])
            for pairs in (zip(place.inputs, inputs, strict=True) for place in places)
        ]
    )
    far = np.abs(away).max(axis=0)
    little, others = np.abs(away[1::2]), np.abs(away[::2])
    assert len(places) == 2 * room.OWN_PLACES
    assert far == pytest.approx(np.ones(7), abs=0.2)
    assert little[:, 5].max() <= 1 / 16 < np.delete(little, 5, axis=1).max(axis=1).min()
    assert np.delete(others, 5, axis=1).max() <= 1 / 16 < others[:, 5].max()


@pytest.mark.parametrize("kept", [slice(2, 3), slice(1, 4)], ids=["median", "without the ends"])
@pytest.mark.parametrize("seed", [0, 3])
def test_ordered_products_may_have_any_order_at_zero_but_no_gradient_of_zero(kept, seed):
    weights = np.random.default_rng(seed).normal(size=(4, 5))

    def forward(x):
        return np.sort(weights * x)[:, kept].mean(axis=1), x

    def backward(dout, x):
        order = np.argsort(weights * x, kind="stable")[:, kept]
        gradient = np.zeros_like(x)
        there = np.take_along_axis(weights, order, 1) * dout[:, None] / order.shape[1]
        np.put_along_axis(gradient, order, there, 1)
        return gradient

    zero = np.zeros((4, 5))
    assert check_vjp(forward, backward, zero, seed=seed).passed is True
    assert check_vjp(forward, lambda dout, x: 0 * x, zero, seed=seed).passed is False
    assert check_vjp(forward, lambda dout, x: 1.001 * backward(dout, x), zero, seed=seed).passed is False
