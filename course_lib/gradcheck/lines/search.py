"""The search: which value is the first wrong one on the way back, and which line made it.

A name only suggests what a value is. What convicts a line is an experiment: the measured gradient is put in
the place of what the line computes, and every gradient that the function returns must come out right.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property, partial

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.claims import claimed
from course_lib.gradcheck.lines.contracted import called
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.slopes import EPSILON, Measured, measure
from course_lib.gradcheck.lines.source import NotFollowed
from course_lib.gradcheck.lines.subjects import Run, Subject
from course_lib.gradcheck.lines.tape import Change, Event, Moment, TooLong

#: Values with more entries are not measured entry by entry.
LARGEST = 600

#: Calls of the function that a search may take, at one point.
MOST_EVALUATIONS = 20_000

TOO_LARGE = "its arrays are too large to follow each entry: try smaller ones"

NO_LINE = "no single line explains what is wrong"

#: A line that computes with no more nodes than `self.cache` has gives a value a name, and no more.
UNPACKED = 2

#: Names of attributes that say nothing of what they hold.
CACHES = frozenset(("cache", "_cache", "saved", "kept", "memory", "state", "token", "ctx", "last", "data"))


class Search:
    """One point: everything that passed a probe there, and what can be concluded from it."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.base: Run = called(lambda: subject.run({}))
        self._measured: dict[Moment, Measured] = {}
        self._last_turn: dict[int, int] = {}
        for event in self.base.events:
            self._last_turn[event.moment[0]] = event.moment[1]
        self.evaluations = 0
        self.here = self.loss({})
        if not np.isfinite(self.here):
            raise NotFollowed("its value is not finite")
        if self.loss({}) != self.here:
            raise NotFollowed("its value changes from call to call")

    @cached_property
    def with_another_upstream(self) -> "Search | None":
        """The same search with another upstream gradient, where there is one."""
        other = self.subject.with_another_upstream()
        return Search(other) if other is not None else None

    def loss(self, changes: Mapping[Moment, Change]) -> float:
        """Return the loss with changes. Raises NotFollowed where that was asked too often."""
        self.evaluations += 1
        if self.evaluations > MOST_EVALUATIONS:
            raise NotFollowed(TOO_LARGE)
        return self.subject.loss(changes)

    def site(self, event: Event) -> Site:
        """Return where an event happened."""
        return self.subject.sites[event.moment[0]]

    def gradient_of(self, event: Event) -> Measured:
        """Return the measured gradient of the loss with respect to a value, measured once."""
        if event.moment not in self._measured:
            assert event.value is not None
            if self.evaluations + 2 * event.value.size > MOST_EVALUATIONS:
                raise NotFollowed(TOO_LARGE)
            self._measured[event.moment] = measure(self.loss, event.moment, event.value)
        return self._measured[event.moment]

    @cached_property
    def inputs(self) -> dict[str, Event]:
        """The inputs whose gradients are asked for, as they come in."""
        found: dict[str, Event] = {}
        for event in self.base.events:
            site = self.site(event)
            if site.kind == "parameter" and site.name in self.subject.wanted and event.value is not None:
                found.setdefault(site.name, event)
        return found

    @cached_property
    def wrong(self) -> frozenset[str]:
        """The inputs whose returned gradients are wrong."""
        return self.wrong_in(self.base)

    @cached_property
    def all_measured(self) -> bool:
        """Whether something is known of the gradient of each input that one is asked for."""
        return all(
            name in self.inputs and self.gradient_of(self.inputs[name]).known for name in self.subject.wanted
        )

    def wrong_in(self, run: Run) -> frozenset[str]:
        """Return the inputs whose gradients are wrong in a run."""
        return frozenset(
            name
            for name, gradient in run.gradients.items()
            if name in self.inputs and self.gradient_of(self.inputs[name]).known
            if not self.gradient_of(self.inputs[name]).agrees(gradient)
        )

    def turns(self, site: Site) -> int:
        """Return how often a place was passed."""
        return self._last_turn.get(site.number, -1) + 1

    def _visible(self) -> Iterator[Event]:
        """The values that get names, of loops the first and the last turn."""
        for event in self.base.events:
            site, turn = self.site(event), event.moment[1]
            followed = site.kind != "used" and turn in (0, self._last_turn[site.number])
            if followed and event.value is not None and event.value.size <= LARGEST:
                yield event

    @cached_property
    def values(self) -> dict[str, list[Event]]:
        """The values of the forward pass by name: those that the loss depends on."""
        found: dict[str, list[Event]] = {}
        for event in self._visible():
            if not event.mask and self.in_forward(event) and self.matters(event):
                found.setdefault(self.site(event).name, []).append(event)
        for name, event in self.inputs.items():
            if event not in found.setdefault(name, []):
                found[name].insert(0, event)
        return found

    def in_forward(self, event: Event) -> bool:
        """Whether a value may belong to the forward pass, by the function that it is made in."""
        site = self.site(event)
        return not self.subject.two_parts or site.function != self.subject.name

    def matters(self, event: Event) -> bool:
        """Whether the loss moves with a value, in a random direction."""
        if event.value is None or event.mask:
            return False
        size = float(np.max(np.abs(event.value))) or 1.0
        step = 1e-3 * size * np.random.default_rng(0).uniform(0.5, 1.0, event.value.shape)
        there = self.loss({event.moment: lambda value: value + step})
        return bool(np.isfinite(there) and abs(there - self.here) > 64 * EPSILON * abs(self.here))

    @cached_property
    def backward(self) -> list[Event]:
        """The values that the loss does not depend on: gradients, and what they are made with."""
        forward = {event.moment for events in self.values.values() for event in events}
        return [
            event
            for event in self._visible()
            if event.moment not in forward and self.site(event).kind != "parameter"
        ]

    @cached_property
    def kept(self) -> list[Event]:
        """What forward keeps for backward: beside its output, or in attributes of its object."""
        return [
            event
            for event in self.base.events
            if self.subject.two_parts and self.in_forward(event) and self.site(event).keeps
        ]

    def targets(self, event: Event) -> list[tuple[str, Event]]:
        """Return the values whose gradient this one claims to be by its name or place, the latest first."""
        site = self.site(event)
        names: tuple[str, ...] = ()
        if event in self.kept:  # by the name of what it is
            return []
        if site.kind == "returned" and site.function == self.subject.name and not site.under_key:
            names = self._returned(site)
        elif site.name in self.values and site.container:
            names = (site.name,)
        elif "[" not in site.name:
            names = claimed(site.name, self.values)
        if site.kind == "returned" or (site.container and site.name in names):
            return [(name, self.inputs.get(name, self.values[name][0])) for name in names]
        return [(name, value) for name in names for value in reversed(self.values[name])]

    def _returned(self, site: Site) -> tuple[str, ...]:
        """The input whose gradient stands at a place of what is returned."""
        place = site.name.strip("[]") or "0"
        name = self.subject.places.get(int(place)) if place.isdigit() else None
        return (name,) if name in self.inputs else ()

    def is_right(self, event: Event) -> bool:
        """Whether a value is the gradient that it claims to be."""
        return any(self.gradient_of(value).agrees(event.value) for _, value in self.targets(event))

    def is_some_gradient(self, event: Event) -> bool:
        """Whether a value is the gradient of anything at all."""
        return any(
            self.gradient_of(value).agrees(event.value)
            for values in self.values.values()
            for value in values
            if value.value is not None and event.value is not None and value.value.shape == event.value.shape
        )

    @cached_property
    def judged(self) -> list[Event]:
        """The values that claim to be gradients and are whole: nothing is added to them afterwards."""
        return [event for event in self.backward if self.targets(event) and not self.grows(event)]

    def grows(self, event: Event) -> bool:
        """Whether something is added to a variable, or it is scaled, after it got this value."""
        later = self._next(event)
        return later is not None and later.kind in ("added to", "scaled")

    def begins(self, event: Event) -> str:
        """Return how a loop changes a variable that begins with this value: "scaled", "added to" or ""."""
        later = self._next(event)
        return later.kind if later is not None and self.turns(later) > 1 else ""

    def _next(self, event: Event) -> Site | None:
        """The next place that gives the same variable a value."""
        later = map(self.site, self.backward[self.backward.index(event) + 1 :])
        return next((site for site in later if self.same_variable(site, self.site(event))), None)

    @staticmethod
    def same_variable(a: Site, b: Site) -> bool:
        """Whether two places give the same name a value."""
        return (a.name, a.container, a.function) == (b.name, b.container, b.function)

    def on_the_way(self, event: Event) -> bool:
        """Whether a flat function goes on to compute its value after this one: it is rather no gradient."""
        if self.subject.two_parts:
            return False
        made = [e for values in self.values.values() for e in values if self.site(e).kind != "returned"]
        return any(self.before(event, value) for value in made)

    def renames(self, site: Site) -> bool:
        """Whether a line gives another name to what another line computed, and so says that both are one."""
        if site.kind != "assigned":
            return False
        made = {
            self.site(event).name
            for event in self.backward
            if self.site(event).function == site.function and not self.site(event).plain
        }
        made |= self._upstreams
        attributes = (
            site.reads - {"self", site.name} if "self" in site.reads and site.unpacks else frozenset()
        )
        return (site.plain and bool(site.reads & made)) or bool(attributes - CACHES)

    @cached_property
    def _upstreams(self) -> set[str]:
        """The parameters of backward that another upstream gradient changes."""
        other = self.with_another_upstream
        there = {event.moment: event.value for event in other.base.events} if other is not None else {}
        return {
            self.site(event).name
            for event in self.base.events
            if self.site(event).kind == "parameter" and not self.in_forward(event) and event.moment in there
            if event.value is not None
            and (value := there[event.moment]) is not None
            and not np.array_equal(event.value, value)
        }

    def hands_on(self, site: Site) -> bool:
        """Whether a line keeps what forward made, or takes it out again, and computes nothing."""
        if self.renames(site):
            return False
        takes = site.unpacks or (site.weight <= UNPACKED and site.kind in ("assigned", "returned"))
        return takes and self.subject.two_parts

    def wrong_with(self, event: Event, measured: Measured) -> frozenset[str]:
        """Return what is still wrong with the measured gradient in a value's place."""
        assert event.value is not None  # which is the same in every run, up to there
        run = self.run_with({event.moment: measured.instead_of(event.value)}, recording=False)
        return self.wrong_in(run) if run else frozenset(self.inputs)

    def run_with(self, values: Mapping[Moment, FloatArray], *, recording: bool = True) -> Run | None:
        """Run everything with these values in the place of those there; None where that fails."""
        try:
            instead = {moment: partial(_instead, put) for moment, put in values.items()}
            return self.subject.run(instead, recording=recording)
        except (Exception, TooLong):
            return None

    def before(self, a: Event, b: Event) -> bool:
        """Whether one value was made before the other."""
        return self.base.events.index(a) < self.base.events.index(b)


def _instead(put: FloatArray, _: FloatArray) -> FloatArray:
    return put.copy()
