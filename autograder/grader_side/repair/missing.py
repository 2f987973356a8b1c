"""What a statement may lack, or do to a value that it should add to: factors, masks, sums, terms, lines."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.grader_side.repair import expressions
from autograder.grader_side.repair.at_hand import Shape, Value, factors, shape_of, terms
from autograder.grader_side.repair.expressions import expression
from autograder.grader_side.repair.places import Place, all_places

Valued = ast.Assign | ast.AugAssign | ast.Return

#: The highest rank of what is accumulated in another way.
FARTHEST = 2


def accumulated(node: Valued, low: float, high: float) -> Iterator[tuple[int, str, str]]:
    """The same value put into its variable in another way: rank, from ``low`` to below ``high``, words, and
    the statement's text.
    """
    if low <= FARTHEST:
        yield from (found for found in _accumulated(node) if low <= found[0] < high)


def _accumulated(node: Valued) -> Iterator[tuple[int, str, str]]:
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = ast.unparse(node.targets[0]), ast.unparse(node.value)
        if not isinstance(node.targets[0], ast.Tuple):
            adds_itself = target in {ast.unparse(part) for part in ast.walk(node.value)}
            yield 2 * adds_itself, "added to what is there", f"{target} += {value}"
            yield 1, "subtracted from what is there", f"{target} -= {value}"
            yield 1, "multiplied with what is there", f"{target} *= {value}"
        else:
            yield from ((1, words, text) for words, text in _targets(node.targets[0], value))
    elif isinstance(node, ast.AugAssign):
        target, value = ast.unparse(node.target), ast.unparse(node.value)
        for sign in ("", "+", "-", "*", "/"):
            words = f"{sign}= in the place of {expressions.SIGNS.get(type(node.op), '')}="
            yield 0, words, f"{target} {sign}= {value}"
        yield 0, "left out", "pass"


def _targets(target: ast.Tuple, value: str) -> Iterator[tuple[str, str]]:
    names = [ast.unparse(part) for part in target.elts]
    for i in range(len(names)):
        for j in range(i):
            turned = list(names)
            turned[i], turned[j] = turned[j], turned[i]
            yield f"{names[j]} and {names[i]} exchanged", f"{', '.join(turned)} = {value}"


def added(node: Valued, values: list[Value], below: float) -> Iterator[tuple[float, str, Place, ast.expr]]:
    """Factors, masks, sums and terms that may be missing: rank, words, place, and what would stand there."""
    target = getattr(node, "target", None) or getattr(node, "targets", [None])[0]
    for place, root in _parts(node):
        part = place.node
        whole = shape_of(target, values) if root and target is not None else shape_of(part, values)
        for rank, words, new in _fuller(part, values, whole, root, below):
            yield rank, words, place, new


def _fuller(
    part: ast.expr, values: list[Value], whole: Shape | None, root: bool, below: float
) -> Iterator[tuple[float, str, ast.expr]]:
    """A part with a factor, a sum or a term more; `whole` is its shape, if known; `root`: all of a value."""
    far = 0 if root else 1
    for rank, text in factors(values, whole):
        if (rank := rank + far * (rank > 1)) < below:
            yield rank, f"times {text}", ast.BinOp(part, ast.Mult(), expression(text))
            yield rank, f"divided by {text}", ast.BinOp(part, ast.Div(), expression(text))
    for words, text in _reductions() if below > 1 else ():
        new = ast.Call(expression(text), [part], _keywords(words))
        yield 1, f"its {text.removeprefix('np.')} taken {words}", new
    for value in values if below > 2 else ():
        if value.matrix:
            yield from ((2, *product) for product in _matrix_products(part, value))
    for rank, text in terms(values, whole) if root else ():
        if rank < below:
            yield rank, f"plus {text}", ast.BinOp(part, ast.Add(), expression(text))
            yield rank, f"minus {text}", ast.BinOp(part, ast.Sub(), expression(text))


def _matrix_products(part: ast.expr, value: Value) -> Iterator[tuple[str, ast.expr]]:
    for text in (value.text, f"{value.text}.T"):
        yield f"times the matrix {text}, from the right", ast.BinOp(part, ast.MatMult(), expression(text))
        yield f"times the matrix {text}, from the left", ast.BinOp(expression(text), ast.MatMult(), part)


def _reductions() -> Iterator[tuple[str, str]]:
    for function in ("np.sum", "np.mean"):
        for words in (
            "over all axes",
            "over axis 0",
            "over axis 1",
            "over axis 1, kept",
            "over axis -1, kept",
        ):
            yield words, function


def _keywords(words: str) -> list[ast.keyword]:
    axis = words.removeprefix("over axis ").removesuffix(", kept")
    found = [ast.keyword("axis", expression(axis))] if "all" not in words else []
    return found + ([ast.keyword("keepdims", ast.Constant(True))] if words.endswith("kept") else [])


def _parts(node: ast.stmt) -> Iterator[tuple[Place, bool]]:
    """The values and parts of values that may lack something: the whole, terms, sides of @, arguments.

    With each, whether it is all of a value.
    """
    for place in all_places(node):
        above = place.parent
        whole = above is node or isinstance(above, ast.Tuple | ast.List | ast.Dict)
        if isinstance(place.node, ast.Tuple | ast.List | ast.Dict | ast.Constant) or not place.is_number:
            continue
        inner = (isinstance(above, ast.BinOp) and isinstance(above.op, ast.Add | ast.Sub | ast.MatMult)) or (
            isinstance(above, ast.Call)
        )
        if whole or inner:
            yield place, whole


def dropped_updates(node: ast.Assign, values: list[Value]) -> Iterator[tuple[int, str, str]]:
    """A line that may be missing after this one: the step of a softmax at the labels' places."""
    target = node.targets[0]
    whole = shape_of(target, values)
    if whole is None or len(whole) != 2:
        return
    name = ast.unparse(target)
    for value in values:
        if value.shape == whole[:1]:
            step = f"{name}[np.arange(len({value.text})), {value.text}]"
            yield 2, f"1 subtracted at the places {value.text}", f"{ast.unparse(node)}\n{step} -= 1"
