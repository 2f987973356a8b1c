"""One change of an expression at a time, with how far-fetched it is and what it is in words."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

from autograder.grader_side.repair.at_hand import Value
from autograder.grader_side.repair.places import Place, all_places, is_module
from autograder.remembered import remembered

#: A change of one node: how far-fetched, in words, what stands in its place.
Change = tuple[float, str, ast.expr]

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.MatMult, ast.Add, ast.Pow),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@",
    ast.Pow: "**", ast.BitAnd: "&", ast.BitOr: "|",
}  # fmt: skip
COMPARISONS = {
    ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
FAMILIES = (
    ("sum", "mean"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("sin", "cos", "tan"),
    ("sinh", "cosh", "tanh"),
    ("exp", "expm1", "log", "log1p", "sqrt", "square"),
    ("abs", "sign"),
    ("zeros_like", "ones_like"),
    ("zeros", "ones"),
    ("greater", "greater_equal", "less", "less_equal"),
)
#: Numbers beyond this stand for no end: none is near them, and twice as much may be no number.
HUGE = 1e300
REDUCING = ("sum", "mean", "max", "min", "argmax", "argmin", "cumsum", "flip", "prod")


def changes(root: ast.AST, values: list[Value]) -> Iterator[tuple[float, str, Place, ast.expr]]:
    """Each change of a node below `root`: rank, words, the place, and what would stand there."""
    for place in all_places(root):
        for rank, words, new in _changes(place, values):
            yield rank, words, place, new


def _changes(place: Place, values: list[Value]) -> Iterator[Change]:
    node = place.node
    for kind, of in _KINDS:
        if isinstance(node, kind):
            yield from of(node)
    yield from _another_value(place, values)
    if isinstance(node, ast.Name | ast.Attribute | ast.BinOp | ast.Call | ast.Subscript) and place.is_number:
        far = int(isinstance(place.parent, ast.BinOp))
        yield far, "its sign turned", ast.UnaryOp(ast.USub(), node)
        yield from _transposed(place)


def _transposed(place: Place) -> Iterator[Change]:
    node, above = place.node, place.parent
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield 0, "not transposed", node.value
    elif not isinstance(above, ast.Attribute):
        multiplied = isinstance(above, ast.BinOp) and isinstance(above.op, ast.MatMult)
        yield 0 if multiplied else 1, "transposed", ast.Attribute(node, "T", ast.Load())


def _another_value(place: Place, values: list[Value]) -> Iterator[Change]:
    node = place.node
    if isinstance(node, ast.Constant) and node.value is True:
        for value in values:
            yield 1, f"the mask {value.text} > 0", expression(f"{value.text} > 0")
    text = ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) else ""
    here = next((value for value in values if value.text == text), None)
    if here is None:
        return
    for value in values:
        if value is not here:
            rank = 0.5 if value.shape == here.shape else 1.0
            yield rank, f"{value.text} in the place of {text}", expression(value.text)
    yield 1, f"1 - {text} in the place of {text}", expression(f"1 - {text}")


def _binary(node: ast.BinOp) -> Iterator[Change]:
    here = SIGNS.get(type(node.op), "")
    for rank, other in enumerate(OPERATORS.get(type(node.op), ())):
        words = f"{SIGNS[other]} in the place of {here}"
        yield min(rank, 1), words, ast.BinOp(node.left, other(), node.right)
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield 0, f"the two sides of {here} exchanged", ast.BinOp(node.right, node.op, node.left)
    if isinstance(node.op, ast.MatMult):
        yield 0, "@ with both sides transposed", ast.BinOp(_t(node.left), node.op, _t(node.right))
        yield 0, "@ with its sides exchanged and transposed", ast.BinOp(_t(node.right), node.op, node.left)
        yield 0, "@ with its sides exchanged and transposed", ast.BinOp(node.right, node.op, _t(node.left))
        yield 1, "the outer product", ast.Call(expression("np.outer"), [node.left, node.right], [])
    yield 0, f"without {here} {short(node.right)}", node.left
    yield 0, f"without {short(node.left)} {here}", node.right


def _t(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def _unary(node: ast.UnaryOp) -> Iterator[Change]:
    words = "without the minus" if isinstance(node.op, ast.USub) else "without the negation"
    yield 0, words, node.operand


def _compare(node: ast.Compare) -> Iterator[Change]:
    for other, sign in COMPARISONS.items():
        if len(node.ops) == 1 and not isinstance(node.ops[0], other):
            here = COMPARISONS.get(type(node.ops[0]), "another comparison")
            words = f"{sign} in the place of {here}"
            yield 0, words, ast.Compare(node.left, [other()], node.comparators)


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield 0, f"{not value} in the place of {value}", ast.Constant(not value)
    elif isinstance(value, int | float) and abs(value) <= HUGE:
        others = [value - 1, value + 1, 2 * value, value / 2, -value, 0, 1, 2, 3, 0.5]
        if isinstance(value, int):
            others.remove(value / 2)
        for other in dict.fromkeys(map(_plain, others)):
            if other != value:
                yield 0, f"{other} in the place of {value}", expression(repr(other))


def _plain(value: float) -> float:
    return int(value) if abs(value) < 2**53 and value == int(value) else value


def _call(node: ast.Call) -> Iterator[Change]:
    name = called(node)
    for family in FAMILIES:
        if name in family:
            for other in family:
                if other != name:
                    yield 0, f"{other} in the place of {name}", _renamed(node, other)
    inside = node.args[0] if len(node.args) == 1 else None
    if isinstance(node.func, ast.Attribute) and not is_module(node.func.value):
        inside = node.func.value
    if inside is not None and not isinstance(inside, ast.Starred | ast.GeneratorExp):
        yield 0, f"without {name}", inside
    for i in range(len(node.args) - 1):
        args = [*node.args[:i], node.args[i + 1], node.args[i], *node.args[i + 2 :]]
        yield 0, f"arguments of {name} exchanged", ast.Call(node.func, args, node.keywords)
    if name in REDUCING:
        yield from _axes(node, name)
    if name in ("maximum", "where") and len(node.args) >= 2:
        yield 1, "a mask in its place", ast.Compare(node.args[-1], [ast.Gt()], [node.args[0]])


def _axes(node: ast.Call, name: str) -> Iterator[Change]:
    known = {keyword.arg: keyword.value for keyword in node.keywords}
    rest = [keyword for keyword in node.keywords if keyword.arg not in ("axis", "keepdims")]
    given = ast.unparse(known["axis"]) if "axis" in known else ""
    for axis in ("", "0", "1", "-1"):
        for keep in (False, True):
            keywords = [ast.keyword("axis", expression(axis))] if axis else []
            keywords += [ast.keyword("keepdims", ast.Constant(True))] if keep else []
            same = axis == given and keep == ("keepdims" in known)
            if not same:
                where = (f"over axis {axis}" if axis else "over all axes") + (", axes kept" if keep else "")
                yield (
                    0 if axis == given or not keep else 1,
                    f"{name} {where}",
                    ast.Call(node.func, node.args, [*rest, *keywords]),
                )


def _subscript(node: ast.Subscript) -> Iterator[Change]:
    if not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)):
        yield 1, f"without [{short(node.slice)}]", node.value
    if isinstance(node.slice, ast.Slice):
        for field in ("lower", "upper", "step"):
            for text in ("", "1", "-1"):
                part = copy.copy(node.slice)
                setattr(part, field, expression(text) if text else None)
                yield 1, "another slice", ast.Subscript(node.value, part, ast.Load())
    if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        turned = ast.Tuple(list(reversed(node.slice.elts)), ast.Load())
        yield 0, "its indices exchanged", ast.Subscript(node.value, turned, ast.Load())


def _tuple(node: ast.Tuple | ast.List) -> Iterator[Change]:
    for words, parts in _exchanged(node.elts):
        yield 0, words, type(node)(parts, ast.Load())


def _dict(node: ast.Dict) -> Iterator[Change]:
    for words, parts in _exchanged(node.values):
        yield 0, words, ast.Dict(node.keys, parts)


def _exchanged(parts: list[ast.expr]) -> Iterator[tuple[str, list[ast.expr]]]:
    for i in range(len(parts)):
        for j in range(i):
            turned = list(parts)
            turned[i], turned[j] = turned[j], turned[i]
            yield f"{short(parts[j])} and {short(parts[i])} exchanged", turned


def _choice(node: ast.IfExp) -> Iterator[Change]:
    yield 0, "the two cases exchanged", ast.IfExp(node.test, node.orelse, node.body)


def _both(node: ast.BoolOp) -> Iterator[Change]:
    other: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield (
        0,
        "or in the place of and" if isinstance(other, ast.Or) else "and in the place of or",
        ast.BoolOp(other, node.values),
    )


def called(node: ast.Call) -> str:
    """The name of a function or method that is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _renamed(node: ast.Call, name: str) -> ast.Call:
    func = node.func
    if isinstance(func, ast.Attribute):
        return ast.Call(ast.Attribute(func.value, name, ast.Load()), node.args, node.keywords)
    return ast.Call(ast.Name(name, ast.Load()), node.args, node.keywords)


@remembered(4096)
def expression(text: str) -> ast.expr:
    """The syntax tree of an expression of ours, which nobody changes."""
    return ast.parse(text, mode="eval").body


def short(node: ast.AST) -> str:
    """An expression's text, cut to what a sentence holds."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 40 else text[:37] + "..."


_KINDS: list[tuple[type | tuple[type, ...], Callable[..., Iterator[Change]]]] = [
    (ast.BinOp, _binary),
    (ast.UnaryOp, _unary),
    (ast.Compare, _compare),
    (ast.Constant, _constant),
    (ast.Call, _call),
    (ast.Subscript, _subscript),
    ((ast.Tuple, ast.List), _tuple),
    (ast.Dict, _dict),
    (ast.IfExp, _choice),
    (ast.BoolOp, _both),
]
