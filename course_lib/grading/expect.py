"""Expectations for graded cells: in the order a person debugs, the first that fails is said."""

from __future__ import annotations

import array
import contextlib
import copy
import math
from collections.abc import Iterator, Mapping
from types import CodeType, TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from course_lib.gradcheck import Cause
from course_lib.gradcheck.arrays import rms
from course_lib.grading.checks import CheckEnded

NUMBERS = frozenset({int, float, *(np.dtype(letter).type for letter in "efdgFDGbhilqBHILQ")})
GRADED = "__graded__"  # is in the namespace in which a grader runs graded cells


class Unexpected(AssertionError):  # noqa: N818 - as GradientMismatch, what happened
    """An expectation that was not met; ``cause`` says what kind of thing is wrong, other than a value."""

    def __init__(self, message: str, cause: Cause) -> None:
        super().__init__(message)
        self.cause = cause


def expect_close(name: str, actual: Any, expected: Any, *, rtol: float = 1e-9, atol: float = 1e-12) -> None:
    """Raise AssertionError unless ``actual`` is ``expected``: type, shape, dtype, finiteness, then values.

    ``expected`` is a number, an array, or a dict, tuple or list of them (any nesting). A number may be a
    Python or NumPy scalar or a 0-d array; an array must have exactly the expected shape, and one of a
    subclass, such as a matrix, counts by its numbers; a tuple may be a list, or named, and one of numbers
    may be an array of them; a dict may be any mapping, and have more keys. Objects of a class of one's own
    that derives from float, list or tuple are none of these: what such an object says of itself proves
    nothing.

    An entry may differ by ``atol + rtol * max(|expected|, rms(expected))``, the rms over its array,
    so that an entry of 1e-9 in a gradient of ones is not held to more than sums in float64 can keep.
    """
    if isinstance(expected, Mapping):
        _expect_mapping(name, actual, expected, rtol, atol)
    elif isinstance(expected, tuple | list):
        _expect_sequence(name, actual, expected, rtol, atol)
    else:
        _expect_array(name, actual, np.asarray(_in_float(expected)), rtol, atol)


def expect_shape(name: str, actual: Any, shape: tuple[int, ...]) -> None:
    """Raise AssertionError unless ``actual`` is an array of real numbers of this shape (a number for ())."""
    _of_shape(name, actual, shape)


def _expect_mapping(name: str, actual: Any, expected: Mapping[Any, Any], rtol: float, atol: float) -> None:
    if not isinstance(actual, Mapping):
        raise Unexpected(
            f"{name} should be a dict with keys {_listed(expected)}, not {_kind(actual)}", Cause.WRONG_TYPE
        )
    for key, value in expected.items():
        if key not in actual:
            raise Unexpected(
                f"{name} has no key {key!r}; its keys are {_listed(actual) or 'none'}", Cause.WRONG_COUNT
            )
        expect_close(_part(name, repr(key)), actual[key], value, rtol=rtol, atol=atol)


def _expect_sequence(name: str, actual: Any, expected: Any, rtol: float, atol: float) -> None:
    if isinstance(actual, np.ndarray) and actual.ndim == 1 and all(np.ndim(each) == 0 for each in expected):
        actual = list(np.asarray(actual))
    if not _is_sequence(actual) or len(actual) != len(expected):
        count = f" of {len(actual)}" if _is_sequence(actual) else ""
        wanted = "one value, in a tuple" if len(expected) == 1 else f"{len(expected)} values"
        raise Unexpected(
            f"{name} should be {wanted}, not {_kind(actual)}{count}",
            Cause.WRONG_COUNT if count else Cause.WRONG_TYPE,
        )
    for index, (got, wanted) in enumerate(zip(actual, expected, strict=True)):
        expect_close(_part(name, str(index)), got, wanted, rtol=rtol, atol=atol)


def _expect_array(name: str, actual: Any, expected: npt.NDArray[Any], rtol: float, atol: float) -> None:
    got = _of_shape(name, actual, expected.shape)
    bad = ~np.isfinite(got)
    if got.dtype == expected.dtype and np.array_equal(got, expected) and not bad.any():
        return  # as most are, to the last bit
    if bad.any():
        where = _first(bad)
        raise Unexpected(
            f"{_entry(name, where)} is {got[where]}: every value should be finite", Cause.NON_FINITE
        )
    whole = got.dtype.kind in "iu" and expected.dtype.kind in "iu"
    expected = expected.astype(np.float64)
    got = got.astype(np.float64)
    unknown = ~np.isfinite(expected)
    if unknown.any():
        where = _first(unknown)
        place = _entry(name, where)
        raise AssertionError(f"{place} cannot be compared: what is expected there is {expected[where]}")
    allowed = atol + rtol * np.maximum(np.abs(expected), rms(expected))
    with np.errstate(over="ignore"):  # a warning of ours would be shown as the student's
        error = np.abs(got - expected)
    if np.all(error <= allowed):
        return
    worst = np.unravel_index(_argmax_of_ratio(error, allowed), error.shape)
    worst_at = f"{'' if ' ' in name else name}{_at(worst)}"
    place = f" in {int(np.sum(error > allowed))} of {error.size} entries, worst at {worst_at}"
    margin = "" if whole else f", allowed error {allowed[worst]:.1g}"
    raise AssertionError(
        f"{name} is wrong{place if error.size > 1 else ''}: {_apart(got[worst], expected[worst])}{margin}"
    )


def _argmax_of_ratio(error: npt.NDArray[np.float64], allowed: npt.NDArray[np.float64]) -> np.intp:
    """Where error / allowed is largest; what is allowed may be 0, and the error as large as floats are."""
    if not np.all(allowed > 0):
        return np.argmax(error - allowed)
    return np.argmax(np.log(np.maximum(error, 1e-300)) - np.log(allowed))


def _apart(got: float, expected: float) -> str:
    """Two numbers that differ; where six digits do not show it, how much they do."""
    yours, right = f"{got:.6g}", f"{expected:.6g}"
    difference = f", a difference of {got - expected:.1g}" if yours == right else ""
    return f"yours {yours}, expected {right}{difference}"


def _of_shape(name: str, actual: Any, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    got = _as_array(name, actual, shape)
    if got.shape != shape:
        wanted = f"have shape {shape}, yours has" if shape else "be a number, yours has shape"
        raise Unexpected(f"{name} should {wanted} {got.shape}", Cause.WRONG_SHAPE)
    return got


def _as_array(name: str, actual: Any, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    if not (type(actual) in NUMBERS or (isinstance(actual, np.ndarray) and actual.dtype.kind in "biufc")):
        wanted = f"an array of shape {shape}" if shape else "a number"
        raise Unexpected(f"{name} should be {wanted}, not {_kind(actual)}", Cause.WRONG_TYPE)
    got = np.asarray(_in_float(actual))
    if got.dtype.kind not in "fiu":
        raise Unexpected(f"{name} should hold real numbers, not dtype {got.dtype}", Cause.WRONG_DTYPE)
    return got


def _in_float(value: Any) -> Any:
    """The same; an integer of more than 64 bits as the float that is nearest, which may be infinite."""
    if type(value) is not int or -(2**63) <= value < 2**64:
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _is_sequence(value: Any) -> bool:
    return type(value) in (list, tuple) or (isinstance(value, tuple) and hasattr(value, "_fields"))


class expect_raises:  # noqa: N801 - a block's word, as contextlib's
    """Pass when student code raises ``kind`` with ``mentions`` in its message; AssertionError otherwise.

    What the check itself raises is no refusal of the student's: an error of a function of the check's that
    student code called and passed on, in grading also one that the block's own expressions raise. So the
    block should hold the call and nothing else. NotImplementedError, a RuntimeError in Python, goes through:
    what is not written yet refuses nothing.
    """

    def __init__(self, kind: type[Exception], mentions: str = "") -> None:
        self._kind = kind
        self._mentions = mentions

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        name = self._kind.__name__
        if error is None or trace is None:
            raise AssertionError(f"expected {name}, but nothing was raised")
        if not isinstance(error, self._kind) or isinstance(error, NotImplementedError | CheckEnded):
            return False
        if _is_ours(error, trace):
            raise AssertionError(
                f"expected {name} from your code; it raised none, but the check did: {str(error)[:100]!r}"
            ) from error
        if self._mentions not in str(error):
            raise AssertionError(
                f"the {name} should mention {self._mentions!r}; its message is {str(error)[:100]!r}"
            ) from error
        return True


def _is_ours(error: BaseException, trace: TracebackType) -> bool:
    """Whether the check raised an error itself, as far as can be told: ``trace`` begins in the block.

    In grading, errors of student code carry a mark. In a notebook, the check's own functions are those that
    are written in its cell.
    """
    block, last = trace.tb_frame, trace
    while last.tb_next is not None:
        last = last.tb_next
    if GRADED in block.f_globals:
        return not getattr(error, "raised_by_student", False)
    return last is not trace and _holds(block.f_code, last.tb_frame.f_code)


def _holds(code: CodeType, inner: CodeType) -> bool:
    return any(part is inner or _holds(part, inner) for part in code.co_consts if isinstance(part, CodeType))


@contextlib.contextmanager
def expect_unchanged(**arguments: Any) -> Iterator[None]:
    """Raise AssertionError, naming it, when the block changes one of the arrays, lists or dicts in place."""
    before = copy.deepcopy(arguments)
    yield
    for name, now in arguments.items():
        if _same(now, before[name]):
            continue
        said = f"your code changed its argument `{name}` in place"
        if isinstance(now, np.ndarray) and now.shape == before[name].shape:
            where = _first((now != before[name]) & ((now == now) | (before[name] == before[name])))
            said += f": {name}{_at(where)} was {before[name][where].item()!r}, is now {now[where].item()!r}"
        raise Unexpected(f"{said}; work on a copy", Cause.MUTATED)


def _same(now: Any, before: Any) -> bool:
    if type(now) is not type(before):
        return False
    if isinstance(now, np.ndarray):
        return np.array_equal(now, before, equal_nan=now.dtype.kind in "fc")
    if isinstance(now, dict):
        return list(now) == list(before) and all(_same(now[key], before[key]) for key in now)
    if isinstance(now, list | tuple):
        return len(now) == len(before) and all(map(_same, now, before))
    return bool(now == before or (now != now and before != before))


def _first(mask: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _entry(name: str, index: tuple[Any, ...]) -> str:
    """An entry of what is compared: ``dw[0]``, and of a name in words ``entry [0] of dw at -1e4``."""
    return _part(name, _at(index)[1:-1]) if index else name


def _part(name: str, key: str) -> str:
    return f"entry [{key}] of {name}" if " " in name else f"{name}[{key}]"


def _at(index: tuple[Any, ...]) -> str:
    return f"[{', '.join(str(int(i)) for i in index)}]" if index else ""


def _listed(keys: Mapping[Any, Any]) -> str:
    return ", ".join(repr(key)[:40] for key in list(keys)[:12])


def _kind(value: Any) -> str:
    """What a value is, in words; those that a grader has for an object that stays on the student's side."""
    if value is None:
        return "None"
    if type(value) is memoryview:
        return "a memoryview, as the `.data` of an array is"
    if type(value) is array.array:
        return "an array.array"
    name = f"array of dtype {value.dtype}"[:80] if type(value) is np.ndarray else type(value).__name__
    return f"an {name}" if name[:1].lower() in ("a", "e", "i", "o") else f"a {name}"
