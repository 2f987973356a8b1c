"""The twin of a function that only hands on to another: of a partial one, of a method that is decorated."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import MethodType
from typing import Any

from course_lib.gradcheck.lines.called import inside_of, takes_any
from course_lib.gradcheck.lines.calls_another import with_another
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.source import Written, read_source
from course_lib.gradcheck.lines.tape import Tape
from course_lib.gradcheck.lines.twin import Twin, twin_of


@dataclass(frozen=True)
class Wrapped:
    """The twin of the function inside, and what is made of a function in its place."""

    inside: Twin
    around: Callable[[Callable[..., Any]], Callable[..., Any]]

    @property
    def source(self) -> Written:
        """The text of the function inside."""
        return self.inside.source

    @property
    def sites(self) -> dict[int, Site]:
        """Its places, by number."""
        return self.inside.sites

    def call(self, tape: Tape, *args: Any, **kwargs: Any) -> Any:
        """Call the whole with everything that gets a name inside passing `tape`."""
        return self.around(partial(self.inside.call, tape))(*args, **kwargs)

    def edited(self, source: Written) -> Callable[..., Any]:
        """Return the whole with another text inside."""
        return self.around(self.inside.edited(source))


def followed(function: Any, first: int) -> Twin | Wrapped:
    """Return the twin of a function, or of the one that it only hands on to. Raises NotFollowed."""
    if isinstance(function, partial) and not function.args:
        settings = function.keywords
        return Wrapped(twin_of(read_source(function.func), first), lambda inside: partial(inside, **settings))
    decorated = isinstance(function, MethodType) and takes_any(function.__func__)
    inside = inside_of(function.__func__) if decorated else None
    if inside is None:
        return twin_of(read_source(function), first)
    outside, owner = function.__func__, function.__self__

    def as_decorated(method: Callable[..., Any]) -> Callable[..., Any]:
        def unbound(_: Any, *args: Any, **kwargs: Any) -> Any:
            return method(*args, **kwargs)

        return MethodType(with_another(outside, inside, unbound), owner)

    return Wrapped(twin_of(read_source(MethodType(inside, owner)), first), as_decorated)


class Twins:
    """The twins of the functions of one question: each is read and rewritten once, for all its points."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def of(self, function: Any, first: int = 0, make: Callable[[Any, int], Any] | None = None) -> Any:
        """What ``make`` makes of a function, its twin if nothing else is said. Raises NotFollowed."""
        key = id(function), first
        if key not in self._made:
            self._made[key] = (make or followed)(function, first), function  # which is held, for its id
        return self._made[key][0]
