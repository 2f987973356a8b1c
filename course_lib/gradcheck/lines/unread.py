"""Names that backward gives a value and reads nowhere: what was to be used is not."""

import ast
from collections.abc import Iterator

from course_lib.gradcheck.lines.claims import claimed
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site, is_load

#: What computes a value; all else takes it out of something, or gives it another name.
COMPUTING = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.IfExp)

#: The kind of such a place.
UNREAD = "unread"


def unread(search: Search) -> list[Site]:
    """Return the lines that compute what nothing reads, each with the name.

    Of the results of a call, those alone that are gradients by their name.
    """
    function = search.subject.name
    tree = search.subject.sources[function].tree
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    read = {node.id for node in names if is_load(node)}
    return [
        Site(-1, function, statement.lineno, target.id, UNREAD)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.stmt)
        for target, one_of_several in _targets(statement)
        if isinstance(target, ast.Name) and target.id not in read and not target.id.startswith("_")
        if not one_of_several or claimed(target.id, search.values)
    ]


def _targets(statement: ast.stmt) -> Iterator[tuple[ast.expr, bool]]:
    """What a statement computes a value for, each with whether it does so for others as well."""
    if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, COMPUTING):
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            if isinstance(target, ast.Tuple | ast.List):
                yield from ((part, True) for part in target.elts)
            else:
                yield target, False
