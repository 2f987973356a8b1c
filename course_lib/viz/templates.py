"""What the units of a first layer look for: their weights as images."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from course_lib.viz.picture import Picture
from course_lib.viz.style import BLUE, FONT_SIZE, INK, NOTEBOOK_WIDTH, PAPER, VERMILION, bare, new_figure

DIVERGING = LinearSegmentedColormap.from_list("blue to vermilion", [BLUE, PAPER, VERMILION])


def draw_templates(W: Any, shape: tuple[int, ...] = (8, 8), *, columns: int = 10) -> Picture:
    """Draw the columns of ``W`` (D, H) as images of ``shape``, (rows, columns) or (3, rows, columns).

    Single-plane images run from blue (negative) over white (0) to vermilion (positive) on one scale for all;
    images of three planes are shown in colour, each stretched to its own range. Raises ValueError if D
    entries do not fill ``shape``.
    """
    W = np.asarray(W, dtype=np.float64)
    if W.ndim != 2 or W.shape[0] != np.prod(shape):
        raise ValueError(f"expected weights ({int(np.prod(shape))}, H) for images of {shape}, got {W.shape}")
    images = W.T.reshape(-1, *shape)
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    panel = NOTEBOOK_WIDTH / 10
    figure, axes = new_figure(rows, columns, width=max(columns * panel, 3.0), height=rows * panel + 0.5)
    limit = np.abs(W).max()
    for ax in axes.flat:
        bare(ax)
    for ax, image in zip(axes.flat, images, strict=False):
        if len(shape) == 3:
            ax.imshow(_stretched(image).transpose(1, 2, 0))
        else:
            shown = ax.imshow(image, cmap=DIVERGING, vmin=-limit, vmax=limit)
    if len(shape) == 2:
        bar = figure.colorbar(shown, ax=axes, orientation="horizontal", aspect=40, pad=0.02)
        bar.set_label("weight", color=INK, fontsize=FONT_SIZE - 1)
        bar.ax.tick_params(colors=INK, labelsize=FONT_SIZE - 2)
    size = " by ".join(map(str, shape[-2:]))
    extent = f"from {W.min():.2g} to {W.max():.2g}"
    return Picture(figure, f"The weights of {len(images)} units as images of {size} pixels, {extent}.")


def _stretched(image: Any) -> Any:
    spread = np.ptp(image)
    return (image - image.min()) / (spread if spread > 0 else 1.0)
