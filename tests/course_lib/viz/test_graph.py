from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text

from course_lib.viz import Node, Picture, draw_graph
from course_lib.viz.graph_nodes import read_nodes
from course_lib.viz.style import GRADIENT, VALUE

PRODUCT_OF_SUM: list[tuple[Any, ...]] = [
    ("x", "", (), -2, -4),
    ("y", "", (), 5, -4),
    ("z", "", (), -4, 3),
    ("q", "+", ("x", "y"), 3, -4),
    ("f", "×", ("q", "z"), -12, 1),
]


def written(picture: Picture) -> list[Text]:
    return list(picture.figure.axes[0].texts)


def only(texts: list[Text], text: str, colour: str) -> Text:
    (found,) = [t for t in texts if t.get_text() == text and t.get_color() == colour]
    return found


def test_every_value_stands_above_its_gradient() -> None:
    texts = written(draw_graph(PRODUCT_OF_SUM))
    value, gradient = only(texts, "−12", VALUE), only(texts, "1", GRADIENT)
    assert value.get_position()[0] == gradient.get_position()[0]
    assert value.get_position()[1] > gradient.get_position()[1]


def test_values_and_gradients_differ_in_more_than_colour() -> None:
    texts = written(draw_graph(PRODUCT_OF_SUM))
    assert {t.get_style() for t in texts if t.get_color() == VALUE} == {"normal"}
    assert {t.get_style() for t in texts if t.get_color() == GRADIENT} == {"italic"}


def test_the_alternative_text_tells_the_whole_graph() -> None:
    alt = draw_graph(PRODUCT_OF_SUM, title="f = (x + y) z").alt
    assert alt.startswith("f = (x + y) z: x is an input, value −2, gradient −4; ")
    assert alt.endswith("f is × of q, z, value −12, gradient 1.")


def test_nothing_overlaps_in_a_graph_with_forks_and_long_wires() -> None:
    nodes = [("x", "", (), 0.123456), ("y", "", (), 7.0)]
    nodes += [("a", "exp", ("x",), 1.0), ("b", "+", ("a", "y"), 2.0), ("f", "×", ("b", "x"), 3.0)]
    figure = draw_graph(nodes).figure
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])
        assert figure.bbox.containsx(box.x0)
        assert figure.bbox.containsx(box.x1)


def test_what_is_not_known_is_not_drawn() -> None:
    texts = [t.get_text() for t in written(draw_graph([("x",), ("f", "exp", ("x",))]))]
    assert texts == ["x", "exp", "f"]


def test_arrays_are_shown_by_their_shape_and_texts_as_they_are() -> None:
    picture = draw_graph([("X", "", (), np.zeros((3, 4))), ("W", "", (), "(D, M)"), ("f", "@", ("X", "W"))])
    texts = [t.get_text() for t in written(picture)]
    assert "(3,4)" in texts
    assert "(D, M)" in texts


def test_gradients_that_meet_at_a_fork_are_shown_at_the_arrow_heads() -> None:
    square = [("x", "", (), 3.0, 6.0), ("f", "×", ("x", "x"), 9.0, 1.0, (2.5, 3.5))]
    texts = [t.get_text() for t in written(draw_graph(square)) if t.get_color() == GRADIENT]
    assert sorted(texts) == ["1", "2.5", "3.5", "6", "gradient below"]


def test_nodes_tuples_and_objects_draw_the_same_picture() -> None:
    as_nodes = [Node(*fields) for fields in PRODUCT_OF_SUM]
    as_objects = [SimpleNamespace(**vars(node)) for node in as_nodes]
    expected = draw_graph(PRODUCT_OF_SUM).png()
    assert draw_graph(as_nodes).png() == expected
    assert draw_graph(SimpleNamespace(nodes=as_objects)).png() == expected
    assert draw_graph({node.name: node for node in as_objects}).png() == expected


def test_the_last_object_finds_the_others_and_unnamed_ones_stay_unnamed() -> None:
    a = SimpleNamespace(name="a", inputs=(), data=np.array(2.0), grad=np.array(4.0))
    square = SimpleNamespace(op="×", inputs=(a, a), data=np.array(4.0), grad=np.array(1.0))
    assert [node.inputs for node in read_nodes(square).values()] == [(), ("a", "a")]
    texts = [t.get_text() for t in written(draw_graph(square))]
    assert {"a", "2", "4", "×", "1"} <= set(texts)
    assert not any(text.startswith("#") for text in texts)


def test_a_dollar_in_a_name_is_no_formula() -> None:
    assert draw_graph([("$x^{", "", (), 1.0)]).png()


@pytest.mark.parametrize(
    ("nodes", "says"),
    [
        ([("f", "exp", ("x",))], "node 'f' takes 'x' as input, and there is no such node"),
        ([("x",), ("x",)], "two nodes of the graph are called 'x'"),
        ([("a", "exp", ("b",)), ("b", "exp", ("a",))], "the graph has a cycle: "),
    ],
)
def test_a_graph_that_is_none_is_refused(nodes: list[tuple[Any, ...]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        draw_graph(nodes)


def test_objects_in_a_cycle_are_refused() -> None:
    a, b = SimpleNamespace(name="a", op="exp"), SimpleNamespace(name="b", op="exp")
    a.inputs, b.inputs = (b,), (a,)
    with pytest.raises(ValueError, match="the graph has a cycle: "):
        draw_graph(a)
