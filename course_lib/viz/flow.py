"""How far gradients get in a deep net: the size of each layer's gradient, for nets of several depths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from course_lib.viz.curves import STYLES
from course_lib.viz.picture import Picture
from course_lib.viz.style import INK, PALETTE, new_figure

FLOOR = 1e-18  # what is smaller is drawn here: it would not move a weight that float64 can hold
ROOM = 3  # times: a curve along the edge of a panel would be half hidden


def draw_gradient_flow(panels: Mapping[str, Mapping[int, Sequence[float]]], *, title: str = "") -> Picture:
    """Draw, for each panel, a curve for each depth: the norm of each layer's gradient, first layer left.

    ``panels`` maps a label to {depth: norms}, where ``norms`` has one number for each layer. The axis is
    logarithmic, and the same for all panels. The alternative text gives first and last layer of the deepest.
    """
    columns = min(len(panels), 2)
    rows = -(-len(panels) // columns)
    figure, axes = new_figure(rows, columns, height=2.9 * rows)
    told = []
    for ax, (label, nets) in zip(axes.flat, panels.items(), strict=False):
        for i, (depth, norms) in enumerate(nets.items()):
            sizes = np.maximum(np.asarray(norms, dtype=float), FLOOR)
            place = np.arange(1, len(sizes) + 1)
            style, colour = STYLES[i % len(STYLES)], PALETTE[i % len(PALETTE)]
            ax.plot(place, sizes, style, color=colour, marker=".", label=f"{depth} layers")
        deepest = max(nets)
        first, last = nets[deepest][0], nets[deepest][-1]
        told.append(f"{label}, {deepest} layers: {first:.1e} in the first, {last:.1e} in the last")
        ax.set(title=label, yscale="log", xlabel="layer", ylabel="norm of its gradient")
    reach = [ax.get_ylim() for ax in axes.flat[: len(panels)]]
    for ax in axes.flat[: len(panels)]:
        ax.set_ylim(min(low for low, _ in reach) / ROOM, max(high for _, high in reach) * ROOM)
    for ax in axes.flat[len(panels) :]:
        ax.set_visible(False)
    axes.flat[0].legend(frameon=False, labelcolor=INK, fontsize=9)
    figure.suptitle(title, color=INK)
    return Picture(figure, f"{title or 'Norm of each layer’s gradient'}. {'; '.join(told)}.")
