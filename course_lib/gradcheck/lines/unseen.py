"""Lines that no probe sees: what a call changes in place, a list that grows, and what enters that."""

import ast
from collections.abc import Iterable, Iterator

from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site, names_read
from course_lib.gradcheck.lines.syntax import BODIES, block_around

#: Blocks, whose statements are looked at one by one.
BLOCKS = (ast.For, ast.While, ast.If, ast.With, ast.Try)


def unseen(search: Search, sites: Iterable[Site]) -> list[Site]:
    """Return the lines that may have changed what sites read, or made it of what cannot be followed.

    They are the calls that a value is handed to, or is the object of, for nothing but their effect, and the
    lines that make a list or the like; then what these read in turn, as far as it is not known to be right.
    """
    found: dict[int, Site] = {}
    for site in sites:
        tree = search.subject.sources[site.function].tree
        to_ask = [site]
        while to_ask:
            asked = to_ask.pop(0)
            for made in _makes(search, tree, asked, through=asked is not site):
                if made.line not in found and made.line != site.line:
                    found[made.line] = made
                    to_ask.append(made)
                    loop = block_around(tree, made.line)
                    if made.kind == "unseen" and loop is not None:
                        found.setdefault(loop.lineno, Site(-1, site.function, loop.lineno, "", "loop"))
    begin = {one.lineno for one in _statements(tree.body) if _begins(one)} if found else set()
    return sorted(found.values(), key=lambda made: made.line in begin)  # what only takes out comes last


def _makes(search: Search, tree: ast.FunctionDef, asked: Site, *, through: bool) -> Iterator[Site]:
    """The lines that no probe sees and that make or change what a line reads; `through`: those seen, too."""
    not_followed = {
        site.name
        for event in search.base.events
        if event.value is None and (site := search.site(event)).function == asked.function
        if site.kind == "assigned"
    }
    for statement in _statements(tree.body):
        names = frozenset(names_read(statement))
        changed = _changed(statement)
        sees = isinstance(statement, ast.Expr) or (changed & not_followed and not _begins(statement))
        loop = block_around(tree, asked.line)
        before = statement.lineno < asked.line or (loop and statement.lineno <= (loop.end_lineno or 0))
        if changed & asked.reads and sees and before:
            yield Site(-1, asked.function, statement.lineno, min(changed & asked.reads), "unseen", names)
        if asked.name in changed and isinstance(statement, ast.Expr) and statement.lineno > asked.line:
            yield Site(-1, asked.function, statement.lineno, asked.name, "unseen", names)
    for event in reversed(search.backward) if through else ():
        site = search.site(event)
        wrong = site.function == asked.function and site.name in asked.reads and not search.is_right(event)
        if wrong and not search.hands_on(site):
            yield site


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, BLOCKS):
            for field in BODIES:
                yield from _statements(getattr(statement, field, []))
        else:
            yield statement


def _changed(statement: ast.stmt) -> frozenset[str]:
    """The names that a statement gives values, or may change: by a method, as an argument, as `out`."""
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return frozenset(name for target in targets for name in _stored(target))
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or (isinstance(call.func, ast.Name) and call.func.id == "print"):
        return frozenset()
    handed = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "out")]
    if isinstance(call.func, ast.Attribute):
        handed.append(call.func.value)
    return frozenset(part.id for part in handed if isinstance(part, ast.Name))


def _begins(statement: ast.stmt) -> bool:
    """Whether a statement only gives names to what is there, or to constants to begin with."""
    value = getattr(statement, "value", None)
    return isinstance(value, ast.Name | ast.Attribute | ast.Subscript) or (
        value is not None and not any(names_read(value))
    )


def _stored(target: ast.expr) -> Iterator[str]:
    base = target
    while isinstance(base, ast.Subscript | ast.Attribute):
        base = base.value
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and (node is base or isinstance(node.ctx, ast.Store)):
            yield node.id
