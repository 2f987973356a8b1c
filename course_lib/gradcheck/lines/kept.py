"""What forward keeps for backward: a value of the same name that is another one on the other side."""

import ast
from dataclasses import replace

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.tape import Event


def findings(search: Search) -> list[FirstWrong]:
    """Return a value that backward takes out of the cache and that forward has otherwise.

    Only those count with which, as forward has them, every returned gradient is right: one, or all together.
    """
    others = _others(search) if search.subject.two_parts else []
    for some in [*([one] for one in others), *([others] if len(others) > 1 else [])]:
        run = search.run_with({event.moment: there for event, there in some})
        if run is not None and not search.wrong_in(run):
            found = _finding(search, *some[0])
            if some[0][0] in search.kept:
                return [found]
            taken = search.site(some[0][0])
            if taken.kind == "used":  # under that name there may be something else
                return [found, *(replace(found, site=search.site(event)) for event, _ in some)]
            if len(some) == 1 and found.site != taken and _by_place(search, taken):
                return [replace(found, site=taken), found]
            # of an order that differs, either side may be the wrong one
            kept = search.kept[-1:] if len(some) > 1 else []
            return [found, *(replace(found, site=search.site(event)) for event in kept)]
    return []


def _by_place(search: Search, site: Site) -> bool:
    """Whether a line takes something out of a list or the like by its place, or by another name than the one
    it gives, which may be the wrong one.
    """
    statements = ast.walk(search.subject.sources[site.function].tree)
    values = [one.value for one in statements if isinstance(one, ast.Assign) and one.lineno == site.line]
    return any(
        isinstance(value, ast.Subscript) or (isinstance(value, ast.Attribute) and value.attr != site.name)
        for value in values
    )


def _others(search: Search) -> list[tuple[Event, FloatArray]]:
    """The values that are kept under a name, and those that backward takes out, each with what forward has
    under that name, where it is another.
    """
    found = []
    parts = [event for event in search.base.events if search.site(event).kind == "used"]
    for event in [*search.kept, *search.backward, *parts]:
        site = search.site(event)
        whole = search.hands_on(site) and site.kind == "assigned"
        taken_out = site.function == search.subject.name and (
            whole or (site.kind == "used" and site.container)
        )
        is_kept = event in search.kept
        there = _in_forward(search, site.name, is_kept) if taken_out or is_kept else None
        if there is not None and event.value is not None and not np.array_equal(event.value, there):
            found.append((event, there))
    return found


def _finding(search: Search, event: Event, there: FloatArray) -> FirstWrong:
    name = search.site(event).name
    if event in search.kept:
        where = search.site(event)
        said = f"{name} is kept with another value than forward has; with that, every gradient is right"
    else:
        keeping = _keeping(search, there)
        where = search.site(keeping or event)
        if keeping is None and where.kind == "used":
            where = _stored(search, name) or where
        said = f"{name} is another value there than in forward; with that, every gradient is right"
    return FirstWrong(event, where, sentence=said)


def _stored(search: Search, name: str) -> Site | None:
    """The line of forward that puts something under a name into what it keeps: `cache.update(x=x)`."""
    for source in search.subject.sources.values():
        for part in ast.walk(source.tree) if source.name != search.subject.name else ():
            if isinstance(part, ast.keyword) and part.arg == name:
                return Site(-1, source.name, part.lineno, name, "stored")
    return None


def _in_forward(search: Search, name: str, beside: bool) -> FloatArray | None:
    """What forward has under a name, `beside` what it keeps."""
    events = [e for e in search.base.events if search.in_forward(e) and search.site(e).name == name]
    made = [
        event.value
        for event in events
        if search.site(event).kind not in ("used", "returned") and not (beside and event in search.kept)
    ]
    return made[-1] if made else None


def _keeping(search: Search, there: FloatArray) -> Event | None:
    """The last value that forward keeps; None where the right one is among them and taken out wrongly."""
    kept = search.kept
    values = [event.value for event in kept]
    if not kept or any(value is not None and np.array_equal(value, there) for value in values):
        return None
    return kept[-1]
