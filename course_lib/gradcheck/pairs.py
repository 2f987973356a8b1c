"""The shapes in which a function and its gradient arrive, behind one face.

`forward(inputs)` returns the output and a token; `backward(dout, token)` returns the gradients that belong to
that forward call. Nothing is assumed about the token: it may be a handle to an object in another process.
"""

import inspect
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np

from course_lib.gradcheck.arguments import numbers_of
from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.trees import gradients_like, has_form, rebuilt


class Pair(Protocol):
    """A forward function with its backward."""

    #: the gradients are plain data: there is no backward to call again
    given: bool
    #: backward multiplies by an upstream gradient; without one it is 1
    takes_upstream: bool
    #: the token is a cache, so that backward need not follow its forward at once
    has_cache: bool

    def forward(self, inputs: Sequence[Any]) -> tuple[object, object]:
        """Return (out, token)."""

    def backward(self, dout: object, token: object) -> object:
        """Return the gradients as the student's function returned them."""


def accepts(function: Callable[..., Any], count: int) -> bool:
    """Whether a function can be called with so many positional arguments; True where that cannot be known."""
    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:
        return True
    return True


class CachedPair:
    """`forward(*inputs) -> out` or `(out, cache)`, and `backward(dout, cache)`.

    Where forward returns no cache, backward gets the tuple of inputs. One that takes a single argument, as a
    closure does, gets dout alone; it belongs to the last call of forward, as that of a gate does.
    """

    given, takes_upstream = False, True

    def __init__(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        self._forward = forward
        self._backward = backward
        self.has_cache = accepts(backward, 2)
        self._last: object = None

    def forward(self, inputs: Sequence[Any]) -> tuple[object, object]:
        """Return out with the cache, or with the inputs where there is none or backward does not take it."""
        self._last = token = tuple(inputs)
        return self.answer(self._forward(*inputs), token)

    def call(self, inputs: Sequence[Any]) -> "partial[Any]":
        """Return the call of forward with these inputs, for `answer`; no backward belongs to it."""
        self._last = None
        return partial(self._forward, *inputs)

    def answer(self, result: object, token: Any) -> tuple[object, object]:
        """Return what `forward` makes of what the student's returned."""
        result = with_cache(result)
        if not isinstance(result, tuple):
            return result, token
        if len(result) != 2:
            sentence = f"forward returned a tuple of {len(result)}; expected out, or (out, cache)"
            raise ContractError(Cause.WRONG_COUNT, sentence)
        return result[0], result[1] if self.has_cache else token

    def backward(self, dout: object, token: Any) -> object:
        """Call backward with the cache, or for the forward call with these inputs."""
        if self.has_cache:
            return self._backward(dout, token)
        if token is not self._last:
            self.forward(token)  # a tuple stays itself
        return self._backward(dout)


class GatePair:
    """An object with `forward(*inputs)` and `backward(dout)`, which keeps its own cache.

    Its backward belongs to its last forward, so the token is the inputs: backward repeats the forward call if
    another one came in between. A gate with several outputs, a tuple, gets as many upstream gradients:
    `backward(*douts)`. They are checked as one flat output.
    """

    given, takes_upstream, has_cache = False, True, False

    def __init__(self, gate: Any) -> None:
        self._gate = gate
        self._last: object = None
        self._shapes: list[tuple[int, ...]] = []

    def forward(self, inputs: Sequence[Any]) -> tuple[object, object]:
        """Return out, or all outputs in one flat array, with the inputs."""
        self._last = inputs
        return self.answer(self._gate.forward(*inputs), inputs)

    def call(self, inputs: Sequence[Any]) -> "partial[Any]":
        """Return the call of forward with these inputs, for `answer`; no backward belongs to it."""
        self._last = None
        return partial(self._gate.forward, *inputs)

    def answer(self, out: object, inputs: Sequence[Any]) -> tuple[object, object]:
        """Return what `forward` makes of what the gate returned."""
        joined, self._shapes = as_one(out)
        return joined, inputs

    def backward(self, dout: object, token: Any) -> object:
        """Call the gate's backward for the forward call with these inputs."""
        if token is not self._last:
            self.forward(token)
        return self._gate.backward(*for_each(dout, self._shapes))


def with_cache(result: object) -> object:
    """Return `[out, cache]` as a tuple, for a graded cell takes it, too; anything else as it is."""
    if isinstance(result, list) and len(result) == 2 and isinstance(result[0], np.ndarray):
        return tuple(result)
    return result


def as_one(out: object) -> tuple[object, list[tuple[int, ...]]]:
    """Return all outputs in one flat array, with their shapes; of one that is no tuple itself, and none."""
    if not isinstance(out, tuple) or not out:
        return out, []
    outputs = [np.asarray(part) for part in out]
    return np.concatenate([part.ravel() for part in outputs]), [part.shape for part in outputs]


def for_each(dout: object, shapes: Sequence[tuple[int, ...]]) -> list[object]:
    """Return one upstream gradient for each output, of one that is that of `as_one`."""
    if not shapes:
        return [dout]
    ends = np.cumsum([math.prod(shape) for shape in shapes])[:-1]
    parts = zip(np.split(np.asarray(dout), ends), shapes, strict=True)
    return [part.reshape(shape) if shape else float(part[0]) for part, shape in parts]


class ScalarWithGradient:
    """A scalar function of one argument and its gradient, given as data or as a function of it.

    Both may return a tuple of the value and the gradient.
    """

    takes_upstream, has_cache = False, False

    def __init__(self, function: Callable[..., Any], gradients: Any) -> None:
        self.function = function
        self._gradients = gradients
        self.given = not callable(gradients)

    def with_functions(self, function: Callable[..., Any], gradients: Any) -> "ScalarWithGradient":
        """Return the same of other functions."""
        return ScalarWithGradient(function, gradients)

    def forward(self, inputs: Sequence[Any]) -> tuple[object, object]:
        """Return the value with the inputs."""
        return _first(self.function(*inputs)), inputs

    def backward(self, dout: object, token: Any) -> object:
        """Return the gradient; the upstream gradient of a scalar is 1."""
        if not callable(self._gradients):
            return (self._gradients,)
        gradient = self._gradients(*token)
        numbers = numbers_of(gradient)
        whole = numbers is not None and numbers.shape == np.shape(token[0])
        if isinstance(gradient, tuple) and len(gradient) == 2 and not whole:
            gradient = gradient[1]  # the function returns its value first
        return (gradient,)


class LossOfParameters:
    """`loss(params)` returns a scalar, or a tuple that starts with one; `grads` has the form of params.

    `params` are dicts and lists of arrays, one inside the other; the inputs are all their leaves, in order.
    `is_variable` says which leaves have gradients.
    """

    takes_upstream, has_cache = False, False

    def __init__(
        self, loss: Callable[..., Any], params: Any, grads: Any, is_variable: Callable[[Any], bool]
    ) -> None:
        self.function = loss
        self._params = params
        self._grads = grads
        self._is_variable = is_variable
        self.given = not callable(grads)

    def with_functions(self, function: Callable[..., Any], gradients: Any) -> "LossOfParameters":
        """Return the same of other functions."""
        return LossOfParameters(function, self._params, gradients, self._is_variable)

    def forward(self, inputs: Sequence[Any]) -> tuple[object, object]:
        """Return the loss with the inputs."""
        return _first(self.function(rebuilt(self._params, iter(inputs)))), inputs

    def backward(self, dout: object, token: Any) -> object:
        """Return the gradients in the order of the leaves."""
        grads = self._grads
        if callable(grads):
            grads = grads(rebuilt(self._params, iter(token)))
            if isinstance(grads, tuple) and len(grads) == 2 and not has_form(self._params, grads):
                grads = grads[1]  # the loss comes first
        return tuple(gradients_like(self._params, grads, self._is_variable))


def _first(result: object) -> object:
    """Return the loss of what a function returned: all of it, or the first of a tuple."""
    return result[0] if isinstance(result, tuple) and result else result
