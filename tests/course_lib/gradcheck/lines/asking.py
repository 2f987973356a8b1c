"""How the tests of the rooms of `lines` ask: a search at a point, and values by name."""

import numpy as np

from course_lib.gradcheck.lines.guilty import FirstWrong
from course_lib.gradcheck.lines.question import question
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.slopes import Measured
from course_lib.gradcheck.lines.tape import Event


def search(function, *rest):
    """What is found out of `find_line(function, *rest)` at the point itself."""
    return question(function, rest, None, 0).search


def named(found, name):
    """The last value of backward that got this name."""
    return [event for event in found.backward if found.site(event).name == name][-1]


def sources(found, sites):
    """The texts of the lines."""
    return [found.subject.sources[site.function].line(site.line) for site in sites]


def site(name="g", kind="assigned", line=1, number=0, function="backward", **known):
    """A place that no source has."""
    if "reads" in known:
        known["reads"] = frozenset(known["reads"].split())
    return Site(number, function, line, name, kind, **known)


def event(value, moment=(0, 0), **known):
    """A value on its way."""
    return Event(moment, None if value is None else np.array(value, dtype=float), **known)


def wrong(value, right, allowed=0.0, of=None, target="", moment=(0, 0)):
    """A value that is wrong, and what it should be."""
    right = np.array(right, dtype=float)
    measured = Measured(right, np.broadcast_to(allowed, right.shape) * 1.0)
    found = event(value, moment)
    return FirstWrong(found, of or site(), target, measured, right_before=None, mended=0, whole=False)


def number(subject, name, kind, function=None):
    return next(
        n
        for n, site in subject.sites.items()
        if (site.name, site.kind) == (name, kind) and function in (None, site.function)
    )
