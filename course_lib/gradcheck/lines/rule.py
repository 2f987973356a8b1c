"""A rule: one function that returns its value and its pullback, which finds what it needs around it.

The pullback is a function inside of the rule, or a lambda. Both are rewritten as one, the rule as the forward
pass and the pullback as the backward pass; lines are counted from the rule's `def`.
"""

import ast
import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.calling import fresh, quietly
from course_lib.gradcheck.lines.contracted import Contracted
from course_lib.gradcheck.lines.source import NotFollowed, Written, read_source
from course_lib.gradcheck.lines.subjects import Run
from course_lib.gradcheck.lines.syntax import BODIES, parameters_of
from course_lib.gradcheck.lines.tape import Change, Moment, Tape
from course_lib.gradcheck.lines.twin import Twin, twin_of
from course_lib.gradcheck.lines.wrapped import Twins

#: What a pullback without a name is called.
PULLBACK = "pullback"

NO_PULLBACK = "it returns no pullback that is written inside of it"


class Rule(Contracted):
    """A rule at one point; the loss is <dout, value>."""

    def __init__(
        self,
        rule: Callable[..., Any],
        inputs: Sequence[Any],
        settings: Mapping[str, Any],
        *,
        dout: Any = None,
        seed: int = 0,
        twins: Twins | None = None,
    ) -> None:
        self._twin: Twin = (twins or Twins()).of(rule, make=_rule_twin)
        source = self._twin.source
        pullback = pullback_in(source.tree)
        self.name = pullback.name
        self.sources = {
            source.name: source,
            pullback.name: Written(pullback, source.text, source.lines),
        }
        self.sites = self._twin.sites
        self._settings = dict(settings)
        names = [argument.arg for argument in parameters_of(source.tree)]
        if len(names) < len(inputs):
            raise NotFollowed("it does not name its arguments")
        self._take(names[: len(inputs)], inputs, dout, seed)

    def run(self, changes: Mapping[Moment, Change], *, recording: bool = True) -> Run:
        """Call the rule and its pullback once."""
        tape = Tape(changes, recording=recording)
        _, pullback = self._there(tape)
        with quietly():
            result = pullback(fresh(self._upstream))
        return Run(tuple(tape.events), self._gradients(result))

    def edited(self, source: Written) -> tuple[float, dict[str, FloatArray | None]]:
        """Refuse: a pullback has no text of its own that could be exchanged."""
        raise NotFollowed(NO_PULLBACK)

    def _there(self, tape: Tape) -> tuple[Any, Callable[..., Any]]:
        with quietly():
            result = self._twin.call(tape, *fresh(self._inputs), **fresh(self._settings))
        if not isinstance(result, tuple) or not callable(result[-1]):
            raise NotFollowed(NO_PULLBACK)
        return result


def pullback_in(tree: ast.FunctionDef) -> ast.FunctionDef:
    """Return the function inside that a rule returns beside its value. Raises NotFollowed."""
    own = list(_statements(tree.body))
    returned = {
        node.value.elts[1].id
        for node in own
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2
        if isinstance(node.value.elts[1], ast.Name)
    }
    found = [node for node in own if isinstance(node, ast.FunctionDef) and node.name in returned]
    if len(found) != 1 or len(returned) != 1 or found[0].decorator_list:
        raise NotFollowed(NO_PULLBACK)
    return found[0]


def is_rule(function: Callable[..., Any]) -> bool:
    """Whether a function can be read, and returns a pullback that is written inside of it."""
    try:
        _rule_twin(function, 0)
    except NotFollowed:
        return False
    return True


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a function, without those of functions inside of it."""
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef):
            for field in BODIES:
                yield from _statements(getattr(statement, field, []))


def _rule_twin(rule: Callable[..., Any], first: int) -> Twin:
    source = read_source(rule)
    tree = copy.deepcopy(source.tree)
    tree.body = [new for old in tree.body for new in _Named().named(old)]
    source = replace(source, tree=tree)
    return twin_of(source, first, pullback_in(tree).name)


class _Named(ast.NodeTransformer):
    """Gives lambdas names that are returned beside a value, or get one, and makes them functions."""

    def named(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return statements in the place of one."""
        changed = self.visit(statement)
        return changed if isinstance(changed, list) else [changed]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST | list[ast.AST]:
        value = node.value
        if (
            not isinstance(value, ast.Tuple)
            or len(value.elts) != 2
            or not isinstance(value.elts[1], ast.Lambda)
        ):
            return node
        made = _function(PULLBACK, value.elts[1])
        value.elts[1] = ast.copy_location(ast.Name(PULLBACK, ast.Load()), value.elts[1])
        return [made, node]

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Name) and isinstance(node.value, ast.Lambda):
            return _function(target.id, node.value)
        return node


def _function(name: str, value: ast.Lambda) -> ast.FunctionDef:
    body = ast.copy_location(ast.Return(value.body), value.body)
    return ast.copy_location(ast.FunctionDef(name, value.args, [body], []), value)
