"""Which of the lines that a wrong value is computed from can be cleared: no other values mend anything."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.guilty import MOST_DOUBTS, FirstWrong
from course_lib.gradcheck.lines.operands import hands_on, one_factor, operands_of
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.solved import (
    Values,
    by_line,
    is_local,
    most_unknowns,
    of_another_shape,
    solved,
    switched,
    would_do_nearby,
)
from course_lib.gradcheck.lines.tape import Event


def not_cleared(
    search: Search, finding: FirstWrong, sites: Sequence[Site] = ()
) -> tuple[list[Site], list[Site]]:
    """The lines that a wrong value is computed from, other values of which would make everything right.

    `sites` are the lines that put it together, where it is not one alone.

    First those that are told by that, then the others: a local derivative that is mended for one upstream
    gradient and another is told, unless one factor does, which the line that uses it may lack as well.
    """
    told: dict[int, Site] = {}
    found: dict[int, Site] = {}
    shared = frozenset[str]()
    to_ask = list(sites) or [finding.site]
    while to_ask and len(told | found) <= MOST_DOUBTS:
        asked = to_ask.pop(0)
        names = _not_known(search, replace(finding, site=asked))
        cleared = []
        for events in by_line(search, search.backward).values():
            site = search.site(events[0])
            ours = any(
                _read(search.site(e), names, asked) and search.before(e, finding.event) for e in events
            )
            handed = bool(site.reads) and hands_on(site) and not asked.plain and not search.renames(site)
            handed = handed and (not site.plain or is_local(search, events))  # out of the cache
            if not ours or site.number in told | found or handed or site.line == asked.line:
                continue
            if sum(e.value.size for e in events if e.value is not None) > most_unknowns(search):
                found[site.number] = site  # nothing clears it
                continue
            put = solved(search, events)
            put = switched(search, events) if put is None else put
            if put is None and _of_another_shape(search, events, finding):
                told[site.number] = site
            elif put is None and would_do_nearby(search, events):
                found[site.number] = site
            elif put is None:
                cleared.append(events)
            if put is not None:
                (told if _tells(search, events, put) else found)[site.number] = site
                to_ask.append(site)
                found.update(_remade(search, site, events[0]))
        if asked.gathers and len(cleared) > 1:
            parts = _together(search, cleared)
            found.update({part.number: part for part in parts})
            to_ask += parts
            shared = frozenset.intersection(*(part.reads for part in parts)) if parts else shared
    return list(told.values()), sorted(found.values(), key=lambda site: site.name not in shared)


def _together(search: Search, lines: Sequence[Sequence[Event]]) -> list[Site]:
    """The lines of which several are wrong at once, as parts of one array; none if only their order is."""
    values = {e.moment: e.value for line in lines for e in line if e.value is not None}
    put = None
    if sum(value.size for value in values.values()) <= most_unknowns(search):
        put = solved(search, [event for line in lines for event in line])
    if put is None or np.allclose(_in_order(values), _in_order(put)):
        return []
    wrong = {moment for moment, value in values.items() if not np.allclose(value, put[moment])}
    return [search.site(line[0]) for line in lines if any(event.moment in wrong for event in line)]


def _in_order(values: Values) -> FloatArray:
    return np.sort(np.concatenate([value.ravel() for value in values.values()]))


def _read(site: Site, names: set[str], asked: Site) -> bool:
    """Whether a line makes one of these values, or a part of a list that is read as a whole."""
    return site.name in names or (
        site.container in asked.reads and site.name.startswith(f"{site.container}[")
    )


def _not_known(search: Search, finding: FirstWrong) -> set[str]:
    """The names of operands that are no gradients, or that only another name of the upstream gradient is."""
    copied = [
        site
        for event in search.backward
        if (site := search.site(event)).plain and site.kind == "assigned" and not search.targets(event)
    ]
    constants = {
        site.name
        for event in search.backward
        if not (site := search.site(event)).reads and not (search.targets(event) and search.is_right(event))
    }
    return {
        *(search.site(event).name for event in operands_of(search, finding)),
        *(constants & finding.site.reads),  # which are gradients of something by chance
        *(site.name for site in copied if site.name in finding.site.reads),
    }


def _of_another_shape(search: Search, events: list[Event], finding: FirstWrong) -> bool:
    value = finding.event.value
    return len(events) == 1 and value is not None and of_another_shape(search, events[0], value.shape)


def _remade(search: Search, site: Site, event: Event) -> dict[int, Site]:
    """The line before that gave a variable the value which a line makes its new one of."""
    if site.name not in site.reads:
        return {}
    same = [
        search.site(e)
        for e in search.backward
        if search.before(e, event) and search.same_variable(search.site(e), site)
    ]
    return {one.number: one for one in same[-1:] if one.line != site.line}


def _tells(search: Search, events: list[Event], put: Values) -> bool:
    values = [event.value for event in events if event.value is not None]
    factors = [one_factor(value, put[e.moment]) for e, value in zip(events, values, strict=True)]
    return is_local(search, events) and sum(value.size for value in values) > 1 and not all(factors)
