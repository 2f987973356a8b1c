"""What a forward returns, one output or several, and how its backward is called for them."""

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_lib.gradcheck.arguments import numbers_of
from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.text import function_name, printable

Shapes = Sequence[tuple[int, ...]]

#: How the name of an upstream gradient begins, where it stands beside others.
GRADIENT = ("d", "grad")


class WrongCallError(TypeError):
    """A backward takes other arguments than those that it is called with: there is nothing to check."""


def accepts(function: Callable[..., Any], count: int) -> bool:
    """Whether a function can be called with so many positional arguments; True where that cannot be known."""
    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:
        return True
    return True


class OutputForm:
    """How a backward is called for what its forward returned.

    It is `backward(dout, cache)`, or `backward(dout)` for one that takes no more. Of several outputs, a
    tuple, `dout` is a tuple too, unless backward takes one upstream gradient for each, and the cache. Where
    these are called so (`dh`, `grad_c`), forward may also return all in a row, the cache last: by any other
    name they may be what it keeps. Several outputs are checked as one flat output.
    """

    def __init__(self, backward: Callable[..., Any]) -> None:
        self._backward = backward
        self._takes_cache = accepts(backward, 2)
        #: backward gets what forward kept, so that it need not follow its forward at once
        self.has_cache = self._takes_cache or not accepts(backward, 1)
        self._shapes: Shapes = ()

    def split(self, result: object, inputs: object) -> tuple[object, object]:
        """Return the output and the cache, which is the inputs where forward returns none.

        Raises ContractError where a tuple is neither, WrongCallError where backward takes something else.
        """
        out, cache = self._parts(result, inputs)
        several = isinstance(out, tuple) and all(numbers_of(part) is not None for part in out)
        out, self._shapes = as_one(out) if several else (out, ())
        if not self._in_a_row(len(self._shapes)):
            self._refuse_other_arguments()
        return out, cache if self.has_cache else inputs

    def arguments(self, dout: object, cache: object) -> list[object]:
        """Return what backward is called with, for an upstream gradient of the output of `split`."""
        parts: list[object] = list(for_each(dout, self._shapes))
        if self._shapes and not self._in_a_row(len(parts)):
            parts = [tuple(parts)]
        return [*parts, cache] if self.has_cache else parts

    def _in_a_row(self, outputs: int) -> bool:
        return outputs > 1 and not self._takes_cache and accepts(self._backward, outputs + 1)

    def _names_gradients(self, outputs: int) -> bool:
        names = list(inspect.signature(self._backward).parameters)[:outputs]
        return all(name.startswith(GRADIENT) for name in names)

    def _refuse_other_arguments(self) -> None:
        if self.has_cache and not self._takes_cache:
            takes = printable(inspect.signature(self._backward), 80)
            raise WrongCallError(
                f"{function_name(self._backward, 'backward')} takes {takes}; it is called as "
                f"backward(dout, cache): let it have one argument for all that forward keeps"
            )

    def _parts(self, result: object, inputs: object) -> tuple[object, object]:
        # A graded cell takes [out, cache], too.
        if isinstance(result, list) and len(result) == 2 and isinstance(result[0], np.ndarray):
            return result[0], result[1]
        if not isinstance(result, tuple):
            return result, inputs
        if self._in_a_row(len(result) - 1) and self._names_gradients(len(result) - 1):
            return result[:-1], result[-1]
        if len(result) != 2:
            self._refuse_other_arguments()
            sentence = (
                f"forward returned a tuple of {len(result)}; expected out, or (out, cache), where out may be "
                f"a tuple of outputs"
            )
            raise ContractError(Cause.WRONG_COUNT, sentence)
        return result


def as_one(out: object) -> tuple[object, Shapes]:
    """Return all outputs in one flat array, with their shapes; of one that is no tuple itself, and none."""
    if not isinstance(out, tuple) or not out:
        return out, ()
    outputs = [np.asarray(part) for part in out]
    return np.concatenate([part.ravel() for part in outputs]), [part.shape for part in outputs]


def for_each(dout: object, shapes: Shapes) -> list[object]:
    """Return one upstream gradient for each output, of one that is that of `as_one`."""
    if not shapes:
        return [dout]
    ends = np.cumsum([math.prod(shape) for shape in shapes])[:-1]
    parts = zip(np.split(np.asarray(dout), ends), shapes, strict=True)
    return [part.reshape(shape) if shape else float(part[0]) for part, shape in parts]


def joined(dout: object) -> object:
    """Return upstream gradients for several outputs as that of the flat one; any other as it is."""
    several = isinstance(dout, tuple) and any(isinstance(part, np.ndarray) for part in dout)
    return as_one(dout)[0] if several else dout
