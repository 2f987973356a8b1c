"""The classic picture of a computational graph: values above the wires, gradients below."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from course_lib.viz.graph_layout import Layout, Place, lay_out
from course_lib.viz.graph_nodes import Node, read_nodes
from course_lib.viz.picture import Picture
from course_lib.viz.style import FONT_SIZE, GRADIENT, INK, MUTED, PAPER, SKY, VALUE, bare

if TYPE_CHECKING:
    from course_lib.viz.graph_steps import Steps

# Inches.
CHARACTER = 0.088
RADIUS = 0.17
STUB = 0.56  # the piece of wire behind a node that carries its two numbers
GAP = 0.34  # between columns, where wires change height
WIDER_GAP = 0.66  # with room for the gradients that arrive there
ROW_HEIGHT = 0.62
MARGIN = 0.25
LEGEND = 0.26


@overload
def draw_graph(graph: Any, *, title: str = ..., steps: Literal[False] = ...) -> Picture: ...
@overload
def draw_graph(graph: Any, *, title: str = ..., steps: Literal[True]) -> Steps: ...
def draw_graph(graph: Any, *, title: str = "", steps: bool = False) -> Picture | Steps:
    """Draw a computational graph from left to right, with the value above and the gradient below each wire.

    ``graph`` is one of

    * an iterable of nodes, or an object (or mapping) whose ``nodes`` attribute (or values) are nodes,
    * the last node alone, from which the others are found by following ``inputs``.

    A node is a :class:`Node`, a tuple of its fields, or any object with some of the attributes ``name``,
    ``op``, ``inputs``, ``value`` (or ``data``) and ``grad``; ``inputs`` holds names or node objects. Numbers
    are shown with four digits, arrays by their shape. With ``steps`` the gradients appear one gate after the
    other, from the output back, under a slider. Raises ValueError if a node takes an unknown input, if a name
    stands for two nodes, or if there is a cycle.
    """
    nodes = read_nodes(graph)
    layout = lay_out({key: node.inputs for key, node in nodes.items()})
    if steps:
        from course_lib.viz.graph_steps import Steps

        return Steps(nodes, layout, title)
    return draw_nodes(nodes, layout, title)


def draw_nodes(
    nodes: Mapping[str, Node], layout: Layout, title: str, *, active: str = "", wide: bool = False
) -> Picture:
    """Draw nodes where ``layout`` puts them; ``active`` is a gate to stand out, ``wide`` the wider gap."""
    return Picture(_Drawing(nodes, layout, active, wide).figure(title), _description(nodes, title))


class _Drawing:
    """One graph on paper; lengths are inches, so that text and boxes fit each other."""

    def __init__(self, nodes: Mapping[str, Node], layout: Layout, active: str, wide: bool) -> None:
        self.nodes = nodes
        self.layout = layout
        self.active = active
        self.shows_gradients = any(node.grad is not None for node in nodes.values())
        # Where there are no gradients, a text in place of a value (a shape, say) explains itself.
        values = [node.value for node in nodes.values() if node.value is not None]
        self.shows_values = any(self.shows_gradients or not isinstance(value, str) for value in values)
        columns = max(layout.column.values(), default=-1) + 1
        self.half = [0.0] * columns
        for key, node in nodes.items():
            k = layout.column[key]
            self.half[k] = max(self.half[k], _half_width(node))
        self.centre = [MARGIN + self.half[0]] if columns else []
        wide = wide or any(node.input_grads for node in nodes.values())
        gap = WIDER_GAP if wide else GAP
        for k in range(1, columns):
            self.centre.append(self._stub_end(k - 1) + gap + self.half[k])

    def _stub_end(self, k: int) -> float:
        return self.centre[k] + self.half[k] + STUB

    def _y(self, place: Place) -> float:
        return self.layout.height[place] * ROW_HEIGHT

    def figure(self, title: str) -> Figure:
        heights = [h * ROW_HEIGHT for h in self.layout.height.values()] or [0.0]
        low = min(heights) - 0.32 - (LEGEND if self.shows_values or self.shows_gradients else 0.0)
        high = max(heights) + 0.42 + (0.3 if title else 0.0)
        right = (self._stub_end(len(self.centre) - 1) if self.centre else 2.0) + MARGIN
        right = max(right, 2 * MARGIN + len(title) * CHARACTER)
        figure = Figure(figsize=(right, high - low), facecolor=PAPER)
        ax = figure.add_axes((0, 0, 1, 1), xlim=(0, right), ylim=(low, high))
        bare(ax)
        if title:
            _write(ax, MARGIN, high - 0.1, title, va="top", color=INK, fontsize=FONT_SIZE, weight="bold")
        for key in self.nodes:
            self._draw_wires(ax, key)
        for key, node in self.nodes.items():
            self._draw_node(ax, key, node)
        self._draw_legend(ax, low)
        return figure

    def _draw_node(self, ax: Axes, key: str, node: Node) -> None:
        k = self.layout.column[key]
        x, y = self.centre[k], self._y((key, k))
        shown = "" if node.name.startswith("#") else node.name
        if node.op:
            _draw_gate(ax, x, y, node, stands_out=key == self.active)
            if shown:
                _write(ax, x, y + RADIUS + 0.04, shown, ha="center", va="bottom", color=MUTED, fontsize=8)
        else:
            x_text = x + self.half[k] - 0.06
            _write(
                ax,
                x_text,
                y,
                shown,
                ha="right",
                va="center",
                color=INK,
                fontsize=FONT_SIZE + 1,
                weight="bold",
            )
        middle = x + self.half[k] + STUB / 2
        _draw_numbers(ax, middle, y, node.value, node.grad)

    def _draw_wires(self, ax: Axes, key: str) -> None:
        k = self.layout.column[key]
        y = self._y((key, k))
        node = self.nodes[key]
        start = self.centre[k] + (_half_width(node) if node.op else self.half[k])
        used = any(key in other.inputs for other in self.nodes.values())
        _draw_line(ax, [(start, y), (self._stub_end(k), y)], arrow=not used)
        for port, (source, grad) in self._ports(node, y):
            points = [
                (self._stub_end(self.layout.column[source]), self._y((source, self.layout.column[source])))
            ]
            for place in self.layout.route(source, key):
                left = self.centre[place[1]] - self.half[place[1]]
                points += [(left, self._y(place)), (self._stub_end(place[1]), self._y(place))]
            x_port = self.centre[k] - _half_width(node)
            _draw_line(ax, [*points, (x_port, port)], arrow=True)
            if grad is not None:
                below = port - 0.06 if port <= y else port + 0.06
                align = "top" if port <= y else "bottom"
                text = shown_number(grad)
                _write(
                    ax,
                    x_port - 0.06,
                    below,
                    text,
                    ha="right",
                    va=align,
                    color=GRADIENT,
                    fontsize=8,
                    style="italic",
                )

    def _ports(self, node: Node, y: float) -> list[tuple[float, tuple[str, Any]]]:
        """Where each wire meets the gate: one above the other, in the order in which the wires arrive."""
        grads = node.input_grads or (None,) * len(node.inputs)
        arriving = sorted(
            zip(node.inputs, grads, strict=True), key=lambda pair: -self._last_height(pair[0], node)
        )
        middle = (len(arriving) - 1) / 2
        step = RADIUS * 1.1 / max(len(arriving) - 1, 1)
        return [(y + (middle - i) * step, pair) for i, pair in enumerate(arriving)]

    def _last_height(self, source: str, node: Node) -> float:
        return self._y((source, self.layout.column[node.name] - 1))

    def _draw_legend(self, ax: Axes, low: float) -> None:
        if self.shows_values:
            _write(ax, MARGIN, low + 0.1, "value above", color=VALUE, fontsize=8)
        if self.shows_gradients:
            x = MARGIN + (0.8 if self.shows_values else 0.0)
            _write(ax, x, low + 0.1, "gradient below", color=GRADIENT, fontsize=8, style="italic")


def _write(ax: Axes, x: float, y: float, text: str, **style: Any) -> None:
    # Names are the student's: a dollar sign in one starts no formula.
    ax.text(x, y, text, parse_math=False, **style)


def _half_width(node: Node) -> float:
    if not node.op:
        return max(len(node.name), 1) * CHARACTER / 2 + 0.06
    return max(RADIUS, len(node.op) * CHARACTER / 2 + 0.05)


def _draw_gate(ax: Axes, x: float, y: float, node: Node, *, stands_out: bool) -> None:
    half = _half_width(node)
    box = FancyBboxPatch(
        (x - half, y - RADIUS),
        2 * half,
        2 * RADIUS,
        boxstyle=f"round,pad=0,rounding_size={RADIUS}",
        facecolor="#fdeee2" if stands_out else "#e8f3fa",
        edgecolor=GRADIENT if stands_out else SKY,
        linewidth=2.4 if stands_out else 1.4,
        zorder=3,
    )
    ax.add_patch(box)
    _write(ax, x, y, node.op, ha="center", va="center_baseline", color=INK, fontsize=FONT_SIZE, zorder=4)


def _draw_numbers(ax: Axes, x: float, y: float, value: Any, grad: Any) -> None:
    if value is not None:
        _write(ax, x, y + 0.05, shown_number(value), ha="center", va="bottom", color=VALUE, fontsize=9)
    if grad is not None:
        _write(
            ax,
            x,
            y - 0.06,
            shown_number(grad),
            ha="center",
            va="top",
            color=GRADIENT,
            fontsize=9,
            style="italic",
        )


def _draw_line(ax: Axes, points: list[tuple[float, float]], *, arrow: bool) -> None:
    """A wire through ``points``: level where two of them are level, an S-curve where they are not."""
    vertices, codes = [points[0]], [int(Path.MOVETO)]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        vertices += [(middle, y0), (middle, y1), (x1, y1)]
        codes += [int(Path.CURVE4)] * 3
    ax.add_patch(PathPatch(Path(vertices, codes), facecolor="none", edgecolor=INK, linewidth=1.1, zorder=1))
    if arrow:
        x, y = points[-1]
        ax.fill([x, x - 0.09, x - 0.09], [y, y + 0.04, y - 0.04], color=INK, linewidth=0, zorder=2)


def shown_number(value: Any) -> str:
    """Four digits for a number, the shape for an array, and the text itself for a text."""
    if isinstance(value, str):
        return value
    array = np.asarray(value)
    if array.size == 1 and array.dtype.kind in "fiub":
        return f"{array.item() + 0.0:.4g}".replace("-", "−")
    return str(array.shape).replace(" ", "")


def _description(nodes: Mapping[str, Node], title: str) -> str:
    parts = []
    for node in nodes.values():
        text = (
            f"{node.name} is {node.op} of {', '.join(node.inputs)}" if node.op else f"{node.name} is an input"
        )
        if node.value is not None:
            text += f", value {shown_number(node.value)}"
        if node.grad is not None:
            text += f", gradient {shown_number(node.grad)}"
        parts.append(text)
    return f"{title or 'Computational graph'}: {'; '.join(parts)}."
