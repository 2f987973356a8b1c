"""Could another value of what a line computes explain everything? Solved for, and then tried.

What backward returns is linear in each gradient on its way, so the value that would be needed is the solution
of a linear system, whatever the value is called. A line for which there is none is cleared.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.tape import Event, Moment

#: Lines that compute more numbers than this are not solved for.
MOST_UNKNOWNS = 120

SOLVED = "with other values from there, and nothing else changed, every gradient would be right"

#: Where each run is a process of its own, few can be afforded.
FEW_UNKNOWNS = 8

#: What is solved for enters linearly, as a gradient does, or nearly so: then a few steps of Newton's do.
MOST_STEPS = 4
STEP = 1e-4

#: What a step that is taken for straight leaves of what is missing, where it would do.
NEARBY = 1e-6

#: One number, as a count that is divided by, may be far off, so that a part of a step may have to do.
MOST_STEPS_OF_ONE = 12
PARTS_OF_ONE = (1.0, 0.5, 0.25)

Values = dict[Moment, FloatArray]


def findings(search: Search) -> list[FirstWrong]:
    """Return the lines with other values of which everything is right, the last one first.

    This is for lines that compute several values, or values that no name tells. Where no line that computes
    one alone is among them, those follow that are right by a name, which need not be what they are.
    """
    found = _lines(search, right_by_name=False)
    of_one = any(len(put) == 1 and not search.in_forward(finding.event) for finding, put in found)
    return (
        [finding for finding, _ in found]
        if of_one or not found
        else [*by_name(search), *(f for f, _ in found)]
    )


def by_name(search: Search) -> list[FirstWrong]:
    """Return such lines that are right by a name."""
    return [finding for finding, _ in _lines(search, right_by_name=True)]


def _lines(search: Search, *, right_by_name: bool) -> list[tuple[FirstWrong, Values]]:
    found = []
    lines = list(by_line(search, search.backward).values())
    for events in lines if right_by_name else [*lines, *_of_all_turns(search)]:
        whole = [
            e for e in events if search.site(e).kind != "returned" and search.is_right(e) is right_by_name
        ]
        if whole and not all(map(search.hands_on, map(search.site, whole))):
            put = solved(search, whole, telling=True)
            if put is None and is_local(search, whole) and all(map(search.targets, whole)):
                # it should be a gradient, and may just lack the upstream one
                put = solved(search, whole, telling=True, local=True)
            if put is not None:
                found.append((_finding(search, whole[-1], put), put))
    return sorted(found, key=lambda one: search.base.events.index(one[0].event), reverse=True)


def _of_all_turns(search: Search) -> list[list[Event]]:
    """What each line of a loop makes in all its turns: it may be wrong in each."""
    numbers = {event.moment[0] for event in search.backward}
    found: dict[int, list[Event]] = {}
    for event in search.base.events:
        site = search.site(event)
        if (
            event.moment[0] in numbers
            and site.kind == "assigned"
            and not site.part
            and search.turns(site) > 1
        ):
            found.setdefault(site.line, []).append(event)
    return list(found.values())


def _finding(search: Search, event: Event, put: Values) -> FirstWrong:
    value = put[event.moment]
    measured = Measured(value, np.zeros(value.shape))
    site = search.site(event)
    return FirstWrong(event, site, measured=measured, sentence=SOLVED)


def solved(
    search: Search,
    events: Sequence[Event],
    *,
    telling: bool = False,
    start: Values | None = None,
    local: bool = False,
) -> Values | None:
    """Return other values of these with which every returned gradient is right; None where there are none.

    What does not depend on the upstream gradient has to do for another one as well, unless one is enough:
    `local`. None as well where there are too many values to be solved for, and, if it is to be `telling`,
    where there are so many that nearly any gradient would do. `start` are values of other shapes to begin
    with.
    """
    searches = [search, *(() if local else _elsewhere(search, events))]
    put = start or {event.moment: event.value for event in events if event.value is not None}
    unknowns = sum(value.size for value in put.values())
    there = _missing(searches, put)
    if not 0 < unknowns <= most_unknowns(search) or there is None or (telling and unknowns >= there.size):
        return None
    for _ in range(MOST_STEPS_OF_ONE if unknowns == 1 else MOST_STEPS):
        slopes = _slopes(searches, put, there)
        if there is None or slopes is None:
            return None
        delta = np.linalg.lstsq(slopes, -there, rcond=1e-10)[0]
        here, before = put, np.linalg.norm(there)
        for part in PARTS_OF_ONE if unknowns == 1 else (1.0,):
            put = dict(_split(here, part * np.asarray(delta, dtype=np.float64)))
            if all(_mends(one, put) for one in searches):
                return put
            there = _missing(searches, put)
            if there is not None and np.linalg.norm(there) <= before / 2:
                break
        else:
            return None
    return None


def switched(search: Search, events: Sequence[Event]) -> Values | None:
    """Return other truth values of masks with which every returned gradient is right; None where none are.

    What each of them switches adds up to what is missing, as far as they do not enter the same numbers.
    """
    put = {event.moment: event.value for event in events if event.mask and event.value is not None}
    unknowns = sum(value.size for value in put.values())
    if len(put) < len(events) or not 0 < unknowns <= most_unknowns(search):
        return None
    searches = [search, *_elsewhere(search, events)]
    there = _missing(searches, put)
    if there is None:
        return None
    columns = [_missing(searches, _switched(put, {k})) for k in range(unknowns)]
    if any(column is None for column in columns):
        return None
    changes = np.stack([column - there for column in columns if column is not None], axis=1)
    parts = np.linalg.lstsq(changes, -there, rcond=1e-10)[0]
    other = _switched(put, set(np.flatnonzero(parts > 0.5).tolist()))
    return other if all(_mends(one, other) for one in searches) else None


def would_do_nearby(search: Search, events: Sequence[Event]) -> bool:
    """Whether other values would make everything right if what they enter were linear: where it bends, they
    may be there and not be found, and the line is not cleared. Nor is one of backward where none can be
    tried, as of indices.
    """
    searches = [search, *_elsewhere(search, events)]
    put = {event.moment: event.value for event in events if event.value is not None}
    there = _missing(searches, put)
    slopes = _slopes(searches, put, there)
    if there is None or slopes is None:
        ours = search.site(events[0]).function == search.subject.name
        return ours and sum(value.size for value in put.values()) > 1
    if not slopes.any():
        return False
    left = there + slopes @ np.linalg.lstsq(slopes, -there, rcond=1e-10)[0]
    return bool(np.linalg.norm(left) <= NEARBY * np.linalg.norm(there))


def _slopes(searches: Sequence[Search], put: Values, there: FloatArray | None) -> FloatArray | None:
    """How what is missing changes with each number; None where that is not known."""
    unknowns = sum(value.size for value in put.values())
    columns = [_missing(searches, _moved(put, k)) for k in range(unknowns)]
    if there is None or any(column is None for column in columns):
        return None
    return np.stack([(column - there) / STEP for column in columns if column is not None], axis=1)


def of_another_shape(search: Search, event: Event, shape: tuple[int, ...]) -> bool:
    """Whether a value that was summed along other axes would make everything right.

    It is solved for in the shape of what it enters, and has to be constant along an axis there.
    """
    value = event.value
    if value is None or value.shape == shape or 1 in shape or len(shape) < 2:
        return False
    try:
        start = np.array(np.broadcast_to(value, shape))
    except ValueError:
        return False
    put = solved(search, [event], start={event.moment: start})
    if put is None:
        return False
    found = put[event.moment]
    return any(
        np.allclose(found, found.mean(axis=axis, keepdims=True), rtol=1e-5) for axis in range(found.ndim)
    )


def most_unknowns(search: Search) -> int:
    """Return how many numbers may be solved for."""
    return MOST_UNKNOWNS if search.subject.cheap else FEW_UNKNOWNS


def is_local(search: Search, events: Sequence[Event]) -> bool:
    """Whether values are the same for another upstream gradient."""
    return bool(_elsewhere(search, events))


def _elsewhere(search: Search, events: Sequence[Event]) -> list[Search]:
    """The search with another upstream gradient, for values that do not depend on it, as zero may or not."""
    other = search.with_another_upstream
    if other is None:
        return []
    values = {event.moment: event.value for event in other.base.events}
    same = all(
        (there := values.get(event.moment)) is not None and np.array_equal(there, event.value)
        for event in events
        if event.value is not None
    )
    zero = all(event.value is not None and not event.value.any() for event in events)
    return [other] if same and not zero else []


def _mends(search: Search, put: Values) -> bool:
    run = search.run_with(put)
    return run is not None and not search.wrong_in(run)


def _missing(searches: Sequence[Search], put: Values) -> FloatArray | None:
    """What is returned with these values less what it should be; None where something is no gradient."""
    parts = []
    for search in searches:
        run = search.run_with(put)
        if run is None:
            return None
        for name, event in search.inputs.items():
            right, found = search.gradient_of(event).value, run.gradients.get(name)
            if found is None or found.shape != right.shape:
                return None
            known = np.isfinite(right)
            parts.append((found - right)[known])
    missing = np.concatenate(parts) if parts else np.zeros(0)
    return missing if np.isfinite(missing).all() else None


def _switched(base: Values, which: set[int]) -> Values:
    size = sum(value.size for value in base.values())
    signs = np.concatenate([1 - 2 * value.ravel() for value in base.values()])
    return dict(_split(base, signs * np.isin(np.arange(size), list(which))))


def _moved(base: Values, k: int) -> Values:
    unit = np.zeros(sum(value.size for value in base.values()))
    unit[k] = STEP
    return dict(_split(base, unit))


def _split(base: Values, delta: FloatArray) -> Iterator[tuple[Moment, FloatArray]]:
    at = 0
    for moment, value in base.items():
        yield moment, value + delta[at : at + value.size].reshape(value.shape)
        at += value.size


def by_line(search: Search, events: Sequence[Event]) -> dict[tuple[str, int, int], list[Event]]:
    """Return events by the line that they happen on and the turn of its loop, in order."""
    found: dict[tuple[str, int, int], list[Event]] = {}
    for event in events:
        site = search.site(event)
        found.setdefault((site.function, site.line, event.moment[1]), []).append(event)
    return found
