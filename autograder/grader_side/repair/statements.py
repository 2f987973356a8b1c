"""One change of a function at a time: the edits that are tried, the likeliest first."""

from __future__ import annotations

import ast
import heapq
import itertools
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from autograder.grader_side.repair import expressions
from autograder.grader_side.repair.at_hand import Value, values_of
from autograder.grader_side.repair.missing import Valued, accumulated, added, dropped_updates
from course_lib.gradcheck.lines.edited import Draft, Edit, places
from course_lib.gradcheck.lines.source import is_text, parsed

#: No more edits of a function are tried: 91 of 95 that mended an answer of assignment 1 were among the first.
MOST = 320

#: Longer statements are left as they are.
LONGEST = 1000

#: No more edits than this are thought of, to choose the likeliest.
MOST_THOUGHT_OF = 20_000

#: What is tried in one go: how far-fetched it may be in suspected lines, and in the others.
WAVES = (((0, 2), (0, 1)), ((2, 4), (1, 2)))


@dataclass(frozen=True)
class Change:
    """An edit, its line (from 1 at `def`) with its text before and after, and what it is in words."""

    edit: Edit
    line: int
    before: str
    after: str
    words: str


@dataclass(frozen=True)
class _Statement:
    """A statement that may be at fault: `suspicion` is 0 for the line that is the likeliest."""

    function: str
    number: int
    node: ast.stmt
    values: list[Value]
    suspicion: float
    suspected: bool


def changes(
    drafts: Sequence[Draft], suspects: Sequence[tuple[str, int]], wave: int, most: int = MOST
) -> list[Change]:
    """What is tried, in this order: `suspects` are functions and lines, the likeliest first.

    Raises NotFollowed where a text cannot be read.
    """
    statements = [one for far, draft in enumerate(drafts) for one in _statements(draft, far, suspects)]
    statements.sort(key=lambda one: one.suspicion)
    chosen = _likeliest(statements, wave, most)
    found = sorted(_written(statements, wave, chosen), key=lambda ranked: ranked[0])
    return [change for _, change in found]


def _likeliest(statements: Sequence[_Statement], wave: int, most: int) -> frozenset[int]:
    """Which edits are the likeliest, by their numbers. No text is made for that, which takes longest."""
    ranks = (rank + one.suspicion for one in statements for rank, _, _ in _edits(one, wave))
    numbered = ((rank, number) for number, rank in enumerate(islice(ranks, MOST_THOUGHT_OF)))
    return frozenset(number for _, number in heapq.nsmallest(most, numbered))


def _written(
    statements: Sequence[_Statement], wave: int, chosen: Container[int]
) -> Iterator[tuple[float, Change]]:
    """The edits that were chosen, each with how far-fetched it is."""
    numbers = itertools.count()
    for one in statements:
        before = ast.unparse(one.node)
        taken = {before}
        for rank, words, text_of in _edits(one, wave):
            if next(numbers) in chosen and (text := text_of()) not in taken:
                taken.add(text)
                edit = Edit(one.function, one.number, text)
                change = Change(edit, one.node.lineno, *_lines(before, text), words)
                yield rank + one.suspicion, change


def _statements(draft: Draft, far: int, suspects: Sequence[tuple[str, int]]) -> Iterator[_Statement]:
    tree = parsed(draft.text)
    values = values_of(tree, draft.shapes)
    lines = [line for function, line in suspects if function == draft.function]
    for number, (body, i) in enumerate(places(tree)):
        node = body[i]
        suspected = node.lineno in lines
        suspicion = 0.05 * lines.index(node.lineno) if suspected else 0.75 + far
        if not _is_left_as_it_is(node):
            yield _Statement(draft.function, number, node, values, suspicion, suspected)


def _is_left_as_it_is(node: ast.stmt) -> bool:
    endless = isinstance(node, ast.While)  # changed, it might never end
    defines = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return is_text(node) or endless or defines or len(ast.unparse(node)) > LONGEST


def _lines(before: str, after: str) -> tuple[str, str]:
    """The line that changes, of a statement that has several: before and after."""
    old, new = before.split("\n"), after.split("\n")
    if len(new) > len(old):
        return old[0], "; ".join(new)
    k = next((k for k, (x, y) in enumerate(zip(old, new, strict=False)) if x != y), 0)
    return old[k].strip(), new[k].strip()


def _edits(one: _Statement, wave: int) -> Iterator[tuple[float, str, Callable[[], str]]]:
    """Each change of one statement: rank, words, and what writes its text, as long as it is the last one."""
    node, values = one.node, one.values
    low, high = WAVES[wave][0 if one.suspected else 1]
    here = partial(ast.unparse, node)
    valued = node if isinstance(node, Valued) and node.value is not None else None
    if valued is not None:
        yield from ((rank, words, partial(str, text)) for rank, words, text in accumulated(valued, low, high))
    for rank, words in expressions.changes(node, values):
        if low <= rank < high:
            yield rank, words, here
    for rank, words in added(valued, values, high) if valued is not None else ():
        if low <= rank:
            yield rank, words, here
    if isinstance(node, ast.Assign) and low <= 2 < high:
        yield from ((rank, words, partial(str, text)) for rank, words, text in dropped_updates(node, values))
