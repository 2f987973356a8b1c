"""What a gradient costs in forward and in reverse mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course_lib.viz.picture import Picture
from course_lib.viz.style import MARKERS, PALETTE, new_figure


def draw_costs(
    sizes: Sequence[int],
    costs: Mapping[str, Sequence[float]],
    *,
    xlabel: str = "number of inputs",
    ylabel: str = "passes through the function",
    title: str = "The cost of one gradient",
) -> Picture:
    """Draw the cost of each mode against ``sizes``, both axes logarithmic, each curve labelled at its end.

    ``costs`` maps a mode ("forward mode", "reverse mode") to one cost per size, all above 0.
    """
    figure, axes = new_figure(width=6.0, height=3.2)
    ax = axes[0, 0]
    told = []
    for (mode, cost), colour, marker in zip(costs.items(), PALETTE, MARKERS, strict=False):
        ax.loglog(sizes, cost, color=colour, marker=marker, markersize=4)
        ax.annotate(
            mode, (sizes[-1], cost[-1]), (6, 0), textcoords="offset points", va="center", color=colour
        )
        told.append(f"{mode} goes from {cost[0]:,.4g} to {cost[-1]:,.4g}")
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    return Picture(figure, f"{title}: {ylabel} for {sizes[0]:,} to {sizes[-1]:,} inputs. {'; '.join(told)}.")
