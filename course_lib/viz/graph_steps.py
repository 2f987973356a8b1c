"""A computational graph whose gradients appear one gate after the other, from the output back."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from course_lib.viz.graph import draw_nodes, shown_number
from course_lib.viz.graph_layout import Layout
from course_lib.viz.graph_nodes import Node
from course_lib.viz.picture import Picture
from course_lib.viz.slides import display_under_sliders, sliders, widgets_run


class Steps:
    """The way back through a graph; what ``draw_graph(..., steps=True)`` returns and a notebook shows.

    ``finished`` is the whole picture. ``frames`` lead up to it, the first with the gradient of the output
    alone, then one for every gate: it stands out, and a gradient appears as soon as all users of its node
    have reported. ``captions`` say what each gate hands to whom. Shown are the finished picture and, folded,
    the strip of all frames, which a saved page keeps; where ipywidgets is installed and a kernel runs, also a
    slider that goes through them.
    """

    def __init__(self, nodes: Mapping[str, Node], layout: Layout, title: str) -> None:
        self.nodes = nodes
        self.title = title
        self._layout = layout
        self._wide = any(node.input_grads for node in nodes.values())
        self._gates = [key for key in _from_the_output_back(nodes) if nodes[key].inputs]
        self.captions = ["The output by itself: its gradient is 1.", *map(self._caption, self._gates)]

    @cached_property
    def finished(self) -> Picture:
        """The picture with all values and gradients, in which no gate stands out."""
        return draw_nodes(self.nodes, self._layout, self.title)

    @cached_property
    def frames(self) -> list[Picture]:
        """The pictures, all of one size."""
        return [self._frame(count) for count in range(len(self._gates) + 1)]

    def _frame(self, count: int) -> Picture:
        done = set(self._gates[:count])
        active = self._gates[count - 1] if count else ""
        nodes = {key: self._so_far(node, done) for key, node in self.nodes.items()}
        return draw_nodes(nodes, self._layout, self.title, active=active, wide=self._wide)

    def _so_far(self, node: Node, done: set[str]) -> Node:
        known = all(key in done for key, user in self.nodes.items() if node.name in user.inputs)
        return replace(
            node,
            grad=node.grad if known else None,
            input_grads=node.input_grads if node.name in done else (),
        )

    def _caption(self, key: str) -> str:
        node = self.nodes[key]
        sent = node.input_grads or (None,) * len(node.inputs)
        told = [self._told(name, gradient) for name, gradient in zip(node.inputs, sent, strict=True)]
        arrived = "" if node.grad is None else f" takes {shown_number(node.grad)} and"
        return f"{node.op or key} ({node.name}){arrived} hands back {', '.join(told)}."

    def _told(self, name: str, gradient: Any) -> str:
        uses = sum(node.inputs.count(name) for node in self.nodes.values())
        if gradient is None and uses == 1:
            gradient = self.nodes[name].grad
        amount = "its share" if gradient is None else shown_number(gradient)
        return f"{amount} to {name}" + (f", one of {uses} that add up there" if uses > 1 else "")

    @cached_property
    def _pages(self) -> list[str]:
        """The HTML of each frame, drawn once: a notebook shows it folded and under the slider."""
        told = zip(self.frames, self.captions, strict=True)
        return [f"{frame._repr_html_()}<p>{html.escape(caption)}</p>" for frame, caption in told]

    def _strip(self) -> str:
        summary = f"Backward, gate by gate: all {len(self.frames)} steps"
        return f"<details><summary>{summary}</summary>{''.join(self._pages)}</details>"

    def _repr_html_(self) -> str:
        return self.finished._repr_html_() + self._strip()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display({"text/html": self._repr_html_(), "text/plain": repr(self)}, raw=True)
        if widgets_run():
            pages = {(count,): page for count, page in enumerate(self._pages)}
            display_under_sliders(sliders(("step",), pages))

    def __repr__(self) -> str:
        return "\n".join([repr(self.finished), *self.captions])


def _from_the_output_back(nodes: Mapping[str, Node]) -> list[str]:
    """The names of all nodes, each after all of its users."""
    order: list[str] = []
    waiting = dict(nodes)
    while waiting:
        ready = [key for key in waiting if not any(key in node.inputs for node in waiting.values())]
        order += reversed(ready)
        waiting = {key: node for key, node in waiting.items() if key not in ready}
    return order
