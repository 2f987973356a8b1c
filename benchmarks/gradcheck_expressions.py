"""Checks gradients of functions that nobody chose: random expressions of NumPy's, backpropagated by rule.

    python benchmarks/gradcheck_expressions.py --draws 700 [--first 0] [--single] [--show]

Each draw puts up to six operations after one another, at points that may have zeros, ties and whole numbers,
and checks their vector-Jacobian product, then three wrong ones: a contribution dropped, turned or off by a
hundredth (a twentieth with `--single`, in float32), an entry multiplied. Prints a Markdown table of the
verdicts; `--show` names each right gradient that did not pass, and each wrong one that did. Wrong ones are
drawn at points without ties only, where no other slope is right, and have to be off by a thousandth of the
largest entry (a hundredth with `--single`), which has to be more than rounding.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib import GradientCheck, check_vjp

Array = Any
SHAPES = [(), (3,), (2, 3), (3, 2), (1, 3), (4,), (3, 3), (1,), (2, 1), (5, 2)]
MOST_OPERATIONS, MOST_ENTRIES, LARGEST, ROUNDING = 6, 60, 1e6, 1e-6

#: How a point is drawn; at the last three, entries tie or sit on kinks.
POINTS: dict[str, Callable[[np.random.Generator, Array], Array]] = {
    "usual": lambda rng, x: x,
    "small": lambda rng, x: 1e-3 * x,
    "large": lambda rng, x: 50 * x,
    "positive": lambda rng, x: np.abs(x) + 0.1,
    "whole": lambda rng, x: np.round(2 * x),
    "zeros": lambda rng, x: np.where(rng.random(np.shape(x)) < 0.4, 0.0, x),
    "halves": lambda rng, x: np.round(2 * x) / 2,
}
TIED = {"whole", "zeros", "halves"}


@dataclass(frozen=True)
class Operation:
    """A function of one or two arrays, its vector-Jacobian product (dout, out, *arrays), and where it is."""

    forward: Callable[..., Array]
    backward: Callable[..., tuple[Array, ...]]
    domain: Callable[..., bool] = lambda *arrays: True
    arity: int = 1


def summed(gradient: Array, like: Array) -> Array:
    """Undo broadcasting: the sum of a gradient over the axes that an argument did not have."""
    gradient = gradient.sum(tuple(range(gradient.ndim - like.ndim)))
    axes = tuple(axis for axis, n in enumerate(like.shape) if n == 1 != gradient.shape[axis])
    return gradient.sum(axes, keepdims=True)


def softmax(x: Array) -> Array:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def log_sum_exp(x: Array) -> Array:
    m = x.max(-1, keepdims=True)
    return (m + np.log(np.exp(x - m).sum(-1, keepdims=True)))[..., 0]


def scattered(d: Array, x: Array, where: Any) -> Array:
    """The gradient of taking entries: an entry taken twice gets two contributions."""
    out = np.zeros_like(x)
    np.add.at(out, where, d)
    return out


def unsorted(d: Array, x: Array) -> Array:
    out = np.zeros_like(x)
    np.put_along_axis(out, np.argsort(x, -1, kind="stable"), d, -1)
    return out


def first_largest(x: Array, axis: int) -> Array:
    """One where the first largest entry along an axis is, else zero."""
    return np.moveaxis(np.eye(x.shape[axis])[x.argmax(axis)], -1, axis)


def one(forward: Any, slope: Any, domain: Any = lambda x: True) -> Operation:
    """An elementwise function by its slope, of (x, out)."""
    return Operation(forward, lambda d, out, x: (d * slope(x, out),), domain)


def two(forward: Any, slopes: Any, domain: Any = lambda x, y: True) -> Operation:
    """An elementwise function of two arrays by its two slopes, of (x, y, out), broadcast."""
    return Operation(
        forward,
        lambda d, out, x, y: tuple(
            summed(np.broadcast_to(d * slope, np.shape(out)), like)
            for slope, like in zip(slopes(x, y, out), (x, y), strict=True)
        ),
        domain,
        2,
    )


def along(forward: Any, backward: Any, least: int = 1) -> Operation:
    """A function of an array of at least so many axes, by its vector-Jacobian product, of (dout, out, x)."""
    return Operation(forward, lambda d, out, x: (backward(d, out, x),), lambda x: x.ndim >= least)


OPERATIONS = {
    "exp": one(np.exp, lambda x, out: out, lambda x: x.max() < 20),
    "log": one(np.log, lambda x, out: 1 / x, lambda x: x.min() > 1e-3),
    "sqrt": one(np.sqrt, lambda x, out: 0.5 / out, lambda x: x.min() > 1e-3),
    "tanh": one(np.tanh, lambda x, out: 1 - out**2),
    "sigmoid": one(lambda x: 1 / (1 + np.exp(-x)), lambda x, out: out * (1 - out)),
    "softplus": one(lambda x: np.logaddexp(0, x), lambda x, out: 1 / (1 + np.exp(-x))),
    "relu": one(lambda x: np.maximum(x, 0), lambda x, out: x > 0),
    "leaky relu": one(lambda x: np.where(x > 0, x, x / 10), lambda x, out: np.where(x > 0, 1, 0.1)),
    "abs": one(np.abs, lambda x, out: np.sign(x)),
    "clip": one(lambda x: np.clip(x, -1, 1), lambda x, out: (x > -1) & (x < 1)),
    "huber": one(
        lambda x: np.where(np.abs(x) < 1, x * x / 2, np.abs(x) - 0.5), lambda x, out: np.clip(x, -1, 1)
    ),
    "square": one(np.square, lambda x, out: 2 * x),
    "cube": one(lambda x: x**3, lambda x, out: 3 * x**2),
    "sin": one(np.sin, lambda x, out: np.cos(x)),
    "reciprocal": one(lambda x: 1 / x, lambda x, out: -(out**2), lambda x: np.abs(x).min() > 1e-2),
    "line": one(lambda x: 3 * x + 1, lambda x, out: 3),
    "add": two(np.add, lambda x, y, out: (1, 1)),
    "subtract": two(np.subtract, lambda x, y, out: (1, -1)),
    "multiply": two(np.multiply, lambda x, y, out: (y, x)),
    "divide": two(np.divide, lambda x, y, out: (1 / y, -out / y), lambda x, y: np.abs(y).min() > 1e-2),
    "maximum": two(np.maximum, lambda x, y, out: (x >= y, x < y)),
    "hypotenuse": two(lambda x, y: np.sqrt(x * x + y * y + 0.1), lambda x, y, out: (x / out, y / out)),
    "sum": along(np.sum, lambda d, out, x: d + np.zeros_like(x), 0),
    "mean": along(lambda x: x.mean(0), lambda d, out, x: d / x.shape[0] + np.zeros_like(x)),
    "row sums": along(lambda x: x.sum(-1, keepdims=True), lambda d, out, x: d + np.zeros_like(x)),
    "center": along(lambda x: x - x.mean(0), lambda d, out, x: d - d.mean(0)),
    "row maxima": along(lambda x: x.max(-1), lambda d, out, x: d[..., None] * first_largest(x, -1)),
    "minima": along(lambda x: x.min(0), lambda d, out, x: d * first_largest(-x, 0)),
    "norm": Operation(
        lambda x: np.sqrt((x**2).sum()), lambda d, out, x: (d * x / out,), lambda x: (x**2).sum() > 1e-4
    ),
    "softmax": along(softmax, lambda d, out, x: out * (d - (d * out).sum(-1, keepdims=True))),
    "log sum exp": along(log_sum_exp, lambda d, out, x: d[..., None] * softmax(x)),
    "cumulative sum": along(
        lambda x: x.cumsum(-1), lambda d, out, x: d[..., ::-1].cumsum(-1)[..., ::-1]
    ),
    "transpose": along(lambda x: x.T.copy(), lambda d, out, x: d.T.copy(), 0),
    "reverse": along(lambda x: x[::-1].copy(), lambda d, out, x: d[::-1].copy()),
    "take": along(lambda x: x[[0, 0, -1]], lambda d, out, x: scattered(d, x, [0, 0, -1])),
    "sort": along(lambda x: np.sort(x, -1), lambda d, out, x: unsorted(d, x)),
    "gram": Operation(
        lambda x: x @ x.T, lambda d, out, x: ((d + d.T) @ x,), lambda x: x.ndim == 2
    ),
    "matmul": Operation(
        lambda x, y: x @ y,
        lambda d, out, x, y: (d @ y.T, x.T @ d),
        lambda x, y: x.ndim == y.ndim == 2 and x.shape[1] == y.shape[0],
        2,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Expression:
    """Operations one after the other, each on values before it; the inputs come first."""

    inputs: list[Array]
    steps: list[tuple[str, list[int]]]
    tied: bool

    def __str__(self) -> str:
        n = len(self.inputs)
        calls = [
            f"v{n + k} = {name}({', '.join(f'v{i}' for i in of)})" for k, (name, of) in enumerate(self.steps)
        ]
        return f"{'; '.join(calls)}, of {', '.join(str(x.shape) for x in self.inputs)}"

    def values(self, inputs: Any) -> list[Array]:
        """All values of a run, the result last."""
        values = [np.asarray(x, dtype=x.dtype) for x in inputs]
        for name, of in self.steps:
            out = OPERATIONS[name].forward(*(values[i] for i in of))
            values.append(np.asarray(out, dtype=values[0].dtype))
        return values

    def gradients(self, dout: Array, values: list[Array], factors: Any = None) -> tuple[Array, ...]:
        """The gradients of the inputs; contributions may be multiplied by factors, by their number."""
        gradients = [np.zeros_like(value) for value in values]
        gradients[-1] = gradients[-1] + dout
        number = 0
        for k, (name, of) in reversed(list(enumerate(self.steps, len(self.inputs)))):
            arrays = [values[i] for i in of]
            parts = OPERATIONS[name].backward(gradients[k], values[k], *arrays)
            for i, part in zip(of, parts, strict=True):
                part = part * (factors or {}).get(number, 1.0)
                gradients[i] = np.asarray(gradients[i] + part, dtype=values[i].dtype)
                number += 1
        return tuple(gradients[: len(self.inputs)])


def drawn(rng: np.random.Generator, dtype: type) -> Expression:
    """A random expression at a random point; without steps where none was found."""
    base, kinds = SHAPES[rng.integers(len(SHAPES))], list(POINTS)
    chosen = [kinds[rng.integers(len(kinds))] for _ in range(rng.integers(1, 4))]
    inputs = []
    for kind in chosen:
        shape = base if rng.random() < 0.6 else SHAPES[rng.integers(len(SHAPES))]
        inputs.append(np.asarray(POINTS[kind](rng, rng.normal(size=shape)), dtype=dtype))
    values, steps, names = list(inputs), [], list(OPERATIONS)
    wanted = rng.integers(1, MOST_OPERATIONS + 1)
    for _ in range(60):
        if len(steps) == wanted:
            break
        name = names[rng.integers(len(names))]
        # Recent values are chosen more often: what is computed is then mostly used.
        of = [max(len(values) - int(rng.geometric(0.5)), 0) for _ in range(OPERATIONS[name].arity)]
        arrays = [values[i] for i in of]
        try:
            out = np.asarray(OPERATIONS[name].forward(*arrays)) if OPERATIONS[name].domain(*arrays) else None
        except ValueError:  # shapes that do not fit
            continue
        if out is not None and 0 < out.size <= MOST_ENTRIES and np.abs(out).max() < LARGEST:
            steps.append((name, of))
            values.append(out)
    return Expression(inputs, steps, not TIED.isdisjoint(chosen))


def mistakes(
    rng: np.random.Generator, expression: Expression, little: float
) -> Iterator[tuple[str, Callable[[Array, Any], tuple[Array, ...]]]]:
    """Three wrong backwards, each with what is wrong in it."""
    count = sum(len(of) for _, of in expression.steps)
    for _ in range(3):
        kind, number = rng.integers(4), int(rng.integers(count))
        if kind < 3:
            factor = (0.0, -1.0, 1 + little)[kind]
            yield (
                f"contribution {number} times {factor}",
                lambda d, values, number=number, factor=factor: expression.gradients(
                    d, values, {number: factor}
                ),
            )
            continue
        k = int(rng.integers(len(expression.inputs)))
        entry, factor = int(rng.integers(expression.inputs[k].size)), (0.0, 0.5, 2.0)[rng.integers(3)]

        def one_entry(d: Array, values: Any, k: int = k, entry: int = entry, factor: float = factor) -> Any:
            found = [gradient.copy() for gradient in expression.gradients(d, values)]
            found[k].reshape(-1)[entry] *= factor
            return tuple(found)

        yield f"entry {entry} of v{k} times {factor}", one_entry


def verdict(expression: Expression, backward: Any, dout: Array, seed: int) -> GradientCheck:
    """Check a backward of an expression as a student would, with all its values for a cache."""

    def forward(*inputs: Array) -> tuple[Array, list[Array]]:
        values = expression.values([np.asarray(x, dtype=dout.dtype) for x in inputs])
        return values[-1], values

    return check_vjp(forward, backward, *expression.inputs, dout=dout, seed=seed)


@np.errstate(all="ignore")
def run(seed: int, single: bool, tell: Callable[[str], None]) -> Counter[str]:
    """The verdicts of one draw: of its gradient, and of the wrong ones if that passes."""
    rng, counts = np.random.default_rng([seed, 77]), Counter[str]()
    expression = drawn(rng, np.float32 if single else np.float64)
    if not expression.steps:
        return counts
    values = expression.values(expression.inputs)
    dout = np.asarray(rng.normal(size=values[-1].shape), dtype=values[-1].dtype)
    right = expression.gradients(dout, values)
    if not all(np.isfinite(gradient).all() for gradient in right):
        return counts
    check = verdict(expression, expression.gradients, dout, seed)
    counts[f"right {check.passed}"] += 1
    if not check.passed:
        tell(f"seed {seed}: right, but {check.passed}: {expression}")
        return counts
    largest = max(float(np.abs(gradient).max()) for gradient in right)
    for what, backward in () if expression.tied else mistakes(rng, expression, 0.05 if single else 0.01):
        wrong = backward(dout, values)
        off = max(float(np.abs(a - b).max()) for a, b in zip(wrong, right, strict=True))
        if off <= (1e-2 if single else 1e-3) * largest or largest < ROUNDING:
            continue
        found = verdict(expression, backward, dout, seed).passed
        counts[f"wrong {found}"] += 1
        if found:
            tell(f"seed {seed}: wrong ({what}), but passes: {expression}")
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=200, help="how many expressions (200)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--single", action="store_true", help="all in float32")
    parser.add_argument("--show", action="store_true", help="name each verdict that is no right one")
    options = parser.parse_args()
    counts = Counter[str]()
    for seed in range(options.first, options.first + options.draws):
        counts += run(seed, options.single, print if options.show else lambda text: None)
    print("| gradient | passes | is wrong | is undecided |\n|---|---|---|---|")
    for kind in ("right", "wrong"):
        print(f"| {kind} | {' | '.join(str(counts[f'{kind} {found}']) for found in (True, False, None))} |")


if __name__ == "__main__":
    main()
