"""A twin of a function, rewritten so that every value on its way into a variable passes a probe."""

import ast
import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import FunctionType, MethodType
from typing import Any

from course_lib.gradcheck.lines.source import Source, Written, built, plain, read_source
from course_lib.gradcheck.lines.syntax import BODIES, adds_to, parameters_of
from course_lib.gradcheck.lines.tape import Tape

PROBE = "__probe__"

#: What NumPy calls making an array of what is there already.
AS_ARRAY = ("array", "asarray")


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
    made arrays.
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


@dataclass(frozen=True)
class Twin:
    """The rewritten function, to be called with a tape, and its sites by number."""

    source: Source
    sites: dict[int, Site]
    _make: Callable[[Callable[[int, Any], Any]], Callable[..., Any]]

    def call(self, tape: Tape, *args: Any, **kwargs: Any) -> Any:
        """Call the function with everything that gets a name passing `tape`."""
        return self._make(tape.probe)(*args, **kwargs)

    def edited(self, source: Written) -> Callable[..., Any]:
        """Return the function in another text."""
        assert isinstance(source, Source)
        return plain(source)


def twin_of(source: Source, first: int = 0, inside: str = "") -> Twin:
    """Rewrite a function; its sites are numbered from `first`. Raises NotFollowed.

    `inside` is the name of a function inside of it that is rewritten as well.
    """
    rewriter = _Rewriter(source, first, inside)
    tree = rewriter.rewritten()
    function = built(tree, source, {PROBE: None})
    inner = function.__func__ if isinstance(function, MethodType) else function
    assert isinstance(inner, FunctionType)
    cells = dict(zip(inner.__code__.co_freevars, inner.__closure__ or (), strict=True))

    def make(probe: Callable[[int, Any], Any]) -> Callable[..., Any]:
        if PROBE in cells:  # a function of nothing has none
            cells[PROBE].cell_contents = probe
        return function

    return Twin(source, {site.number: site for site in rewriter.sites}, make)


class Twins:
    """The twins of the functions of one question: each is read and rewritten once, for all its points."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def of(self, function: Any, first: int = 0, make: Callable[[Any, int], Any] | None = None) -> Any:
        """What ``make`` makes of a function, its twin if nothing else is said. Raises NotFollowed."""
        key = id(function), first
        if key not in self._made:
            self._made[key] = (make or _read_twin)(function, first), function  # which is held, for its id
        return self._made[key][0]


def _read_twin(function: Callable[..., Any], first: int) -> Twin:
    return twin_of(read_source(function), first)


class _Rewriter(ast.NodeTransformer):
    """Puts probes around values; other functions and comprehensions inside are left as they are."""

    def __init__(self, source: Source, first: int, inside: str = "") -> None:
        self.source, self.inside = source, inside
        self.first = first
        self.function = source.name
        self.sites: list[Site] = []
        self.locals = {
            node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name) and not _is_load(node)
        } | {argument.arg for argument in parameters_of(source.tree)}

    def rewritten(self) -> ast.FunctionDef:
        """Return the whole definition, rewritten."""
        tree = copy.deepcopy(self.source.tree)
        skipped = 1 if self.source.bound is not None else 0
        prologue = copy.deepcopy(self.source.prologue)
        tree.body = self._with_parameters(tree, parameters_of(tree)[skipped:], prologue)
        return ast.fix_missing_locations(tree)

    def _with_parameters(
        self, tree: ast.FunctionDef, arguments: list[ast.arg], prologue: Iterable[ast.stmt] = ()
    ) -> list[ast.stmt]:
        """Return a body, rewritten, after its arguments have passed probes and the prologue has run."""
        parameters = [
            _assign(argument.arg, self._probe(_name(argument.arg), argument.arg, "parameter", tree.lineno))
            for argument in arguments
        ]
        own = [statement for old in tree.body for statement in self._statements(old)]
        return [*parameters, *prologue, *own]

    def _statements(self, node: ast.stmt) -> list[ast.stmt]:
        changed = self.visit(node)
        return changed if isinstance(changed, list) else [changed]

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.stmt):  # the statements inside a loop or a condition
            for field in (*BODIES, "handlers"):
                inside = getattr(node, field, None)
                if isinstance(inside, list):
                    setattr(node, field, [new for old in inside for new in self._statements(old)])
            for field in ("test", "value"):
                if isinstance(getattr(node, field, None), ast.expr) and not isinstance(node, ast.Return):
                    setattr(node, field, self._uses(getattr(node, field)))
            for case in getattr(node, "cases", []):
                case.body = [new for old in case.body for new in self._statements(old)]
        elif isinstance(node, ast.ExceptHandler):
            node.body = [new for old in node.body for new in self._statements(old)]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if node.name == self.inside:
            outside, self.function = self.function, node.name
            node.body = self._with_parameters(node, parameters_of(node))
            self.function = outside
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        name = _target_name(node.targets[0])
        if len(node.targets) == 1 and name is not None:
            attribute = isinstance(node.targets[0], ast.Attribute)
            holder = _container(node.targets[0])
            kind = "added to" if adds_to(node.targets[0], node.value) else "assigned"
            node.value = self._value(node.value, name, kind, node.lineno, holder, attribute)
            return [node]
        about = _about(node.value)
        node.value = self._uses(node.value)
        after = [new for t in node.targets for new in self._named_after(t, node.lineno, "assigned", about)]
        return [node, *after]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        name = _target_name(node.target)
        if node.value is not None and name is not None:
            node.value = self._value(node.value, name, "assigned", node.lineno, _container(node.target))
        return [node]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        about = _about(node.value)
        node.value = self._uses(node.value)
        kind = "added to" if isinstance(node.op, ast.Add | ast.Sub) else "scaled"
        return [node, *self._named_after(node.target, node.lineno, kind, about)]

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value is not None:
            node.value = self._value(node.value, "", "returned", node.lineno)
        return node

    def _named_after(self, target: ast.expr, line: int, kind: str, about: dict[str, Any]) -> list[ast.stmt]:
        """Statements that pass what a target now holds through a probe."""
        if isinstance(target, ast.Tuple | ast.List):
            return [new for part in target.elts for new in self._named_after(part, line, kind, about)]
        if isinstance(target, ast.Subscript) and _target_name(target) is None:
            base: ast.expr = target
            reads: frozenset[str] = frozenset()
            while isinstance(base, ast.Subscript):
                reads |= _reads(base.slice)
                base = base.value
            target, kind = base, "scaled" if kind == "scaled" else "added to"
            about = {**about, "part": True, "reads": about["reads"] | reads}
        name = _target_name(target)
        if name is None or isinstance(target, ast.Starred):
            return []
        about = {**about, "container": _container(target)}
        load, store = copy.deepcopy(target), copy.deepcopy(target)
        for node, context in ((load, ast.Load()), (store, ast.Store())):
            node.ctx = context  # type: ignore[attr-defined]
        probe = ast.Call(_name(PROBE), [self._number(name, kind, line, **about), load], [])
        return [ast.Assign([store], probe)]

    def _value(
        self, node: ast.expr, name: str, kind: str, line: int, container: str = "", attribute: bool = False
    ) -> ast.expr:
        """Put a probe around a value, or around each part of a tuple or a dict that is written out."""
        if isinstance(node, ast.Dict):
            for i, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    node.values[i] = self._value(
                        value, key.value, kind, value.lineno, name or "return", attribute
                    )
            return node
        if isinstance(node, ast.Tuple | ast.List):
            for i, value in enumerate(node.elts):
                place = f"{name}[{i}]" if name else f"[{i}]"
                inside = container or name or "return"
                node.elts[i] = self._value(value, place, kind, value.lineno, inside, attribute)
            return node
        return self._probe(node, name, kind, line, container, attribute)

    def _probe(
        self, node: ast.expr, name: str, kind: str, line: int, container: str = "", attribute: bool = False
    ) -> ast.expr:
        about = {**_about(node), "plain": isinstance(node, ast.Name), "attribute": attribute}
        number = self._number(name, kind, line, container=container, **about)
        return ast.Call(_name(PROBE), [number, node if kind == "parameter" else self._uses(node)], [])

    def _uses(self, node: ast.expr) -> ast.expr:
        """Put a probe around every variable that an expression reads."""
        return _Uses(self).visit(node)  # type: ignore[no-any-return]

    def _number(self, name: str, kind: str, line: int, **about: Any) -> ast.Constant:
        number = self.first + len(self.sites)
        self.sites.append(Site(number, self.function, line, name, kind, **about))
        return ast.Constant(number)


class _Uses(ast.NodeTransformer):
    def __init__(self, rewriter: _Rewriter) -> None:
        self.rewriter = rewriter

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not _is_load(node) or node.id not in self.rewriter.locals:
            return node
        return ast.Call(_name(PROBE), [self.rewriter._number(node.id, "used", node.lineno), node], [])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name):  # a function, not a number
            if node.func.id == PROBE or node.func.id in ("super", "locals", "vars"):
                return node
        else:
            node.func = self.visit(node.func)
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        node.value = self.visit(node.value)
        return node

    def _as_it_is(self, node: ast.expr) -> ast.expr:
        return node

    visit_Lambda = visit_JoinedStr = _as_it_is  # noqa: N815
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _as_it_is  # noqa: N815


def _about(node: ast.expr) -> dict[str, Any]:
    divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    return {
        "reads": _reads(node),
        "weight": _weight(node),
        "divides": divides,
        "unpacks": _unpacks(node),
    }


def _unpacks(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(_unpacks, node.elts))
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and isinstance(node.value, ast.Name | ast.Attribute)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in AS_ARRAY:
        return isinstance(node.args[0] if node.args else None, ast.Name | ast.Attribute)
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _reads(node: ast.expr) -> frozenset[str]:
    return frozenset(names_read(node))


def _weight(node: ast.expr) -> int:
    return sum(isinstance(part, ast.expr) for part in ast.walk(node))


def names_read(node: ast.AST) -> Iterator[str]:
    """Yield the names that are read in a piece of code: variables, attributes of self, constant keys."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and _is_load(part) and part.id != PROBE:
            yield part.id
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "self":
            yield part.attr
        elif isinstance(part, ast.Subscript) and _container(part):
            yield part.slice.value  # type: ignore[attr-defined]


def _container(target: ast.expr) -> str:
    """Return the name of the dict that a value gets a constant key of, "" for all else."""
    if not isinstance(target, ast.Subscript) or not isinstance(target.value, ast.Name):
        return ""
    constant = isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str)
    return target.value.id if constant else ""


def _target_name(target: ast.expr) -> str | None:
    """Return what a target is called: a variable, an attribute, or a constant key."""
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        key = target.slice.value
        return key if isinstance(key, str) else None
    return None


def _is_load(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)
