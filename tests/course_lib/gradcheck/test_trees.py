from collections import OrderedDict, UserDict, namedtuple

import numpy as np
import pytest

from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.trees import DEEPEST, gradients_like, has_form, is_branch, leaves, rebuilt

A_DICT = "expected a dict of arrays named like params"
NET = {"layers": [{"w": "W0", "b": "b0"}, {"w": "W1"}], "scale": 3.0, 7: [1.0, 2.0]}


def test_leaves_are_named_by_the_way_to_them():
    assert list(leaves(NET)) == [
        ("layers[0].w", "W0"),
        ("layers[0].b", "b0"),
        ("layers[1].w", "W1"),
        ("scale", 3.0),
        ("7", [1.0, 2.0]),
    ]
    assert list(leaves("W")) == [("", "W")]


@pytest.mark.parametrize("wrap", [lambda tree: {"a": tree}, lambda tree: ["text", tree]])
def test_twenty_levels_are_the_deepest(wrap):
    tree = "leaf"
    for _ in range(DEEPEST):
        tree = wrap(tree)
    assert "leaf" in [leaf for _, leaf in leaves(tree)]
    with pytest.raises(ValueError, match="nested more than 20 deep"):
        list(leaves(wrap(tree)))


@pytest.mark.parametrize(
    ("value", "holds_parameters"),
    [
        ([1.0, 2], False),
        ([[1, 2], [3.0, 4]], False),
        (((1, 2), [3]), False),
        ([], False),
        ((), False),
        ([None, 1.0], True),
        ([1.0, [2.0, "text"]], True),
        ((["W"],), True),
        ("text", False),
        (3.0, False),
    ],
)
def test_a_list_of_numbers_is_an_array_and_a_list_of_anything_else_holds_parameters(value, holds_parameters):
    assert is_branch(value) is holds_parameters


def test_a_tree_is_rebuilt_in_its_own_form():
    assert rebuilt(NET, iter("abcde")) == {
        "layers": [{"w": "a", "b": "b"}, {"w": "c"}],
        "scale": "d",
        7: "e",
    }


def gradients(params, grads):
    return list(gradients_like(params, grads, lambda leaf: leaf != "text"))


def test_gradients_are_found_by_their_places_and_only_those_that_are_wanted():
    grads = {"layers": [{"b": 2, "w": 1, "more": 9}, {"w": 3}], "scale": 4, 7: 5}
    assert gradients(NET, grads) == [1, 2, 3, 4, 5]
    assert gradients({"w": "W", "kind": "text"}, {"w": 1}) == [1]
    assert gradients({"w": "W", "kind": "text"}, {"w": 1, "kind": 2}) == [1]
    assert gradients(["W", "text"], (1, None)) == [1]


@pytest.mark.parametrize(
    ("params", "grads", "cause", "where", "sentence"),
    [
        (
            {"w": "W"},
            [1],
            Cause.WRONG_TYPE,
            "",
            "grads is of type list; expected a dict of arrays named like params",
        ),
        (
            {"w": "W", "b": "b"},
            {"w": 1},
            Cause.WRONG_COUNT,
            "b",
            "grads has no entry 'b'; its entries are 'w'",
        ),
        ({"l": {"w": "W"}}, {"l": {}}, Cause.WRONG_COUNT, "l.w", "grads has no entry 'w'; it is empty"),
        (["W", "V"], [1], Cause.WRONG_TYPE, "", "grads is of type list; expected a list of 2, like params"),
        (["W"], {"w": 1}, Cause.WRONG_TYPE, "", "grads is of type dict; expected a list of 1, like params"),
        (
            {"l": [{"w": "W"}]},
            {"l": [None]},
            Cause.WRONG_TYPE,
            "",
            f"grads of l[0] is of type NoneType; {A_DICT}",
        ),
    ],
)
def test_gradients_of_another_form_are_told_where(params, grads, cause, where, sentence):
    with pytest.raises(ContractError) as caught:
        gradients(params, grads)
    assert (caught.value.cause, caught.value.where, caught.value.sentence) == (cause, where, sentence)


Layer = namedtuple("Layer", ["w", "b"])


def test_parts_of_a_namedtuple_are_called_by_their_names():
    assert list(leaves([Layer(1.0, 2.0)])) == [("[0].w", 1.0), ("[0].b", 2.0)]
    assert list(leaves(Layer(1.0, [None]))) == [("w", 1.0), ("b[0]", None)]
    assert list(leaves({"a": Layer(1.0, 2.0)})) == [("a.w", 1.0), ("a.b", 2.0)]
    assert is_branch(Layer(1.0, 2.0)) is True


def test_a_tree_is_rebuilt_of_the_same_kinds_and_the_one_given_stays():
    given = {"a": OrderedDict(w="W"), "b": (Layer("w", "b"), "x"), "c": ["y", "z"]}
    made = rebuilt(given, iter(range(6)))
    assert made == {"a": {"w": 0}, "b": (Layer(1, 2), 3), "c": [4, 5]}
    assert type(made["a"]) is OrderedDict
    assert (type(made["b"]), type(made["b"][0]), type(made["c"])) == (tuple, Layer, list)
    assert given == {"a": {"w": "W"}, "b": (Layer("w", "b"), "x"), "c": ["y", "z"]}
    assert rebuilt(UserDict(w="W"), iter([1])) == {"w": 1}


@pytest.mark.parametrize(
    ("tree", "grads", "fits"),
    [
        ({"w": 1.0}, {}, True),
        ({"w": 1.0}, [1.0], False),
        ({"w": 1.0}, np.ones(1), False),
        (np.ones((2, 3)), np.zeros((2, 3)), True),
        (np.ones((2, 3)), np.zeros((3, 2)), False),
        (np.ones(2), [1.0, 2.0], True),
        (np.ones(2), "text", False),
        (np.ones(2), None, False),
        (1.0, 2.0, True),
        ("text", None, True),
        ([np.ones(2), "text"], [np.ones(2), None], True),
        ([np.ones(2), "text"], [np.ones(3), None], False),
        ([np.ones(2), np.ones(3)], (np.ones(2), np.ones(3)), True),
        ([np.ones(2), np.ones(3)], (np.ones(3), np.ones(2)), False),
        ([np.ones(2), np.ones(3)], [np.ones(2)], False),
        ([np.ones(2), np.ones(3)], np.ones(2), False),
        ([{"w": 1.0}, np.ones(3)], [{"w": 1.0}, np.ones(3)], True),
        ([{"w": 1.0}, np.ones(3)], [1.0, np.ones(3)], False),
    ],
)
def test_gradients_have_the_form_of_a_tree_down_to_the_shapes_of_its_variables(tree, grads, fits):
    assert has_form(tree, grads) is fits


def test_gradients_are_named_by_the_way_to_them_too():
    for params, grads, where in (
        ({"l": {"a": [{"w": "W"}]}}, {"l": {"a": [None]}}, "grads of l.a[0] is of type NoneType"),
        ({"l": Layer("W", ["V", None])}, {"l": Layer(1, 2)}, "grads of l.b is of type int"),
        ([["W", None], "V"], [3, 4], "grads of [0] is of type int"),
    ):
        with pytest.raises(ContractError, match=r"^" + where.replace("[", r"\[").replace(".", r"\.")):
            gradients(params, grads)
