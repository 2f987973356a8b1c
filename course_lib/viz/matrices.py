"""Small matrices as coloured squares with their numbers in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_lib.viz.picture import Picture
from course_lib.viz.style import INK, new_figure

MOST = 12  # rows or columns whose numbers can still be read


def draw_matrices(
    matrices: Mapping[str, Any], *, title: str = "", digits: int = 2, numbers: bool = True
) -> Picture:
    """Draw each matrix of ``matrices`` beside its label: orange above 0, blue below, white at 0.

    A matrix has one or two axes; ``numbers`` are written into those of at most 12 rows and columns. The
    alternative text gives the shapes, and where there are numbers, says which square ones are symmetric.
    """
    figure, axes = new_figure(1, len(matrices), height=3.2 if len(matrices) < 4 else 2.2)
    told = []
    for ax, (label, values) in zip(axes.flat, matrices.items(), strict=True):
        matrix = np.atleast_2d(np.asarray(values, dtype=float))
        reach = float(np.abs(matrix).max(initial=0)) or 1.0
        ax.imshow(matrix, cmap="PuOr_r", vmin=-1.3 * reach, vmax=1.3 * reach)
        ax.grid(False)
        ax.set(title=label, xticks=[], yticks=[])
        if numbers and max(matrix.shape) <= MOST:
            for (i, j), value in np.ndenumerate(matrix):
                text = f"{round(value, digits) + 0.0:.{digits}f}"
                ax.text(j, i, text, ha="center", va="center", color=INK, fontsize=9)
        symmetry = _symmetry(matrix) if numbers else ""
        told.append(f"{label or 'a matrix'}, {matrix.shape[0]} by {matrix.shape[1]}{symmetry}")
    figure.suptitle(title, color=INK)
    return Picture(figure, f"{title or 'Matrices'}: {'; '.join(told)}.")


def _symmetry(matrix: Any) -> str:
    if matrix.shape[0] != matrix.shape[1]:
        return ""
    return ", symmetric" if np.allclose(matrix, matrix.T) else ", not symmetric"
