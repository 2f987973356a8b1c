"""What subjects with an upstream gradient have in common: their loss is <dout, out>."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np

from course_lib.gradcheck.arrays import FloatArray
from course_lib.gradcheck.causes import ContractError
from course_lib.gradcheck.check import upstream_gradient
from course_lib.gradcheck.lines.site import Site
from course_lib.gradcheck.lines.source import NotFollowed, Written
from course_lib.gradcheck.lines.tape import Change, Moment, Tape, TooLong, as_numbers


class Contracted:
    """A subject whose loss is <dout, out>: a forward and what goes back from it, in whichever form."""

    name: str
    sites: dict[int, Site]
    sources: dict[str, Written]
    two_parts = True
    cheap = True

    def _take(self, names: Sequence[str], inputs: Sequence[Any], dout: Any, seed: int) -> None:
        """Take the inputs by name, and an upstream gradient; one is drawn where `dout` is None."""
        self._names, self._inputs = list(names), list(inputs)
        self.wanted = tuple(name for name, x in zip(names, inputs, strict=True) if varies(x))
        self._order: Sequence[str] = self._names
        self._upstream = (
            drawn_for(lambda: self._there(Tape(recording=False))[0], seed) if dout is None else dout
        )

    @property
    def places(self) -> Mapping[int, str]:
        """Whose gradients stand where in what backward returned last."""
        return dict(enumerate(self._order))

    def loss(self, changes: Mapping[Moment, Change]) -> float:
        """Return <dout, out>."""
        try:
            return self._contracted(self._there(Tape(changes, recording=False))[0])
        except (Exception, TooLong):
            return float("nan")

    def with_another_upstream(self) -> Self | None:
        """Return the same with another upstream gradient."""
        return self._with_upstream(beside(self._upstream))

    def _with_upstream(self, upstream: Any) -> Self:
        other = copy.copy(self)
        other._upstream = upstream
        return other

    def _there(self, tape: Tape) -> tuple[Any, Any]:
        """Return what forward returns, and what goes back from it."""
        raise NotImplementedError

    def _contracted(self, out: Any) -> float:
        return float(np.sum(np.asarray(out, dtype=np.float64) * np.asarray(self._upstream)))

    def _gradients(self, result: Any) -> dict[str, FloatArray | None]:
        grads = list(result) if isinstance(result, tuple | list) else [result]
        self._order = self.wanted if len(grads) == len(self.wanted) else self._names
        found = dict(zip(self._order, map(as_numbers, grads), strict=False))
        return {name: found.get(name) for name in self.wanted}


def drawn_for(forward: Callable[[], Any], seed: int) -> Any:
    """Return an upstream gradient for what forward returns. Raises NotFollowed where that is no array."""
    array = as_numbers(called(forward))
    if array is None:
        raise NotFollowed("forward does not return an array of real numbers")
    drawn = upstream_gradient(array.shape, None, seed)  # as the check draws it, so that its numbers recur
    return drawn if array.ndim else float(drawn)


def beside(upstream: Any) -> Any:
    """Return another upstream gradient of the same shape."""
    other = np.asarray(upstream) * np.random.default_rng(1).uniform(0.5, 2.0, np.shape(upstream))
    return other if np.ndim(upstream) else float(other)


def called(function: Callable[[], Any]) -> Any:
    """Call a twin for the first time. Raises NotFollowed where it raises."""
    try:
        return function()
    except TooLong:
        raise NotFollowed("its loops take too many turns") from None
    except NotFollowed:
        raise
    except ContractError as error:
        raise NotFollowed(error.sentence) from None
    except Exception as error:
        raise NotFollowed(f"it raises {type(error).__name__}") from None


def varies(value: Any) -> bool:
    """Whether an input is a variable: real numbers that are not whole by type, as labels are."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f" and value.size > 0
    return isinstance(value, int | float | np.floating | np.integer) and not isinstance(value, bool)
