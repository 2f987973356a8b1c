"""Lines that no probe sees: what a call or a view changes in place, a list that grows, what enters that."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from course_lib.gradcheck.lines.called import own_functions
from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site, container_of, names_read
from course_lib.gradcheck.lines.syntax import BODIES, OTHERS, block_around, makes_room

#: Methods that return another view of the same numbers.
VIEWS = ("reshape", "ravel", "view", "transpose", "swapaxes", "squeeze", "diagonal")

NOT_FOLLOWED = "what goes into a list or the like cannot be told right from wrong one by one"

#: Blocks, whose statements are looked at one by one.
BLOCKS = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.Match, ast.match_case, ast.ExceptHandler)


def unseen(search: Search, sites: Iterable[Site]) -> list[Site]:
    """Return the lines that may have changed what sites read, or made it of what cannot be followed.

    They are the calls that a value is handed to, or is the object of, for nothing but their effect, the lines
    that change a part of it under another name, and those that make a list or the like; then what these read
    in turn, as far as it is not known to be right.
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
    lines = {one.lineno: one for one in _statements(tree.body)} if found else {}
    begin = {line for line, one in lines.items() if _begins(one) or makes_room(tree, line)}
    return sorted(found.values(), key=lambda made: made.line in begin)  # what only takes out comes last


def put_away(search: Search, site: Site) -> list[Site]:
    """Return the lines that put what is made of a value into a list or the like, which no probe sees, or hand
    it to what is called for its effect.
    """
    tree = search.subject.sources[site.function].tree
    held = _not_followed(search, tree, site.function)
    return [
        Site(-1, site.function, one.lineno, min(_changed(one)), "unseen", frozenset(names_read(one)))
        for one in _statements(tree.body)
        if site.name in names_read(one) and _changed(one)
        if isinstance(one, ast.Expr)
        or ((_changed(one) - _seen_under_keys(search, one)) & held and not _begins(one))
    ]


def returned(search: Search) -> list[FirstWrong]:
    """Return the lines that put something into what is returned and cannot be followed, as a list or a dict.

    This is for where nothing that can be followed explains anything.
    """
    name = search.subject.name
    tree = search.subject.sources[name].tree
    ends = [node for node in ast.walk(tree) if isinstance(node, ast.Return)]
    held = _not_followed(search, tree, name)
    sites = [Site(-1, name, end.lineno, "", "returned", held.intersection(names_read(end))) for end in ends]
    makers = [(unseen(search, [site]), site) for site in sites if site.reads]
    found = [one for made, site in makers if made for one in (made[0], site, *made[1:])]
    event = search.base.events[-1]
    return [FirstWrong(event, one, whole=False, sentence=NOT_FOLLOWED) for one in found]


def _makes(search: Search, tree: ast.FunctionDef, asked: Site, *, through: bool) -> Iterator[Site]:
    """The lines that no probe sees and that make or change what a line reads; `through`: those seen, too."""
    source = search.subject.sources[asked.function]
    not_followed = _not_followed(search, tree, asked.function)
    views = _views(tree)
    for statement in _statements(tree.body):
        names = frozenset(names_read(statement))
        changed = _changed(statement)
        behind = _behind(statement, changed, views)
        unseen_there = isinstance(statement, ast.Expr) or bool(behind)
        changed |= behind
        sees = unseen_there or (changed & not_followed and not _begins(statement))
        loop = block_around(tree, asked.line)
        before = statement.lineno < asked.line or (loop and statement.lineno <= (loop.end_lineno or 0))
        of_an_object = isinstance(statement, ast.Expr) and changed & not_followed
        if of_an_object and own_functions(source, statement.lineno):
            changed |= asked.reads & not_followed  # one object may change others, as a graph its leaves
        changed |= _captured(tree, statement)
        changed -= _seen_under_keys(search, statement)
        if changed & asked.reads and sees and before:
            yield Site(-1, asked.function, statement.lineno, min(changed & asked.reads), "unseen", names)
        if asked.name in changed and unseen_there and statement.lineno > asked.line:
            yield Site(-1, asked.function, statement.lineno, asked.name, "unseen", names)
    for event in reversed(search.backward) if through else ():
        site = search.site(event)
        wrong = site.function == asked.function and site.name in asked.reads and not search.is_right(event)
        if wrong and not search.hands_on(site):
            yield site


def _not_followed(search: Search, tree: ast.FunctionDef, function: str) -> frozenset[str]:
    """The variables of a function that never hold numbers, as far as they were seen."""
    stored = {name for one in ast.walk(tree) if isinstance(one, ast.Assign) for name in _bound(one)}
    events = [event for event in search.base.events if search.site(event).function == function]
    return frozenset(
        stored.difference(search.site(event).name for event in events if event.value is not None)
    )


def _bound(statement: ast.Assign) -> Iterator[str]:
    return (
        part.id for target in statement.targets for part in ast.walk(target) if isinstance(part, ast.Name)
    )


def _views(tree: ast.FunctionDef) -> dict[str, set[str]]:
    """The names that stand for a part of an array and are changed in place, and of which array.

    They are taken out of it, or by a loop over it.
    """
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    changed = {name for one in statements if _in_place(one) for name in _changed(one)}
    found: dict[str, set[str]] = {}
    for node in statements:
        for target, value in _named(node):
            for name in changed.intersection(_stored(target)):
                if isinstance(node, ast.For) or _takes_part(value):
                    found.setdefault(name, set()).update(_variables(value))
    return found


def _variables(node: ast.AST) -> set[str]:
    """The variables in a piece of code, but not the keys."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _named(node: ast.stmt) -> list[tuple[ast.expr, ast.expr]]:
    """The targets of a statement, each with what it gets."""
    if isinstance(node, ast.For):
        return [(node.target, node.iter)]
    pairs = [(target, node.value) for target in node.targets] if isinstance(node, ast.Assign) else []
    return [
        part
        for target, value in pairs
        for part in (
            zip(target.elts, value.elts, strict=False)
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            else [(target, value)]
        )
    ]


def _takes_part(value: ast.expr) -> bool:
    """Whether an expression is a name, or a part or a view of one: `x[0]`, `x.T`, `x.reshape(n, 2)`."""
    while isinstance(value, ast.Subscript | ast.Attribute) or _is_view(value):
        value = value.func.value if isinstance(value, ast.Call) else value.value  # type: ignore[attr-defined]
    return isinstance(value, ast.Name)


def _is_view(value: ast.expr) -> bool:
    function = value.func if isinstance(value, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr in VIEWS


def _in_place(statement: ast.stmt) -> bool:
    """Whether a statement changes what is there, or means to: `part = part + d` is no longer a part."""
    if isinstance(statement, ast.Assign):
        names = {target.id for target in statement.targets if isinstance(target, ast.Name)}
        parts = any(isinstance(target, ast.Subscript) for target in statement.targets)
        return parts or bool(names & _variables(statement.value))
    return isinstance(statement, ast.AugAssign | ast.Expr)


def _behind(statement: ast.stmt, changed: frozenset[str], views: dict[str, set[str]]) -> frozenset[str]:
    """What a statement changes under another name, or gives that other name to."""
    if not _in_place(statement) and not any(_takes_part(value) for _, value in _named(statement)):
        return frozenset()
    behind, to_follow = set[str](), list(changed)
    while to_follow:
        more = views.get(to_follow.pop(), set()) - behind
        behind |= more
        to_follow += more
    return frozenset(behind) - changed


def _statements(body: list[Any]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, BLOCKS):
            for field in (*BODIES, *OTHERS):
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
    handed = [keyword.value for keyword in call.keywords]
    if isinstance(call.func, ast.Name):  # a function of their own may change any of them
        handed += call.args
    if isinstance(call.func, ast.Attribute):
        handed += [*call.args[:1], call.func.value]
    return frozenset(part.id for part in handed if isinstance(part, ast.Name))


def _seen_under_keys(search: Search, statement: ast.stmt) -> frozenset[str]:
    """The dict that a statement puts numbers into under a key, where a probe sees them: that holds nothing
    against a line that reads something else of the dict.
    """
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    holders = {container_of(target) for target in targets}
    sites = {search.site(event) for event in search.base.events if event.value is not None}
    seen = any(site.line == statement.lineno and site.container in holders for site in sites)
    return frozenset(holders) if seen else frozenset()


def _captured(tree: ast.FunctionDef, statement: ast.stmt) -> frozenset[str]:
    """The names that a function inside reads which a statement calls for its effect: it may change them."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return frozenset()
    inside = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == call.func.id]
    return frozenset(name for one in inside for name in names_read(one))


def _begins(statement: ast.stmt) -> bool:
    """Whether a statement only gives names to what is there, or to constants to begin with."""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Tuple):
        return all(_takes_part(part) or not any(names_read(part)) for part in value.elts)
    return isinstance(value, ast.Name | ast.Attribute | ast.Subscript) or (
        value is not None and not any(names_read(value))
    )


def _stored(target: ast.expr) -> Iterator[str]:
    """The names that a target binds, or of which it changes a part."""
    if isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from _stored(part)
    elif isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
        yield from _stored(target.value)
