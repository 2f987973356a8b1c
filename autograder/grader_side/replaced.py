"""What a graded cell puts in the place of something that student code may call, to see whether it does.

Student code sees none of it from another process: a cell that forbids ``sorted`` by a mock, or by a function
of that name, would find there that nobody calls it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection

from autograder.grader_side.magics import tree_of
from autograder.remembered import remembered

_PATCHES = frozenset({"patch", "patch.object", "patch.dict", "patch.multiple", "monkeypatch.setattr"})
_STREAMS = frozenset({"sys.stdin", "sys.stdout", "sys.stderr"})  # which cross, or fail by themselves
_SETTINGS = ".options."


@remembered()
def replaced_by(source: str, imported: Collection[str] = frozenset()) -> str:
    """What of a released cell puts something in the place of what student code may call; "" for nothing.

    ``imported`` are the names that the cells above import.
    """
    tree = tree_of(source)
    nodes = list(ast.walk(tree))
    modules = set(imported)
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules |= {(item.asname or item.name).partition(".")[0] for item in node.names}
    found = (_patched(node, modules) or _set(node, modules) for node in nodes)
    seen = (text for text in found if text and text not in _STREAMS and _SETTINGS not in text)
    return next(seen, "") or next(filter(None, map(_bound, tree.body)), "")


def _patched(node: ast.AST, modules: Collection[str]) -> str:
    if not isinstance(node, ast.Call):
        return ""
    called = ast.unparse(node.func)
    said = [str(item.value) if isinstance(item, ast.Constant) else ast.unparse(item) for item in node.args]
    if called == "setattr" and len(said) > 1 and _root(node.args[0]) in modules:
        return f"{said[0]}.{said[1]}"
    known = called.startswith("monkeypatch.") or _root(node.func) in modules  # a function may be called patch
    if not known or called.removeprefix("unittest.").removeprefix("mock.") not in _PATCHES:
        return ""
    return (".".join(said[:2]) if called.endswith(".object") else "".join(said[:1])) or called


def _set(node: ast.AST, modules: Collection[str]) -> str:
    """The attribute of something imported that is set."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _root(node) in modules):
        return ""
    return ast.unparse(node)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _bound(node: ast.stmt) -> str:
    """The function of Python's in whose place a statement puts another one, or None."""
    names: list[str] = []
    if isinstance(node, ast.FunctionDef):
        names = [node.name]
    elif isinstance(node, ast.Assign) and _is_function_or_none(node.value):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    return next((name for name in names if callable(vars(builtins).get(name))), "")


def _is_function_or_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Lambda) or (isinstance(value, ast.Constant) and value.value is None)
