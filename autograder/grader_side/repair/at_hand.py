"""What stands at hand in a function: the values that a missing factor, term or mask could be made of."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Shape = tuple[int, ...]

#: The values that changes are made of; a longer function has its first ones.
MOST_VALUES = 24


@dataclass(frozen=True)
class Value:
    """An expression that reads one value, and its shape, None where it is not known."""

    text: str
    shape: Shape | None

    def fits(self, whole: Shape | None) -> bool:
        """Whether this times a value of the other shape has that shape, as far as is known."""
        if whole is None or self.shape is None:
            return True
        if len(self.shape) > len(whole):
            return False
        return all(a in (1, b) for a, b in zip(reversed(self.shape), reversed(whole), strict=False))

    @property
    def matrix(self) -> bool:
        """Whether it may have two axes, or more."""
        return self.shape is None or len(self.shape) >= 2


def values_of(tree: ast.FunctionDef, shapes: Mapping[str, Shape]) -> list[Value]:
    """The variables, attributes and constant keys that a function reads or writes, each once."""
    found: dict[str, Value] = {}
    called = {node.func.id for node in ast.walk(tree) if _calls_a_name(node)}  # type: ignore[attr-defined]
    for text, name in _read(tree):
        if text not in called and (shapes.get(name) is not None or "." not in text):
            found.setdefault(text, Value(text, shapes.get(name)))
    return [value for value in found.values() if value.shape is not None][:MOST_VALUES]


def _calls_a_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _read(tree: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    yield from ((argument.arg, argument.arg) for argument in tree.args.args)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield ast.unparse(node), node.attr
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if isinstance(key, str):
                yield ast.unparse(node), key


def shape_of(node: ast.expr, values: list[Value]) -> Shape | None:
    """The shape of an expression, where it is a value's."""
    text = ast.unparse(node)
    return next((value.shape for value in values if value.text == text), None)


def factors(values: list[Value], whole: Shape | None) -> Iterator[tuple[float, str]]:
    """What a value of a shape may be multiplied by, with how far-fetched that is."""
    yield from ((0.7, number) for number in ("2", "0.5"))
    for value in values:
        if value.fits(whole):
            yield 1, value.text
            yield 1, f"({value.text} > 0)"
            yield from (
                (2, form.format(value.text))
                for form in (
                    "(1 - {})",
                    "(1 - {} ** 2)",
                    "{} ** 2",
                    "np.exp({})",
                    "np.cos({})",
                    "np.sign({})",
                )
            )
            yield from ((3, form.format(value.text)) for form in ("(1 + {})", "np.sin({})", "np.log({})"))
    for value in values:
        for axis in range(len(value.shape or ())):
            yield 2, f"{value.text}.shape[{axis}]"


def terms(values: list[Value], whole: Shape | None) -> Iterator[tuple[float, str]]:
    """What may be added to a value of a shape, with how far-fetched that is."""
    fitting = [value for value in values if value.fits(whole)]
    yield from ((1.5, value.text) for value in fitting)
    for i, one in enumerate(fitting):
        yield from ((3, f"2 * {one.text} * {other.text}") for other in fitting[i:])
        yield from ((2, f"{one.text} * {other.text}") for other in fitting[i:])
    for one in values:
        for other in values:
            for text in _products(one, other, whole):
                yield 3, text


def _products(one: Value, other: Value, whole: Shape | None) -> Iterator[str]:
    """The matrix products of two values that have a shape."""
    a, b = one.shape, other.shape
    if whole is None or a is None or b is None or not 1 <= len(a) <= 2 or not 1 <= len(b) <= 2:
        return
    for left, p in ((one.text, a), (f"{one.text}.T", a[::-1])):
        for right, q in ((other.text, b), (f"{other.text}.T", b[::-1])):
            if p[-1] == q[0] and (*p[:-1], *q[1:]) == whole and not (len(p) == 1 and "T" in left[-1]):
                yield f"{left} @ {right}"
