import pytest

from course_lib.viz import Stage, draw_shapes

CHAIN = [("x", ("N", "D")), ("y", (64, 10), "· w + b", {"w": ("D", 10), "b": (10,)}), Stage("L", (), "loss")]


def test_every_value_and_every_parameter_has_its_shape_and_its_gradients() -> None:
    texts = [text.get_text() for text in draw_shapes(CHAIN).figure.axes[0].texts]
    for label in ("x (N, D)", "y (64, 10)", "L ()", "w (D, 10)", "b (10,)"):
        assert label in texts
        assert f"d{label}" in texts


def test_layers_stand_in_their_boxes_from_left_to_right() -> None:
    texts = {text.get_text(): text.get_position() for text in draw_shapes(CHAIN).figure.axes[0].texts}
    (first, low), (second, high) = texts["· w + b"], texts["loss"]
    assert 0 < first < second
    assert low == high == 0


def test_texts_keep_apart() -> None:
    figure = draw_shapes(CHAIN, title="A chain").figure
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    overlaps = [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
    assert overlaps == []


def test_the_text_tells_the_chain() -> None:
    assert draw_shapes(CHAIN, title="A chain").alt == (
        "A chain: x (N, D) is the input; · w + b with w (D, 10) and b (10,) gives y (64, 10); "
        "loss gives L (). Every gradient has its value's shape."
    )


def test_a_chain_needs_a_layer() -> None:
    with pytest.raises(ValueError, match="needs an input and a layer, got 1 stages"):
        draw_shapes(CHAIN[:1])
