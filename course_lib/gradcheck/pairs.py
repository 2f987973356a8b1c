"""The shapes in which a function and its gradient arrive, behind one face.

`forward(inputs)` returns the output and a token; `backward(dout, token)` returns the gradients that belong to
that forward call. Nothing is assumed about the token: it may be a handle to an object in another process.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from course_lib.gradcheck.causes import Cause


class StudentError(Exception):
    """A checked function broke its contract in a way that leaves nothing to compare.

    `where` names the argument or function at fault, or is empty for the call as a whole. `cause` is None for
    a function that is simply not written yet.
    """

    def __init__(self, cause: Cause | None, sentence: str, where: str = "") -> None:
        super().__init__(sentence)
        self.cause = cause
        self.sentence = sentence
        self.where = where


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
    """`forward(*inputs) -> out` or `(out, cache)`, and `backward(dout, cache)`.

    Where forward returns no cache, backward gets the tuple of inputs.
    """

    given, takes_upstream, has_cache = False, True, True

    def __init__(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        self._forward = forward
        self._backward = backward

    def forward(self, inputs: Sequence[Any]) -> tuple[object, object]:
        """Return out with the cache, or with the inputs where there is none."""
        result = self._forward(*inputs)
        if not isinstance(result, tuple):
            return result, tuple(inputs)
        if len(result) != 2:
            sentence = f"forward returned a tuple of {len(result)}; expected out, or (out, cache)"
            raise StudentError(Cause.WRONG_COUNT, sentence)
        return result[0], result[1]

    def backward(self, dout: object, token: object) -> object:
        """Call backward with the cache."""
        return self._backward(dout, token)


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
        out = self._gate.forward(*inputs)
        if not isinstance(out, tuple) or not out:
            return out, inputs
        outputs = [np.asarray(part) for part in out]
        self._shapes = [part.shape for part in outputs]
        return np.concatenate([part.ravel() for part in outputs]), inputs

    def backward(self, dout: object, token: Any) -> object:
        """Call the gate's backward for the forward call with these inputs."""
        if token is not self._last:
            self.forward(token)
        return self._gate.backward(*self._upstream(dout))

    def _upstream(self, dout: object) -> list[object]:
        """Return one upstream gradient for each output."""
        if not self._shapes:
            return [dout]
        ends = np.cumsum([math.prod(shape) for shape in self._shapes])[:-1]
        parts = zip(np.split(np.asarray(dout), ends), self._shapes, strict=True)
        return [part.reshape(shape) if shape else float(part[0]) for part, shape in parts]


class ScalarWithGradient:
    """A scalar function and its gradients, given as data or as a function of the same inputs."""

    takes_upstream, has_cache = False, False

    def __init__(self, function: Callable[..., Any], gradients: Any) -> None:
        self._function = function
        self._gradients = gradients
        self.given = not callable(gradients)

    def forward(self, inputs: Sequence[Any]) -> tuple[object, object]:
        """Return the value with the inputs."""
        return self._function(*inputs), inputs

    def backward(self, dout: object, token: Any) -> object:
        """Return the gradients; the upstream gradient of a scalar is 1."""
        return self._gradients(*token) if callable(self._gradients) else self._gradients


class LossOfParameters:
    """`loss(params)` returns a scalar, or a tuple that starts with one; `grads` is a dict or a function."""

    takes_upstream, has_cache = False, False

    def __init__(self, loss: Callable[..., Any], names: Sequence[str], grads: Any) -> None:
        self._loss = loss
        self._names = tuple(names)
        self._grads = grads
        self.given = not callable(grads)

    def forward(self, inputs: Sequence[Any]) -> tuple[object, object]:
        """Return the loss with the inputs."""
        result = self._loss(dict(zip(self._names, inputs, strict=True)))
        out = result[0] if isinstance(result, tuple) and result else result
        return out, inputs

    def backward(self, dout: object, token: Any) -> object:
        """Return the gradients in the order of the parameters."""
        grads = self._grads
        if callable(grads):
            grads = grads(dict(zip(self._names, token, strict=True)))
        if not isinstance(grads, Mapping):
            sentence = f"grads is of type {type(grads).__name__}; expected a dict of arrays named like params"
            raise StudentError(Cause.WRONG_TYPE, sentence)
        missing = [name for name in self._names if name not in grads]
        if missing:
            raise StudentError(Cause.WRONG_COUNT, f"grads has no entry {missing[0]!r}", missing[0])
        return tuple(grads[name] for name in self._names)
