from typing import Any

import pytest

from course_lib.viz import drag
from course_lib.viz.kink import Dragged
from course_lib.viz.picture import Picture


def three_relu(x: float) -> list[tuple[Any, ...]]:
    """3 max(0, x), and its gradients."""
    return [
        ("x", "", (), x, 3.0 * (x > 0)),
        ("h", "max(0, u)", ("x",), max(x, 0.0), 3.0),
        ("f", "×3", ("h",), 3 * max(x, 0.0), 1.0),
    ]


def dragged() -> Dragged:
    return drag(three_relu, title="f = 3 max(0, x)", x=(-1.0, 0.0, 1.0))


def test_a_kink_is_found_and_nothing_else_is() -> None:
    assert dragged().kinks == (0.0,)
    bend = drag(lambda x: [("x", "", (), x, 2 * x), ("f", "u²", ("x",), x * x, 1.0)], x=(-1.0, 0.0, 1.0))
    assert bend.kinks == ()


def test_both_slopes_are_said_on_a_kink_and_one_elsewhere() -> None:
    assert repr(dragged()).splitlines() == [
        "x = −1: slope 0",
        "x = 0: slope 0 to the left, 3 to the right",
        "x = 1: slope 3",
    ]


def test_on_the_kink_the_graph_shows_both_gradients_of_what_has_two() -> None:
    assert "x is an input, value 0, gradient 0 | 3; h is max(0, u) of x, value 0, gradient 3" in (
        dragged().graph(0.0).alt
    )
    assert "x is an input, value 1, gradient 3;" in dragged().graph(1.0).alt


def test_where_sliders_do_not_run_the_kink_stands_above_all_places() -> None:
    several = drag(three_relu, x=(-2.0, -1.0, 0.0, 1.0, 2.0))
    page = several._repr_html_()
    assert page.startswith(several.curve(0.0)._repr_html_())
    assert page.count("<img") == 2 * (1 + 5)
    assert page.count("alt=") == page.count("<img")


def test_a_place_is_drawn_once_wherever_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(Picture, "_repr_html_", lambda picture: drawn.append(picture.alt) or picture.alt)
    several = dragged()
    assert several._repr_html_() == several._repr_html_()
    assert len(drawn) == 2 * len(several.values)


@pytest.mark.parametrize("values", [{}, {"x": (1.0,)}, {"x": (0.0, 1.0), "y": (0.0, 1.0)}])
def test_one_input_with_two_values_or_more_is_dragged(values: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(ValueError, match="one input and its values, two or more"):
        drag(three_relu, **values)
