"""Could another value of what a line computes explain everything? Solved for, and then tried.

What backward returns is linear in each gradient on its way, so the value that would be needed is the solution
of a linear system, whatever the value is called. A line for which there is none is cleared.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.search import Finding, Search
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.tape import Event, Moment

#: Lines that compute more numbers than this are not solved for.
MOST_UNKNOWNS = 120

SOLVED = "with other values from there, and nothing else changed, every gradient would be right"

Values = dict[Moment, FloatArray]


def findings(search: Search) -> list[Finding]:
    """Return the lines with other values of which everything is right, the last one first.

    This is for lines that compute several values, or values that no name tells.
    """
    found = []
    for events in by_line(search, search.backward).values():
        whole = [e for e in events if search.site(e).kind != "returned" and not search.is_right(e)]
        if whole and not all(map(search.hands_on, map(search.site, whole))):
            put = solved(search, whole)
            if put is not None:
                found.append(_finding(search, whole[-1], put))
    return found[::-1]


def _finding(search: Search, event: Event, put: Values) -> Finding:
    value = put[event.moment]
    measured = Measured(value, np.zeros(value.shape))
    site = search.site(event)
    return Finding(event, site, "", measured, right_before=None, mended=0, whole=True, sentence=SOLVED)


def solved(search: Search, events: Sequence[Event]) -> Values | None:
    """Return other values of these with which every returned gradient is right; None where there are none.

    None as well where there are too many to be solved for.
    """
    base: Values = {event.moment: event.value for event in events if event.value is not None}
    unknowns = sum(value.size for value in base.values())
    there = _returned(search, base)
    if not 0 < unknowns <= MOST_UNKNOWNS or there is None or not np.isfinite(there).all():
        return None
    slopes = []
    for k in range(unknowns):
        moved = _returned(search, _moved(base, k))
        if moved is None or not np.isfinite(moved).all():
            return None
        slopes.append(moved - there)
    delta = np.linalg.lstsq(np.stack(slopes, axis=1), _wanted(search) - there, rcond=None)[0]
    put = dict(_split(base, np.asarray(delta, dtype=np.float64)))
    run = search.run_with(put)
    return put if run is not None and not search.wrong_in(run) else None


def _returned(search: Search, values: Values) -> FloatArray | None:
    """What is returned with these values, as one vector; None where something is no gradient at all."""
    run = search.run_with(values)
    if run is None:
        return None
    parts = [run.gradients.get(name) for name in _known(search)]
    wanted = [search.gradient_of(search.inputs[name]).value for name in _known(search)]
    if any(part is None or part.shape != right.shape for part, right in zip(parts, wanted, strict=True)):
        return None
    return np.concatenate(
        [part[np.isfinite(right)] for part, right in zip(parts, wanted, strict=True) if part is not None]
    )


def _wanted(search: Search) -> FloatArray:
    wanted = [search.gradient_of(search.inputs[name]).value for name in _known(search)]
    return np.concatenate([right[np.isfinite(right)] for right in wanted])


def _known(search: Search) -> list[str]:
    return [name for name, event in search.inputs.items() if search.gradient_of(event).known]


def _moved(base: Values, k: int) -> Values:
    unit = np.zeros(sum(value.size for value in base.values()))
    unit[k] = 1.0
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
