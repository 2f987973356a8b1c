"""The small changes of one node of a syntax tree.

Each function below takes a node and yields pairs (what was done, the node that replaces it). A changed node
may make no sense at all; to notice is the business of the checks.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

Change = tuple[str, ast.AST]

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
}
COMPARISONS = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
# A function or an attribute, and what is easily written in its place.
ALIKE = {
    "maximum": "minimum",
    "minimum": "maximum",
    "max": "min",
    "argmax": "argmin",
    "sum": "mean",
    "mean": "sum",
    "exp": "expm1",
    "log": "log1p",
    "sin": "cos",
    "cos": "sin",
    "tanh": "sinh",
    "sign": "abs",
    "hypot": "add",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
    "greater_equal": "greater",
    "logaddexp": "maximum",
    "normal": "uniform",
    "reversed": "list",
    "value": "derivative",
    "derivative": "value",
    "data": "grad",
    "grad": "data",
    "append": "extend",
}


def changes(node: ast.AST, names: tuple[str, ...]) -> Iterator[Change]:
    """Every change of one node, where these local names are known: what was done, and what stands there."""
    if isinstance(node, ast.Name):
        yield from _name(node, names)
    for kind, function in CHANGES:
        if isinstance(node, kind):
            yield from function(node)


def _name(node: ast.Name, names: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(node.ctx, ast.Load) and node.id in names:
        yield "sign flipped", _negative(node)
        others = names[names.index(node.id) + 1 :] + names[: names.index(node.id)]
        for name in others[:1]:
            yield "another name", ast.Name(name, ast.Load())


def _binary(node: ast.BinOp) -> Iterator[Change]:
    other = OPERATORS.get(type(node.op))
    if other:
        yield "operator changed", ast.BinOp(node.left, other(), node.right)
    yield "term dropped", node.left
    yield "term dropped", node.right
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield "operands swapped", ast.BinOp(node.right, node.op, node.left)
    yield "sign flipped", _negative(node)


def _unary(node: ast.UnaryOp) -> Iterator[Change]:
    yield "sign or not dropped", node.operand


def _compare(node: ast.Compare) -> Iterator[Change]:
    for other in COMPARISONS.get(type(node.ops[0]), ()):
        yield "comparison changed", ast.Compare(node.left, [other()], node.comparators)
    yield "mask dropped", ast.Constant(True)


def _boolean(node: ast.BoolOp) -> Iterator[Change]:
    yield "and / or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for value in node.values:
        yield "condition dropped", value


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "flag flipped", ast.Constant(not value)
    elif isinstance(value, int):
        yield "constant changed", ast.Constant(value + 1)
        yield "constant changed", ast.Constant(value - 1)
    elif isinstance(value, float):
        yield "constant changed", ast.Constant(2 * value if value else 1.0)
        yield "constant changed", ast.Constant(-value if value else -1.0)


def _call(node: ast.Call) -> Iterator[Change]:
    arguments = node.args
    if len(arguments) == 1 and not isinstance(arguments[0], ast.Starred | ast.GeneratorExp):
        yield "call dropped", arguments[0]
    if isinstance(node.func, ast.Attribute) and not _is_numpy(node.func.value):
        yield "method dropped", node.func.value
    for i in range(len(arguments) - 1):
        swapped = [*arguments[:i], arguments[i + 1], arguments[i], *arguments[i + 2 :]]
        yield "arguments swapped", ast.Call(node.func, swapped, node.keywords)
    for i in range(len(node.keywords)):
        rest = [*node.keywords[:i], *node.keywords[i + 1 :]]
        yield "keyword dropped", ast.Call(node.func, arguments, rest)
    if isinstance(node.func, ast.Name) and node.func.id in ("range", "len"):
        for step in (ast.Add(), ast.Sub()):
            if node.func.id == "len":
                yield "off by one", ast.BinOp(node, step, ast.Constant(1))
            else:
                last = ast.BinOp(arguments[-1], step, ast.Constant(1))
                yield "off by one", ast.Call(node.func, [*arguments[:-1], last], [])
    if _is_where(node) and len(arguments) == 3:
        yield "mask dropped", arguments[1]
        yield "mask dropped", arguments[2]
    if isinstance(node.func, ast.Name) and node.func.id in ALIKE:
        yield (
            "function changed",
            ast.Call(ast.Name(ALIKE[node.func.id], ast.Load()), arguments, node.keywords),
        )
    yield "sign flipped", _negative(node)


def _attribute(node: ast.Attribute) -> Iterator[Change]:
    if node.attr == "T":
        yield "transpose dropped", node.value
    elif node.attr in ALIKE:
        yield "function changed", ast.Attribute(node.value, ALIKE[node.attr], node.ctx)


def _subscript(node: ast.Subscript) -> Iterator[Change]:
    if isinstance(node.ctx, ast.Load):
        yield "index dropped", node.value
    if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        first, second = node.slice.elts
        yield "indices swapped", ast.Subscript(node.value, ast.Tuple([second, first], ast.Load()), node.ctx)


def _slice(node: ast.Slice) -> Iterator[Change]:
    for field in ("lower", "upper", "step"):
        if getattr(node, field):
            yield "bound dropped", ast.Slice(**{**dict(ast.iter_fields(node)), field: None})


def _tuple(node: ast.Tuple | ast.List) -> Iterator[Change]:
    if isinstance(node.ctx, ast.Load):
        for i in range(len(node.elts) - 1):
            swapped = [*node.elts[:i], node.elts[i + 1], node.elts[i], *node.elts[i + 2 :]]
            yield "neighbours swapped", type(node)(swapped, node.ctx)


def _dict(node: ast.Dict) -> Iterator[Change]:
    for i in range(len(node.values)):
        yield "item dropped", ast.Dict(_without(node.keys, i), _without(node.values, i))
        if i:
            values = [*node.values[: i - 1], node.values[i], node.values[i - 1], *node.values[i + 1 :]]
            yield "neighbours swapped", ast.Dict(node.keys, values)


def _conditional(node: ast.IfExp) -> Iterator[Change]:
    yield "condition dropped", node.body
    yield "condition dropped", node.orelse


def _comprehension(node: ast.comprehension) -> Iterator[Change]:
    for i in range(len(node.ifs)):
        yield (
            "condition dropped",
            ast.comprehension(node.target, node.iter, _without(node.ifs, i), node.is_async),
        )


def _branch(node: ast.If) -> Iterator[Change]:
    yield "condition dropped", ast.If(ast.Constant(True), node.body, node.orelse)
    yield "condition dropped", ast.If(ast.Constant(False), node.body, node.orelse)


def _loop(node: ast.For | ast.While) -> Iterator[Change]:
    yield "loop dropped", ast.Pass()


def _added(node: ast.AugAssign) -> Iterator[Change]:
    target = ast.parse(ast.unparse(node.target), mode="eval").body
    yield "overwritten", _assigned(node.target, node.value)
    yield "twice", ast.AugAssign(node.target, node.op, ast.BinOp(node.value, ast.Mult(), ast.Constant(2)))
    other = OPERATORS.get(type(node.op))
    if other:
        yield "operator changed", ast.AugAssign(node.target, other(), node.value)
    yield "not in place", _assigned(node.target, ast.BinOp(target, node.op, node.value))


def _statement(node: ast.Assign | ast.AugAssign | ast.Expr | ast.Raise) -> Iterator[Change]:
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):  # a docstring
        yield "statement dropped", ast.Pass()


def _in_place(node: ast.Assign | ast.Return) -> Iterator[Change]:
    """Where a new array was made of a variable, write into the variable instead."""
    if isinstance(node.value, ast.BinOp) and isinstance(node.value.left, ast.Name):
        name = node.value.left.id
        written = ast.AugAssign(ast.Name(name, ast.Store()), node.value.op, node.value.right)
        after = copy.copy(node)
        after.value = ast.Name(name, ast.Load())
        yield "in place", ast.If(ast.Constant(True), [written, after], [])


def _assigned(target: ast.AST, value: ast.AST) -> ast.Assign:
    return ast.fix_missing_locations(ast.Assign([target], value))


def _negative(node: ast.AST) -> ast.UnaryOp:
    return ast.UnaryOp(ast.USub(), node)


def _without(items: list, i: int) -> list:
    return [*items[:i], *items[i + 1 :]]


def _is_numpy(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "np"


def _is_where(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and _is_numpy(node.func.value) and node.func.attr == "where"


CHANGES: list[tuple[type | tuple[type, ...], Callable[..., Iterator[Change]]]] = [
    (ast.BinOp, _binary),
    (ast.UnaryOp, _unary),
    (ast.Compare, _compare),
    (ast.BoolOp, _boolean),
    (ast.Constant, _constant),
    (ast.Call, _call),
    (ast.Attribute, _attribute),
    (ast.Subscript, _subscript),
    (ast.Slice, _slice),
    ((ast.Tuple, ast.List), _tuple),
    (ast.Dict, _dict),
    (ast.IfExp, _conditional),
    (ast.comprehension, _comprehension),
    (ast.If, _branch),
    ((ast.For, ast.While), _loop),
    (ast.AugAssign, _added),
    ((ast.Assign, ast.AugAssign, ast.Expr, ast.Raise), _statement),
    ((ast.Assign, ast.Return), _in_place),
]
