"""A twin of a function, rewritten so that every value on its way into a variable passes a probe."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course_lib.gradcheck.lines.probes import with_probes
from course_lib.gradcheck.lines.site import PROBE, Site
from course_lib.gradcheck.lines.source import FunctionSource, Written, built, plain
from course_lib.gradcheck.lines.tape import Tape


@dataclass(frozen=True)
class Twin:
    """The rewritten function, to be called with a tape, and its sites by number."""

    source: FunctionSource
    sites: dict[int, Site]
    _make: Callable[[Callable[[int, Any], Any]], Callable[..., Any]]

    def call(self, tape: Tape, *args: Any, **kwargs: Any) -> Any:
        """Call the function with everything that gets a name passing `tape`."""
        return self._make(tape.probe)(*args, **kwargs)

    def edited(self, source: Written) -> Callable[..., Any]:
        """Return the function in another text."""
        assert isinstance(source, FunctionSource)
        return plain(source)


def twin_of(source: FunctionSource, first: int = 0, inside: str = "") -> Twin:
    """Rewrite a function; its sites are numbered from `first`. Raises NotFollowed.

    `inside` is the name of a function inside of it that is rewritten as well.
    """
    tree, sites = with_probes(source, first, inside)
    function = built(tree, source, {PROBE: None})
    inner: Any = getattr(function, "__func__", function)
    cells = dict(zip(inner.__code__.co_freevars, inner.__closure__ or (), strict=True))

    def make(probe: Callable[[int, Any], Any]) -> Callable[..., Any]:
        if PROBE in cells:  # a function of nothing has none
            cells[PROBE].cell_contents = probe
        return function

    return Twin(source, {site.number: site for site in sites}, make)
