"""Probes around every value of a source that gets a name or is used."""

import ast
import copy
from collections.abc import Iterable
from typing import Any

from course_lib.gradcheck.lines.site import PROBE, Site, container_of, facts_of, is_load, name_of, reads_of
from course_lib.gradcheck.lines.source import FunctionSource
from course_lib.gradcheck.lines.syntax import BODIES, adds_to, parameters_of, written_into


def with_probes(source: FunctionSource, first: int, inside: str) -> tuple[ast.FunctionDef, list[Site]]:
    """Return a definition in which every value passes a probe, and its sites, numbered from `first`.

    `inside` is the name of a function inside of it that is rewritten as well.
    """
    rewriter = _Rewriter(source, first, inside)
    return rewriter.rewritten(), rewriter.sites


class _Rewriter(ast.NodeTransformer):
    """Puts probes around values; other functions and comprehensions inside are left as they are."""

    def __init__(self, source: FunctionSource, first: int, inside: str) -> None:
        self.source, self.inside = source, inside
        self.first = first
        self.function = source.name
        self.sites: list[Site] = []
        self.locals = {
            node.id for node in ast.walk(source.tree) if isinstance(node, ast.Name) and not is_load(node)
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
        name = name_of(node.targets[0])
        if len(node.targets) == 1 and name is not None:
            attribute = isinstance(node.targets[0], ast.Attribute)
            holder = container_of(node.targets[0])
            kind = "added to" if adds_to(node.targets[0], node.value) else "assigned"
            node.value = self._value(node.value, name, kind, node.lineno, holder, attribute)
            return [node]
        made = [pair for target in node.targets for pair in _pairs(target, node.value)]
        facts = [(target, _facts(value, isinstance(target, ast.Attribute))) for target, value in made]
        node.value = self._uses(node.value)
        after = [new for t, about in facts for new in self._named_after(t, node.lineno, "assigned", about)]
        return [node, *after]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        name = name_of(node.target)
        if node.value is not None and name is not None:
            node.value = self._value(node.value, name, "assigned", node.lineno, container_of(node.target))
        return [node]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        about = facts_of(node.value)
        node.value = self._uses(node.value)
        kind = "added to" if isinstance(node.op, ast.Add | ast.Sub) else "scaled"
        return [node, *self._named_after(node.target, node.lineno, kind, about)]

    def visit_Expr(self, node: ast.Expr) -> list[ast.stmt]:
        """A call of NumPy that writes into an array gives that a value: `np.add(a, b, out=a)`."""
        about, target = facts_of(node.value), written_into(node.value)
        node.value = self._uses(node.value)
        if target is None or target.id not in self.locals:
            return [node]
        return [node, *self._named_after(target, node.lineno, "assigned", about)]

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value is not None:
            node.value = self._value(node.value, "", "returned", node.lineno)
        return node

    def _named_after(self, target: ast.expr, line: int, kind: str, about: dict[str, Any]) -> list[ast.stmt]:
        """Statements that pass what a target now holds through a probe."""
        if isinstance(target, ast.Tuple | ast.List):
            return [new for part in target.elts for new in self._named_after(part, line, kind, about)]
        if isinstance(target, ast.Subscript) and name_of(target) is None:
            base: ast.expr = target
            reads: frozenset[str] = frozenset()
            while isinstance(base, ast.Subscript):
                reads |= reads_of(base.slice)
                base = base.value
            target, kind = base, "scaled" if kind == "scaled" else "added to"
            about = {**about, "part": True, "reads": about["reads"] | reads}
        name = name_of(target)
        if name is None or isinstance(target, ast.Starred):
            return []
        about = {
            **about,
            "container": container_of(target),
            "unpacks": about["unpacks"] and kind == "assigned",
        }
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
        if self._is_dict(node):
            for keyword in node.keywords:  # type: ignore[attr-defined]
                keyword.value = self._value(
                    keyword.value, keyword.arg, kind, keyword.value.lineno, name or "return", attribute
                )
            return node
        if isinstance(node, ast.Tuple | ast.List):
            for i, value in enumerate(node.elts):
                if any(isinstance(part, ast.Starred) for part in node.elts[: i + 1]):
                    node.elts[i] = self._uses(value)  # at no place that is known
                    continue
                place = f"{name}[{i}]" if name else f"[{i}]"
                inside = container or name or "return"
                node.elts[i] = self._value(value, place, kind, value.lineno, inside, attribute)
            return node
        return self._probe(node, name, kind, line, container, attribute)

    def _is_dict(self, node: ast.expr) -> bool:
        """Whether a dict is written out as `dict(x=dx, y=dy)`."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.args:
            return False
        named = bool(node.keywords) and all(keyword.arg for keyword in node.keywords)
        return node.func.id == "dict" and "dict" not in self.locals and named

    def _probe(
        self, node: ast.expr, name: str, kind: str, line: int, container: str = "", attribute: bool = False
    ) -> ast.expr:
        number = self._number(name, kind, line, container=container, **_facts(node, attribute))
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
        if not is_load(node) or node.id not in self.rewriter.locals:
            return node
        return ast.Call(_name(PROBE), [self.rewriter._number(node.id, "used", node.lineno), node], [])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name):  # a function, not a number
            if node.func.id == PROBE or node.func.id in ("super", "locals", "vars"):
                return node
        elif isinstance(node.func, ast.Attribute):  # a method, not a part
            node.func.value = self.visit(node.func.value)
        else:
            node.func = self.visit(node.func)
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._part(node, node.attr)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return self._part(node, key if isinstance(key, str) else "")

    def _part(self, node: ast.Attribute | ast.Subscript, name: str) -> ast.expr:
        """Put a probe around a part of a variable that has a name of its own, too: `cache["x"]`, `kept.x`."""
        holder = node.value
        self.generic_visit(node)
        named = name and isinstance(holder, ast.Name) and holder.id in self.rewriter.locals
        if not named or holder.id == "self":  # type: ignore[attr-defined]
            return node
        number = self.rewriter._number(name, "used", node.lineno, container=holder.id)  # type: ignore[attr-defined]
        return ast.Call(_name(PROBE), [number, node], [])

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        node.value = self.rewriter._value(node.value, node.target.id, "assigned", node.lineno)
        return node

    def _as_it_is(self, node: ast.expr) -> ast.expr:
        return node

    visit_Lambda = visit_JoinedStr = _as_it_is  # noqa: N815
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _as_it_is  # noqa: N815


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Which target gets which value: `x, y = a, b` is two assignments in one line."""
    targets, values = (one.elts if isinstance(one, ast.Tuple | ast.List) else [] for one in (target, value))
    starred = any(isinstance(one, ast.Starred) for one in (*targets, *values))
    if not targets or len(targets) != len(values) or starred:
        return [(target, value)]
    return [pair for one in zip(targets, values, strict=True) for pair in _pairs(*one)]


def _facts(value: ast.expr, attribute: bool) -> dict[str, Any]:
    return {**facts_of(value), "plain": isinstance(value, ast.Name), "attribute": attribute}


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)
