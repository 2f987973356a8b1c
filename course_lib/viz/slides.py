"""Pictures under sliders, where sliders run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Setting = tuple[Any, ...]


def sliders(names: Sequence[str], pages: Mapping[Setting, str]) -> Any:
    """Return a widget: a slider for each name, and below them the HTML page of the setting they stand at.

    ``pages`` maps a setting, one value for each name, to HTML; there is one for every combination. Needs
    ipywidgets.
    """
    ipywidgets = import_module("ipywidgets")
    choices = [dict.fromkeys(values) for values in zip(*pages, strict=True)]
    found = [
        ipywidgets.SelectionSlider(options=list(values), description=name)
        for name, values in zip(names, choices, strict=True)
    ]
    page = ipywidgets.HTML(pages[tuple(slider.value for slider in found)])

    def turn(_: Any) -> None:
        page.value = pages[tuple(slider.value for slider in found)]

    for slider in found:
        slider.observe(turn, names="value")
    return ipywidgets.VBox([*found, page])


def display_under_sliders(widget: Any) -> None:
    """Display a widget, and nothing in its place where it cannot be shown after all."""
    from IPython.display import display

    display(widget._repr_mimebundle_() | {"text/html": "", "text/plain": ""}, raw=True)


def widgets_run() -> bool:
    """Whether ipywidgets is installed and a kernel runs, without which sliders stand still."""
    if find_spec("ipywidgets") is None or find_spec("IPython") is None:
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None
