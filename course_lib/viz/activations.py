"""Curves of activation functions with their derivatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_lib.viz.picture import Picture
from course_lib.viz.style import GRADIENT, VALUE, bare, new_figure

Forward = Callable[[Any], tuple[Any, Any]]
Backward = Callable[[Any, Any], Any]

COLUMNS = 3
PANEL_HEIGHT = 2.0


def draw_activations(
    pairs: Mapping[str, tuple[Forward, Backward]], low: float = -4.0, high: float = 4.0
) -> Picture:
    """Draw each function and its derivative from ``low`` to ``high``, a panel for each, three to a row.

    ``pairs`` maps a title to ``forward(x) -> (out, cache)`` and ``backward(dout, cache) -> dx``, both
    elementwise; the derivative is what ``backward`` makes of an upstream gradient of ones.
    """
    x = np.linspace(low, high, 401)
    rows = -(-len(pairs) // COLUMNS)
    figure, axes = new_figure(rows, min(COLUMNS, len(pairs)), height=PANEL_HEIGHT * rows + 0.3)
    told = []
    for ax, (title, (forward, backward)) in zip(axes.flat, pairs.items(), strict=False):
        out, cache = forward(x)
        slope = np.asarray(backward(np.ones_like(x), cache))
        (solid,) = ax.plot(x, out, color=VALUE, linewidth=2)
        (dashed,) = ax.plot(x, slope, "--", color=GRADIENT, linewidth=1.8)
        ax.set(title=title, xlim=(low, high))
        values, slopes = (f"{np.min(curve):.3g} and {np.max(curve):.3g}" for curve in (out, slope))
        told.append(f"{title} lies between {values}, its slope between {slopes}")
    for ax in axes.flat[len(pairs) :]:
        bare(ax)
    figure.legend(
        [solid, dashed], ["function", "derivative"], loc="outside lower center", ncols=2, frameon=False
    )
    alt = f"Functions (solid) and derivatives (dashed) for x from {low:g} to {high:g}: {'; '.join(told)}."
    return Picture(figure, alt)
