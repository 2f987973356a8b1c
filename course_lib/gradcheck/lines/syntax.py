"""What a function's syntax tree says of its blocks and its arguments."""

import ast

#: Where statements have others inside; `except` and `case` are no statements, but have some (`OTHERS`).
BODIES = ("body", "orelse", "finalbody")
OTHERS = ("handlers", "cases")

#: What NumPy calls making an array to be filled.
ROOM = ("zeros", "zeros_like", "empty", "empty_like")


def block_around(
    tree: ast.FunctionDef, line: int, kinds: tuple[type[ast.stmt], ...] = (ast.For, ast.While)
) -> ast.stmt | None:
    """Return the innermost loop, or other block, that a line stands in below the block's own line."""
    found: ast.stmt | None = None
    within: list[ast.AST] = [tree]
    for node in within:  # which grows: what is inside comes later
        if isinstance(node, kinds) and node.lineno < line <= (node.end_lineno or 0):
            found = node
        for field in (*BODIES, *OTHERS):  # expressions hold no blocks, and are most of a tree
            within += getattr(node, field, ())
    return found


def makes_room(tree: ast.FunctionDef, line: int) -> bool:
    """Whether all that a line does is to make an array to be filled, of zeros or of whatever is there."""
    values = [one.value for one in ast.walk(tree) if isinstance(one, ast.Assign) and one.lineno == line]
    return bool(values) and all(
        isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in ROOM
        for value in values
    )


def names_bound(target: ast.AST) -> set[str]:
    """Return the names that a target gives values."""
    return {
        part.id for part in ast.walk(target) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def parameters_of(tree: ast.FunctionDef) -> list[ast.arg]:
    """Return the arguments of a definition, but for `*args` and `**kwargs`."""
    return [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]


def adds_to(target: ast.expr, value: ast.expr) -> bool:
    """Whether `dx = dx + ...` or `dx = ... + dx` says what `dx += ...` does."""
    if not isinstance(target, ast.Name) or _count(target.id, value) != 1:
        return False
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub):
        if isinstance(value.op, ast.Add) and _is_name(value.right, target.id):
            return True
        value = value.left
        if _is_name(value, target.id):
            return True
    return False


def _count(name: str, node: ast.expr) -> int:
    return sum(_is_name(part, name) for part in ast.walk(node))


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def written_into(call: ast.expr) -> ast.Name | None:
    """Return the variable that a call writes into by its `out`."""
    keywords = call.keywords if isinstance(call, ast.Call) else []
    out = [one.value for one in keywords if one.arg == "out"]
    return out[0] if out and isinstance(out[0], ast.Name) else None
