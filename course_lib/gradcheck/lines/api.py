"""`find_line`: from functions and a point to the first wrong line."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from course_lib.gradcheck.lines import kept, misplaced, replaced, solved, tried, turns, unseen
from course_lib.gradcheck.lines.around import Around
from course_lib.gradcheck.lines.blame import blame
from course_lib.gradcheck.lines.called import inside_of, lives_elsewhere
from course_lib.gradcheck.lines.calling import quietly
from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.operands import operands, read_by_all
from course_lib.gradcheck.lines.question import Question, question, without_partial
from course_lib.gradcheck.lines.result import RIGHT, Suspect, WrongLine
from course_lib.gradcheck.lines.rule import Rule
from course_lib.gradcheck.lines.search import NO_LINE, Search
from course_lib.gradcheck.lines.sentences import in_what_they_call, sentences
from course_lib.gradcheck.lines.source import NotFollowed, is_text
from course_lib.gradcheck.lines.subjects import Subject
from course_lib.gradcheck.withheld import refuse_answers

#: The ways in which a line is looked for that explains everything alone, the surest first.
WAYS = (
    kept.findings,
    misplaced.findings,
    turns.begun_otherwise,
    tried.findings,
    replaced.findings,
    turns.findings,
    solved.findings,
    turns.too_few,
    solved.by_name,
)

#: Where nothing that could be measured is wrong.
NOT_ALL = "not every gradient could be measured at this point"

ONLY = "it is the only line, and what comes of it is wrong"


def find_line(
    function: Any, *rest: Any, dout: Any = None, seed: int = 0, names: Sequence[str] = ()
) -> WrongLine:
    """Return the first wrong line; `course_lib.gradcheck.find_line` has the contract."""
    refuse_answers()
    asked: tuple[str, ...] = ()
    if isinstance(function, partial) and len(rest) == 1 and isinstance(rest[0], Mapping):
        asked = tuple(rest[0])
        function, rest = without_partial(function, rest[0])
    elif isinstance(function, partial) and not function.args and not any(map(callable, rest)):
        function, rest = function.func, (*rest, function.keywords)  # a rule with its settings
    if lives_elsewhere(function) and all(lives_elsewhere(f) for f in rest if callable(f)):
        found: WrongLine = type(function).__find_line__(function, rest, dout, seed)
        return found
    point = question(function, rest, dout, seed, names, asked)
    inside = inside_of(rest[0]) if rest else None
    mended = getattr(type(inside), "__mended__", None)
    return answer(point) if mended is None else mended(inside, point, answer(point))


def answer(asked: Question) -> WrongLine:
    """Search, at the point that is asked of."""
    with quietly(asked.at):
        return _answer(asked)


def _answer(asked: Question) -> WrongLine:
    try:
        makers = asked.subjects
        first = asked.search
        if not first.wrong:
            raise NotFollowed(RIGHT if first.all_measured else NOT_ALL)
    except NotFollowed as reason:
        return WrongLine(asked.function, reason=str(reason))
    try:
        named = _explained(first, makers[1:])
        return _in_the_rule(named, asked.function) if isinstance(first.subject, Rule) else named
    except NotFollowed as reason:
        found = _at_unit(first) or _only_line(first)
        return found or _of_lists(first, str(reason)) or WrongLine(asked.function, reason=str(reason))


def _explained(first: Search, beside: Sequence[Callable[[], Subject]]) -> WrongLine:
    """The lines that explain what is wrong at a point, and are confirmed at others. Raises NotFollowed."""
    findings = _alone(first)
    for maker in beside:
        findings = _also_at(maker, findings)
    if findings:
        return _named(first, findings)
    several = replaced.first_of_several(first)
    return _named(first, operands(first, several) or read_by_all(first, several) + several)


def _at_unit(search: Search) -> WrongLine | None:
    """The same where the upstream gradient is 1: what returns its own loss and gradients knows no other."""
    unit = search.subject.with_unit_upstream() if isinstance(search.subject, Around) else None
    try:
        at_unit = Search(unit) if unit is not None else None
        return _explained(at_unit, []) if at_unit is not None and at_unit.wrong else None
    except NotFollowed:
        return None


def _of_lists(search: Search, reason: str) -> WrongLine | None:
    """The lines that put something into a list or the like that is returned."""
    found = unseen.returned(search) if reason == NO_LINE else []
    return _named(search, found) if found else None


def _alone(search: Search) -> list[FirstWrong]:
    """What explains everything that is wrong: values that are known, or else lines that can be solved for."""
    return next(filter(None, (look(search) for look in WAYS)), [])


def _also_at(maker: Callable[[], Subject], findings: list[FirstWrong]) -> list[FirstWrong]:
    """Return the findings that another point confirms in any way; all, where nothing is wrong there."""
    if not findings:
        return findings
    among = {finding.site.number for finding in findings}
    try:
        search = Search(maker())
        left, confirmed = list(findings), set[tuple[int, str]]()
        for look in WAYS:
            if look is replaced.findings:
                confirmed |= replaced.confirmed(search, among)
            else:
                confirmed |= {(f.site.number, f.target) for f in look(search)}
            left = [finding for finding in findings if (finding.site.number, finding.target) in confirmed]
            if left:
                break
    except NotFollowed:
        return findings
    if not left:
        raise NotFollowed(NO_LINE)
    return left


def _named(search: Search, findings: list[FirstWrong]) -> WrongLine:
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
        doubts=guilty.doubts,
        more=guilty.more,
        sentences=sentences(search, findings[0], guilty),
    )


def _in_the_rule(found: WrongLine, rule: str) -> WrongLine:
    """The line of a pullback is one of its rule, from whose `def` it is counted."""
    candidates = tuple(replace(suspect, function=rule) for suspect in found.candidates)
    return replace(found, function=rule, candidates=candidates)


def _only_line(search: Search) -> WrongLine | None:
    """The line of a function inside of a check's own that has no other: it is wrong, whatever it computes."""
    if not isinstance(search.subject, Around):
        return None
    source = search.subject.sources[search.subject.name]
    statements = [one for one in source.tree.body if not is_text(one)]
    if len(statements) != 1 or not isinstance(statements[0], ast.Return):
        return None
    line = statements[0].lineno
    suspect = Suspect(source.name, line, source.line(line), "")
    said = (*in_what_they_call([(source, line)]), ONLY)
    return WrongLine(source.name, line, suspect.source, candidates=(suspect,), sentences=said)
