import numpy as np
import pytest
from views_under_test import view_of

from course_lib import Cause, check_vjp
from course_lib.gradcheck.diagnosis import ranking
from course_lib.gradcheck.diagnosis.evidence import Finding, View


def test_every_hypothesis_has_a_sentence_for_a_docstring_and_stands_once():
    assert len(set(ranking.HYPOTHESES)) == len(ranking.HYPOTHESES)
    assert all(hypothesis.__doc__ for hypothesis in ranking.HYPOTHESES)


def test_a_hypothesis_that_cannot_be_computed_explains_nothing(monkeypatch):
    def singular(view):
        raise np.linalg.LinAlgError

    monkeypatch.setattr(ranking, "HYPOTHESES", (singular,))
    check = check_vjp(np.sin, lambda dout, cache: -dout * np.cos(cache[0]), np.array([1.0, 2.0]))
    assert check.arguments[0].diagnosis == Cause.LOCAL_DERIVATIVE


@pytest.mark.parametrize("seed", range(20))
def test_random_gradients_of_random_shapes_never_break_the_diagnosis(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 5, size=rng.integers(0, 4)))
    x, y = rng.normal(size=shape), rng.normal(size=shape)
    check = check_vjp(
        lambda x, y: np.maximum(x * y, x).sum(axis=0) if shape else np.maximum(x * y, x),
        lambda dout, cache: (np.asarray(rng.normal(size=shape)), np.asarray(rng.normal(size=shape)) * dout),
        x,
        y,
    )
    assert check.passed is False
    assert all(argument.explanation for argument in check.arguments if argument.passed is False)


ORDER = """
factors: all_zero; penalties: small_penalty; precision: small_errors; places: one_entry; factors:
opposite_sign constant_factor; experiments: factor_away_from_kinks; places: transposed swapped_arguments
shifted; relatives: part_of_a_sum; contributions: kept_one_contribution; exchanged: transposed_intermediate;
axes: wrong_axis; indices: index_not_kept; factors: another_argument; differences: path_that_hands_on;
masks: missing_mask zero_in_part inverted_mask mask_from_wrong_tensor wrong_slope one_branch; axes:
wrong_sum; contributions: reversed_contributions; operands: transposed_operand; exchanged:
operand_in_anothers_place factor_of_array factor_of_each_row array_in_anothers_place; indices:
factor_of_contributions; penalties: factor_on_the_data_term; relatives: combination_of_others; terms:
elementwise_terms; shared: shared_statistic; axes: mixed_entries; experiments: symmetric_operand
all_masks_open; paths: path_through_another; labels: label_off_by_one; differences: constant_term; balance:
sums_to_zero; paths: fault_behind_another; factors: factor_that_changes; repeated: repeated_indices
"""


def test_hypotheses_are_believed_in_this_order():
    rooms = [room.split(":") for room in ORDER.split(";")]
    order = [f"{room.strip()}.{name}" for room, names in rooms for name in names.split()]
    found = [f"{one.__module__.rsplit('.', 1)[1]}.{one.__name__}" for one in ranking.HYPOTHESES]
    assert found == order


X = np.random.default_rng(2).normal(size=(3, 2))
SIGN = Finding(Cause.SIGN, "the sign")
NOTHING = (
    Cause.LOCAL_DERIVATIVE,
    "no simple slip explains it: check the local derivative with respect to x0",
)


def wrong_view(backward=lambda dout, cache: 2 * dout * np.cos(cache[0]), forward=np.sin, x=X, **known):
    """The view of a gradient that is wrong here, and by default at other points too."""
    yours = backward(np.ones(np.shape(forward(x))), (x,))
    return view_of(yours, np.cos(x), x, forward=forward, backward=backward, **known)


def diagnosed(monkeypatch, view, *hypotheses):
    monkeypatch.setattr(ranking, "HYPOTHESES", hypotheses)
    return ranking.diagnose(view.evidence, view.k)


def test_the_first_that_explains_wins_and_where_none_does_the_derivative_is_to_be_checked(monkeypatch):
    asked = []

    def first(view):
        asked.append(view)

    def second(view):
        return SIGN

    def third(view):
        raise AssertionError

    view = wrong_view()
    assert diagnosed(monkeypatch, view, first, second, third) == (SIGN.cause, SIGN.sentence)
    assert isinstance(asked[0], View)
    assert (asked[0].evidence, asked[0].k) == (view.evidence, 0)
    assert diagnosed(monkeypatch, view, first) == NOTHING


def test_what_is_found_has_to_be_found_at_another_point_too(monkeypatch):
    def only_here(view):
        return SIGN if (view.x == X).all() else None

    def another_there(view):
        return SIGN if (view.x == X).all() else Finding(Cause.ZERO, "zero")

    view = wrong_view()
    assert diagnosed(monkeypatch, view, only_here) == NOTHING
    assert diagnosed(monkeypatch, view, another_there) == NOTHING
    monkeypatch.setattr(ranking, "OF_THIS_POINT", frozenset({only_here}))
    assert diagnosed(monkeypatch, view, only_here) == (SIGN.cause, SIGN.sentence)
    right_elsewhere = wrong_view(lambda dout, cache: dout * np.cos(cache[0]) * (1.0 + (cache[0] == X)))
    monkeypatch.setattr(ranking, "OF_THIS_POINT", frozenset())
    assert diagnosed(monkeypatch, right_elsewhere, only_here) == (SIGN.cause, SIGN.sentence)


@pytest.mark.parametrize(
    "error", [ZeroDivisionError, OverflowError, FloatingPointError, np.linalg.LinAlgError]
)
def test_a_hypothesis_that_overflows_or_is_singular_is_passed_over(monkeypatch, error):
    def failing(view):
        raise error

    def loud(view):
        return SIGN if np.isinf(np.ones(1) / 0)[0] else None

    view = wrong_view()
    assert diagnosed(monkeypatch, view, failing, loud) == (SIGN.cause, SIGN.sentence)

    def broken(view):
        raise KeyError

    with pytest.raises(KeyError):
        diagnosed(monkeypatch, view, broken)


def test_what_is_wrong_about_the_use_of_dout_comes_first_but_for_float32(monkeypatch):
    fault = (Cause.UPSTREAM_MISUSED, "not proportional to dout")
    view = wrong_view(faults={0: fault})
    assert diagnosed(monkeypatch, view, lambda view: SIGN) == fault
    value = float(np.sum(np.sin(X)))
    of_value = wrong_view(lambda dout, cache: value * dout * np.cos(cache[0]), faults={0: fault})
    assert "that is the value of the loss" in diagnosed(monkeypatch, of_value, lambda view: SIGN)[1]
    single = (Cause.FLOAT32, "computed in float32")
    view = wrong_view(faults={0: single})
    assert diagnosed(monkeypatch, view, lambda view: SIGN) == (SIGN.cause, SIGN.sentence)
    assert diagnosed(monkeypatch, view, lambda view: None) == single


def test_a_gradient_of_which_no_entry_that_was_looked_at_is_wrong_is_wrong_elsewhere(monkeypatch):
    few = (
        Cause.ONE_ENTRY,
        "random directions disagree, and no entry looked at does: a few entries are wrong",
    )
    right = np.cos(X)
    assert diagnosed(monkeypatch, view_of(right, right, X), lambda view: SIGN) == few
    single = np.float32(right).astype(float)
    view = view_of(single, single, X)
    assert diagnosed(monkeypatch, view, lambda view: SIGN) == (SIGN.cause, SIGN.sentence)
    fault = view_of(right, right, X, faults={0: (Cause.FLOAT32, "computed in float32")})
    assert diagnosed(monkeypatch, fault, lambda view: SIGN) == (SIGN.cause, SIGN.sentence)


def names_for(view):
    return [hypothesis.__name__ for hypothesis in ranking._hypotheses_for(view)]


def test_of_plain_numbers_and_of_kinks_few_hypotheses_are_asked():
    number = np.array(0.5)
    assert names_for(wrong_view(x=number)) == ["explain", "outside_of_kinks"]
    given = wrong_view(x=number)
    given.evidence.point.pair.given = True
    assert names_for(given) == ["all_zero", "opposite_sign"]
    kinks = wrong_view(kink=np.ones((3, 2), dtype=bool))
    assert names_for(kinks) == ["all_zero", "factor_away_from_kinks", "outside_of_kinks"]
    assert ranking._hypotheses_for(wrong_view()) is ranking.HYPOTHESES
    two = np.array([0.5, 0.7])
    assert ranking._hypotheses_for(wrong_view(x=two)) is ranking.HYPOTHESES


W, DATA, SUM = np.array(0.5), np.array([0.5, -2.0, -1.0]), -2.5


def of_one_number(factor, forward=lambda w, data: w * data.sum(), right=SUM, w=W, **known):
    """A gradient that is one number, so many times the right one: `factor` says how many times, and where."""

    def backward(dout, cache):
        w, data = cache
        return np.sum(dout) * factor(w, data) * data.sum() * np.ones(w.shape), np.zeros(data.shape)

    yours = factor(w, DATA) * SUM * np.ones(w.shape)
    return view_of(yours, right * np.ones(w.shape), w, DATA, forward=forward, backward=backward, **known)


def farther(here, there):
    return lambda w, data: here if abs(w - W).max() < 1e-3 else there


FACTORS = [Cause.SIGN, Cause.FACTOR_2, Cause.SCALE_N, Cause.CONSTANT_FACTOR]


@pytest.mark.parametrize("cause", [*FACTORS, Cause.REGULARIZATION])
def test_a_factor_of_one_number_has_to_be_the_same_farther_away(monkeypatch, cause):
    def found(view):
        return Finding(cause, "it is so")

    assert diagnosed(monkeypatch, of_one_number(farther(2.0, 2.0)), found) == (cause, "it is so")
    counts = diagnosed(monkeypatch, of_one_number(farther(2.0, 3.0)), found)
    assert counts == (NOTHING if cause in FACTORS else (cause, "it is so"))


@pytest.mark.parametrize(("off", "counts"), [(0.9e-3, False), (1.1e-3, True), (-1.1e-3, True)])
def test_a_factor_of_one_number_is_the_same_to_a_thousandth(off, counts):
    assert ranking._is_of_counts(of_one_number(farther(2.0, 2.0 + 2 * off))) is counts


@pytest.mark.parametrize(("off", "counts"), [(0.9e-5, False), (1.1e-5, True)])
def test_where_a_slope_vanishes_what_is_left_of_yours_may_be_rounding(off, counts):
    def flat(w, data):
        return np.clip(w, W - 1e-2, W + 1e-2) * data.sum()

    def left(w, data):
        return farther(2.0, off * SUM / data.sum())(w, data)

    assert ranking._is_of_counts(of_one_number(left, flat)) is counts


def test_only_a_factor_of_one_number_in_one_output_is_looked_at_farther_away():
    changes = farther(2.0, 3.0)
    assert ranking._is_of_counts(of_one_number(changes)) is True
    assert ranking._is_of_counts(of_one_number(changes, right=0.0)) is False
    two = np.array([0.5, 0.5])
    assert ranking._is_of_counts(of_one_number(changes, lambda w, data: w.sum(), w=two)) is False
    outputs = of_one_number(changes, lambda w, data: w * np.ones(2) * data.sum() / 2)
    assert ranking._is_of_counts(outputs) is False


def test_three_places_are_looked_at_each_argument_twice_its_own_size_away():
    asked = []

    def factor(w, data):
        asked.append((w, data))
        return 2.0

    view = of_one_number(factor, w=np.array(0.0))
    asked.clear()
    assert ranking._is_of_counts(view) is False
    size, rng = np.sqrt(np.mean(DATA**2)), np.random.default_rng(5)
    assert len(asked) == 3
    for w, data in asked:
        assert w == pytest.approx(2 * rng.normal())  # of an argument that is zero, the size is 1
        assert data == pytest.approx(DATA + 2 * size * rng.normal(size=3))


def test_a_place_without_a_value_says_nothing_of_a_factor():
    def here_only(w, data):
        return w * data.sum() if abs(w - W) < 1e-3 else np.nan

    assert ranking._is_of_counts(of_one_number(farther(2.0, 3.0), here_only)) is False


def test_the_argument_that_is_asked_about_is_the_one_that_is_looked_at(monkeypatch):
    view = view_of(2 * X, X, X + 1, X + 2, X + 3, k=1)
    seen = []
    diagnosed(monkeypatch, view, lambda view: seen.append(view.name))
    assert seen == ["x1"]


def test_an_inverted_mask_is_one_with_other_signs_too():
    """Of rows that a mask stops as a whole, others may be let through by chance."""

    def check(mask):
        x, w = np.array([[1.0, -2.0], [-1.0, 0.5], [2.0, -0.5]]), np.array([[-1.0], [1.0]])
        return check_vjp(
            lambda x, w: (np.maximum(x @ w, 0) * np.ones(2), (x, w)),
            lambda dout, c: ((dout * mask(*c)).sum(axis=1, keepdims=True) @ c[1].T, c[0].T @ dout),
            x,
            w,
        )

    assert "the mask is inverted" in check(lambda x, w: x @ w <= 0).arguments[0].explanation
    assert "the mask is inverted" not in check(lambda x, w: x[:, :1] > 0).arguments[0].explanation
