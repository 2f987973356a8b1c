"""What a graded cell asserts to be two things, though it has a copy of each: ``f(1) is not f(1)``.

Of plain data that one function returned twice, or that two objects hold, it cannot tell whether it was one
list, nor of an array whether it is a view. Objects of a student's class are themselves here, too: of what a
class makes, nothing is said. Their class is not: ``type(f(1)) is not Dog`` holds of every dog. And an array
is here an array, whether it was a matrix there or not.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Mapping

from autograder.grader_side.magics import tree_of
from autograder.grader_side.scope import imported_by
from autograder.remembered import remembered

SHARED = ("shares_memory", "may_share_memory")
CLASS_OF = ("type()", ".__class__")
NO_COPIES = ("np.matrix", "numpy.matrix", "MaskedArray", "masked_array", "Hashable")  # never, or always


@remembered()
def told_apart_by(source: str, imported: Collection[str] = frozenset()) -> str:
    """What a released cell asserts not to be one, as it is written; "" for nothing.

    ``imported`` are the names that the cells above import.
    """
    nodes = list(ast.walk(tree_of(source)))
    made = dict(pair for node in nodes if isinstance(node, ast.Assign) for pair in _made(node))
    own = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    known = {*vars(builtins), *imported, *imported_by(source), *own}
    for node in nodes:
        if _asks_of_copies(node):
            return ast.unparse(node)
        for one, other in _told_apart(node):
            one, other = _whole(one), _whole(other)
            of_one = isinstance(one, ast.Name) and ast.unparse(one) == ast.unparse(other)
            maker = "" if of_one else _maker(one, made)
            if maker in CLASS_OF:
                has_copy = isinstance(other, ast.Name) and other.id not in known
            else:
                has_copy = maker != "" and maker == _maker(other, made)
            if has_copy:
                return ast.unparse(node)
    return ""


def _asks_of_copies(node: ast.AST) -> bool:
    """Whether a node asks what a copy always, or never, is."""
    match node:
        case ast.Call(func=ast.Name("isinstance"), args=[_, kinds]):
            return any(ast.unparse(kind).endswith(NO_COPIES) for kind in ast.walk(kinds))
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in SHARED
        case ast.Compare(left=ast.Attribute(attr="base"), ops=[ast.Is() | ast.IsNot()]):
            return True
        case ast.Attribute(attr="owndata") | ast.Subscript(slice=ast.Constant("OWNDATA")):
            return True
    return False


def _made(node: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    """The names that a statement binds, with what it binds them to."""
    for target in node.targets:
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = [*zip(target.elts, node.value.elts, strict=False)]
        yield from ((name.id, value) for name, value in pairs if isinstance(name, ast.Name))


def _told_apart(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Compare(left=one, ops=[ast.Is()], comparators=[other])):
            yield one, other
        case ast.Compare(left=one, ops=[ast.IsNot()], comparators=[other]):
            yield one, other
        case ast.Call(func=ast.Attribute(attr="assertIsNot"), args=[one, other, *_]):
            yield one, other
        case ast.Compare(
            left=ast.Call(func=ast.Name("id"), args=[one]),
            ops=[ast.NotEq()],
            comparators=[ast.Call(func=ast.Name("id"), args=[other])],
        ):
            yield one, other


def _whole(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _maker(node: ast.expr, made: Mapping[str, ast.expr]) -> str:
    """The function that a value is returned by, or the attribute that holds it; "" for what a class makes."""
    if isinstance(node, ast.Name):
        node = _whole(made.get(node.id, node))
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        return "" if called.rpartition(".")[2][:1].isupper() else f"{called}()"
    return f".{node.attr}" if isinstance(node, ast.Attribute) else ""
