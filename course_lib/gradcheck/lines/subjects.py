"""What is searched: a flat function, or a forward and a backward that share a cache, behind one face.

A subject is run with changes: numbers put in the place of what passes a probe. `loss` runs as little as gives
the loss, `run` everything, with the gradients that come out in the end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.calling import fresh, quietly
from course_lib.gradcheck.lines.contracted import Contracted, called, varies
from course_lib.gradcheck.lines.held import with_held
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.source import NotFollowed, Written, read_source
from course_lib.gradcheck.lines.syntax import parameters_of
from course_lib.gradcheck.lines.tape import Change, Event, Moment, Tape, TooLong, as_numbers
from course_lib.gradcheck.lines.twin import Twin, twin_of
from course_lib.gradcheck.lines.wrapped import Twins, Wrapped
from course_lib.gradcheck.outputs import OutputForm, Shapes, accepts, as_one, for_each


@dataclass(frozen=True)
class Run:
    """One whole run: what passed the probes, in order, and the gradient of each input, where it is one."""

    events: tuple[Event, ...]
    gradients: dict[str, FloatArray | None]


class Subject(Protocol):
    """A function with its backward, ready to be run with changes."""

    name: str
    sites: dict[int, Site]
    sources: dict[str, Written]
    #: the inputs that gradients are asked for
    wanted: tuple[str, ...]
    #: the name of the loss or the output, and what the upstream gradient is called
    two_parts: bool
    #: whether a run is a call of functions of this process
    cheap: bool

    @property
    def places(self) -> Mapping[int, str]:
        """Whose gradients stand where in the tuple that is returned."""

    def loss(self, changes: Mapping[Moment, Change]) -> float:
        """Return the loss, nan where it cannot be computed."""

    def run(self, changes: Mapping[Moment, Change], *, recording: bool = True) -> Run:
        """Run everything; no events where nobody asks for them. Raises what the functions raise."""

    def edited(self, source: Written) -> tuple[float, dict[str, FloatArray | None]]:
        """Return the loss and the gradients with another text of one function. Raises what that raises."""

    def with_another_upstream(self) -> "Subject | None":
        """Return the same with another upstream gradient, None where there is none."""


class Flat:
    """A function of inputs by name that returns its value and its gradients, in a dict or in order.

    Inputs that a method has no argument for are those that its object holds in a dict, by the same names.
    Gradients are those of the inputs that are `asked` for, of any where none is named.
    """

    two_parts = False
    cheap = True

    def __init__(
        self,
        function: Callable[..., Any],
        inputs: Mapping[str, Any],
        twins: Twins | None = None,
        asked: Sequence[str] = (),
    ) -> None:
        self._twin = (twins or Twins()).of(function, make=partial(_twin_with, inputs))
        source = self._twin.source
        self.name = source.name
        self.sources: dict[str, Written] = {source.name: source}
        self.sites = self._twin.sites
        self._inputs = dict(inputs)
        asked = asked or tuple(inputs)
        self._others = {name: x for name, x in inputs.items() if not varies(x) or name not in asked}
        self._positions: dict[str, int] = {}
        self.wanted = self._with_gradients()
        self.places: Mapping[int, str] = {place: name for name, place in self._positions.items()}

    def loss(self, changes: Mapping[Moment, Change]) -> float:
        """Return the value that the function returns first."""
        try:
            result, _ = self._called(changes, recording=False)
            return _loss_of(result)
        except (Exception, TooLong):
            return float("nan")

    def run(self, changes: Mapping[Moment, Change], *, recording: bool = True) -> Run:
        """Run the function once."""
        result, tape = self._called(changes, recording)
        return Run(tuple(tape.events), self._gradients(result))

    def edited(self, source: Written) -> tuple[float, dict[str, FloatArray | None]]:
        """Run another text of the function."""
        with quietly():
            result = self._twin.edited(source)(**fresh(self._inputs))
        return _loss_of(result), self._gradients(result)

    def with_another_upstream(self) -> None:
        """There is none: the function returns the loss."""

    def _called(self, changes: Mapping[Moment, Change], recording: bool = True) -> tuple[Any, Tape]:
        tape = Tape(changes, recording=recording)
        with quietly():
            return self._twin.call(tape, **fresh(self._inputs)), tape

    def _with_gradients(self) -> tuple[str, ...]:
        """Tell which result is whose gradient: by their keys, by their names, or by their order."""
        candidates = tuple(name for name in self._inputs if name not in self._others)
        result, _ = called(lambda: self._called({}))
        if not isinstance(result, tuple) or len(result) < 2:
            raise NotFollowed("it does not return its value and gradients")
        grads = next((part for part in result[1:] if isinstance(part, Mapping)), None)
        if grads is not None:
            return tuple(name for name in candidates if name in grads)
        claims = _returned_names(self.sites, len(result))
        found = {name: i for i, text in claims.items() for name in candidates if _ends_in(text, name)}
        self._positions = self._in_order(candidates, result, found)
        return tuple(self._positions)

    def _in_order(
        self, candidates: Sequence[str], result: Sequence[Any], told: Mapping[str, int]
    ) -> dict[str, int]:
        """Give each result whose name does not tell to the first argument of its shape that has none yet.

        What has the shape of none is nobody's gradient, so it goes to the first that has none.
        """
        found = dict(told)
        for i, gradient in enumerate(result[1:], 1):
            left = [name for name in candidates if name not in found]
            if i in found.values() or not left:
                continue
            fits = [name for name in left if np.shape(self._inputs[name]) == np.shape(gradient)]
            one_each = not told and len(candidates) == len(result) - 1
            found[candidates[i - 1] if one_each else (fits or left)[0]] = i
        if not found:
            raise NotFollowed("which of its results is whose gradient cannot be told")
        return found

    def _gradients(self, result: Any) -> dict[str, FloatArray | None]:
        if not isinstance(result, tuple):
            return dict.fromkeys(self.wanted)
        grads = next((part for part in result[1:] if isinstance(part, Mapping)), None)
        if grads is not None:
            return {name: as_numbers(grads.get(name)) for name in self.wanted}
        return {name: as_numbers(result[i]) for name, i in self._positions.items() if i < len(result)}


def _twin_with(inputs: Mapping[str, Any], function: Callable[..., Any], first: int) -> Twin:
    """A function's twin, of which every input is an argument."""
    source = read_source(function)
    taken = {argument.arg for argument in parameters_of(source.tree)}
    held = [name for name in inputs if name not in taken]
    if held and not source.tree.args.kwarg:
        source = with_held(source, held)
    return twin_of(source, first)


class TwoParts(Contracted):
    """A forward and a backward, functions with a cache or methods of a gate."""

    def __init__(
        self,
        forward: Callable[..., Any],
        backward: Callable[..., Any],
        inputs: Sequence[Any],
        *,
        has_cache: bool,
        dout: Any = None,
        seed: int = 0,
        twins: Twins | None = None,
    ) -> None:
        twins = twins or Twins()
        self._forward: Twin | Wrapped = twins.of(forward)
        self._backward: Twin | Wrapped = twins.of(backward, first=len(self._forward.sites))
        there, back = self._forward.source, self._backward.source
        if there.name == back.name:
            raise NotFollowed("forward and backward have the same name")
        self.name = back.name
        self.sources = {there.name: there, back.name: back}
        self.sites = {**self._forward.sites, **self._backward.sites}
        self._has_cache, self._takes = has_cache, partial(accepts, backward)
        self._outputs = OutputForm(backward)
        self._shapes: Shapes = ()  # of several outputs of a gate
        names = [site.name for site in self._forward.sites.values() if site.kind == "parameter"]
        if len(names) < len(inputs):
            raise NotFollowed("forward does not name its arguments")
        self._take(names[: len(inputs)], inputs, dout, seed)

    def run(self, changes: Mapping[Moment, Change], *, recording: bool = True) -> Run:
        """Run forward and backward once."""
        tape = Tape(changes, recording=recording)
        _, cache = self._there(tape)
        upstream = fresh(self._upstream)
        with quietly():
            result = self._backward.call(tape, *self._handed_back(upstream, cache))
        return Run(tuple(tape.events), self._gradients(result))

    def edited(self, source: Written) -> tuple[float, dict[str, FloatArray | None]]:
        """Run forward and backward, one of them in another text."""
        tape, other = Tape(recording=False), self._backward.edited(source)
        forward: Callable[..., Any] = partial(self._forward.call, tape)
        backward: Callable[..., Any] = partial(self._backward.call, tape)
        if source.name == self.name:
            backward = other
        else:
            forward = other
        with quietly():
            out, cache = self._parts(forward)
            upstream = fresh(self._upstream)
            result = backward(*self._handed_back(upstream, cache))
        return self._contracted(out), self._gradients(result)

    def _there(self, tape: Tape) -> tuple[Any, Any]:
        with quietly():
            return self._parts(partial(self._forward.call, tape))

    def _handed_back(self, upstream: Any, cache: Any) -> list[Any]:
        if self._has_cache:
            return self._outputs.arguments(upstream, cache)
        return for_each(upstream, self._shapes)

    def _parts(self, forward: Callable[..., Any]) -> tuple[Any, Any]:
        inputs = fresh(self._inputs)
        result = forward(*inputs)
        if self._has_cache:
            return self._outputs.split(result, tuple(inputs))
        if isinstance(result, tuple) and (self._shapes or self._takes(len(result))):
            result, self._shapes = as_one(result)
        return result, None


def _loss_of(result: Any) -> float:
    value = as_numbers(result[0] if isinstance(result, tuple) else result)
    return float("nan") if value is None or value.size != 1 else float(value.ravel()[0])


def _returned_names(sites: Mapping[int, Site], count: int) -> dict[int, str]:
    """Return what each part of the returned tuple is called, where it is a variable."""
    returned = [site for site in sites.values() if site.kind == "returned"]
    return {i % count: next(iter(site.reads)) for i, site in enumerate(returned) if site.plain and i % count}


def _ends_in(text: str, name: str) -> bool:
    return text.lower() in {f"{prefix}{name}".lower() for prefix in ("d", "d_", "grad_", "g_", "g")}
