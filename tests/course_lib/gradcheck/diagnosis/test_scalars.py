import numpy as np
import pytest

from course_lib import Cause, check_parameters


def explanations(function, at, gradient):
    return {a.name: a for a in check_parameters(function, at, gradient).arguments}


def test_a_missing_path_is_named_with_what_is_missing():
    found = explanations(
        lambda p: p["a"] * p["b"] + np.sin(p["b"]),
        {"a": 2.0, "b": 0.0},
        lambda p: {"a": p["b"], "b": np.cos(p["b"])},
    )["b"]
    assert found.diagnosis == Cause.DROPPED_PATH | Cause.OVERWRITTEN
    assert "lacks the term a" in found.explanation


def test_a_product_that_hands_each_side_its_own_factor_is_named():
    found = explanations(
        lambda p: (p["x"] + p["y"]) * p["z"],
        {"x": -2.0, "y": 5.0, "z": -4.0},
        lambda p: {"x": p["x"] + p["y"], "y": p["x"] + p["y"], "z": p["z"]},
    )
    for argument in found.values():
        assert "the other factor" in argument.explanation
        assert "returned" not in argument.explanation


def test_one_common_factor_points_to_the_shared_stretch():
    def slope(p):
        ds = 1 / (1 + np.exp(-(p["w"] * p["x"]))) ** 2
        return {"w": ds * p["x"], "x": ds * p["w"]}

    found = explanations(lambda p: 1 / (1 + np.exp(-p["w"] * p["x"])), {"w": 2.0, "x": -1.0}, slope)
    assert all("one common factor" in argument.explanation for argument in found.values())


def test_gradients_that_are_nearly_right_at_every_point_share_no_factor():
    def quotient(p):
        ahead, behind = ((p["x"] + side) * p["z"] for side in (1e-7, -1e-7))
        return {"x": (ahead - behind) / 2e-7 * (1 + 1e-8), "z": p["x"] * (1 + 1e-8)}

    found = explanations(lambda p: p["x"] * p["z"], {"x": 5.0, "z": -3.7}, quotient)["x"]
    assert found.diagnosis == Cause.NUMERICAL_DIFFERENTIATION | Cause.FLOAT32
    assert "nearly right at every point" in found.explanation


def test_a_slip_that_hardly_shows_where_a_sigmoid_saturates_is_no_small_error():
    def sigmoid(t):
        return 1 / (1 + np.exp(-t))

    found = explanations(
        lambda p: p["x"] * (p["y"] ** 2 + sigmoid(p["y"]) * 1e-2),
        {"x": 3.0, "y": -4.0},
        lambda p: {
            "x": p["y"] ** 2 + sigmoid(p["y"]) * 1e-2,
            "y": p["x"] * (2 * p["y"] + sigmoid(p["y"]) * 1e-2 * 3),
        },
    )["y"]
    assert "nearly right" not in found.explanation


@pytest.mark.parametrize(("x", "ratio"), [(3.0, 3), (2.0, 2), (-1.0, -1)])
def test_a_ratio_that_holds_at_one_point_only_is_no_factor(x, ratio):
    found = explanations(lambda p: p["x"] ** 2 / 2, {"x": x}, lambda p: {"x": p["x"] ** 2})["x"]
    assert found.diagnosis == Cause.LOCAL_DERIVATIVE
    assert "samples" not in found.explanation


def test_of_numbers_given_as_data_no_factor_is_guessed():
    found = explanations(lambda p: p["x"] ** 2, {"x": 1.5}, {"x": 9.0})["x"]
    assert found.diagnosis == Cause.LOCAL_DERIVATIVE
