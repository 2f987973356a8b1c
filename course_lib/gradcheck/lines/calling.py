"""How a search calls the functions that it looks into: unheard, and with arguments of their own."""

import contextlib
import copy
import io
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import numpy as np

from course_lib.gradcheck.exits import as_error
from course_lib.gradcheck.lines.bounded import bounded, may_wait

Values = TypeVar("Values")

#: Holds something while all is quiet already: a search makes hundreds of calls, and each would see to it.
#: It is whether what they call may have no end.
_quiet: list[bool] = []


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)


@contextmanager
def quietly(*called: Any) -> Iterator[None]:
    """Keep what is printed, and what NumPy says of numbers far from the point, to ourselves.

    A block inside of another is one call of what that one says is `called`, and ends after so many steps.
    """
    if _quiet:
        try:
            with bounded() if _quiet[0] else contextlib.nullcontext():
                yield
        except SystemExit as error:
            raise as_error(error) from None
        return
    _quiet.append(may_wait(*called))
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(), contextlib.redirect_stdout(_Nowhere()):
            warnings.simplefilter("ignore")
            yield
    finally:
        _quiet.clear()


def fresh(values: Values) -> Values:
    """Return values to be handed over, which may be changed there: a deep copy.

    Of what most arguments are, a dict or a list of numbers and of arrays of numbers, it is made without
    asking each of them how.
    """
    given: Any = values
    if type(given) is dict and _are_apart(given.values()):
        given = {name: _copied(value) for name, value in given.items()}
    elif type(given) is list and _are_apart(given):
        given = [_copied(value) for value in given]
    else:
        given = _copied(given)
    return cast(Values, given)


def as_it_is(value: Any) -> Any:
    """Return what a call returned, with copies of its arrays, which a later call may change in place.

    Objects of a student's own stay what they are: the next call is of one of them, perhaps.
    """
    if type(value) is np.ndarray:
        return value.copy()
    if type(value) in (tuple, list):
        return type(value)(map(as_it_is, value))
    return {key: as_it_is(part) for key, part in value.items()} if type(value) is dict else value


def _are_apart(values: Iterable[Any]) -> bool:
    """Whether no array stands there twice, and nothing is made of others."""
    arrays = [value for value in values if type(value) not in (float, int)]
    return all(type(value) is np.ndarray for value in arrays) and len(set(map(id, arrays))) == len(arrays)


def _copied(value: Any) -> Any:
    if type(value) is np.ndarray and not value.dtype.hasobject:
        return value.copy(order="K")
    return value if type(value) in (float, int) else copy.deepcopy(value)
