"""A place in a source where a value gets a name or is used, and what its expression reads."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

#: The name that stands for the probe in a rewritten source.
PROBE = "__probe__"

#: What NumPy calls making an array of what is there already.
AS_ARRAY = ("array", "asarray")

#: What NumPy calls making one array of several.
GATHERING = ("array", "asarray", "stack", "concatenate", "hstack", "vstack", "column_stack")

#: Attributes that are a choice, not what was put there: how many entries an array has, and its transpose.
CHOSEN = ("shape", "size", "ndim", "T", "mT")


@dataclass(frozen=True)
class Site:
    """A place in the source where a value gets a name.

    `name` is the variable, attribute, key or parameter; `line` counts from 1 at `def`. `kind` is "parameter",
    "assigned", "added to" and "scaled" (the variable had a value before, which changes in part or in whole),
    "returned", or "used" (`name` is read there).
    `reads` are the names that the value is computed from, `weight` the number of nodes that compute it;
    `plain` says that it is a name and nothing else, `divides` that the last thing done is a division.
    `container` is the dict or tuple that it is a part of, `part` says that some entries alone get a value,
    `attribute` that the name is an object's, `unpacks` that values are taken out of something as they are, or
    made arrays; `gathers` that several are put into one array, and nothing is computed.
    """

    number: int
    function: str
    line: int
    name: str
    kind: str
    reads: frozenset[str] = frozenset()
    plain: bool = False
    container: str = ""
    weight: int = 0
    divides: bool = False
    part: bool = False
    attribute: bool = False
    unpacks: bool = False
    gathers: bool = False

    @property
    def under_key(self) -> bool:
        """Whether a value is put under a key, not at a place."""
        return bool(self.container) and not self.name.startswith("[")

    @property
    def keeps(self) -> bool:
        """Whether a value is put beside forward's output, or into an object."""
        return self.attribute or (bool(self.container) and self.name != "[0]" and self.kind != "used")


def facts_of(node: ast.expr) -> dict[str, Any]:
    """Return what a site says of the expression that computes its value."""
    divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    return {
        "reads": reads_of(node),
        "weight": _weight(node),
        "divides": divides,
        "unpacks": _unpacks(node),
        "gathers": _gathers(node),
    }


def _gathers(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return False
    parts = node.args[0].elts if isinstance(node.args[0], ast.List | ast.Tuple) else []
    made = len(parts) > 1 and all(any(names_read(part)) for part in parts)
    return made and node.func.attr in GATHERING


def _unpacks(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(_unpacks, node.elts))
    if any(isinstance(part, ast.Attribute) and part.attr in CHOSEN for part in ast.walk(node)):
        return False
    if isinstance(node, ast.GeneratorExp | ast.ListComp):  # `(cache[name] for name in "xy")`
        node = node.elt
        return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name | ast.Attribute)
    if _is_item(node):
        return isinstance(node.value, ast.Name | ast.Attribute)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in AS_ARRAY:
        return isinstance(node.args[0] if node.args else None, ast.Name | ast.Attribute)
    held = node
    while isinstance(held, ast.Attribute) or _is_item(held):
        held = held.value
    return isinstance(node, ast.Attribute) and isinstance(held, ast.Name)


def _is_item(node: ast.expr) -> TypeGuard[ast.Subscript]:
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)


def reads_of(node: ast.expr) -> frozenset[str]:
    """Return the names that are read in an expression."""
    return frozenset(names_read(node))


def _weight(node: ast.expr) -> int:
    return sum(isinstance(part, ast.expr) for part in ast.walk(node))


def names_read(node: ast.AST) -> Iterator[str]:
    """Yield the names that are read in a piece of code: variables, attributes of self, constant keys."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and is_load(part) and part.id != PROBE:
            yield part.id
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "self":
            yield part.attr
        elif isinstance(part, ast.Subscript) and container_of(part):
            yield part.slice.value  # type: ignore[attr-defined]


def container_of(target: ast.expr) -> str:
    """Return the name of the dict that a value gets a constant key of, "" for all else."""
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
        return ""
    constant = isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str)
    return target.value.id if constant else ""


def name_of(target: ast.expr) -> str | None:
    """Return what a target is called: a variable, an attribute, or a constant key."""
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        key = target.slice.value
        return key if isinstance(key, str) else None
    return None


def is_load(node: ast.Name) -> bool:
    """Whether a name is read, not bound."""
    return isinstance(node.ctx, ast.Load)
