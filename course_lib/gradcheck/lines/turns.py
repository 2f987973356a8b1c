"""A line of a loop that is wrong in each turn: the measured gradients are put in the place of all its values.

A value that a loop of forward makes anew in each turn, `h` in `h = f(h)`, has a gradient for each turn, and
the loop on the way back passes through these in the opposite order.
"""

from collections.abc import Iterator

import numpy as np

from course_lib.gradcheck.lines.claims import claimed
from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.syntax import block_around
from course_lib.gradcheck.lines.tape import Event
from course_lib.gradcheck.text import plural

#: Loops of more turns are not tried as a whole.
MOST_TURNS = 200


def findings(search: Search) -> list[FirstWrong]:
    """Return the lines of loops with the measured gradients of which all is right, the last one first."""
    return [
        finding for site in _repeated(search) for finding in (_tried(search, site),) if finding is not None
    ][::-1]


def begun_otherwise(search: Search) -> list[FirstWrong]:
    """Return the line where a variable that a loop adds to begins with another value than 0."""
    for event in search.backward:
        nonzero = event.value is not None and event.value.any()
        if nonzero and search.begins(event) == "added to" and not event.mask and event.value is not None:
            run = search.run_with({event.moment: np.zeros(event.value.shape)})
            if run is not None and not search.wrong_in(run):
                said = f"{search.site(event).name} adds up what follows: with 0 to begin with, all is right"
                return [FirstWrong(event, search.site(event), sentence=said)]
    return []


def _repeated(search: Search) -> list[Site]:
    """The places of backward that give a variable a value in more than one turn."""
    turns: dict[int, int] = {}
    for event in search.base.events:
        turns[event.moment[0]] = event.moment[1] + 1
    backward = {event.moment[0]: search.site(event) for event in search.backward}
    return [
        site
        for number, site in backward.items()
        if 1 < turns[number] <= MOST_TURNS and site.kind != "returned" and not site.part
    ]


def _tried(search: Search, site: Site) -> FirstWrong | None:
    here = [event for event in search.base.events if event.moment[0] == site.number]
    for name in claimed(site.name, search.values) or _made_anew(search, len(here)):
        for there in _in_order(search, name, len(here)):
            measured = {e.moment: search.gradient_of(value) for e, value in zip(here, there, strict=True)}
            values = {moment: one.value for moment, one in measured.items() if one.known}
            if len(values) < len(here) or all(measured[e.moment].agrees(e.value) for e in here):
                continue
            run = search.run_with(values)
            if run is not None and not search.wrong_in(run):
                event = next(e for e in here if not measured[e.moment].agrees(e.value))
                return FirstWrong(event, site, name, measured[event.moment])
    return None


def _made_anew(search: Search, count: int) -> list[str]:
    """The names that forward gives a value in so many turns, for a variable whose name says nothing."""
    return [name for name in search.values if len(_made(search, name)) > count]


def _in_order(search: Search, name: str, count: int) -> Iterator[list[Event]]:
    """The values of that name in forward, the last one first, beginning with the last or the one before."""
    made = _made(search, name)
    for first in (1, 0):
        there = made[first : first + count]
        if len(there) == count:
            yield there


def _made(search: Search, name: str) -> list[Event]:
    kinds = ("parameter", "assigned", "added to")
    events = [
        event
        for event in search.base.events
        if search.site(event).name == name and search.site(event).kind in kinds
        if event.value is not None and not event.mask and search.in_forward(event)
    ]
    mattering = {event.moment[0] for event in events if search.matters(event)}  # in any turn
    return [event for event in events if event.moment[0] in mattering][::-1]


def too_few(search: Search) -> list[FirstWrong]:
    """Return the loop on the way back that ends too early: all that it makes is right, in fewer turns."""
    for site in _repeated(search):
        here = [event for event in search.base.events if event.moment[0] == site.number]
        for name in claimed(site.name, search.values):
            made = _made(search, name)
            right = all(
                search.gradient_of(value).agrees(event.value)
                for event, value in zip(here, made[1:], strict=False)
            )
            loop = block_around(search.subject.sources[site.function].tree, site.line)
            if right and 1 + len(here) < len(made) and loop is not None:
                return [_ends_early(here[-1], Site(-1, site.function, loop.lineno, "", "loop"), made)]
    return []


def _ends_early(event: Event, loop: Site, made: list[Event]) -> FirstWrong:
    there, here = len(made) - 1, event.moment[1] + 1
    said = f"it takes {plural(here, 'turn')}, all of them right, where forward takes {there}"
    return FirstWrong(event, loop, whole=False, sentence=said)
