"""Slips that no value shows: a text in which one line is another is tried, and makes everything right."""

import ast
import dataclasses
from itertools import islice

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site, names_read
from course_lib.gradcheck.lines.source import FunctionSource
from course_lib.gradcheck.lines.subjects import Run
from course_lib.gradcheck.lines.tape import Moment, TooLong
from course_lib.gradcheck.lines.variants import SIGNS, statements, variants

#: Texts that are tried.
MOST = 60


def findings(search: Search) -> list[FirstWrong]:
    """Return the line whose order is wrong, if in another order everything is right."""
    source = search.subject.sources[search.subject.name]
    if (
        not isinstance(source, FunctionSource)
        or not search.subject.cheap
        or not (search.backward and search.wrong)
    ):
        return []
    right = _as_in_forward(search)
    edits = variants(source.tree, search.subject.two_parts, right)
    mirrored = _mirrored(search)
    for line, tree, said, names in islice(edits, MOST):
        if (mirrored and names) or not _mends(search, dataclasses.replace(source, tree=tree)):
            continue  # an exchange that turns signs need not be what is wrong
        at = Site(-line, source.name, line, "", "order")
        reading = _alone(source, line, names)
        beside = _turning(search, line) if mirrored and said in SIGNS else []
        return [_finding(search, site, said) for site in (*reading, at, *beside)]
    return []


def _alone(source: FunctionSource, line: int, names: set[str]) -> list[Site]:
    """The one line that reads exchanged names, in the loop that makes them: it may be the wrong one, too."""
    simple = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)
    loops = [loop for _, loop in statements(source.tree, ast.For) if loop.lineno == line]
    last = loops[0].end_lineno if loops else source.tree.end_lineno
    below = [one for _, one in statements(source.tree, simple) if line < one.lineno <= (last or line)]
    reading = {one.lineno for one in below if names.intersection(names_read(one))}
    return [Site(-at, source.name, at, "", "order") for at in reading] if len(reading) == 1 else []


def _finding(search: Search, site: Site, said: str) -> FirstWrong:
    return FirstWrong(search.backward[-1], site, sentence=said)


def _mends(search: Search, source: FunctionSource) -> bool:
    try:
        loss, gradients = search.subject.edited(source)
    except (Exception, TooLong):
        return False
    return loss == search.here and not search.wrong_in(Run((), gradients))


def _mirrored(search: Search) -> bool:
    """Whether every wrong gradient has the opposite sign."""
    return all(
        (found := search.base.gradients[name]) is not None
        and search.gradient_of(search.inputs[name]).agrees(-found)
        for name in search.wrong
    )


def _turning(search: Search, line: int) -> list[Site]:
    """The other lines that compute what everything would be right with if it had the opposite sign."""
    made: dict[Site, dict[Moment, FloatArray]] = {}
    for event in search.base.events:
        site = search.site(event)
        if event.value is not None and site.kind in ("assigned", "added to", "scaled"):
            made.setdefault(site, {})[event.moment] = -event.value
    ours = set(map(search.site, search.backward))
    tried = [site for site in made if site in ours and site.line != line and not search.hands_on(site)]
    return [site for site in tried if (run := search.run_with(made[site])) and not search.wrong_in(run)]


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
