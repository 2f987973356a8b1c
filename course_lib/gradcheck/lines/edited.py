"""Other texts of one statement, tried: which of them makes every gradient right.

What could stand there is not known here; whoever asks says it.
"""

import ast
import contextlib
import copy
import dataclasses
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from course_lib.gradcheck.lines.calling import fresh, quietly
from course_lib.gradcheck.lines.question import Question
from course_lib.gradcheck.lines.rule import Rule
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.source import FunctionSource, NotFollowed, Written, plain
from course_lib.gradcheck.lines.syntax import BODIES
from course_lib.gradcheck.lines.tape import TooLong

#: An edited function may return its value rounded otherwise, not another one.
SAME = 1e-9

AnyWritten = TypeVar("AnyWritten", bound=Written)

#: Names whose shapes are told.
MOST_SHAPES = 200


@dataclass(frozen=True)
class Edit:
    """Statements in the place of one, which is counted in the order of `places`."""

    function: str
    statement: int
    text: str


@dataclass(frozen=True)
class Draft:
    """What edits are made of: a function's text, and the shapes of the values that have names in it."""

    function: str
    text: str
    shapes: dict[str, tuple[int, ...]]


def places(tree: ast.FunctionDef) -> list[tuple[list[ast.stmt], int]]:
    """Return where each statement of a function stands: the list and the place in it, in the order written.

    Those of functions and classes inside the function are left out.
    """
    return list(_places(tree.body))


def _places(body: list[ast.stmt]) -> Iterator[tuple[list[ast.stmt], int]]:
    for i, statement in enumerate(body):
        yield body, i
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for field in BODIES:
            yield from _places(getattr(statement, field, []))


def drafts_of(asked: Question) -> list[Draft]:
    """Return the functions that are searched, that with the backward first; none where nothing is wrong."""
    try:
        search = asked.search
    except NotFollowed:
        return []
    if not search.wrong:
        return []
    if isinstance(search.subject, Rule):
        return []  # a pullback has no text of its own
    shapes: dict[str, dict[str, tuple[int, ...]]] = {name: {} for name in search.subject.sources}
    for event in search.base.events:
        site = search.site(event)
        known = shapes.get(site.function, {})  # a check's own forward has no text
        if event.value is not None and site.name.isidentifier() and len(known) < MOST_SHAPES:
            known.setdefault(site.name, event.value.shape)
    sources = reversed(search.subject.sources.values())
    return [Draft(source.name, source.text, shapes[source.name]) for source in sources]


class Trials:
    """Edits of the functions that a search looks at, tried at its point and, if they do there, at others."""

    def __init__(self, asked: Question) -> None:
        self._makers = asked.generic_subjects
        self._searches: list[Search] = [asked.search]

    def first_right(self, edits: Sequence[Edit], seconds: float) -> int | None:
        """Return the place of the first edit with which all gradients are right at every point.

        None where none does, or none within so many seconds of the processor.
        """
        until = time.process_time() + seconds
        with quietly(*self._makers):
            for number, edit in enumerate(edits):
                if time.process_time() > until:
                    return None
                if all(self._is_right(k, edit) for k in range(len(self._makers))):
                    return number
        return None

    def _is_right(self, point: int, edit: Edit) -> bool:
        try:
            search = self._at(point)
        except NotFollowed:  # the functions do not work there, as they are
            return True
        try:
            loss, gradients = search.subject.edited(_edited(search.subject.sources[edit.function], edit))
        except (Exception, TooLong):
            return False
        return _same(loss, search.here) and all(
            search.gradient_of(event).agrees(gradients.get(name)) for name, event in search.inputs.items()
        )

    def _at(self, point: int) -> Search:
        while len(self._searches) <= point:
            self._searches.append(Search(self._makers[len(self._searches)]()))
        return self._searches[point]


def results_of(
    source: FunctionSource,
    edits: Sequence[Sequence[Any]],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    seconds: float,
) -> Iterator[Any]:
    """Yield what a function returns with each edit: the number of a statement, and what stands in its place.

    None where it fails, and once so many seconds of the processor are over.
    """
    until = time.process_time() + seconds
    for statement, text in edits:
        result = None
        if time.process_time() <= until:
            with contextlib.suppress(Exception, TooLong), quietly(source.function), quietly():
                function = plain(_edited(source, Edit(source.name, statement, text)))
                result = function(*fresh(list(args)), **fresh(dict(kwargs)))
        yield result


def _edited(source: AnyWritten, edit: Edit) -> AnyWritten:
    """Return a source with one statement exchanged; the others are the same nodes, for copying takes time."""
    body = _exchanged(source.tree.body, places(source.tree)[edit.statement], ast.parse(edit.text).body)
    tree = copy.copy(source.tree)
    tree.body = body
    return dataclasses.replace(source, tree=tree)


def _exchanged(
    body: list[ast.stmt], place: tuple[list[ast.stmt], int], new: list[ast.stmt]
) -> list[ast.stmt]:
    where, i = place
    if body is where:
        return [*body[:i], *new, *body[i + 1 :]]
    return [_exchanged_inside(statement, place, new) for statement in body]


def _exchanged_inside(
    statement: ast.stmt, place: tuple[list[ast.stmt], int], new: list[ast.stmt]
) -> ast.stmt:
    changed = copy.copy(statement)
    for field in BODIES:
        if getattr(statement, field, None):
            setattr(changed, field, _exchanged(getattr(statement, field), place, new))
    return changed


def _same(a: float, b: float) -> bool:
    return bool(np.isfinite(a) and abs(a - b) <= SAME * abs(b))
