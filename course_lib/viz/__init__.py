"""Figures for the notebooks; matplotlib is imported when the first of them is drawn."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_lib.viz.activations import draw_activations as draw_activations
    from course_lib.viz.boundary import draw_boundaries as draw_boundaries
    from course_lib.viz.boundary import draw_boundary as draw_boundary
    from course_lib.viz.boundary import draw_points as draw_points
    from course_lib.viz.cost import draw_costs as draw_costs
    from course_lib.viz.curves import draw_losses as draw_losses
    from course_lib.viz.curves import draw_training as draw_training
    from course_lib.viz.exploration import explore as explore
    from course_lib.viz.flow import draw_gradient_flow as draw_gradient_flow
    from course_lib.viz.graph import draw_graph as draw_graph
    from course_lib.viz.graph_nodes import Node as Node
    from course_lib.viz.kink import drag as drag
    from course_lib.viz.matrices import draw_matrices as draw_matrices
    from course_lib.viz.picture import Picture as Picture
    from course_lib.viz.products import draw_products as draw_products
    from course_lib.viz.run import draw_run as draw_run
    from course_lib.viz.shapes import Stage as Stage
    from course_lib.viz.shapes import draw_shapes as draw_shapes
    from course_lib.viz.style import new_figure as new_figure
    from course_lib.viz.templates import draw_templates as draw_templates

_HOME = {
    "Node": "graph_nodes",
    "Picture": "picture",
    "Stage": "shapes",
    "drag": "kink",
    "draw_activations": "activations",
    "draw_boundaries": "boundary",
    "draw_boundary": "boundary",
    "draw_costs": "cost",
    "draw_gradient_flow": "flow",
    "draw_graph": "graph",
    "draw_losses": "curves",
    "draw_matrices": "matrices",
    "draw_points": "boundary",
    "draw_products": "products",
    "draw_run": "run",
    "draw_shapes": "shapes",
    "draw_templates": "templates",
    "draw_training": "curves",
    "explore": "exploration",
    "new_figure": "style",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
