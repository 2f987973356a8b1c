"""Slips that no value shows, tried: the turns of a loop, names that are taken out together, a shared array.

A loop runs in the opposite order, two names of one line change places, or each of several names gets an array
of its own; nothing else is another.
"""

import ast
import copy
import dataclasses
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.search import FirstWrong, Search
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.source import Source
from course_lib.gradcheck.lines.subjects import Run

TURNS = "its turns run in the wrong order: in the opposite one, every gradient is right"
EXCHANGED = "{} and {} stand in each other's places: exchanged, every gradient is right"
SHARED = "{} are one array there: with one for each, every gradient is right"

#: Texts that are tried.
MOST = 60

#: A line, the function in which it is another, what is said of it, and the names that are exchanged on it.
Edit = tuple[int, ast.FunctionDef, str, set[str]]


def findings(search: Search) -> list[FirstWrong]:
    """Return the line whose order is wrong, if in another order everything is right."""
    source = search.subject.sources[search.subject.name]
    if not isinstance(source, Source) or not search.subject.cheap or not search.backward:
        return []
    right = _as_in_forward(search)
    edits = [*_turned(source.tree), *_with_one_each(source.tree)]
    edits += _exchanged(source.tree, right) if search.subject.two_parts else ()
    for line, tree, said, names in edits[:MOST]:
        if _mends(search, dataclasses.replace(source, tree=tree)):
            at = Site(-1, source.name, line, "", "order")
            reading = {site.line: site for site in map(search.site, search.backward) if names & site.reads}
            return [_finding(search, site, said) for site in (*_alone(reading), at)]
    return []


def _alone(reading: dict[int, Site]) -> list[Site]:
    """The one line that reads exchanged names, which may be the wrong one as well."""
    return list(reading.values()) if len(reading) == 1 else []


def _finding(search: Search, site: Site, said: str) -> FirstWrong:
    nothing = Measured(np.zeros(()), np.zeros(()))
    event = search.backward[-1]
    return FirstWrong(event, site, "", nothing, None, mended=0, whole=True, sentence=said)


def _mends(search: Search, source: Source) -> bool:
    try:
        loss, gradients = search.subject.edited(source)
    except Exception:
        return False
    return loss == search.here and not search.wrong_in(Run((), gradients))


def _turned(tree: ast.FunctionDef) -> Iterator[Edit]:
    """The same with one loop in the opposite order, one after the other."""
    for place, loop in enumerate(ast.walk(tree)):
        if isinstance(loop, ast.For) and carries(loop):
            other = copy.deepcopy(tree)
            turned = _at(other, place)
            assert isinstance(turned, ast.For)
            turns = ast.Call(ast.Name("list", ast.Load()), [turned.iter], [])
            turned.iter = ast.Call(ast.Name("reversed", ast.Load()), [turns], [])
            yield loop.lineno, ast.fix_missing_locations(other), TURNS, set()


def _with_one_each(tree: ast.FunctionDef) -> Iterator[Edit]:
    """The same with a value for each name of `a = b = value`, which may be changed in place."""
    for place, line in enumerate(ast.walk(tree)):
        if isinstance(line, ast.Assign) and len(line.targets) > 1 and isinstance(line.value, ast.Call):
            other = copy.deepcopy(tree)
            apart = _at(other, place)
            assert isinstance(apart, ast.Assign)
            each = [copy.deepcopy(apart.value) for _ in apart.targets]
            apart.targets, apart.value = [ast.Tuple(apart.targets, ast.Store())], ast.Tuple(each, ast.Load())
            names = " and ".join(map(ast.unparse, line.targets))
            yield line.lineno, ast.fix_missing_locations(other), SHARED.format(names), set()


def carries(loop: ast.For) -> bool:
    """Whether a turn reads what the one before it has made; else its order only says what overwrites what."""
    order = _Order()
    for statement in loop.body:
        order.visit(statement)
    return bool(order.read_first & order.made)


class _Order(ast.NodeVisitor):
    """The names that statements make, and those that they read before they make them."""

    def __init__(self) -> None:
        self.made: set[str] = set()
        self.read_first: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.made.add(node.id)
        elif node.id not in self.made:
            self.read_first.add(node.id)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.slice)
        if isinstance(node.value, ast.Name) and not isinstance(node.ctx, ast.Load):
            self.made.add(node.value.id)
        else:
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        for part in (node.value, *node.targets):
            self.visit(part)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        for part in (node.value, node.target):
            self.visit(part)


def _as_in_forward(search: Search) -> set[str]:
    """The names that stand for the same value in forward and in backward: these are in their places."""
    there: dict[str, list[FloatArray]] = {}
    for event in search.base.events:
        if search.in_forward(event) and event.value is not None:
            there.setdefault(search.site(event).name, []).append(event.value)
    return {
        search.site(event).name
        for event in search.backward
        for value in there.get(search.site(event).name, ())
        if event.value is not None and np.array_equal(event.value, value)
    }


def _exchanged(tree: ast.FunctionDef, right: set[str]) -> Iterator[Edit]:
    """The same with two names of one line in each other's places, one pair after the other."""
    made = {
        id(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        for target in node.targets
    }
    for place, part in enumerate(ast.walk(tree)):
        if isinstance(part, ast.Tuple) and isinstance(part.ctx, ast.Store) and id(part) not in made:
            names = [(i, name.id) for i, name in enumerate(part.elts) if isinstance(name, ast.Name)]
            for (i, a), (j, b) in combinations([one for one in names if one[1] not in right], 2):
                other = copy.deepcopy(tree)
                targets = _at(other, place)
                assert isinstance(targets, ast.Tuple)
                targets.elts[i], targets.elts[j] = targets.elts[j], targets.elts[i]
                yield part.lineno, other, EXCHANGED.format(*sorted((a, b))), {a, b}


def _at(tree: ast.FunctionDef, place: int) -> ast.AST:
    return next(node for i, node in enumerate(ast.walk(tree)) if i == place)
