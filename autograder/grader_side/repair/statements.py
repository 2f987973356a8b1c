"""One change of a function at a time: the edits that are tried, the likeliest first."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.grader_side.repair import expressions
from autograder.grader_side.repair.at_hand import Value, values_of
from autograder.grader_side.repair.missing import Valued, accumulated, added, dropped_updates
from course_lib.gradcheck.lines.edited import Draft, Edit, places
from course_lib.gradcheck.lines.source import is_text, parsed

#: No more edits are tried in one go.
MOST = 4000

#: So many characters are written for them, and longer statements are left as they are.
MOST_WRITTEN, LONGEST = 2_000_000, 1000

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


def changes(drafts: Sequence[Draft], suspects: Sequence[tuple[str, int]], wave: int) -> list[Change]:
    """What is tried, in this order: `suspects` are functions and lines, the likeliest first.

    Raises NotFollowed where a text cannot be read.
    """
    statements = [one for far, draft in enumerate(drafts) for one in _statements(draft, far, suspects)]
    found: list[tuple[float, Change]] = []
    written = 0
    for one in sorted(statements, key=lambda one: one.suspicion):
        ranks = WAVES[wave][0 if one.suspected else 1]
        for rank, change in _of_statement(one, ranks):
            found.append((rank + one.suspicion, change))
            written += len(change.edit.text)
            if written > MOST_WRITTEN:
                break
    found.sort(key=lambda ranked: ranked[0])
    return [change for _, change in found][:MOST]


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
    return is_text(node) or endless or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _of_statement(one: _Statement, ranks: tuple[float, float]) -> Iterator[tuple[float, Change]]:
    before = ast.unparse(one.node)
    if len(before) > LONGEST:
        return
    taken = {before}
    for rank, words, text in _texts(one.node, one.values, ranks):
        if text not in taken:
            taken.add(text)
            edit = Edit(one.function, one.number, text)
            yield rank, Change(edit, one.node.lineno, *_lines(before, text), words)


def _lines(before: str, after: str) -> tuple[str, str]:
    """The line that changes, of a statement that has several: before and after."""
    old, new = before.split("\n"), after.split("\n")
    if len(new) > len(old):
        return old[0], "; ".join(new)
    k = next((k for k, (x, y) in enumerate(zip(old, new, strict=False)) if x != y), 0)
    return old[k].strip(), new[k].strip()


def _texts(
    node: ast.stmt, values: list[Value], ranks: tuple[float, float]
) -> Iterator[tuple[float, str, str]]:
    """Each change of one statement: rank, words, and its text then."""
    low, high = ranks
    valued = node if isinstance(node, Valued) and node.value is not None else None
    if valued is not None:
        yield from (found for found in accumulated(valued) if low <= found[0] < high)
    for rank, words in expressions.changes(node, values):
        if low <= rank < high:
            yield rank, words, _text(node)
    for rank, words in added(valued, values, high) if valued is not None else ():
        if low <= rank:
            yield rank, words, _text(node)
    if isinstance(node, ast.Assign) and low <= 2 < high:
        yield from dropped_updates(node, values)


def _text(node: ast.stmt) -> str:
    return ast.unparse(ast.fix_missing_locations(node))
