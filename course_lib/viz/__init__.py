"""Figures for the notebooks; matplotlib is imported when the first of them is drawn."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_lib.viz.graph import Node as Node
    from course_lib.viz.graph import draw_graph as draw_graph
    from course_lib.viz.picture import Picture as Picture
    from course_lib.viz.products import draw_products as draw_products
    from course_lib.viz.shapes import draw_shapes as draw_shapes
    from course_lib.viz.style import new_figure as new_figure

_HOME = {
    "Node": "graph",
    "Picture": "picture",
    "draw_graph": "graph",
    "draw_products": "products",
    "draw_shapes": "shapes",
    "new_figure": "style",
}

__all__ = ["Node", "Picture", "draw_graph", "draw_products", "draw_shapes", "new_figure"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
