from types import SimpleNamespace
from typing import Any

import IPython
import pytest

from course_lib.viz.slides import display_under_sliders, sliders, widgets_run

PAGES = {(x, y): f"<p>{x} {y}</p>" for x in (1, 2) for y in ("a", "b")}


def test_each_name_has_a_slider_with_its_values_in_order() -> None:
    pytest.importorskip("ipywidgets")
    first, second, page = sliders(("x", "y"), PAGES).children
    assert (first.description, first.options) == ("x", (1, 2))
    assert (second.description, second.options) == ("y", ("a", "b"))
    assert page.value == "<p>1 a</p>"


def test_a_slider_that_moves_changes_the_page_below() -> None:
    pytest.importorskip("ipywidgets")
    first, second, page = sliders(("x", "y"), PAGES).children
    second.value = "b"
    assert page.value == "<p>1 b</p>"
    first.value = 2
    assert page.value == "<p>2 b</p>"


def test_where_sliders_cannot_be_shown_nothing_stands_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda *given, **named: shown.append((given, named)))
    display_under_sliders(SimpleNamespace(_repr_mimebundle_=lambda: {"widget": 1, "text/plain": "VBox()"}))
    assert shown == [(({"widget": 1, "text/html": "", "text/plain": ""},), {"raw": True})]


def test_outside_a_kernel_widgets_do_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)
    assert not widgets_run()
