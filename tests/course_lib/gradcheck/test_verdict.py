from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from points_under_test import point_of, slopes_of

from course_lib import check_gate, check_gradient, check_parameters, check_vjp
from course_lib.gradcheck.arrays import DOUBLE, SINGLE
from course_lib.gradcheck.entries import RIGHT, UNRESOLVED, UNSEEN, WRONG
from course_lib.gradcheck.noise import GradientNoise, measure
from course_lib.gradcheck.verdict import Judge, size_that_matters


def judged(f, gradient, x):
    """Return a judge of a gradient, given as a function, that has looked at every entry."""
    point = measure(point_of(f, x, backward=lambda dout, cache: dout * gradient(cache[0])), 0)
    judge = Judge(point, GradientNoise(point, [gradient(x)]), 0, gradient(x))
    judge.judge(np.arange(x.size))
    return judge


class Product:
    def __init__(self, factor):
        self.factor = factor

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y * self.factor, dout * self.x


def verdicts_of_all_checks(number, factor):
    """Check x**2 at a number, with its gradient times a factor, in all four ways."""
    grads = {"x": 2 * float(number) * factor}
    return [
        check_gradient(lambda x: x**2, number, lambda x: 2 * x * factor).passed,
        check_vjp(lambda x: x**2, lambda dout, cache: dout * 2 * cache[0] * factor, number).passed,
        check_gate(Product(factor), number, 0.7).passed,
        check_parameters(lambda p: p["x"] ** 2, {"x": number}, grads).passed,
    ]


@pytest.mark.parametrize("number", [3.0, np.array(3.0), np.float64(3.0), 3])
def test_a_small_error_in_a_plain_number_is_wrong_in_all_four_checks(number):
    assert verdicts_of_all_checks(number, 1.0) == [True] * 4
    for error in (1e-3, 1e-4, 1e-6, 1e-8):
        assert verdicts_of_all_checks(number, 1 + error) == [False] * 4


MINIMA = {
    "bowl": (lambda x: np.sum((x - 1) ** 2), lambda x: 2 * (x - 1), np.ones(3)),
    "rosenbrock": (
        lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2),
        lambda x: (
            np.concatenate([-400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1]), [0.0]])
            + np.concatenate([[0.0], 200 * (x[1:] - x[:-1] ** 2)])
        ),
        np.ones(5),
    ),
    "cube": (lambda x: np.sum(x**3), lambda x: 3 * x**2, np.zeros(3)),
    "cosine": (lambda x: np.sum(np.cos(x)), lambda x: -np.sin(x), np.pi * np.array([2.0, -3.0, 1.0])),
}


@pytest.mark.parametrize("name", MINIMA)
def test_at_minima_and_inflections_rounding_is_right_and_a_millionth_is_wrong(name):
    f, gradient, x = MINIMA[name]
    check = check_gradient(f, x, gradient)
    assert check.passed is True
    assert check.arguments[0].kinks == 0
    assert check_gradient(f, x, gradient(x)).passed is True
    assert check_gradient(f, x, lambda x: gradient(x) + 1e-6).passed is False


def check_on_top_of(constant, factor):
    x = np.random.default_rng(0).normal(size=4)
    return check_gradient(lambda x: constant + np.sum(1e-3 * x**2), x, lambda x: factor * 2e-3 * x)


@pytest.mark.parametrize(
    ("constant", "factor"), [(1e12, 1), (1e12, -1), (1e12, 0), (1e12, 2), (1e15, 1), (1e15, -1)]
)
def test_what_drowns_in_rounding_is_inconclusive_right_or_wrong(constant, factor):
    check = check_on_top_of(constant, factor)
    assert check.passed is None
    assert "could not be resolved above rounding noise" in str(check)


@pytest.mark.parametrize(("factor", "expected"), [(1, True), (1.01, False), (-1, False), (0, False)])
def test_a_larger_step_resolves_what_a_first_one_does_not(factor, expected):
    assert check_on_top_of(1e7, factor).passed is expected


@pytest.mark.parametrize("seed", range(4))
def test_a_naive_variance_at_a_large_mean_passes(seed):
    x = np.random.default_rng(seed).normal(size=(8, 3)) + 1e5

    def forward(x):
        return (x**2).mean(axis=0) - x.mean(axis=0) ** 2

    def backward(dout, cache):
        return dout * (2 * cache[0] - 2 * cache[0].mean(axis=0)) / 8

    assert check_vjp(forward, backward, x, seed=seed).passed is True


@pytest.mark.parametrize("seed", range(6))
def test_a_right_subgradient_between_several_kinks_is_right(seed):
    rng = np.random.default_rng(seed)
    X, w, e = rng.integers(-2, 3, (7, 3)) * 1.0, np.array([1.0, -0.5, 2.0]), rng.normal(size=7)
    e[:2], e[2] = 0, 10 ** rng.uniform(-9, -3)
    y = X @ w + e
    check = check_gradient(lambda w: np.abs(y - X @ w).mean(), w, lambda w: -np.sign(y - X @ w) @ X / 7)
    assert check.passed is True


@pytest.mark.parametrize(("factor", "expected"), [(1, True), (-1, False), (1 + 1e-6, False)])
@pytest.mark.parametrize("scale", [1e-150, 1e-60, 1e60, 1e150])
def test_verdicts_do_not_depend_on_scale(scale, factor, expected):
    x = np.array([0.3, -1.2, 2.0]) * scale

    def backward(dout, cache):
        return dout * factor * (1 - np.tanh(cache[0] / scale) ** 2) / scale

    assert check_gradient(np.sum, x, lambda x: factor * np.ones(3)).passed is expected
    assert check_vjp(lambda x: np.tanh(x / scale), backward, x).passed is expected


def test_an_entry_much_smaller_than_its_neighbours_is_looked_at_in_its_own_scale():
    c = np.array([1e9, 1e-6, 1.0])

    def gradient(x):
        return np.cos(x / c) / c

    assert judged(lambda x: np.sin(x / c), gradient, c).entries.state.tolist() == [RIGHT] * 3
    wrong = judged(lambda x: np.sin(x / c), lambda x: gradient(x) * np.array([1, 1 + 1e-5, 1]), c)
    assert wrong.entries.state[1] == WRONG


def test_smooth_entries_are_not_said_to_sit_on_kinks():
    a = np.arange(1.0, 200.0)
    for offset in (0.0, 1e-7, 1e-4, 0.1):
        check = check_gradient(lambda x: np.sum((x - a) ** 2), a + offset, lambda x: 2 * (x - a))
        assert check.passed is True
        assert check.arguments[0].kinks == 0


def test_a_kink_is_recorded_with_its_slopes_where_it_persists():
    judge = judged(lambda x: np.sum(np.abs(x)), np.sign, np.array([0.0, 1.0, 0.0]))
    assert judge.entries.kink.tolist() == [True, False, True]
    assert sorted(judge.edges) == [0, 2]
    assert judge.edges[0].low == pytest.approx(-1)


def test_a_slope_between_those_of_a_kink_must_be_right_beside_it():
    assert check_gradient(np.abs, 0.0, lambda x: np.sign(x) if x else 0.3).passed is True
    assert check_gradient(np.abs, 0.0, lambda x: 1.001 * np.sign(x) if x else 0.3).passed is False


def test_most_entries_cost_two_evaluations_or_three_and_minima_four():
    x = np.random.default_rng(0).uniform(0.3, 2.0, 200)
    assert check_gradient(lambda x: np.sum(np.sin(x)), x, np.cos).evaluations < 3 * x.size
    assert check_gradient(lambda y: np.sum((y - x) ** 2), x, lambda y: 2 * (y - x)).evaluations < 4.2 * x.size


def size_of(f, gradient, x):
    point = measure(point_of(f, x, backward=lambda dout, cache: dout * gradient(cache[0])), 0)
    return size_that_matters(point, GradientNoise(point, [gradient(x)]), 0, gradient(x))


def test_the_size_that_matters_is_the_gradients_own_unless_it_is_rounding():
    x = np.array([0.5, -2.0])
    assert size_of(lambda x: np.sum(x**2), lambda x: 2 * x, x) == 4.0
    assert size_of(lambda x: np.sum(x**2), lambda x: 2e-9 * x, x) == 4e-9
    assert 0.5 < size_of(lambda x: np.sum(x**2), lambda x: 0 * x, x) < 20
    assert size_of(lambda x: 1.0, lambda x: 0 * x, x) == np.inf


@pytest.mark.parametrize(("constant", "state"), [(1e9, RIGHT), (1e12, UNRESOLVED)])
def test_an_entry_is_resolved_only_to_a_small_part_of_what_matters(constant, state):
    judge = judged(lambda x: constant + np.sum(1e-2 * x**2), lambda x: 2e-2 * x, np.array([1.0, 2.0]))
    assert judge.entries.state.tolist() == [state] * 2


def test_a_kink_much_smaller_than_the_slope_is_reported_too():
    check = check_gradient(lambda x: np.sum(x + 0.1 * np.abs(x)), np.zeros(2), lambda x: 1 + 0.1 * np.sign(x))
    assert check.passed is True
    assert check.arguments[0].kinks == 2


def test_a_noisy_gradient_is_allowed_its_noise_and_not_much_more():
    x = np.array([0.3, 0.7, -1.1])

    def noisy(x, error=0.0):
        return 2 * x * (1 + 1e-8 * np.sin(1e17 * x) + np.array([0.0, error, 0.0]))

    assert check_gradient(lambda x: np.sum(x**2), x, noisy).passed is True
    assert check_gradient(lambda x: np.sum(x**2), x, lambda x: noisy(x, 1e-5)).passed is False


def test_at_a_maximum_data_may_be_off_by_the_rounding_of_the_inputs():
    x = np.pi * np.array([2.0, 2.0, 1.0, -3.0])
    assert check_gradient(lambda x: np.sum(np.cos(x)), x, -np.sin(x)).passed is True


@pytest.mark.parametrize("given", [True, False])
def test_the_rounding_of_a_gradient_is_right_where_the_function_is_constant(given):
    z = np.array([0.3, -1.1, 0.8, 2.0, -0.4])

    def loss(c):
        e = np.exp(z + c)
        return float(-np.log(e[2] / e.sum()))

    def rounding(c):
        e = np.exp(z + c)
        return (e / e.sum()).sum() - 1 + 3e-17

    assert check_gradient(loss, -0.7, rounding(-0.7) if given else rounding).passed is True
    assert check_gradient(loss, -0.7, 1e-6).passed is False


def test_a_gradient_that_a_large_constant_hides_is_no_rounding():
    assert check_gradient(lambda x: 1e17 + x**2, 1.5, 3.0).passed is None
    assert check_gradient(lambda x: 1e17 + x**2, 1.5, lambda x: 2 * x).passed is None


def test_at_a_bend_whose_far_side_is_flat_the_curvature_says_what_matters():
    x, w = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0]]), np.array([0.7, 0.4])
    y = x @ w + 1e-16

    def loss(w):
        return np.sum(np.maximum(0, y - x @ w) ** 2)

    def gradient(w):
        return -2 * np.maximum(0, y - x @ w) @ x

    assert check_gradient(loss, w, gradient(w)).passed is True
    assert check_gradient(loss, w, gradient).passed is True
    assert check_gradient(loss, w, gradient(w) + 1e-6).passed is False


def test_a_small_entry_is_known_as_well_as_steps_of_its_own_size_show_it():
    x = np.array([1.3, 1.7e-5])

    def wrong(x):
        return 2 * np.abs(x) * np.array([1, 1 + 1e-3])

    assert check_gradient(lambda x: np.sum(x * np.abs(x)), x, lambda x: 2 * np.abs(x)).passed is True
    assert check_gradient(lambda x: np.sum(x * np.abs(x)), x, wrong).passed is False


class Known:
    """In place of measuring: the slopes of each entry for a step, and how often each was asked for."""

    def __init__(self, slopes):
        self._slopes = slopes
        self.asked = Counter()

    def along_entry(self, argument, index, step):
        self.asked[index] += 1
        return self._slopes(index, step)


class Quiet:
    """A gradient's noise that is known."""

    def __init__(self, noise=0.0, nothing=False):
        self._noise, self._nothing = noise, nothing

    def of(self, argument, largest):
        return np.full(9, self._noise)

    def says_nothing(self, argument):
        return self._nothing


def judge_of(gradient, slopes=None, x=None, noise=0.0, **changes):
    """Return a judge of a gradient of x0 + x1 + ... at ones, for whom slopes are what they are said to be."""
    gradient = np.array(gradient, dtype=float)
    x = np.ones(gradient.size) if x is None else np.array(x, dtype=float)
    point = replace(point_of(lambda x: np.sum(x), x), **changes)
    judge = Judge(point, Quiet(noise), 0, gradient)
    if slopes:
        judge.prober = Known(slopes)
    return judge


def line(slope, **known):
    return lambda index, step: slopes_of(step, slope, slope, **{"rounding": 0.0, **known})


def test_the_floor_is_ten_times_the_noise_a_billionth_and_sixteen_units_of_what_could_be():
    judge = judge_of([2.0, 0.5], line(2.0), noise=3e-6, variation=np.full(1, 1.5))
    assert judge.floor(0) == pytest.approx(3e-5 + 2e-9, rel=1e-12)
    judge.judge(np.arange(2))
    assert judge.floor(0) - 3e-5 - 2e-9 == pytest.approx(16 * DOUBLE * 1.5, rel=1e-4)  # outputs vary by 1.5
    judge = judge_of([2.0], lambda i, h: slopes_of(h, 2 - 4 * h, 2 + 4 * h), variation=np.full(1, 9.0))
    judge.judge(np.arange(1))
    # no more than the size that matters, and the curvature of 8 times the rounding of the input
    assert judge.floor(0) - 2e-9 == pytest.approx(16 * DOUBLE * (2.0 + 8.0), rel=1e-4)


def test_a_first_look_allows_rounding_a_billionth_and_what_curvature_makes_of_it():
    def allowed(half, slope=2.0, rounding=1e-12):
        judge = judge_of([slope], lambda i, h: slopes_of(h, slope - half, slope + half, rounding=rounding))
        judge.judge(np.arange(1))
        assert judge.entries.state[0] == RIGHT
        assert judge.entries.numerical[0] == slope
        return judge.entries.allowed[0]

    assert allowed(0.0) == pytest.approx(1e-12 + 2e-9)
    assert allowed(1e-5) == pytest.approx(1e-12 + 2e-9 + 4e-10 / 2)  # the square of the jump
    assert allowed(3e-4, rounding=1e-9) == pytest.approx(1e-9 + 2e-9 + 36e-8 / 2)
    assert allowed(5e-4) == pytest.approx(1e-12 + 2e-9 + 100 * 2e-9)  # a hundred finest errors at most


def test_curvature_of_a_slope_of_nothing_allows_nothing():
    judge = judge_of([1.0])
    assert judge._truncation(slopes_of(1.0, 0.0, 0.0)) == 0.0
    assert judge._truncation(slopes_of(1.0, -0.5e-9, 0.5e-9, rounding=2.0)) == pytest.approx(5e-19)


@pytest.mark.parametrize(("error", "looks"), [(0.9e-9, 3), (1.1e-9, 4), (-0.9e-9, 3), (-1.1e-9, 4)])
def test_what_a_first_look_allows_needs_no_ladder(error, looks):
    # two looks at how large the steps should be, and the first look; more are a ladder's
    judge = judge_of([1.0 + error], lambda i, h: slopes_of(h, 1.0, 1.0, rounding=1e-14))
    judge.judge(np.arange(1))
    assert (judge.prober.asked[0] > 3) is (looks > 3)


def test_single_precision_is_asked_for_less():
    double, single = judge_of([1.0]), judge_of([1.0], epsilon=SINGLE)
    assert (double._wanted(0), single._wanted(0)) == pytest.approx((1e-6, 30 * SINGLE ** (2 / 3)))
    assert (double.floor(0), single.floor(0)) == pytest.approx((1e-9, 32 * SINGLE))
    kinked = [judge._kink_jump for judge in (double, single, judge_of([1.0], epsilon=1e-4))]
    assert kinked == pytest.approx([100 * DOUBLE ** (1 / 3), 100 * SINGLE ** (1 / 3), 0.5])


def test_small_entries_are_looked_at_no_more_closely_than_a_thousandth_of_what_matters():
    judge = judge_of([4.0, -0.5, 1e-3, 0.0])
    assert [judge._wanted(k) for k in range(4)] == pytest.approx([4e-6, 0.5e-6, 4e-9, 4e-9])


def test_an_entry_is_resolved_to_a_two_thousandth_of_what_matters_or_a_hundredth_of_itself():
    judge = judge_of([4.0, -4.0, 0.01])
    for index, limit in ((0, 4e-2), (1, 4e-2), (2, 2e-3)):
        assert judge._is_resolved(index, 0.99 * limit)
        assert not judge._is_resolved(index, 1.01 * limit)
    single = judge_of([4.0, 0.01], epsilon=SINGLE)
    assert single._is_resolved(1, 3.9 * SINGLE ** (1 / 3))
    assert not single._is_resolved(1, 4.1 * SINGLE ** (1 / 3))


def test_steps_beyond_twice_the_size_or_within_256_rounding_units_say_nothing():
    judge = judge_of([1.0] * 3, line(1.0), x=[3.0, 0.0, 0.1])
    size = np.sqrt(9.01 / 3)
    for index, smallest, largest in ((0, 3.0, 3.0), (1, size, size), (2, 0.1, size)):
        for step, measured in ((1.99 * largest, 1), (2.01 * largest, 0)):
            assert (judge.measure(index, step) is not None) is bool(measured)
        assert judge.measure(index, 257 * DOUBLE * smallest) is not None
        assert judge.measure(index, 255 * DOUBLE * smallest) is None


def sides(left, right, closer=None):
    """A kink, or at a sixteenth of the step and below something else."""

    def slopes(index, step):
        small = step < 0.5 * DOUBLE ** (1 / 3)
        return slopes_of(step, *(closer if closer and small else (left, right)), rounding=1e-12)

    return slopes


@pytest.mark.parametrize("gradient", [1.0, 3.0, 2.0])
def test_the_ends_and_the_middle_of_a_kink_are_right_at_two_looks(gradient):
    judge = judge_of([gradient], sides(1.0, 3.0))
    judge.judge(np.arange(1))
    assert judge.prober.asked[0] == 4  # two for the size of the steps, one, and one closer
    assert (judge.entries.state[0], bool(judge.entries.kink[0])) == (RIGHT, True)
    assert judge.edges[0].step == pytest.approx(DOUBLE ** (1 / 3) / 16)


@pytest.mark.parametrize(("jump", "looks"), [(0.98, 3), (1.02, 4)])
def test_sides_a_hundred_steps_apart_are_looked_at_again(jump, looks):
    jump *= 100 * DOUBLE ** (1 / 3)
    for sign in (1.0, -1.0):
        judge = judge_of([sign * (1.0 - jump / 2)], sides(sign * (1.0 - jump), sign * 1.0))
        judge.judge(np.arange(1))
        assert judge.prober.asked[0] == looks
        assert bool(judge.entries.kink[0]) is (looks > 3)


def test_sides_that_meet_at_a_closer_look_are_no_kink():
    smooth = judge_of([2.0], sides(1.99, 2.01, (2.0, 2.0)))
    smooth.judge(np.arange(1))
    assert (smooth.entries.state[0], bool(smooth.entries.kink[0]), bool(smooth.entries.rough[0])) == (
        0,
        False,
        False,
    )
    assert not smooth.edges


def wrong_entries(count, factor=1.5):
    judge = judge_of(np.full(count, factor), line(1.0))
    judge.judge(np.arange(count))
    return judge


def test_after_four_proofs_of_an_error_the_others_are_judged_by_a_look():
    judge = wrong_entries(9)
    assert (judge.entries.state == WRONG).all()
    looks = sorted(judge.prober.asked.values())
    assert looks[:5] == [1] * 5
    assert all(several > 1 for several in looks[5:])


@pytest.mark.parametrize(
    ("analytic", "sides", "wrong"),
    [
        (1 + 1.09e-6, (1.0, 1.0), False),
        (1 + 1.11e-6, (1.0, 1.0), True),
        (1 - 1.09e-6, (1.0, 1.0), False),
        (1 - 1.11e-6, (1.0, 1.0), True),
        (0.5, (0.0, 1.0), False),
        (1 + 1.04e-6, (0.0, 1.0), False),
        (1 + 1.06e-6, (0.0, 1.0), True),
        (-1.04e-6, (0.0, 1.0), False),
        (-1.06e-6, (0.0, 1.0), True),
    ],
)
def test_a_first_look_alone_judges_ten_times_as_generously(analytic, sides, wrong):
    judge = judge_of([0.7, analytic, 0.7])
    judge.entries.allowed[:] = 0.0, 1e-7, 0.0
    judge._judge_by_first_look(1, slopes_of(1e-5, *sides, rounding=0.0))
    assert judge.entries.state.tolist() == [UNSEEN, WRONG if wrong else UNRESOLVED, UNSEEN]


def test_where_there_was_no_first_look_an_entry_stays_unresolved():
    judge = judge_of([1.0], lambda index, step: None)
    judge._judge_by_first_look(0, None)
    assert judge.entries.state[0] == UNRESOLVED
    judge = judge_of([1.0], lambda index, step: None)
    judge.judge(np.arange(1))
    assert judge.entries.state[0] == UNRESOLVED


def test_inside_a_narrow_domain_up_to_five_smaller_steps_are_tried():
    def state(power):
        largest = 1.01 * DOUBLE ** (1 / 3) / 16.0**power
        judge = judge_of([1.0], lambda i, h: slopes_of(h, 1.0, 1.0, rounding=1e-12) if h < largest else None)
        judge.judge(np.arange(1))
        return judge.entries.state[0], judge.prober.asked[0]

    assert [state(power)[0] for power in (1, 2, 3)] == [RIGHT] * 3
    asked = []
    judge = judge_of([1.0], lambda index, step: asked.append(step))
    judge.judge(np.arange(1))
    tried = np.array(asked[2:]) / DOUBLE ** (1 / 3)
    assert tried == pytest.approx(16.0 ** -np.arange(1, len(tried) + 1))
    assert judge._first_inside_domain(0) is None


def test_no_more_than_64_rough_entries_get_a_ladder_after_the_proofs():
    judge = judge_of(np.ones(70))
    judge.entries.rough[:64] = True
    assert judge._worth_a_ladder(0)
    assert not judge._worth_a_ladder(69)
    judge.entries.rough[64] = True
    assert not judge._worth_a_ladder(0)


@pytest.mark.parametrize(("outputs", "kept"), [(1000, True), (1001, False)])
def test_columns_are_kept_up_to_four_million_numbers(outputs, kept):
    point = point_of(lambda x: np.zeros(outputs) + x[0], np.ones(4000))
    assert Judge(point, Quiet(), 0, np.ones(4000))._keep_columns is kept


@pytest.mark.parametrize(
    ("share", "nothing", "size"),
    [
        (1.01e-6, True, 1.01e-6),
        (0.99e-6, True, 1.0),
        (0.99e-6, False, 0.99e-6),
        (65 * DOUBLE, False, 65 * DOUBLE),
        (63 * DOUBLE, False, 1.0),
        (65 * DOUBLE, True, 1.0),
        (0.0, False, 1.0),
    ],
)
def test_a_gradient_below_a_millionth_of_what_outputs_suggest_may_be_rounding(share, nothing, size):
    point = point_of(lambda x: 3 * x, np.full(1, 0.5))  # outputs of 1.5 over a size of 0.5 suggest 3
    for sign in (1, -1):
        found = size_that_matters(point, Quiet(nothing=nothing), 0, np.array([0.0, sign * 3 * share]))
        assert found == pytest.approx(3 * size)


def test_where_outputs_never_change_nothing_matters_but_a_gradient_that_does_not_vanish():
    point = replace(point_of(lambda x: 3.0, np.ones(1)), variation=np.zeros(1))
    assert size_that_matters(point, Quiet(nothing=True), 0, np.full(1, 1e-9)) == np.inf
    assert size_that_matters(point, Quiet(nothing=False), 0, np.full(1, 1e-9)) == 1e-9


def test_the_middle_and_the_ends_of_a_kink_are_taken_as_meant():
    for slope in (-1.0, 0.0, 1.0):
        check = check_gradient(np.abs, 0.0, lambda x, s=slope: 1.001 * np.sign(x) if x else s)
        assert check.passed is True
    for slope in (-1.02, 1.02, 3.0):
        assert check_gradient(np.abs, 0.0, lambda x, s=slope: np.sign(x) if x else s).passed is False


def test_a_wrong_slope_beside_a_kink_is_what_the_report_shows():
    check = check_gradient(np.abs, 0.0, lambda x: 1.001 * np.sign(x) if x else 0.3)
    assert abs(check.arguments[0].numerical) == pytest.approx(1.0)
    assert check.arguments[0].kinks == 0


def test_what_is_found_of_an_entry_is_kept_with_that_entry():
    judge = judge_of([1.0, 1.5, 1.0], lambda i, h: slopes_of(h, 1.0, 1.0, rounding=1e-9 * (i + 1)))
    judge.judge(np.arange(3))
    entries = judge.entries
    assert entries.state.tolist() == [RIGHT, WRONG, RIGHT]
    assert entries.numerical.tolist() == [1.0, 1.0, 1.0]
    assert not entries.rough.any()
    assert sorted(entries.jacobian) == [0, 1, 2]
    assert 2e-9 < entries.allowed[1] < 4e-9


def test_a_wrong_slope_beside_a_kink_is_kept_with_its_entry():
    def gradient(x):
        return np.where(x == 0, 0.3, np.array([1.0, 1.001, 1.0]) * np.sign(x))

    judge = judged(lambda x: np.sum(np.abs(x)), gradient, np.array([1.0, 0.0, 2.0]))
    assert judge.entries.state.tolist() == [RIGHT, WRONG, RIGHT]
    assert abs(judge.entries.numerical[1]) == pytest.approx(1.0)
    assert judge.entries.allowed[1] < 1e-3
    assert not judge.edges
    right = judged(
        lambda x: np.sum(np.abs(x)), lambda x: np.where(x == 0, 0.3, np.sign(x)), np.array([1.0, 0, 2])
    )
    assert right.entries.state.tolist() == [RIGHT] * 3
    assert list(right.edges) == [1]


def test_ladders_are_climbed_where_a_look_disagrees_most():
    errors = np.array([1e-3, 0.5, 1e-4, 0.3, 0.0, -0.2, 1e-2, -0.4])
    judge = judge_of(1 + errors, line(1.0))
    judge.judge(np.arange(8))
    asked = judge.prober.asked
    assert sorted(k for k in range(8) if asked[k] > 3) == [1, 3, 5, 7]
    assert judge.entries.state.tolist() == [WRONG] * 4 + [RIGHT] + [WRONG] * 3


def test_a_narrow_entry_is_tried_with_smaller_steps_at_its_own_place():
    usual = DOUBLE ** (1 / 3)
    judge = judge_of(
        [1.0] * 3, lambda i, h: slopes_of(h, 1.0, 1.0, rounding=1e-12) if i != 1 or h < usual / 15 else None
    )
    judge.judge(np.arange(3))
    assert judge.entries.state.tolist() == [RIGHT] * 3
