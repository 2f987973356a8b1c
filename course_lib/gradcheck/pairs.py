"""The shapes in which a function and its gradient arrive, behind one face.

`forward(inputs)` returns the output and a token; `backward(dout, token)` returns the gradients that belong to
that forward call. Nothing is assumed about the token: it may be a handle to an object in another process.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np

from course_lib.gradcheck.arguments import numbers_of
from course_lib.gradcheck.outputs import OutputForm, Shapes, as_one, for_each
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


class CachedPair:
    """`forward(*inputs) -> out` or `(out, cache)`, and `backward(dout, cache)` (`outputs` has all forms).

    Where forward returns no cache, backward gets the tuple of inputs. One that takes a single argument, as a
    closure does, gets dout alone; it belongs to the last call of forward, as that of a gate does.
    """

    given, takes_upstream = False, True

    def __init__(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        self._forward = forward
        self._backward = backward
        self._outputs = OutputForm(backward)
        self.has_cache = self._outputs.has_cache
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
        return self._outputs.split(result, token)

    def backward(self, dout: object, token: Any) -> object:
        """Call backward with the cache, or for the forward call with these inputs."""
        if not self.has_cache and token is not self._last:
            self.forward(token)  # a tuple stays itself
        return self._backward(*self._outputs.arguments(dout, token))


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
        self._shapes: Shapes = ()

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
