"""An input dragged along its axis: the graph and the curve, with both slopes where the curve has a kink."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from course_lib.viz.graph import draw_nodes, shown_number
from course_lib.viz.graph_layout import lay_out
from course_lib.viz.graph_nodes import read_nodes
from course_lib.viz.picture import Picture
from course_lib.viz.slides import display_under_sliders, sliders, widgets_run
from course_lib.viz.style import GRADIENT, INK, VALUE, new_figure

CURVE_POINTS = 121
STEP = 1e-6  # to either side, as a share of the range: how a kink is told from a bend
KINK = 1e-3  # by how much the slopes of the two sides differ at a kink, as a share of the largest slope


class Dragged:
    """A graph at several values of one input; what :func:`drag` returns and a notebook shows.

    ``values`` are the places; ``kinks`` those at which the slopes from the left and from the right differ.
    Shown are the kinks (the middle place, if there are none) and, folded, all places, which a saved page
    keeps; where ipywidgets is installed and a kernel runs, also a slider that drags the input.
    """

    def __init__(
        self, nodes_at: Callable[[float], Iterable[Any]], name: str, values: Sequence[float], title: str
    ) -> None:
        self.name = name
        self.values = tuple(float(value) for value in values)
        self.title = title
        self._nodes_at = nodes_at
        self._step = STEP * (max(self.values) - min(self.values))
        slopes = {value: self.slopes(value) for value in self.values}
        jump = KINK * max(abs(slope) for pair in slopes.values() for slope in pair)
        self.kinks = tuple(value for value, (left, right) in slopes.items() if abs(left - right) > jump)

    def slopes(self, value: float) -> tuple[float, float]:
        """Return the slopes of the output to the left and to the right of ``value``."""
        left, here, right = (self._output(value + side) for side in (-self._step, 0.0, self._step))
        return (here - left) / self._step, (right - here) / self._step

    def curve(self, value: float) -> Picture:
        """Draw the output against the input, and its slope at ``value``: two slopes on a kink."""
        places = np.linspace(min(self.values), max(self.values), CURVE_POINTS)
        heights = [self._output(place) for place in places]
        figure, axes = new_figure(height=2.4, width=6.0)
        ax = axes[0, 0]
        ax.plot(places, heights, "-", color=VALUE, linewidth=2)
        here, (left, right) = self._output(value), self.slopes(value)
        reach = (max(self.values) - min(self.values)) / 5
        told = self._told(value)
        ax.plot([value - reach, value], [here - left * reach, here], "--", color=GRADIENT, linewidth=2)
        ax.plot([value, value + reach], [here, here + right * reach], "--", color=GRADIENT, linewidth=2)
        ax.plot([value], [here], "o", color=INK)
        ax.set(xlabel=self.name, ylabel="output", title=told, ylim=_room(heights))
        return Picture(figure, f"{self.title or 'The output'} against {self.name}: {told}.")

    def graph(self, value: float) -> Picture:
        """Draw the graph at ``value``; on a kink, gradients show the left and the right one: ``0 | 3``."""
        nodes = read_nodes(self._nodes_at(value))
        if value in self.kinks:
            before, after = (read_nodes(self._nodes_at(value + side)) for side in (-self._step, self._step))
            nodes = {
                key: replace(node, grad=_both(before[key].grad, after[key].grad, node.grad))
                for key, node in nodes.items()
            }
        return draw_nodes(nodes, lay_out({key: node.inputs for key, node in nodes.items()}), self.title)

    def _output(self, value: float) -> float:
        return float(list(read_nodes(self._nodes_at(float(value))).values())[-1].value)

    def _told(self, value: float) -> str:
        left, right = (shown_number(round(slope, 4)) for slope in self.slopes(value))
        at = f"{self.name} = {shown_number(value)}"
        sides = f"slope {left} to the left, {right} to the right"
        return f"{at}: {sides if value in self.kinks else f'slope {right}'}"

    @cached_property
    def _pages(self) -> dict[float, str]:
        """The HTML of each place, drawn once: a notebook shows it above, folded and under the slider."""
        return {
            value: f"{self.curve(value)._repr_html_()}<br>{self.graph(value)._repr_html_()}"
            for value in self.values
        }

    def _repr_html_(self) -> str:
        places = self.kinks or (self.values[len(self.values) // 2],)
        first, strip = ("".join(self._pages[value] for value in shown) for shown in (places, self.values))
        summary = f"From left to right: all {len(self.values)} places"
        return f"{first}<details><summary>{summary}</summary>{strip}</details>"

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display({"text/html": self._repr_html_(), "text/plain": repr(self)}, raw=True)
        if widgets_run():
            pages = {(shown_number(value),): page for value, page in self._pages.items()}
            display_under_sliders(sliders((self.name,), pages))

    def __repr__(self) -> str:
        return "\n".join(self._told(value) for value in self.values)


def drag(
    nodes_at: Callable[[float], Iterable[Any]], *, title: str = "", **values: Sequence[float]
) -> Dragged:
    """Show a graph while one of its inputs moves: ``drag(nodes_at, x=(-1, 0, 1))``.

    ``nodes_at(value)`` returns the nodes, as :func:`draw_graph` takes them, with numbers for values and
    gradients; the last one is the output. Raises ValueError unless one input is named, with two values or
    more.
    """
    if len(values) != 1 or min(map(len, values.values()), default=0) < 2:
        raise ValueError("drag takes one input and its values, two or more, such as x=(-1, 0, 1)")
    ((name, places),) = values.items()
    return Dragged(nodes_at, name, places, title)


def _both(left: Any, right: Any, here: Any) -> Any:
    """The gradients of the two sides of a kink, as a text; the one that is there, where they are the same."""
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return here
    if abs(left - right) <= KINK * max(abs(left), abs(right)):
        return here
    return f"{shown_number(left)} | {shown_number(right)}"


def _room(heights: Sequence[float]) -> tuple[float, float]:
    low, high = min(heights), max(heights)
    margin = (high - low) / 8 or 1.0
    return low - margin, high + margin
