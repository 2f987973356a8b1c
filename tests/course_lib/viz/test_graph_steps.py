from typing import Any

import IPython
import pytest

from course_lib.viz import draw_graph
from course_lib.viz.style import GRADIENT

TWO_PATHS: list[tuple[Any, ...]] = [
    ("x1", "", (), 3, 0),
    ("x2", "", (), 0, 4),
    ("p", "×", ("x1", "x2"), 0, 1, (0, 3)),
    ("s", "sin", ("x2",), 0, 1, (1,)),
    ("f", "+", ("p", "s"), 0, 1),
]


def gradients_in(picture: Any) -> list[str]:
    """The gradients on the wires of a frame, from left to right."""
    texts = [t for t in picture.figure.axes[0].texts if t.get_color() == GRADIENT and t.get_fontsize() == 9]
    return [t.get_text() for t in texts]


def test_gradients_appear_from_the_output_back_each_when_all_its_users_have_reported() -> None:
    steps = draw_graph(TWO_PATHS, steps=True)
    assert [gradients_in(frame) for frame in steps.frames] == [
        ["1"],
        ["1", "1", "1"],
        ["1", "1", "1"],
        ["0", "4", "1", "1", "1"],
    ]


def test_the_last_step_shows_what_the_picture_without_steps_shows() -> None:
    steps = draw_graph(TWO_PATHS, title="f", steps=True)
    assert steps.frames[-1].alt == draw_graph(TWO_PATHS, title="f").alt
    assert steps.finished.png() == draw_graph(TWO_PATHS, title="f").png()


def test_all_steps_have_one_size() -> None:
    frames = draw_graph(TWO_PATHS, steps=True).frames
    assert len({tuple(frame.figure.get_size_inches()) for frame in frames}) == 1


def test_the_captions_say_who_hands_what_to_whom() -> None:
    assert draw_graph(TWO_PATHS, steps=True).captions == [
        "The output by itself: its gradient is 1.",
        "+ (f) takes 1 and hands back 1 to p, 1 to s.",
        "sin (s) takes 1 and hands back 1 to x2, one of 2 that add up there.",
        "× (p) takes 1 and hands back 0 to x1, 3 to x2, one of 2 that add up there.",
    ]


def test_a_share_that_is_not_known_is_not_made_up() -> None:
    square = [("x", "", (), 3.0, 6.0), ("f", "×", ("x", "x"), 9.0, 1.0)]
    (_, caption) = draw_graph(square, steps=True).captions
    assert caption.startswith("× (f) takes 1 and hands back its share to x, one of 2 that add up there")


def test_without_a_kernel_the_finished_picture_stands_above_the_strip_of_all_steps(shown: list[Any]) -> None:
    steps = draw_graph(TWO_PATHS, title="<f>", steps=True)
    steps._ipython_display_()
    (bundle,) = shown
    page = bundle["text/html"]
    assert page.startswith(steps.finished._repr_html_())
    assert page.count("<img") == 1 + len(steps.frames)
    assert page.count("alt=") == page.count("<img")
    assert "× (p) takes 1 and hands back 0 to x1, 3 to x2" in bundle["text/plain"]


def test_with_a_kernel_a_slider_goes_through_the_steps(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ipywidgets")
    shell = type("Shell", (), {"kernel": object()})()
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    draw_graph(TWO_PATHS, steps=True)._ipython_display_()
    still, slider = shown
    assert "<details>" in still["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in slider
