"""`find_line`: from functions and a point to the first wrong line."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from course_lib.gradcheck.frameworks import as_numpy
from course_lib.gradcheck.lines.blame import blame
from course_lib.gradcheck.lines.result import Suspect, WrongLine
from course_lib.gradcheck.lines.search import Finding, Search
from course_lib.gradcheck.lines.sentences import sentences
from course_lib.gradcheck.lines.source import NotFollowed
from course_lib.gradcheck.lines.subjects import Flat, Subject, TwoParts
from course_lib.gradcheck.text import function_name
from course_lib.gradcheck.withheld import refuse_answers

#: Points with so few numbers in all are looked at twice more elsewhere: small integers agree by chance.
FEW = 8


def find_line(function: Any, *rest: Any, dout: Any = None, seed: int = 0) -> WrongLine:
    """Return the first wrong line; `course_lib.gradcheck.find_line` has the contract."""
    refuse_answers()
    if len(rest) == 1 and isinstance(rest[0], Mapping) and isinstance(function, partial):
        function, rest = (
            function.func,
            ({**rest[0], **_bound_arguments(function), **rest[0]},),
        )  # asked for first
    if lives_elsewhere(function) and all(lives_elsewhere(f) for f in rest if callable(f)):
        found: WrongLine = type(function).__find_line__(function, rest, dout, seed)
        return found
    if len(rest) == 1 and isinstance(rest[0], Mapping) and callable(function):
        if any(as_numpy(x) is not x for x in rest[0].values()):
            return _found(function, [], tensors=True)
        points = _points_by_name(rest[0])
        return _found(function, [partial(Flat, function, inputs) for inputs in points])
    if rest and not callable(rest[0]) and hasattr(function, "forward") and hasattr(function, "backward"):
        gate: Any = function
        return _found_in_parts(gate.forward, gate.backward, rest, has_cache=False, dout=dout, seed=seed)
    if len(rest) < 2 or not callable(rest[0]) or not callable(function):
        raise TypeError(
            "find_line takes (forward, backward, *inputs), (gate, *inputs) or (function, inputs by name)"
        )
    return _found_in_parts(function, rest[0], rest[1:], has_cache=True, dout=dout, seed=seed)


def _bound_arguments(function: "partial[Any]") -> dict[str, Any]:
    """Return the arguments that a partial function has already, by name."""
    if not function.args:
        return dict(function.keywords)
    try:
        bound = inspect.signature(function.func).bind_partial(*function.args, **function.keywords)
    except (TypeError, ValueError):
        raise TypeError("find_line cannot tell the names of the arguments that the function has") from None
    return dict(bound.arguments)


def lives_elsewhere(function: Any) -> bool:
    """Whether a function stands for one of another process, which looks for the line there.

    Its class then has `__find_line__(self, rest, dout, seed)`, with the contract of `find_line`.
    """
    return hasattr(type(function), "__find_line__")


def _found_in_parts(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    inputs: Sequence[Any],
    *,
    has_cache: bool,
    dout: Any = None,
    seed: int = 0,
) -> WrongLine:
    if any(as_numpy(x) is not x for x in inputs):
        return _found(backward, [], tensors=True)
    points = _points_by_name(dict(enumerate(inputs)))
    makers = [
        partial(TwoParts, forward, backward, list(point.values()), has_cache=has_cache, dout=dout, seed=seed)
        for point in points
    ]
    return _found(backward, makers)


def _found(
    function: Callable[..., Any], makers: Sequence[Callable[[], Subject]], *, tensors: bool = False
) -> WrongLine:
    name = function_name(function, "function")
    if tensors:
        return WrongLine(name, reason="lines are followed with arrays of NumPy, not with tensors")
    try:
        first = Search(makers[0]())
        findings = first.findings()
        for maker in makers[1:]:
            findings = _also_at(maker, findings)
        return _named(first, findings)
    except NotFollowed as reason:
        return WrongLine(name, reason=str(reason))


def _also_at(maker: Callable[[], Subject], findings: list[Finding]) -> list[Finding]:
    """Return the findings that another point confirms; all of them where nothing is wrong there."""
    try:
        again = {(f.site.number, f.target) for f in Search(maker()).findings()}
    except NotFollowed:
        return findings
    kept = [finding for finding in findings if (finding.site.number, finding.target) in again]
    if not kept:
        raise NotFollowed("no single line explains what is wrong")
    return kept


def _named(search: Search, findings: list[Finding]) -> WrongLine:
    guilty = blame(search, findings)
    suspects = tuple(
        Suspect(site.function, site.line, search.subject.sources[site.function].line(site.line), site.name)
        for site in guilty.sites
    )
    first = suspects[0]
    return WrongLine(
        function=first.function,
        line=first.line,
        source=first.source,
        variable=first.variable,
        candidates=suspects,
        sentences=sentences(search, findings[0], guilty),
    )


def _points_by_name(inputs: Mapping[Any, Any]) -> list[dict[Any, Any]]:
    """Return the point, and two generic ones beside it if it has few numbers."""
    plain = {
        name: x
        for name, x in inputs.items()
        if isinstance(x, int | float | np.floating) and not isinstance(x, bool)
    }
    points = [dict(inputs)]
    if sum(np.size(x) for x in inputs.values()) > FEW or not plain:
        return points
    rng = np.random.default_rng(0)
    for _ in range(2):
        moved = {name: float(x) * rng.uniform(0.7, 1.4) + rng.normal(scale=0.1) for name, x in plain.items()}
        points.append({**inputs, **moved})
    return points
