"""One change of a function at a time: the edits that are tried, the likeliest first."""

from __future__ import annotations

import ast
import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from autograder.grader_side.repair import expressions
from autograder.grader_side.repair.at_hand import Value, values_of
from autograder.grader_side.repair.missing import Valued, accumulated, added, dropped_updates
from autograder.grader_side.repair.places import text_with
from course_lib.gradcheck.lines.edited import Draft, Edit, places
from course_lib.gradcheck.lines.source import is_text, parsed

#: Longer statements are left as they are.
LONGEST = 1000

#: What is thought about, over all statements: the squares of the numbers of their nodes, for a text is made
#: for each change. The longest function of this repository needs 90,000, half of them less than 1,000.
MOST_WORK = 100_000

#: No more edits than this are thought of, to choose the likeliest.
MOST_THOUGHT_OF = 20_000

BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)

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


@dataclass(frozen=True)
class _Edit:
    """A change of a statement that may be tried: how far-fetched it is, and what makes its text."""

    rank: float
    of: _Statement
    words: str
    text: Callable[[], str]


def changes(
    drafts: Sequence[Draft], suspects: Sequence[tuple[str, int]], wave: int, most: int
) -> list[Change]:
    """What is tried, in this order: `suspects` are functions and lines, the likeliest first.

    Where there are any, only their statements are changed: so did each of 30 edits that mended answers of
    assignment 1. Raises NotFollowed where a text cannot be read.
    """
    statements = [one for far, draft in enumerate(drafts) for one in _statements(draft, far, suspects)]
    statements = [one for one in statements if one.suspected] or statements
    statements.sort(key=lambda one: one.suspicion)
    done = itertools.accumulate(_size(one.node) ** 2 for one in statements)
    statements = [one for one, work in zip(statements, done, strict=True) if work <= MOST_WORK]
    edits = (edit for one in statements for edit in _edits(one, wave))
    likeliest = heapq.nsmallest(most, islice(edits, MOST_THOUGHT_OF), key=lambda edit: edit.rank)
    return list(_written(likeliest))


def _written(edits: Sequence[_Edit]) -> Iterator[Change]:
    """The edits with their texts; those that change nothing, or the same as another, are left out."""
    statements = {id(edit.of): edit.of for edit in edits}
    before = {key: ast.unparse(one.node) for key, one in statements.items()}
    taken = set(before.items())
    for edit in edits:
        one, text = edit.of, edit.text()
        if (id(one), text) not in taken:
            taken.add((id(one), text))
            lines = _lines(before[id(one)], text)
            yield Change(Edit(one.function, one.number, text), one.node.lineno, *lines, edit.words)


def _statements(draft: Draft, far: int, suspects: Sequence[tuple[str, int]]) -> Iterator[_Statement]:
    tree = parsed(draft.text)
    values = values_of(tree, draft.shapes)
    lines = [line for function, line in suspects if function == draft.function]
    for number, (body, i) in enumerate(places(tree)):
        node = body[i]
        suspected = node.lineno in lines
        suspicion = 0.05 * lines.index(node.lineno) if suspected else 0.75 + far
        if not _is_left_as_it_is(node, draft.text):
            yield _Statement(draft.function, number, node, values, suspicion, suspected)


def _is_left_as_it_is(node: ast.stmt, text: str) -> bool:
    endless = isinstance(node, ast.While)  # changed, it might never end
    defines = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return is_text(node) or endless or defines or _length(node, text) > LONGEST


def _size(node: ast.AST) -> int:
    """The number of nodes of a statement without those of the statements inside of it."""
    parts = (part for part in ast.iter_child_nodes(node) if not isinstance(part, BLOCKS))
    return 1 + sum(map(_size, parts))


def _length(node: ast.stmt, text: str) -> int:
    """The length of the lines on which a statement stands, without what they are indented by."""
    return sum(len(line.strip()) for line in text.split("\n")[node.lineno - 1 : node.end_lineno])


def _lines(before: str, after: str) -> tuple[str, str]:
    """The line that changes, of a statement that has several: before and after."""
    old, new = before.split("\n"), after.split("\n")
    if len(new) > len(old):
        return old[0], "; ".join(new)
    k = next((k for k, (x, y) in enumerate(zip(old, new, strict=False)) if x != y), 0)
    return old[k].strip(), new[k].strip()


def _edits(one: _Statement, wave: int) -> Iterator[_Edit]:
    """Each change of one statement."""
    low, high = WAVES[wave][0 if one.suspected else 1]
    for rank, words, text in _changed(one.node, one.values, low, high):
        if low <= rank < high:
            yield _Edit(rank + one.suspicion, one, words, text)


def _changed(
    node: ast.stmt, values: list[Value], low: float, high: float
) -> Iterator[tuple[float, str, Callable[[], str]]]:
    valued = node if isinstance(node, Valued) and node.value is not None else None
    if valued is not None:
        yield from ((rank, words, partial(str, text)) for rank, words, text in accumulated(valued, low, high))
    more = added(valued, values, high) if valued is not None else ()
    for rank, words, place, new in itertools.chain(expressions.changes(node, values), more):
        yield rank, words, partial(text_with, node, place, new)
    if isinstance(node, ast.Assign) and low <= 2 < high:
        yield from ((rank, words, partial(str, text)) for rank, words, text in dropped_updates(node, values))
