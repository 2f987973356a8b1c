"""The experiment: the measured gradient is put in the place of what a line computes.

Only if every gradient that the function returns comes out right has that line made the first wrong value.
"""

from collections.abc import Container
from functools import partial

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.result import RIGHT
from course_lib.gradcheck.lines.search import NO_LINE, Search
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.source import NotFollowed
from course_lib.gradcheck.lines.syntax import block_around
from course_lib.gradcheck.lines.tape import Event, Moment

#: So many values may be tried for a variable whose name says nothing.
MOST_GUESSES = 12


def findings(search: Search) -> list[FirstWrong]:
    """Return the values that explain everything that is wrong, in the order in which they were made.

    None where no value does alone. Raises NotFollowed where nothing is wrong.
    """
    if not search.wrong:
        raise NotFollowed(RIGHT)
    tried = [(event, _tried(search, event)) for event in search.backward]
    found = [_finding(search, event, *explains, whole=True) for event, explains in tried if explains]
    # What is the gradient of something already may be right, and so may what only hands a value on, and what
    # no name tells and forward makes on its way: another value there only makes up for a slip that comes
    # later. So does the gradient of an input in the place of what no name says to be that.
    found.sort(key=partial(_makes_up, search))
    return found


def confirmed(search: Search, places: Container[int]) -> set[tuple[int, str]]:
    """Return the same of some places alone, as place and target, for which less has to be measured."""
    if not search.wrong:
        raise NotFollowed(RIGHT)
    events = [event for event in search.backward if event.moment[0] in places]
    tried = [(event, _tried(search, event)) for event in events]
    return {(event.moment[0], explains[0]) for event, explains in tried if explains}


def first_of_several(search: Search) -> list[FirstWrong]:
    """Where no line explains everything: the first value that mends something and spoils nothing."""
    for event in search.judged:
        if search.is_right(event):
            continue
        site = search.site(event)
        sources = [e for e in search.judged if search.site(e).name in site.reads and e.moment != event.moment]
        if not all(search.is_right(e) for e in sources if _flows_into(search, e, event)):
            continue
        for name, value in search.targets(event):
            measured = search.gradient_of(value)
            if measured.known and search.wrong_with(event, measured) < search.wrong:
                return [_finding(search, event, name, measured, whole=False)]
    raise NotFollowed(NO_LINE)


def _makes_up(search: Search, finding: FirstWrong) -> bool:
    if search.targets(finding.event):
        return False
    passes = search.is_some_gradient(finding.event) or search.hands_on(finding.site)
    return passes or finding.target in search.inputs or search.on_the_way(finding.event)


def _tried(search: Search, event: Event) -> tuple[str, Measured] | None:
    """Put what should be there in a value's place; return what, or None unless everything comes out right."""
    claims = search.targets(event)
    if (search.grows(event) and search.begins(event) != "scaled") or (event.mask and not claims):
        return None
    if _is_kept(search, event):
        return None
    if any(search.gradient_of(value).agrees(event.value) for _, value in claims):
        return None
    claims = claims or _guesses(search, event)
    for name, value in claims:
        measured = search.gradient_of(value)
        if measured.known and not search.wrong_with(event, measured):
            return name, measured
    return None


def _is_kept(search: Search, event: Event) -> bool:
    """Whether a value is what forward made, put into the cache or taken out of it: it is no gradient."""
    site = search.site(event)
    if event in search.kept:
        return True
    there = [one.value for one in search.values.get(site.name, ())] if search.hands_on(site) else []
    return any(a is not None and event.value is not None and np.array_equal(a, event.value) for a in there)


def _guesses(search: Search, event: Event) -> list[tuple[str, Event]]:
    assert event.value is not None
    alike = [
        (name, value)
        for name, values in search.values.items()
        for value in values
        if value.value is not None and value.value.shape == event.value.shape
    ]
    return alike[-MOST_GUESSES:]


def _flows_into(search: Search, a: Event, b: Event) -> bool:
    """Whether one value may enter another: it was made before, or in a turn before of the same loop."""
    one, other = search.site(a), search.site(b)
    tree = search.subject.sources[other.function].tree
    loop = block_around(tree, one.line) if one.function == other.function else None
    return search.before(a, b) or (loop is not None and loop is block_around(tree, other.line))


def _finding(search: Search, event: Event, name: str, measured: Measured, *, whole: bool) -> FirstWrong:
    before = [e for e in search.judged if search.before(e, event)]
    later = {
        search.site(e).name: e
        for e in search.judged
        if search.before(event, e)
        and not search.is_right(e)
        and not search.site(e).plain  # those only hand on
    }
    after = [e for name, e in later.items() if name != search.site(event).name]
    right = sum(map(search.is_right, before))
    return FirstWrong(
        event=event,
        site=search.site(event),
        target=name,
        measured=measured,
        right_before=right if right == len(before) else None,
        mended=_mended(search, event, measured, after),
        whole=whole,
    )


def _mended(search: Search, event: Event, measured: Measured, later: list[Event]) -> int:
    assert event.value is not None
    run = search.run_with({event.moment: measured.instead_of(event.value)})
    if run is None:
        return 0
    values: dict[Moment, FloatArray | None] = {e.moment: e.value for e in run.events}
    again = [
        any(search.gradient_of(value).agrees(values.get(e.moment)) for _, value in search.targets(e))
        for e in later
    ]
    return sum(again)
