"""A subject that is given by what passes its probes, for tests of a search."""

import numpy as np

from course_lib.gradcheck.lines.search import Search
from course_lib.gradcheck.lines.subjects import Run
from course_lib.gradcheck.lines.tape import Event
from tests.course_lib.gradcheck.lines.asking import site


class Given:
    """A subject: places with their values, a loss of these by name, and what it returns as gradients."""

    name, cheap = "backward", True

    def __init__(
        self, *passed, loss=lambda v: v["x"].sum(), gradients=None, wanted="x", two_parts=False, places=None
    ):
        self.sites, self.events = {}, []
        for number, (where, value, *more) in enumerate(passed):
            turn, mask = (more + [0, False][len(more) :])[:2]
            place = where.number or number + 1
            self.sites[place] = type(where)(**{**where.__dict__, "number": place})
            numbers = None if value is None else np.array(value, dtype=float)
            self.events.append(Event((place, turn), numbers, bool(mask)))
        self._loss, self._gradients = loss, gradients or {}
        self.wanted, self.two_parts, self.places = tuple(wanted.split()), two_parts, places or {}
        self.other = None

    def _values(self, changes):
        return {
            self.sites[one.moment[0]].name: changes[one.moment](one.value.copy())
            if one.moment in changes
            else one.value
            for one in self.events
            if one.value is not None
        }

    def loss(self, changes):
        return float(self._loss(self._values(changes)))

    def run(self, changes, *, recording=True):
        values = self._values(changes)
        gradients = self._gradients(values) if callable(self._gradients) else self._gradients
        return Run(tuple(self.events) if recording else (), gradients)

    def with_another_upstream(self):
        return self.other


def parameter(name, **known):
    return site(name, kind="parameter", **known)


X = parameter("x"), [1.0, 2.0]


def searched(*passed, **known):
    return Search(Given(*passed, **known))


def names(found, events):
    return [(found.site(one).name, one.moment[1]) for one in events]


def named(found, name, kind=None):
    return next(
        e for e in found.base.events if found.site(e).name == name and kind in (None, found.site(e).kind)
    )


def loop(name, *values, **known):
    place = known.pop("place")
    return [(site(name, number=place, **known), value, turn) for turn, value in enumerate(values)]
