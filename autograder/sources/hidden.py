"""Released cells may import nothing that only hidden tests have: it is not there where students work."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from autograder.grader_side.magics import python_of


def hidden_import(source: str, hidden: Sequence[str]) -> str:
    """The first of the ``hidden`` packages that a cell imports, or something of which; "" if there is none.

    Lines of IPython's own, and cells that are no Python, import nothing.
    """
    try:
        names = list(_imported(ast.parse(python_of(source)[0])))
    except SyntaxError:
        return ""
    found = (item for item in hidden for name in names if name == item or name.startswith(f"{item}."))
    return next(found, "")


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
