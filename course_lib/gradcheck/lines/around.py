"""A backward that a check wrote around one function: the search follows that function inside.

The check says which: its closure has the function as its attribute `around`, or is a lambda that calls no
other. What the closure does to the arguments and the results of that function is run as it is, and so is the
forward pass, which need not be readable: of a line inside, it is known what it does to what the closure
returns in the end. Where forward only hands on to a function as well, the values inside of that one are
followed.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from types import FunctionType
from typing import Any, Protocol, Self

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.called import inside_of
from course_lib.gradcheck.lines.calling import fresh, quietly
from course_lib.gradcheck.lines.calls_another import with_another
from course_lib.gradcheck.lines.contracted import Contracted, beside, called
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.source import NotFollowed, Written
from course_lib.gradcheck.lines.subjects import Run
from course_lib.gradcheck.lines.tape import Change, Moment, Tape, as_numbers
from course_lib.gradcheck.lines.twin import Twin
from course_lib.gradcheck.lines.wrapped import Twins, Wrapped, followed
from course_lib.gradcheck.text import function_name

FORWARD = "the check's forward"


class Inside(Protocol):
    """The function inside, rewritten: here, or in another process (its class then has `__inside__`)."""

    @property
    def source(self) -> Written:
        """Its text."""

    @property
    def sites(self) -> dict[int, Site]:
        """Its places, by number."""

    def call(self, tape: Tape, *args: Any, **kwargs: Any) -> Any:
        """Call it with everything that gets a name passing `tape`."""

    def edited(self, source: Written) -> Callable[..., Any]:
        """Return it in another text. Raises NotFollowed where each would cost too much."""


class _Noted(Exception):  # noqa: N818 - nothing is wrong
    """Ends a run whose only purpose was to see a call."""


class Around(Contracted):
    """The forward and backward of a check, and the function inside of that backward."""

    def __init__(
        self,
        forward: Callable[..., Any],
        backward: FunctionType,
        inputs: Sequence[Any],
        *,
        names: Sequence[str],
        dout: Any = None,
        seed: int = 0,
        twins: Twins | None = None,
    ) -> None:
        twins = twins or Twins()
        self._function = inside_of(backward)
        self.cheap = not hasattr(type(self._function), "__inside__")
        self._inside: Inside = twins.of(self._function, len(inputs), _inside)
        self.name = self._inside.source.name
        self.sources = {self.name: self._inside.source}
        parameters = {i: Site(i, FORWARD, 0, name, "parameter") for i, name in enumerate(names)}
        self.sites = {**parameters, **self._inside.sites}
        self._forward, self._backward = forward, backward
        self._beside = self._followed_in(forward, twins)
        self._take(names, inputs, dout, seed)

    def _followed_in(self, forward: Callable[..., Any], twins: Twins) -> Twin | Wrapped | None:
        """The twin of the function that forward hands on to; None where it is not followed."""
        self._handed = inside_of(forward)
        with contextlib.suppress(NotFollowed):
            if self._handed is None:
                return None
            twin: Twin | Wrapped = twins.of(self._handed, len(self.sites))
            if twin.source.name != self.name:
                self.sources[twin.source.name] = twin.source
                self.sites.update(twin.sites)
                return twin
        return None

    @cached_property
    def places(self) -> Mapping[int, str]:
        """Whose gradients stand where in what the function inside returns, as far as the check lets it be."""
        results: list[Any] = []

        def noted(*args: Any, **kwargs: Any) -> Any:
            results.append(self._inside.call(Tape(recording=False), *args, **kwargs))
            return results[-1]

        _, gradients = self.with_function(noted)
        found = {}
        for place, value in enumerate(results[-1] if isinstance(results[-1], tuple | list) else results[-1:]):
            same = [name for name, gradient in gradients.items() if _same(gradient, as_numbers(value))]
            in_order = [name for name in self._names[place : place + 1] if name in same]
            if in_order or len(same) == 1:
                (found[place],) = in_order or same
        return found

    def run(self, changes: Mapping[Moment, Change], *, recording: bool = True) -> Run:
        """Run forward and backward once."""
        tape = Tape(changes, recording=recording)
        _, gradients = self._called(tape, partial(self._inside.call, tape))
        return Run(tuple(tape.events), gradients)

    def edited(self, source: Written) -> tuple[float, dict[str, FloatArray | None]]:
        """Run forward and backward with another text of the function inside."""
        return self.with_function(self._inside.edited(source))

    def with_function(self, function: Callable[..., Any]) -> tuple[float, dict[str, FloatArray | None]]:
        """Run forward and backward with another function in the place of that inside."""
        return self._called(Tape(recording=False), function)

    def arguments_inside(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return what the function inside is called with. Raises NotFollowed where it is not called."""

        def noted(*args: Any, **kwargs: Any) -> Any:
            raise _Noted(args, kwargs)

        try:
            self.with_function(noted)
        except _Noted as call:
            args, kwargs = call.args
            return args, kwargs
        raise NotFollowed("the check does not call it")

    def with_another_upstream(self) -> Self | None:
        """Return the same with another upstream gradient, None where the function inside is not handed it:
        what goes in and comes out there is the same then, and says nothing new.
        """
        other = self._with_upstream(beside(self._upstream))
        here, there = self._numbers_inside(), other._numbers_inside()
        return None if all(map(_same, here, there)) else other

    def _numbers_inside(self) -> list[FloatArray]:
        args, keywords = self.arguments_inside()
        arrays = map(as_numbers, (*args, *keywords.values()))
        return [array for array in arrays if array is not None]

    def with_unit_upstream(self) -> "Around | None":
        """Return the same with an upstream gradient of 1, None unless the output is one number."""
        return None if np.ndim(self._upstream) else self._with_upstream(1.0)

    def _called(self, tape: Tape, function: Callable[..., Any]) -> tuple[float, dict[str, FloatArray | None]]:
        backward = with_another(self._backward, self._function, function)
        out, cache = self._there(tape)
        with quietly():
            result = backward(fresh(self._upstream), cache)
        return self._contracted(out), self._gradients(result)

    def _there(self, tape: Tape) -> tuple[Any, Any]:
        inputs = [tape.probe(i, x) for i, x in enumerate(fresh(self._inputs))]
        forward = self._forward
        if self._beside is not None:
            forward = with_another(forward, self._handed, partial(self._beside.call, tape))
        with quietly():
            result = forward(*inputs)
        return result if isinstance(result, tuple) and len(result) == 2 else (result, tuple(inputs))


def _same(a: FloatArray | None, b: FloatArray | None) -> bool:
    return a is not None and b is not None and np.array_equal(a, b, equal_nan=True)


def _inside(function: Any, first: int) -> Inside:
    elsewhere = getattr(type(function), "__inside__", None)
    if elsewhere is not None:
        made: Inside = called(lambda: elsewhere(function, first))
        return made
    return followed(function, first)


def written_around(backward: Callable[..., Any], has_cache: bool) -> Any:
    """Return a backward of the check's own around another one, of which nothing but the lines is known."""

    def around(dout: Any, cache: Any) -> Any:
        return backward(dout, cache) if has_cache else backward(dout)

    around.__name__ = function_name(backward, "backward")
    around.around = backward  # type: ignore[attr-defined]
    return around
