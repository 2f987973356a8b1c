"""What must hold before any value is compared: types, shapes, dtypes, finiteness, and hands off the
arguments.

The order is the one in which a person debugs; the first thing that fails is the one reported.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from course_lib.gradcheck.arguments import numbers_of
from course_lib.gradcheck.arrays import FloatArray, is_masked
from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.lines.raised import raised_by
from course_lib.gradcheck.outputs import WrongCallError
from course_lib.gradcheck.point import Point
from course_lib.gradcheck.problem import Problem
from course_lib.gradcheck.text import printable, raised_sentence

Returned = TypeVar("Returned")

#: Two calls with the same arguments may differ by the rounding of a differently ordered sum, and by no more.
REPEATABLE = 1e-10


#: A gradient that is nothing but rounding repeats up to this many rounding units (`Point.rounding`).
ROUNDING_UNITS = 16.0


@dataclass(frozen=True)
class Contract:
    """What the contract checks found: the gradients as returned, and what is already known to be wrong.

    `broken[k]` is the cause and sentence for argument k, whose values are then not compared.
    """

    gradients: list[FloatArray | None]
    broken: dict[int, tuple[Cause, str]] = field(default_factory=dict)
    token: object = None

    def gradient(self, k: int) -> FloatArray:
        """Return the gradient of a sound argument."""
        gradient = self.gradients[k]
        if gradient is None:
            raise KeyError(k)
        return gradient

    def sound(self) -> list[int]:
        """Return the arguments whose gradients can be compared."""
        return [k for k, gradient in enumerate(self.gradients) if gradient is not None]


def first_forward(problem: Problem, scalar: bool) -> tuple[FloatArray, object]:
    """Call forward and return its output, validated and copied, with the token for backward.

    Raises ContractError.
    """
    named = "the function" if scalar else "forward"  # nobody who checks one function wrote a forward
    before = fingerprints(problem.inputs)
    out, token = _returned(problem, named, lambda: problem.forward(problem.inputs), "forward")
    _refuse_changes(problem, before, named)
    array = _as_output(out, named)
    if scalar and array.size == 1:
        array = array.reshape(())
    if scalar and array.shape != ():
        sentence = f"{named} returned shape {array.shape}; expected a scalar"
        if array.shape == problem.inputs[0].shape:
            sentence += ": sum over its entries, or did the function and its gradient change places?"
        raise ContractError(Cause.WRONG_SHAPE, sentence, "forward")
    copy = np.array(array, dtype=np.float64)
    if not np.isfinite(copy).all():
        sentence = f"{named}'s output holds nan or inf at this point, so it has no gradient to compare with"
        raise ContractError(Cause.NON_FINITE, sentence, "forward")
    return copy, token


def _returned(problem: Problem, named: str, call: Callable[[], Returned], where: str) -> Returned:
    """Return what a call of forward or backward does, or raise ContractError where it raises."""
    try:
        return call()
    except NotImplementedError as error:
        name = raised_by(error)
        own = not name or problem.function in (name, *name.split("."))
        raise ContractError(
            None, "not written yet" if own else f"not written yet: {printable(name)}"
        ) from None
    except (ContractError, WrongCallError):
        raise
    except (Exception, SystemExit) as error:
        raise ContractError(Cause.RAISED, f"{named} raised {raised_sentence(error)}", where) from None


def _as_output(out: object, named: str) -> np.ndarray:
    """Return forward's output as an array, or raise ContractError."""
    if out is None:
        raise ContractError(
            Cause.WRONG_TYPE, f"{named} returned None; did you forget the return statement?", "forward"
        )
    if is_masked(out):
        sentence = f"{named} returned a masked array; return its plain numbers, as .filled(0)"
        raise ContractError(Cause.WRONG_TYPE, sentence, "forward")
    if isinstance(out, bool) or not isinstance(out, int | float | np.number | np.ndarray):
        kind = printable(type(out).__name__)
        raise ContractError(
            Cause.WRONG_TYPE, f"{named} returned a {kind}; expected a number or a NumPy array", "forward"
        )
    array = np.asarray(out)
    if array.dtype.kind not in "fiu":
        kind = printable(array.dtype)
        raise ContractError(
            Cause.WRONG_DTYPE, f"{named}'s output has dtype {kind}; expected floats", "forward"
        )
    if array.size == 0:
        raise ContractError(
            Cause.WRONG_SHAPE, f"{named}'s output is empty, of shape {array.shape}", "forward"
        )
    return array


def first_backward(point: Point, token: object) -> Contract:
    """Call backward with the upstream gradient and validate each gradient returned. Raises ContractError."""
    problem = point.problem
    before = fingerprints(problem.inputs)
    cache_before = fingerprints(arrays_in(token))
    dout = point.dout.copy().reshape(point.out_shape)
    try:
        returned = _returned(problem, "backward", lambda: problem.backward(dout, token), "backward")
    except ContractError as error:
        sentence = error.sentence + _of_packed_cache(point, token)
        raise ContractError(error.cause, sentence, error.where) from None
    if not np.array_equal(dout.ravel(), point.dout):
        raise ContractError(Cause.MUTATED, "backward changed dout in place; work on a copy of it", "dout")
    _refuse_changes(problem, before, "backward")
    cache_after = fingerprints(arrays_in(token))
    if cache_after != cache_before:
        what = "an array in its cache" if len(cache_after) == len(cache_before) else "what its cache holds"
        raise ContractError(Cause.MUTATED, f"backward changed {what}; work on a copy of it", "cache")
    contract = Contract(gradients=[], token=token)
    for k, gradient in enumerate(returned):
        fault = gradient_fault(problem, k, gradient)
        contract.gradients.append(None if fault else np.array(gradient, dtype=np.float64))
        if fault:
            packed = _of_packed_cache(point, token)  # what else is guessed, behind a colon, is then untrue
            contract.broken[k] = fault[0], fault[1].partition(": ")[0] + packed if packed else fault[1]
    return contract


def gradient_fault(problem: Problem, k: int, gradient: object) -> tuple[Cause, str] | None:
    """Return what is wrong with one gradient's type, shape, dtype or finiteness, or None."""
    name, shape = problem.names[k], problem.inputs[k].shape
    if gradient is None:
        return Cause.WRONG_TYPE, f"the gradient of {name} is None"
    if is_masked(gradient):
        sentence = f"the gradient of {name} is a masked array; return its plain numbers, as .filled(0)"
        return Cause.WRONG_TYPE, sentence
    array = numbers_of(gradient)
    if array is None and not isinstance(gradient, np.ndarray):
        kind = printable(type(gradient).__name__)
        wanted = f"a NumPy array of shape {shape}" if shape else "a number"
        return Cause.WRONG_TYPE, f"the gradient of {name} is a {kind}; expected {wanted}"
    array = np.asarray(gradient)
    if array.shape != shape:
        return Cause.WRONG_SHAPE, _shape_sentence(name, array.shape, shape)
    whole = array.dtype.kind in "iu" and (shape == () or isinstance(gradient, list | tuple))
    if array.dtype.kind != "f" and not whole:  # an array of integers loses what is written into it
        return (
            Cause.WRONG_DTYPE,
            f"the gradient of {name} has dtype {printable(array.dtype)}; expected float64",
        )
    if not np.isfinite(array).all():
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        count = int((~np.isfinite(array)).sum())
        where = f"first at {list(index)}" if index else "there"
        return Cause.NON_FINITE, (
            f"the gradient of {name} holds {count} nan or inf, {where}: look for an overflow in exp, "
            f"a division by zero or the log of 0"
        )
    return None


def _shape_sentence(name: str, actual: tuple[int, ...], expected: tuple[int, ...]) -> str:
    sentence = f"the gradient of {name} has shape {actual}; expected {expected}, the shape of {name} itself"
    if expected != actual and tuple(reversed(actual)) == expected:
        return sentence + ": it looks transposed"
    if tuple(n for n in actual if n != 1) == tuple(n for n in expected if n != 1):
        more = len(actual) - len(expected)
        where = "too many" if more > 0 else "missing" if more else "in another place"
        return f"{sentence}: an axis of length 1 is {where}"
    stretched = zip(reversed(expected), reversed(actual), strict=False)
    if len(actual) > len(expected) and all(n in (1, m) for n, m in stretched):
        return sentence + ": sum over the axes that broadcasting added"
    return sentence


def _of_packed_cache(point: Point, token: object) -> str:
    """Say that a cache of one, as a single input is, is to be unpacked, where that makes gradients sound."""
    problem = point.problem
    if not (problem.pair.has_cache and isinstance(token, tuple) and len(token) == 1):
        return ""
    try:
        unpacked = problem.backward(point.dout.copy().reshape(point.out_shape), token[0])
    except (Exception, SystemExit):  # it takes its entry already
        return ""
    if any(gradient_fault(problem, k, gradient) for k, gradient in enumerate(unpacked)):
        return ""
    return "; the second argument of backward is a tuple of one: take its entry [0]"


def same(
    actual: FloatArray, expected: FloatArray, tolerance: float = REPEATABLE, absolute: float = 0.0
) -> bool:
    """Whether two arrays agree within a fraction of the largest entry, or an absolute error; nan agrees with
    nan.
    """
    scale = float(np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected)))
    with np.errstate(all="ignore"):
        close = np.isclose(
            actual, expected, rtol=tolerance, atol=tolerance * scale + absolute, equal_nan=True
        )
    return bool(close.all())


def arrays_in(token: object, depth: int = 4) -> Iterator[np.ndarray]:
    """Yield the arrays inside tuples, lists and dicts; anything else is opaque and left alone."""
    if isinstance(token, np.ndarray):
        yield token
    elif depth and isinstance(token, tuple | list):
        for item in token:
            yield from arrays_in(item, depth - 1)
    elif depth and isinstance(token, Mapping):
        for item in token.values():
            yield from arrays_in(item, depth - 1)


def fingerprints(arrays: Iterator[np.ndarray] | tuple[FloatArray, ...]) -> list[int]:
    """Return a checksum of each array's numbers: enough to see a change, without a copy to compare with."""
    numeric = (array for array in arrays if array.dtype.kind in "fiubc")
    return [zlib.crc32(np.ascontiguousarray(array).data.cast("B")) if array.size else 0 for array in numeric]


def _refuse_changes(problem: Problem, before: list[int], function: str) -> None:
    for name, old, new in zip(problem.names, before, fingerprints(problem.inputs), strict=True):
        if old != new:
            sentence = f"{function} changed its argument {name} in place; work on a copy of it"
            raise ContractError(Cause.MUTATED, sentence, name)
