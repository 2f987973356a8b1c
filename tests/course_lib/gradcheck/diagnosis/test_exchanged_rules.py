"""The rules by which a factor or a matrix in the place of another is named, one at a time."""

import numpy as np
import pytest
from views_under_test import said, view_of

from course_lib import Cause, check_vjp
from course_lib.gradcheck.diagnosis import exchanged

RNG = np.random.default_rng(2)
U, V = RNG.uniform(0.5, 2.0, (3, 4)), RNG.uniform(0.5, 2.0, (3, 4))


def looked(hypothesis, yours, right, *others, **known):
    with np.errstate(all="ignore"):  # as `ranking` has it
        found = hypothesis(view_of(yours, right, U, *others, **known))
    return found and (found.cause, found.sentence)


def opposite(x, *others):
    return -x


FORMS = {
    "x1": V,
    "x1**2": V**2,
    "x1**3": V**3,
    "(1 - x1)": 1 - V,
    "(1 - x1**2)": 1 - V**2,
    "cos(x1)": np.cos(V),
    "sin(x1)": np.sin(V),
    "exp(x1)": np.exp(V),
    "log(x1)": np.log(V),
}


@pytest.mark.parametrize(("form", "factor"), FORMS.items())
def test_every_simple_factor_is_named_that_yours_lacks_or_has_once_too_often(form, factor):
    d = RNG.normal(size=(3, 4))
    lacks = looked(exchanged.factor_of_array, d, d * factor, V, forward=opposite)
    assert lacks == (Cause.LOCAL_DERIVATIVE, f"yours lacks the factor {form}")
    often = looked(exchanged.factor_of_array, d * factor, d, V, forward=opposite)
    assert often == (Cause.LOCAL_DERIVATIVE, f"yours has the factor {form} once too often")


def test_a_decay_that_is_missing_is_a_growth_too_often():
    d = RNG.normal(size=(3, 4))
    found = looked(exchanged.factor_of_array, d, d * np.exp(-V), V, forward=opposite)
    assert found[1] == "yours has the factor exp(x1) once too often"


def test_signs_and_zeros_of_an_array_are_factors_too():
    d, signs = RNG.normal(size=(3, 4)), np.array([1.0, -1.0, 0.0])[RNG.integers(0, 3, (3, 4))]
    signs[0, :3] = 1.0, -1.0, 0.0
    assert (
        looked(exchanged.factor_of_array, d, d * signs, signs, forward=opposite)[1]
        == "yours lacks the factor x1"
    )
    w = RNG.normal(size=(3, 4))
    w[0, 0] = 0.0
    found = looked(exchanged.factor_of_array, d, d * np.sign(w), w, forward=opposite)[1]
    assert found == "yours lacks the factor sign(x1)"


def test_an_array_of_one_size_is_no_factor():
    d = RNG.normal(size=(3, 4))
    assert looked(exchanged.factor_of_array, d, 2 * d, np.full((3, 4), 2.0), forward=opposite) is None
    signs = np.where(RNG.normal(size=(3, 4)) > 0, 1.0, -1.0)
    assert looked(exchanged.factor_of_array, d, d * signs, signs, forward=opposite) is None
    nearly = 2.0 + RNG.uniform(0, 0.9e-3, (3, 4))
    assert looked(exchanged.factor_of_array, d, d * nearly, nearly, forward=opposite) is None


def test_rows_and_columns_that_are_broadcast_are_factors():
    d = RNG.normal(size=(3, 4))
    for array in (V[0], V[:1], V[:, :1]):
        assert (
            looked(exchanged.factor_of_array, d, d * array, array, forward=opposite)[1]
            == "yours lacks the factor x1"
        )
    for array in (V[:, 0], np.ones((2, 3, 4)), np.array(3.0)):
        assert "x1" not in exchanged._alike(view_of(d, d, U, array, forward=opposite))
    arrays = exchanged._alike(view_of(d, d, U, V[0], forward=opposite))
    assert {name: array.tolist() for name, array in arrays.items()} == {
        "x0": U.tolist(),
        "x1": np.tile(V[0], (3, 1)).tolist(),
        "the output": (-U).tolist(),
    }


def test_two_entries_show_no_relation_and_three_do():
    d = np.zeros((3, 4))
    d[0, :3] = 1.0, 2.0, -1.5
    assert looked(exchanged.factor_of_array, d, d * V, V, forward=opposite) is not None
    d[0, 0] = 0.0
    assert looked(exchanged.factor_of_array, d, d * V, V, forward=opposite) is None
    assert looked(exchanged.array_in_anothers_place, d * U, d * V, V, forward=opposite) is None
    found = exchanged.factor_of_array(view_of(1.0, 2.0, 1.5, 2.0, forward=lambda x, y: x * y))
    assert found is None


def test_of_two_arrays_the_one_may_stand_in_the_others_place():
    d, w = RNG.normal(size=(3, 4)), RNG.uniform(0.5, 2.0, (3, 4))
    swapped = Cause.LOCAL_DERIVATIVE | Cause.SWAPPED_ARGUMENTS
    forward = np.sum
    look = exchanged.array_in_anothers_place
    assert looked(look, d * w, d * V, V, w, forward=lambda *xs: forward(xs[0])) == (
        swapped,
        "of x1 and x2, one stands where the other belongs",
    )
    assert looked(look, d * U, d * V, V, w, forward=lambda *xs: forward(xs[0])) == (
        swapped,
        "of x1 and x0, one stands where the other belongs",
    )
    assert looked(look, d * V, d * V * w, V, w, forward=lambda *xs: forward(xs[0])) is None
    assert looked(look, 2 * d * V, d * V, V, 2 * V, forward=lambda *xs: forward(xs[0])) is None


RIGHT, WRONG = RNG.normal(size=(2, 4)), RNG.normal(size=(2, 4))
D = RNG.normal(size=(3, 2))


def test_a_product_with_another_matrix_is_told_from_either_side():
    look = exchanged.operand_in_anothers_place
    expected = (
        Cause.LOCAL_DERIVATIVE | Cause.SWAPPED_ARGUMENTS,
        "x2 stands where x1 belongs, an array of the same shape",
    )
    assert looked(look, D @ WRONG, D @ RIGHT, RIGHT, WRONG, forward=opposite) == expected
    assert looked(look, D @ WRONG, D @ RIGHT, RIGHT.T, WRONG.T, forward=opposite) == expected
    left, right, wrong = RNG.normal(size=(2, 4)), RNG.normal(size=(3, 2)), RNG.normal(size=(3, 2))
    assert looked(look, wrong @ left, right @ left, right, wrong, forward=opposite) == expected
    assert looked(look, wrong @ left, right @ left, right.T, wrong.T, forward=opposite) == expected


def test_a_product_that_does_not_tell_its_other_side_says_nothing():
    look = exchanged.operand_in_anothers_place
    wide = RNG.normal(size=(3, 6))
    right, wrong = RNG.normal(size=(6, 4)), RNG.normal(size=(6, 4))
    assert looked(look, wide @ wrong, wide @ right, right, wrong, forward=opposite) is None
    assert looked(look, D @ RIGHT + 1, D @ RIGHT, RIGHT, WRONG, forward=opposite) is None
    assert looked(look, D @ WRONG, D @ RIGHT + 1, RIGHT, WRONG, forward=opposite) is None
    assert looked(look, D @ RIGHT, D @ RIGHT, RIGHT, RIGHT + 1e-8, forward=opposite) is None
    assert looked(look, D @ WRONG, D @ RIGHT, RIGHT, WRONG[:, :3], forward=opposite) is None
    unknown = D @ RIGHT
    unknown[0, 0] = np.nan
    assert looked(look, D @ WRONG, unknown, RIGHT, WRONG, forward=opposite) is None


M = RNG.normal(size=(3, 3))


def test_a_square_matrix_in_between_that_is_to_be_transposed_is_told_by_what_it_is_multiplied_with():
    look = exchanged.transposed_intermediate
    q, p = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 3))
    expected = (
        Cause.TRANSPOSED_OPERAND,
        "what is multiplied with x1 has to be transposed, or is and should not be",
    )
    assert looked(look, M.T @ q, M @ q, q, forward=opposite) == expected
    view = view_of(p @ M.T, p @ M, np.ones((4, 3)), p, forward=opposite)
    assert exchanged.transposed_intermediate(view).sentence == expected[1]
    stack, inner = RNG.normal(size=(2, 3, 4)), RNG.normal(size=(2, 3, 3))
    view = view_of(
        np.swapaxes(inner, 1, 2) @ stack, inner @ stack, np.ones((2, 3, 4)), stack, forward=opposite
    )
    assert exchanged.transposed_intermediate(view).sentence == expected[1]


def test_a_matrix_in_between_that_is_symmetric_or_cannot_be_told_is_left_alone():
    look = exchanged.transposed_intermediate
    q = RNG.normal(size=(3, 4))
    symmetric = M + M.T
    assert looked(look, symmetric @ q, symmetric @ q, q, forward=opposite) is None
    assert looked(look, M.T @ q + 1, M @ q, q, forward=opposite) is None
    assert looked(look, M.T @ q, M @ q + 1, q, forward=opposite) is None
    tall = RNG.normal(size=(4, 3))
    big = RNG.normal(size=(4, 4))
    view = view_of(big.T @ tall, big @ tall, np.ones((4, 3)), tall, forward=opposite)
    assert exchanged.transposed_intermediate(view) is None
    row = RNG.normal(size=(1, 4))
    assert exchanged.transposed_intermediate(view_of(-row, row, row, row, forward=opposite)) is None
    vector = view_of(q[0], q[1], q[0], q[1], forward=opposite)
    assert exchanged.transposed_intermediate(vector) is None
    unknown = M @ q
    unknown[0, 0] = np.nan
    assert looked(look, M.T @ q, unknown, q, forward=opposite) is None
    assert looked(look, M.T @ q, M @ q, np.ones((2, 3, 4)), forward=opposite) is None
    assert looked(look, M.T @ q, M @ q, np.ones(4), q, forward=opposite) is not None


def test_a_product_and_something_else_is_no_product_with_another_matrix():
    look = exchanged.operand_in_anothers_place
    across = np.linalg.svd(RIGHT)[2][2:]  # at right angles to all rows
    assert looked(look, D @ WRONG, D @ RIGHT + D @ across, RIGHT, WRONG, forward=opposite) is None
    assert looked(look, (D @ WRONG).T, (D @ RIGHT + D @ across).T, RIGHT.T, WRONG.T) is None


@pytest.mark.parametrize(("off", "found"), [(0.8e-6, True), (1.3e-6, False)])
def test_matrices_agree_to_a_millionth(off, found):
    stray = np.zeros((3, 4))
    yours = D @ WRONG
    stray[np.unravel_index(np.argmax(np.abs(yours)), (3, 4))] = off * np.abs(yours).max()
    told = looked(
        exchanged.operand_in_anothers_place, yours + stray, D @ RIGHT, RIGHT, WRONG, forward=opposite
    )
    assert (told is not None) is found
    q = np.linalg.qr(RNG.normal(size=(4, 4)))[0][:3]
    yours = M.T @ q
    stray[:] = 0.0
    stray[np.unravel_index(np.argmax(np.abs(yours)), (3, 4))] = off * np.abs(yours).max()
    look = exchanged.transposed_intermediate
    assert (looked(look, yours + stray, M @ q, q, forward=opposite) is not None) is found
    right, across = M @ q, np.zeros((3, 4))
    across[0] = np.linalg.svd(q)[2][3]  # no product with q has a part of it
    right += off * np.abs(right).max() / np.abs(across).max() * across
    assert (looked(look, yours, right, q, forward=opposite) is not None) is found
    nearly = M + M.T
    nearly[0, 1] += off * np.abs(nearly).max()
    assert (looked(look, nearly.T @ q, nearly @ q, q, forward=opposite) is None) is found


def test_an_array_whose_sizes_differ_by_more_than_a_thousandth_is_a_factor():
    d = RNG.normal(size=(3, 4))
    nearly = 2.0 + np.linspace(0, 1.5e-3, 12).reshape(3, 4)
    assert looked(exchanged.factor_of_array, d, d * nearly, nearly, forward=opposite) is not None
    ratio = 1.0 + np.linspace(0, 1.5e-3, 12).reshape(3, 4)
    swapped = looked(exchanged.array_in_anothers_place, d * V * ratio, d * V, V, V * ratio, forward=opposite)
    assert swapped[1] == "of x1 and x2, one stands where the other belongs"


def test_only_entries_that_are_not_zero_in_both_gradients_show_a_relation():
    few, all_of_it = np.zeros((3, 4)), RNG.normal(size=(3, 4))
    few[0, :2] = 1.0, 2.0
    assert exchanged._many(view_of(few, all_of_it, U)) is False
    assert exchanged._many(view_of(all_of_it, few, U)) is False
    assert exchanged._many(view_of(all_of_it, 2 * all_of_it, U)) is True


def test_a_vector_is_spread_over_the_last_of_three_axes():
    x, vector, matrix = np.ones((2, 3, 4)), np.arange(4.0), RNG.normal(size=(3, 1))
    arrays = exchanged._alike(view_of(x, 2 * x, x, vector, matrix, forward=opposite))
    assert arrays["x1"].tolist() == np.broadcast_to(vector, (2, 3, 4)).tolist()
    assert arrays["x2"].tolist() == np.broadcast_to(matrix, (2, 3, 4)).tolist()


NORMS = np.array([[0.5], [2.0], [3.0]])


def test_a_factor_of_each_row_is_told_as_one():
    d = RNG.normal(size=(3, 4))
    cause, sentence = looked(exchanged.factor_of_each_row, NORMS * d, d, forward=opposite)
    assert cause == Cause.LOCAL_DERIVATIVE
    assert sentence.startswith("every row is off by a factor of its own")
    assert said(exchanged.factor_of_each_row, [NORMS * d], [d], np.ones((1, 3, 4)))[1] == sentence
    assert looked(exchanged.factor_of_each_row, 0 * d, d, forward=opposite) is None
    for apart, told in ((0.8e-3, False), (1.2e-3, True)):
        nearly = np.array([[2.0], [2.0], [2.0 * (1 + apart)]]) * d
        assert (looked(exchanged.factor_of_each_row, nearly, d, forward=opposite) is not None) is told
    for yours in (2 * d, d + NORMS, np.array([[1.0], [2.0], [3.0]]) * d, np.array([[0.0], [2.0], [3.0]]) * d):
        assert looked(exchanged.factor_of_each_row, yours, d, forward=opposite) is None
    one_in_each = np.eye(3, 4)
    assert looked(exchanged.factor_of_each_row, NORMS * one_in_each, one_in_each, forward=opposite) is None


def test_a_norm_that_is_missing_is_no_array_in_the_outputs_place():
    def unit(x):
        norm = np.linalg.norm(x, axis=1, keepdims=True)
        return x / norm, x / norm

    def backward(dout, y):
        return dout - y * (dout * y).sum(axis=1, keepdims=True)

    check = check_vjp(unit, backward, RNG.normal(size=(3, 4)))
    assert check.arguments[0].explanation.startswith("every row is off by a factor of its own")
