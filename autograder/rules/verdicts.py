"""Which calls of the gradient checker in a graded cell have a verdict that nothing looks at."""

from __future__ import annotations

import ast

from course_lib import gradcheck

CHECKERS = frozenset(name for name in gradcheck.__all__ if name.startswith("check_"))


def unread_verdict(tree: ast.Module) -> ast.Call | None:
    """The first call of a ``check_`` function whose result decides nothing, or None.

    A result is looked at when an attribute of it is read, or when it is handed to something: returned, passed
    on, kept in a container or in a name that is read again. It has no truth value, so that neither ``assert``
    nor ``if`` nor ``not`` looks at it.
    """
    read = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    for node in ast.walk(tree):
        for value in _unread_in(node, read):
            for part in _alternatives(value):
                if isinstance(part, ast.Call) and _name_of(part.func) in CHECKERS:
                    return part
    return None


def _unread_in(node: ast.AST, read: set[str]) -> list[ast.expr]:
    """The expressions whose value this node throws away, or asks only for its truth."""
    match node:
        case ast.Expr(value=value):
            return [value]
        case ast.Assert(test=test) | ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return [test]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [operand]
        case ast.BoolOp(values=values):
            return values
        case ast.Call(func=ast.Name(id="bool"), args=[value]):
            return [value]
        case ast.Assign(targets=targets, value=value) if all(_is_unread(name, read) for name in targets):
            return [value]
        case ast.AnnAssign(target=target, value=ast.expr() as value) if _is_unread(target, read):
            return [value]
        case ast.NamedExpr(target=target, value=value) if _is_unread(target, read):
            return [value]
    return []


def _alternatives(value: ast.expr) -> list[ast.expr]:
    """What an expression may have as its value, where it only chooses."""
    match value:
        case ast.IfExp(body=body, orelse=orelse):
            return [*_alternatives(body), *_alternatives(orelse)]
        case ast.NamedExpr(value=inner):
            return _alternatives(inner)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [inner for part in parts for inner in _alternatives(part)]
    return [value]


def _is_unread(target: ast.expr, read: set[str]) -> bool:
    return isinstance(target, ast.Name) and target.id not in read


def _name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
