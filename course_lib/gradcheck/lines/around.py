"""A backward that a check wrote around one function: the search follows that function inside.

The check says which: its closure has the function as its attribute `around`, or is a lambda that calls no
other. What the closure does to the
arguments and the results of that function is run as it is, and so is the forward pass, which need not be
readable: of a line inside, it is known what it does to what the closure returns in the end.
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import CellType, FunctionType
from typing import Any, Protocol

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.lines.called import inside_of
from course_lib.gradcheck.lines.calling import fresh, quietly
from course_lib.gradcheck.lines.contracted import Contracted, called
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.source import NotFollowed, Written, read_source
from course_lib.gradcheck.lines.subjects import Run
from course_lib.gradcheck.lines.tape import Change, Moment, Tape
from course_lib.gradcheck.lines.twin import Twins, twin_of
from course_lib.gradcheck.text import function_name

FORWARD = "the check's forward"

#: How deep closures may lie in each other.
DEEPEST = 5


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
        self._function = inside_of(backward)
        self.cheap = not hasattr(type(self._function), "__inside__")
        self._inside: Inside = (twins or Twins()).of(self._function, len(inputs), _inside)
        self.name = self._inside.source.name
        self.sources = {self.name: self._inside.source}
        parameters = {i: Site(i, FORWARD, 0, name, "parameter") for i, name in enumerate(names)}
        self.sites = {**parameters, **self._inside.sites}
        self._forward, self._backward = forward, backward
        self._take(names, inputs, dout, seed)

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
        calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

        def noted(*args: Any, **kwargs: Any) -> Any:
            calls.append((args, kwargs))
            raise _Noted

        with contextlib.suppress(_Noted):
            self.with_function(noted)
        if not calls:
            raise NotFollowed("the check does not call it")
        return calls[0]

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
        with quietly():
            result = self._forward(*inputs)
        return result if isinstance(result, tuple) and len(result) == 2 else (result, tuple(inputs))


def _inside(function: Any, first: int) -> Inside:
    elsewhere = getattr(type(function), "__inside__", None)
    if elsewhere is not None:
        made: Inside = called(lambda: elsewhere(function, first))
        return made
    return twin_of(read_source(function), first)


def with_another(function: Any, old: Any, new: Any) -> Any:
    """Return a function that calls `new` where it, or a function of the check inside of it, calls `old`.

    Nothing is changed: globals and closures that hold `old` are copied. Raises NotFollowed where `old` is not
    found.
    """
    changed = _with_another(function, old, new, 0)
    if changed is function:
        raise NotFollowed("the check does not call it")
    return changed


def _with_another(function: Any, old: Any, new: Any, depth: int) -> Any:
    if function is old:
        return new
    if type(function) is tuple and depth <= DEEPEST:
        parts = tuple(_with_another(part, old, new, depth + 1) for part in function)
        return function if all(a is b for a, b in zip(parts, function, strict=True)) else parts
    if type(function) is not FunctionType or depth > DEEPEST:
        return function
    named = {name: function.__globals__.get(name) for name in function.__code__.co_names}
    names = {name: _with_another(value, old, new, depth + 1) for name, value in named.items()}
    moved = {name: value for name, value in names.items() if value is not named[name]}
    cells = [_cell(cell, old, new, depth + 1) for cell in function.__closure__ or ()]
    if not moved and all(a is b for a, b in zip(cells, function.__closure__ or (), strict=True)):
        return function
    space = {**function.__globals__, **moved}
    made = FunctionType(function.__code__, space, function.__name__, function.__defaults__, tuple(cells))
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _cell(cell: CellType, old: Any, new: Any, depth: int) -> CellType:
    try:
        value = cell.cell_contents
    except ValueError:  # it is still empty
        return cell
    changed = _with_another(value, old, new, depth)
    return cell if changed is value else CellType(changed)


def written_around(backward: Callable[..., Any], has_cache: bool) -> Any:
    """Return a backward of the check's own around another one, of which nothing but the lines is known."""

    def around(dout: Any, cache: Any) -> Any:
        return backward(dout, cache) if has_cache else backward(dout)

    around.__name__ = function_name(backward, "backward")
    around.around = backward  # type: ignore[attr-defined]
    return around
