"""A chain of layers with the shape of every value and of every gradient on its arrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from course_lib.viz.picture import Picture
from course_lib.viz.style import FONT_SIZE, GRADIENT, INK, PAPER, SKY, VALUE, bare

# Inches.
CHARACTER = 0.082
BOX_HEIGHT = 0.42
PARAMETER_HEIGHT = 0.62
MARGIN = 0.2
ARROW = 0.1  # between the forward arrow and the chain's middle, and as much to the backward one


class Stage(NamedTuple):
    """A value, its shape, and the layer that computes it from the value before.

    ``parameters`` maps the layer's own inputs to their shapes. The first stage of a chain is the input, and
    has no layer. A shape is a tuple of sizes or of letters: (64, 10) or ("N", "C").
    """

    name: str
    shape: tuple[Any, ...]
    layer: str = ""
    parameters: Mapping[str, tuple[Any, ...]] = {}


def draw_shapes(chain: Sequence[Stage | tuple[Any, ...]], *, title: str = "") -> Picture:
    """Draw ``chain`` from left to right: values go forward on top, gradients come back below.

    ``chain`` holds :class:`Stage` or tuples of its fields. Raises ValueError for fewer than two stages.
    """
    stages = [Stage(*stage) for stage in chain]
    if len(stages) < 2:
        raise ValueError(f"a chain of shapes needs an input and a layer, got {len(stages)} stages")
    return Picture(_figure(stages, title), _description(stages, title))


def _figure(stages: Sequence[Stage], title: str) -> Figure:
    arrows = [max(len(_labelled("d" + s.name, s.shape)) * CHARACTER, 0.5) for s in stages]
    boxes = [_box_width(s) for s in stages[1:]]
    width = sum(arrows) + sum(boxes) + 2 * MARGIN
    above = PARAMETER_HEIGHT if any(s.parameters for s in stages) else 0.1
    top = BOX_HEIGHT / 2 + above + 0.25 + (0.3 if title else 0.0)
    bottom = -BOX_HEIGHT / 2 - 0.35
    figure = Figure(figsize=(width, top - bottom), facecolor=PAPER)
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(bottom, top))
    bare(ax)
    if title:
        ax.text(MARGIN, top - 0.08, title, va="top", color=INK, fontsize=FONT_SIZE, weight="bold")
    left = MARGIN
    _draw_arrows(ax, left, left + arrows[0], stages[0])
    left += arrows[0]
    for stage, box, arrow in zip(stages[1:], boxes, arrows[1:], strict=True):
        _draw_box(ax, left, left + box, stage)
        _draw_arrows(ax, left + box, left + box + arrow, stage)
        left += box + arrow
    return figure


def _draw_arrows(ax: Axes, left: float, right: float, stage: Stage) -> None:
    start, middle, end = left + 0.05, (left + right) / 2, right - 0.05
    _draw_arrow(ax, (start, ARROW), (end, ARROW), VALUE)
    _draw_arrow(ax, (end, -ARROW), (start, -ARROW), GRADIENT)
    _write(ax, middle, ARROW + 0.05, _labelled(stage.name, stage.shape), VALUE)
    _write(ax, middle, -ARROW - 0.22, _labelled("d" + stage.name, stage.shape), GRADIENT)


def _draw_box(ax: Axes, left: float, right: float, stage: Stage) -> None:
    box = FancyBboxPatch(
        (left, -BOX_HEIGHT / 2),
        right - left,
        BOX_HEIGHT,
        boxstyle="round,pad=0,rounding_size=0.12",
        facecolor="#e8f3fa",
        edgecolor=SKY,
        linewidth=1.4,
    )
    ax.add_patch(box)
    ax.text((left + right) / 2, 0, stage.layer, ha="center", va="center", color=INK, fontsize=FONT_SIZE)
    step = (right - left) / max(len(stage.parameters), 1)
    low, high = BOX_HEIGHT / 2, BOX_HEIGHT / 2 + PARAMETER_HEIGHT - 0.32
    for i, (name, shape) in enumerate(stage.parameters.items()):
        x = left + (i + 0.5) * step
        _draw_arrow(ax, (x - 0.06, high), (x - 0.06, low), VALUE)
        _draw_arrow(ax, (x + 0.06, low), (x + 0.06, high), GRADIENT)
        _write(ax, x, high + 0.21, _labelled(name, shape), VALUE)
        _write(ax, x, high + 0.03, _labelled("d" + name, shape), GRADIENT)


def _draw_arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
    arrow = {"arrowstyle": "-|>", "color": colour, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=arrow)


def _write(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    style = "italic" if colour == GRADIENT else "normal"
    ax.text(x, y, text, ha="center", va="bottom", color=colour, fontsize=9, style=style)


def _box_width(stage: Stage) -> float:
    labels = [_labelled("d" + name, shape) for name, shape in stage.parameters.items()]
    return max(len(stage.layer) * CHARACTER + 0.25, sum(len(label) * CHARACTER + 0.15 for label in labels))


def _labelled(name: str, shape: tuple[Any, ...]) -> str:
    sizes = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
    return f"{name} ({sizes})"


def _description(stages: Sequence[Stage], title: str) -> str:
    parts = [f"{_labelled(stages[0].name, stages[0].shape)} is the input"]
    for stage in stages[1:]:
        parameters = " and ".join(_labelled(name, shape) for name, shape in stage.parameters.items())
        text = f"{stage.layer}{' with ' + parameters if parameters else ''} gives "
        parts.append(text + _labelled(stage.name, stage.shape))
    return f"{title or 'Shapes along a chain'}: {'; '.join(parts)}. Every gradient has its value's shape."
