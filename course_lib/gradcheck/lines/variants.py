"""Texts of a function in which one line is another, each with what is said of it if it makes all right.

A loop runs in the opposite order, over all of what it takes a part of, or takes a turn more or less; two
names of one line change places; each of several names gets an array of its own; a line adds where it
overwrites, or the reverse, or takes away. Nothing else is another.
"""

import ast
import copy
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from course_lib.gradcheck.lines.edited import places
from course_lib.gradcheck.lines.syntax import block_around

TURNS = "its turns run in the wrong order: in the opposite one, every gradient is right"
EXCHANGED = "{} and {} stand in each other's places: exchanged, every gradient is right"
SHARED = "{} are one array there: with one for each, every gradient is right"
OVERWRITES = "it overwrites what {} put there: added to that, with +=, every gradient is right"
ADDS = "it adds to what is there: put in its place, with =, every gradient is right"
SIGN = "what it adds has the wrong sign: with {}, every gradient is right"
SIGNS = (SIGN.format("+="), SIGN.format("-="))
OTHER_TURNS = "with {} there, every gradient is right"

#: A line, the function in which it is another, what is said of it, and the names that are exchanged on it.
Edit = tuple[int, ast.FunctionDef, str, set[str]]


def variants(tree: ast.FunctionDef, exchanging: bool, right: set[str]) -> Iterator[Edit]:
    """Yield the other texts of a function; where names are exchanged, those that are `right` are not."""
    yield from (*_turned(tree), *_with_one_each(tree), *_adding(tree))
    yield from _exchanged(tree, right) if exchanging else ()
    yield from (*_with_other_turns(tree), *_with_the_whole(tree))


def _turned(tree: ast.FunctionDef) -> Iterator[Edit]:
    """The same with one loop in the opposite order, one after the other."""
    for number, loop in statements(tree, ast.For):
        ends = not any(isinstance(part, ast.Break | ast.Return) for part in ast.walk(loop))
        if ends and carries(loop):  # one that is left from inside may have no last turn to begin with
            turns = ast.Call(ast.Name("list", ast.Load()), [loop.iter], [])
            turned = ast.Call(ast.Name("reversed", ast.Load()), [turns], [])
            yield loop.lineno, _with(tree, number, iter=turned), TURNS, set()


def _with_other_turns(tree: ast.FunctionDef) -> Iterator[Edit]:
    """The same with one loop over a `range` that takes a turn more or less, at its beginning or its end."""
    for number, loop in statements(tree, ast.For):
        ranges = [place for place, part in enumerate(ast.walk(loop.iter)) if _is_range(part)]
        for place in ranges[:1]:
            for which, by in ((-1, 1), (-1, -1), (0, 1), (0, -1)):
                turns = copy.deepcopy(loop.iter)
                call = _at(turns, place)
                assert isinstance(call, ast.Call)
                limits = [ast.Constant(0), *call.args] if len(call.args) == 1 else call.args
                k = 1 if which else 0
                limits[k] = _shifted(limits[k], by)
                call.args = limits[1:] if len(call.args) == 1 and k else limits
                said = OTHER_TURNS.format(ast.unparse(call))
                yield loop.lineno, _with(tree, number, iter=turns), said, set()


def _with_the_whole(tree: ast.FunctionDef) -> Iterator[Edit]:
    """The same with one loop over all of what it takes a part of: `x[:]` in the place of `x[:-1]`."""
    for number, loop in statements(tree, ast.For):
        for place, part in enumerate(ast.walk(loop.iter)):
            if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Slice) and not part.slice.step:
                turns = copy.deepcopy(loop.iter)
                _at(turns, place).slice = ast.Slice()  # type: ignore[attr-defined]
                said = OTHER_TURNS.format(ast.unparse(turns))
                yield loop.lineno, _with(tree, number, iter=turns), said, set()


def _is_range(part: ast.AST) -> bool:
    called = isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "range"
    return called and not any(isinstance(argument, ast.Starred) for argument in part.args)  # type: ignore[attr-defined]


def _shifted(limit: ast.expr, by: int) -> ast.expr:
    if isinstance(limit, ast.Constant) and isinstance(limit.value, int):
        return ast.Constant(limit.value + by)
    return ast.BinOp(limit, ast.Add() if by > 0 else ast.Sub(), ast.Constant(1))


def _with_one_each(tree: ast.FunctionDef) -> Iterator[Edit]:
    """The same with a value for each name of `a = b = value`, which may be changed in place."""
    for number, line in statements(tree, ast.Assign):
        if len(line.targets) > 1 and isinstance(line.value, ast.Call):
            apart = ast.Tuple(line.targets, ast.Store())
            each = ast.Tuple([copy.deepcopy(line.value) for _ in line.targets], ast.Load())
            names = " and ".join(map(ast.unparse, line.targets))
            other = _with(tree, number, targets=[apart], value=each)
            yield line.lineno, other, SHARED.format(names), set()


def _adding(tree: ast.FunctionDef) -> Iterator[Edit]:
    """The same with one line of a loop that adds to what is there in the place of one that overwrites it.

    What is there was put by a line before it, or by the turn before. And the reverse.
    """
    for number, line in statements(tree, ast.Assign | ast.AugAssign):
        loop = block_around(tree, line.lineno)
        if loop is None:
            continue
        if isinstance(line, ast.AugAssign) and isinstance(line.op, ast.Add | ast.Sub):
            yield line.lineno, _instead(tree, number, ast.Assign([line.target], line.value)), ADDS, set()
            other, said = (ast.Sub(), "-=") if isinstance(line.op, ast.Add) else (ast.Add(), "+=")
            yield line.lineno, _with(tree, number, op=other), SIGN.format(said), set()
        elif isinstance(line, ast.Assign) and len(line.targets) == 1 and (put := _put_before(tree, line)):
            what = f"line {put[-1]}" if put[-1] > loop.lineno else "the turns before"
            there = ast.parse(ast.unparse(line.targets[0]), mode="eval").body
            added = _with(tree, number, value=ast.BinOp(there, ast.Add(), line.value))
            yield line.lineno, added, OVERWRITES.format(what), set()


def _put_before(tree: ast.FunctionDef, line: ast.Assign) -> list[int]:
    """The lines above one that give its target a value, or the array that it is a part of; none if it reads
    that itself.
    """
    (target,) = line.targets
    names = {ast.unparse(part) for part in ast.walk(line.value) if isinstance(part, ast.Name | ast.Subscript)}
    if not isinstance(target, ast.Name | ast.Subscript) or ast.unparse(target) in names:
        return []
    there = {ast.unparse(target), *([ast.unparse(target.value)] if isinstance(target, ast.Subscript) else [])}
    above = [one for _, one in statements(tree, ast.Assign | ast.AugAssign) if one.lineno < line.lineno]
    return sorted(one.lineno for one in above if there.intersection(_targets(one)))


def _targets(line: ast.Assign | ast.AugAssign) -> Iterator[str]:
    for target in line.targets if isinstance(line, ast.Assign) else [line.target]:
        for part in target.elts if isinstance(target, ast.Tuple) else [target]:
            yield ast.unparse(part)


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


def _at(tree: ast.AST, place: int) -> ast.AST:
    return next(node for i, node in enumerate(ast.walk(tree)) if i == place)


def statements(tree: ast.FunctionDef, kind: Any) -> list[tuple[int, Any]]:
    """The statements of a kind, each with its number among all."""
    numbered = enumerate(body[i] for body, i in places(tree))
    return [(number, one) for number, one in numbered if isinstance(one, kind)]


def _with(tree: ast.FunctionDef, number: int, **parts: Any) -> ast.FunctionDef:
    """The same with other parts of one statement."""
    body, i = places(tree)[number]
    other = copy.copy(body[i])
    for name, part in parts.items():
        setattr(other, name, part)
    return _instead(tree, number, other)


def _instead(tree: ast.FunctionDef, number: int, statement: ast.stmt) -> ast.FunctionDef:
    """The same with another statement in the place of one."""
    other = copy.deepcopy(tree)
    body, i = places(other)[number]
    body[i] = copy.deepcopy(ast.copy_location(statement, body[i]))
    return ast.fix_missing_locations(other)
