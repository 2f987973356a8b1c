"""Draws docs/figures/neuron.png, the picture in the README: the graph of exercise 1.4 with its numbers."""

from pathlib import Path

from course_lib import viz
from course_lib.reference.flat import sigmoid_neuron

INPUTS = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
GATES = {
    "w0x0": ("×", ("w0", "x0")),
    "w1x1": ("×", ("w1", "x1")),
    "sum": ("+", ("w0x0", "w1x1")),
    "dot": ("+", ("sum", "w2")),
    "negated": ("×(−1)", ("dot",)),
    "exp": ("exp", ("negated",)),
    "plus_one": ("+1", ("exp",)),
    "reciprocal": ("1/u", ("plus_one",)),
}

_, grads, stages = sigmoid_neuron(**INPUTS)
nodes = [viz.Node(name, value=value, grad=grads[name]) for name, value in INPUTS.items()]
nodes += [viz.Node(name, op, before, *stages[name]) for name, (op, before) in GATES.items()]
picture = viz.draw_graph(nodes, title="A sigmoid neuron: the value above each wire, its gradient below")
picture.save(Path(__file__).with_name("neuron.png"))
