"""Features of pictures made by hand: a histogram of colours, and one of the directions of edges."""

from __future__ import annotations

from typing import Any

import numpy as np


def color_histogram(image: Any, bins: int) -> Any:
    """Return the share of the pixels in each box of colours: (bins, bins, bins).

    image: (height, width, 3), floats from 0 to 1.
    """
    pixels = np.reshape(image, (-1, 3))
    counts, _ = np.histogramdd(pixels, bins=(bins,) * 3, range=[(0.0, 1.0)] * 3)
    return counts / len(pixels)


def oriented_gradients(image: Any, cell: int, directions: int) -> Any:
    """Return the summed strengths of the edges in each cell: (height // cell, width // cell, directions).

    image: (height, width), numbers. A direction is an angle modulo pi, in equal parts from 0 on.
    """
    dy, dx = np.gradient(np.asarray(image, dtype=float))
    parts = (np.arctan2(dy, dx) % np.pi * directions / np.pi).astype(int) % directions
    rows, columns = np.indices(dx.shape) // cell
    strengths = np.zeros((dx.shape[0] // cell, dx.shape[1] // cell, directions))
    np.add.at(strengths, (rows, columns, parts), np.hypot(dx, dy))
    return strengths
