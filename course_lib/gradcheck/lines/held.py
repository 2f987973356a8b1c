"""Parameters that a method's object holds, as a net holds its own, made arguments of the method."""

import ast
import copy
import dataclasses
from collections.abc import Collection
from typing import Any

from course_lib.gradcheck.lines.source import FunctionSource, NotFollowed


def with_held(source: FunctionSource, names: Collection[str]) -> FunctionSource:
    """Return a method that takes these values by name, and puts them into the dict where its object has them.

    The method is that of a copy of the object. Raises NotFollowed where no dict of the object has all names.
    """
    unknown = f"it has no argument called {', '.join(sorted(names))}"
    holder = next((name for name, value in _attributes(source.bound).items() if _holds(value, names)), None)
    if holder is None or not source.tree.args.args:
        raise NotFollowed(unknown)
    tree = copy.deepcopy(source.tree)
    tree.args.kwonlyargs += [ast.copy_location(ast.arg(name), tree) for name in names]
    tree.args.kw_defaults += [None for _ in names]
    held = f"{tree.args.args[0].arg}.{holder}"
    values = ", ".join(f"{name!r}: {name}" for name in names)
    prologue = ast.parse(f"{held} = {{**{held}, {values}}}").body
    try:
        bound = copy.copy(source.bound)
    except Exception:
        raise NotFollowed("its object cannot be copied") from None
    return dataclasses.replace(source, tree=tree, bound=bound, prologue=tuple(prologue))


def _attributes(owner: Any) -> dict[str, Any]:
    return {name: value for name, value in getattr(owner, "__dict__", {}).items() if name.isidentifier()}


def _holds(value: object, names: Collection[str]) -> bool:
    return type(value) is dict and all(name in value and name.isidentifier() for name in names)
