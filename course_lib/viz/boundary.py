"""Points of the plane in their classes, and the regions that a classifier gives to each class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, to_rgb

from course_lib.viz.picture import Picture
from course_lib.viz.style import FONT_SIZE, MARKERS, NOTEBOOK_WIDTH, PALETTE, PAPER, bare, new_figure

Predict = Callable[[Any], Any]

RESOLUTION = 240
TINT = 0.28  # how much of a class's colour its region keeps


def draw_points(panels: Mapping[str, Any], y: Any) -> Picture:
    """Draw the same points in different coordinates, side by side.

    ``panels`` maps a title to points (N, 2); ``y`` holds their classes, integers (N,) below 6.
    """
    figure, axes = new_figure(1, len(panels), width=3.6 * len(panels), height=3.4)
    for ax, (title, X) in zip(axes.flat, panels.items(), strict=True):
        _scatter(ax, np.asarray(X), y)
        ax.set(title=title)
    counts = ", ".join(f"{np.sum(np.equal(y, k))} of class {k}" for k in np.unique(y))
    return Picture(figure, f"Points ({counts}), drawn as {' and as '.join(panels)}.")


def draw_boundary(predict: Predict, X: Any, y: Any, *, title: str = "") -> Picture:
    """Draw the regions of one classifier; the arguments are those of :func:`draw_boundaries`."""
    return draw_boundaries({title: predict}, X, y)


def draw_boundaries(predictors: Mapping[str, Predict], X: Any, y: Any, *, columns: int = 3) -> Picture:
    """Draw points and the regions that each classifier gives to each class, ``columns`` panels to a row.

    ``predictors`` maps a title to a function from points (M, 2) to classes, integers (M,) below 6;
    ``X`` (N, 2) and ``y`` (N,) are the points and their own classes.
    """
    X = np.asarray(X)
    columns = min(columns, len(predictors))
    rows = -(-len(predictors) // columns)
    width = 4.2 if columns == 1 else NOTEBOOK_WIDTH
    figure, axes = new_figure(rows, columns, width=width, height=rows * (width / columns + 0.35))
    told = []
    for ax, (title, predict) in zip(axes.flat, predictors.items(), strict=False):
        paint_regions(ax, predict, X, y)
        accuracy = f"{np.mean(np.equal(predict(X), y)):.1%} right"
        ax.set_title(f"{title}\n{accuracy}" if title else accuracy, fontsize=FONT_SIZE)
        if columns > 1:  # small panels compare regions; numbers at their edges would only crowd them
            ax.set(xticks=[], yticks=[])
        else:
            ax.locator_params(nbins=5)
        told.append(f"{title or 'the classifier'}: {accuracy}")
    for ax in axes.flat[len(predictors) :]:
        bare(ax)
    kinds = len(np.unique(y))
    return Picture(figure, f"Regions given to {kinds} classes, with {len(X)} points. {'; '.join(told)}.")


def paint_regions(ax: Axes, predict: Predict, X: Any, y: Any) -> None:
    """Paint one classifier's regions and the points into ``ax``."""
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.08 * (high - low)
    (left, bottom), (right, top) = low - margin, high + margin
    grid = np.meshgrid(np.linspace(left, right, RESOLUTION), np.linspace(bottom, top, RESOLUTION))
    regions = np.asarray(predict(np.column_stack([axis.ravel() for axis in grid])))
    ax.imshow(
        regions.reshape(RESOLUTION, RESOLUTION),
        cmap=ListedColormap([_tint(colour) for colour in PALETTE]),
        vmin=-0.5,
        vmax=len(PALETTE) - 0.5,
        extent=(left, right, bottom, top),
        origin="lower",
        interpolation="nearest",
        aspect="auto",
    )
    ax.grid(False)
    _scatter(ax, X, y)


def _scatter(ax: Axes, X: Any, y: Any) -> None:
    for k in np.unique(y):
        own = X[np.equal(y, k)]
        ax.scatter(
            own[:, 0],
            own[:, 1],
            s=20,
            color=PALETTE[k],
            marker=MARKERS[k],
            edgecolors=PAPER,
            linewidths=0.4,
        )


def _tint(colour: str) -> tuple[float, ...]:
    return tuple(1 - TINT * (1 - channel) for channel in to_rgb(colour))
