"""Slips in answers to assignment 2, in hands of their own."""

from slips.slip import Slip, slip, written
from slips.words import LOCAL, UPSTREAM

MULTIPLY = """
class MultiplyGate:
    def __init__(self):
        self.seen = []

    def forward(self, x, y):
        self.seen = [x, y]
        return np.multiply(*self.seen)

    def backward(self, dz):
        if not self.seen:
            raise RuntimeError("MultiplyGate.backward: call forward first")
        first, second = self.seen
        to_first = second * dz
        to_second = first * dz
        return to_first, to_second
"""

SIGMOID = """
class SigmoidGate:
    def __init__(self):
        self.kept = {}

    def forward(self, x):
        self.kept["y"] = y = np.exp(-np.logaddexp(0, -x))
        return y

    def backward(self, dy):
        if "y" not in self.kept:
            raise RuntimeError("SigmoidGate.backward: call forward first")
        y = self.kept["y"]
        slope = y - y**2
        return (dy * slope,)
"""

SLIPS: dict[str, list[Slip]] = {
    "01_multiply_gate": written(
        MULTIPLY,
        slip("each its own", "first, second = self.seen", "second, first = self.seen", "swapped arguments"),
        slip(
            "a sum",
            "to_first = second * dz",
            "to_first = second + dz",
            f"{LOCAL}, not proportional to the upstream gradient",
        ),
    ),
    "03_sigmoid_gate": written(
        SIGMOID,
        slip("plus", "y - y**2", "y + y**2", LOCAL),
        slip("the slope of tanh", "y - y**2", "1 - y**2", LOCAL),
        slip("no upstream", "(dy * slope,)", "(slope,)", UPSTREAM),
    ),
}
