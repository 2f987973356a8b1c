from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.viz.graph_nodes import Node, read_nodes

X = Node("x", value=2.0, grad=4.0)
SQUARE = Node("f", "×", ("x", "x"), 4.0, 1.0, (2.0, 2.0))


def test_nodes_stay_as_they_are_and_tuples_become_nodes() -> None:
    given = [X, ("f", "×", ("x", "x"), 4.0, 1.0, (2.0, 2.0))]
    assert list(read_nodes(given).items()) == [("x", X), ("f", SQUARE)]
    assert read_nodes([("x",)]) == {"x": Node("x", "", (), None, None, ())}


def test_a_graph_may_be_a_mapping_or_have_nodes_which_may_be_one() -> None:
    as_read = {"x": X, "f": SQUARE}
    assert read_nodes(as_read) == as_read
    assert read_nodes({1: X, 2: SQUARE}) == as_read
    assert read_nodes(SimpleNamespace(nodes=[X, SQUARE])) == as_read
    assert read_nodes(SimpleNamespace(nodes=as_read)) == as_read


def test_objects_say_what_they_have_and_data_is_a_value_too() -> None:
    x = SimpleNamespace(name="x", data=2.0, grad=4.0)
    f = SimpleNamespace(name="f", op="×", inputs=(x, "x"), value=4.0, data="not this", grad=1.0)
    assert read_nodes([x, f]) == {"x": X, "f": Node("f", "×", ("x", "x"), 4.0, 1.0)}
    bare = SimpleNamespace(name="y", op=None)
    assert read_nodes([bare]) == {"y": Node("y")}


def test_the_last_object_finds_the_others_inputs_first_each_once_and_in_order() -> None:
    a = SimpleNamespace(name="a", inputs=(), data=np.array(2.0), grad=np.array(4.0))
    b = SimpleNamespace(name="b", inputs=(a,))
    c = SimpleNamespace(name="c", inputs=[a])
    last = SimpleNamespace(name="f", op="+", inputs=(c, b, a))
    found = read_nodes(last)
    assert list(found) == ["a", "c", "b", "f"]
    assert found["f"].inputs == ("c", "b", "a")
    assert (found["a"].value, found["a"].grad) == (2.0, 4.0)


def test_objects_without_a_name_have_their_place_for_one() -> None:
    a = SimpleNamespace(name="a", inputs=())
    half, square = SimpleNamespace(op="/2", inputs=(a,)), SimpleNamespace(name="", op="×")
    square.inputs = (half, half)
    found = read_nodes(square)
    assert list(found) == ["a", "#1", "#2"]
    assert found["#2"].inputs == ("#1", "#1")


def test_an_input_that_is_not_among_the_nodes_is_called_by_what_it_is() -> None:
    f = SimpleNamespace(name="f", op="exp", inputs=(SimpleNamespace(name="x"),))
    assert read_nodes([f])["f"].inputs == ("a SimpleNamespace that is not among the nodes",)


def test_a_deep_graph_of_objects_is_read_without_recursion() -> None:
    node = SimpleNamespace(name="x", inputs=())
    for _ in range(2000):
        node = SimpleNamespace(op="+1", inputs=(node,))
    assert len(read_nodes(node)) == 2001


def test_two_nodes_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two nodes of the graph are called 'x'"):
        read_nodes([X, SQUARE, X])
