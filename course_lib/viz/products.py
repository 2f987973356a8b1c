"""Matrix equations drawn cell by cell, so that the shapes can be seen to fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_lib.viz.picture import Picture
from course_lib.viz.style import FONT_SIZE, GRADIENT, INK, MUTED, PAPER, VALUE, bare

#: A matrix of an equation: its name, and the names of its rows and columns.
Matrix = tuple[str, str, str]
#: Matrices, and the signs between them, such as "=".
Equation = Sequence[str | Matrix]

# Inches.
MARGIN = 0.2
TITLE = 0.3
CELL = 0.24
LABEL = 0.24  # around a matrix, for its name and those of its dimensions
CHARACTER = 0.115
GAP = 0.2  # between two items of an equation, and between two equations


def draw_products(equations: Sequence[Equation], sizes: Mapping[str, int], *, title: str = "") -> Picture:
    """Draw matrix equations, one below the other, each matrix as a grid of its rows and columns.

    ``sizes`` maps the name of every dimension to a number of cells. A matrix whose name begins with d is a
    gradient, and has the colour of gradients. Raises ValueError for a dimension of unknown size.
    """
    _require_sizes(equations, sizes)
    return Picture(_figure(equations, sizes, title), _description(equations, title))


def _require_sizes(equations: Sequence[Equation], sizes: Mapping[str, int]) -> None:
    for matrix in (item for equation in equations for item in equation if not isinstance(item, str)):
        for dimension in matrix[1:]:
            if dimension not in sizes:
                raise ValueError(f"no size is given for dimension {dimension!r} of matrix {matrix[0]!r}")


def _figure(equations: Sequence[Equation], sizes: Mapping[str, int], title: str) -> Figure:
    extents = [[_extent(item, sizes) for item in equation] for equation in equations]
    heights = [max(height for _, height in row) for row in extents]
    width = 2 * MARGIN + max(sum(wide + GAP for wide, _ in row) - GAP for row in extents)
    below = sum(height + GAP for height in heights) - GAP + 2 * MARGIN
    above = TITLE if title else 0.0
    width = max(width, len(title) * 0.085 + 2 * MARGIN)
    figure = Figure(figsize=(width, below + above), facecolor=PAPER)
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, below + above))
    bare(ax)
    if title:
        ax.text(MARGIN, below + 0.2, title, va="top", color=INK, fontsize=FONT_SIZE, weight="bold")
    top = below - MARGIN
    for equation, row, height in zip(equations, extents, heights, strict=True):
        left = MARGIN
        for item, (wide, _) in zip(equation, row, strict=True):
            if isinstance(item, str):
                ax.text(left, top - height / 2, item, va="center", color=INK, fontsize=FONT_SIZE + 2)
            else:
                _draw_matrix(ax, left + LABEL, top - height / 2, item, sizes)
            left += wide + GAP
        top -= height + GAP
    return figure


def _extent(item: str | Matrix, sizes: Mapping[str, int]) -> tuple[float, float]:
    """The width and height that a sign or a matrix takes, labels included."""
    if isinstance(item, str):
        return len(item) * CHARACTER, LABEL
    _, rows, columns = item
    return LABEL + sizes[columns] * CELL, sizes[rows] * CELL + 2 * LABEL


def _draw_matrix(ax: Axes, left: float, middle: float, matrix: Matrix, sizes: Mapping[str, int]) -> None:
    name, rows, columns = matrix
    colour = GRADIENT if name.startswith("d") else VALUE
    width, height = sizes[columns] * CELL, sizes[rows] * CELL
    bottom = middle - height / 2
    ax.add_patch(Rectangle((left, bottom), width, height, color=colour, alpha=0.14, linewidth=0))
    for i in range(sizes[rows] + 1):
        ax.plot([left, left + width], [bottom + i * CELL] * 2, color=colour, linewidth=0.8)
    for j in range(sizes[columns] + 1):
        ax.plot([left + j * CELL] * 2, [bottom, bottom + height], color=colour, linewidth=0.8)
    centre = left + width / 2
    ax.text(centre, bottom + height + 0.04, columns, ha="center", va="bottom", color=MUTED, fontsize=9)
    ax.text(left - 0.06, middle, rows, ha="right", va="center", color=MUTED, fontsize=9)
    ax.text(centre, bottom - 0.05, name, ha="center", va="top", color=INK, fontsize=FONT_SIZE)


def _description(equations: Sequence[Equation], title: str) -> str:
    spoken = [
        " ".join(
            item if isinstance(item, str) else f"{item[0]} ({item[1]} by {item[2]})" for item in equation
        )
        for equation in equations
    ]
    return f"{title or 'Matrix equations'}: {'; '.join(spoken)}."
