"""The look that all figures share: colours, paper and axes.

The colours are the eight of Okabe and Ito ("Color Universal Design", 2008), chosen to stay apart for every
common kind of colour blindness. Figures bring their own opaque paper, so that they read the same in a light
and in a dark theme. Nothing here touches matplotlib's global settings or pyplot.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

PAPER = "#ffffff"
INK = "#1f2328"
MUTED = "#6b7280"
RULE = "#d8dce2"

BLUE = "#0072b2"
VERMILION = "#d55e00"
GREEN = "#009e73"
PURPLE = "#cc79a7"
ORANGE = "#e69f00"
SKY = "#56b4e9"

#: Forward values, drawn above an edge or along a curve.
VALUE = BLUE
#: Gradients, drawn below an edge; a curve's derivative.
GRADIENT = "#c04f00"  # vermilion, darker, since it colours small text
#: One colour per class or curve, in this order.
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
#: One marker per class, so that no figure depends on colour alone.
MARKERS = ("o", "^", "s", "D", "v", "P")

#: Inches; a notebook's output column at 96 pixels to the inch.
NOTEBOOK_WIDTH = 8.0
FONT_SIZE = 10.0
#: Inches around each panel; on a dark page the paper ends visibly, and words should not touch its edge.
MARGIN = 0.08


def new_figure(
    rows: int = 1, columns: int = 1, *, width: float = NOTEBOOK_WIDTH, height: float = 3.2
) -> tuple[Figure, np.ndarray[Any, Any]]:
    """Return a figure on opaque paper and its axes, an object array of shape (rows, columns).

    ``width`` and ``height`` are those of the whole figure, in inches.
    """
    figure = Figure(figsize=(width, height), facecolor=PAPER)
    figure.set_layout_engine("constrained", w_pad=MARGIN, h_pad=MARGIN)
    axes = figure.subplots(rows, columns, squeeze=False)
    for ax in axes.flat:
        dress(ax)
    return figure, axes


def dress(ax: Axes) -> None:
    """Give ``ax`` the shared look: two spines, a faint grid below the data, dark text."""
    ax.set_facecolor(PAPER)
    ax.set_axisbelow(True)
    ax.grid(color=RULE, linewidth=0.7)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(MUTED)
    ax.tick_params(colors=INK, labelsize=FONT_SIZE - 1)
    for text in (ax.title, ax.xaxis.label, ax.yaxis.label):
        text.set_color(INK)


def bare(ax: Axes) -> None:
    """Strip ``ax`` to its paper, for pictures that have no scales."""
    ax.set_facecolor(PAPER)
    ax.set_axis_off()
