"""Names that backward gives a value and reads nowhere, or zero and nothing else: a line may be missing."""

import ast
from collections.abc import Iterator

from course_lib.gradcheck.lines.claims import claimed
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site, is_load
from course_lib.gradcheck.lines.syntax import block_around

#: What computes a value; all else takes it out of something, or gives it another name.
COMPUTING = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.IfExp)

#: The kind of such a place, and what is said of it.
UNREAD, LEFT = "unread", "left at zero"
SAID = {UNREAD: "{}, which line {} makes, is read nowhere", LEFT: "{}, which line {} makes zero, stays zero"}


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


def left_at_zero(search: Search) -> list[Site]:
    """Return the lines that begin a variable with zero which nothing changes afterwards.

    It is computed with in a loop, or it is a gradient, by its name, that is computed with, or returned wrong.
    """
    function = search.subject.name
    tree = search.subject.sources[function].tree
    around = {part: node for node in ast.walk(tree) for part in ast.iter_child_nodes(node)}
    uses: dict[str, list[ast.Name]] = {}
    for node in around:
        if isinstance(node, ast.Name):
            uses.setdefault(node.id, []).append(node)
    found = []
    for statement in (one for one in around if isinstance(one, ast.Assign)):
        for name in _made_zero(statement):
            claims = claimed(name, search.values)
            read = _reads(around, uses, name)
            carried = any(block_around(tree, line) for line in read)  # from turn to turn, it should be
            computed = ast.BinOp in read.values() and (claims or carried)
            if None not in read.values() and (computed or (read and search.wrong.intersection(claims))):
                found.append(Site(-1, function, statement.lineno, name, LEFT))
    return found


def _made_zero(statement: ast.Assign) -> Iterator[str]:
    """The names that a statement makes zero, alone or beside others."""
    for target in statement.targets:
        pairs = [(target, statement.value)]
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            pairs = list(zip(target.elts, statement.value.elts, strict=False))
        yield from (name.id for name, value in pairs if isinstance(name, ast.Name) and _is_zero(value))


def _reads(
    around: dict[ast.AST, ast.AST], uses: dict[str, list[ast.Name]], name: str
) -> dict[int, type[ast.AST] | None]:
    """What a variable is read for in each line, under another name as well; None where it may be changed."""
    read: dict[int, type[ast.AST] | None] = {}
    if sum(not is_load(use) for use in uses[name]) != 1:
        return {0: None}
    for use in filter(is_load, uses[name]):
        read[use.lineno] = _enters(around, use)
        match around[use]:
            case ast.Assign([ast.Name(other)]):
                read |= {use.lineno: ast.Return} | _reads(around, {**uses, name: []}, other)
    return read


def _is_zero(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Attribute) and value.func.attr in ("zeros", "zeros_like")
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float) and value.value == 0


def _enters(around: dict[ast.AST, ast.AST], use: ast.Name) -> type[ast.AST] | None:
    """What a value is read for: to be computed with, or to be returned; None where it may be changed."""
    node = around[use]
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        return ast.BinOp
    while isinstance(node, ast.Tuple | ast.List | ast.Dict):
        node = around[node]
    return ast.Return if isinstance(node, ast.Return) else None


def _targets(statement: ast.stmt) -> Iterator[tuple[ast.expr, bool]]:
    """What a statement computes a value for, each with whether it does so for others as well."""
    if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, COMPUTING):
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            if isinstance(target, ast.Tuple | ast.List):
                yield from ((part, True) for part in target.elts)
            else:
                yield target, False
