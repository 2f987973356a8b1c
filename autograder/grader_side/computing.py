"""How a student's object computes and compares: with its like over there, with plain data by what it has.

A number comes of it only where it is not the student's to choose (``belief``).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from autograder.grader_side.belief import StandIn, as_operand, kind_of, said_by, told_as
from autograder.grader_side.contents import FIXED, FIXED_TRAITS, NONE, content_of
from autograder.grader_side.errors import NotANumber
from autograder.grader_side.special_names import ARITHMETIC, BITWISE, COMPARISONS, IN_PLACE, UFUNCS
from autograder.student_side.traits import EQUAL_TO_ITSELF


class Computing(StandIn):
    """Has the operators of Python and of NumPy's arrays, as far as an object's answer is believed."""

    __slots__ = ()

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        if not _holds_numbers(self):
            raise NotANumber(f"your code returned {kind_of(self)}, where numbers were wanted")
        return np.array(_held(self), *args, **kwargs)

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """What a function of NumPy's asks for, and an array on the left of an operator."""
        handles = [value for value in inputs if isinstance(value, StandIn)]
        into = any(isinstance(value, StandIn) for value in options.get("out", ()))
        if not into and all(_is_data(handle) for handle in handles):
            return getattr(function, method)(*map(_held, inputs), **options)
        name = UFUNCS.get(function.__name__, "")
        if not name or method != "__call__" or len(inputs) != 2 or options or isinstance(inputs[0], StandIn):
            raise NotANumber(f"your code returned {kind_of(self)}, where numbers were wanted")
        return getattr(type(self), name)(self, inputs[0])

    def __neg__(self) -> Any:
        return self._alone("neg")

    def __pos__(self) -> Any:
        return self._alone("pos")

    def __abs__(self) -> Any:
        return self._alone("abs")

    def __invert__(self) -> Any:
        return self._alone("invert")

    def _alone(self, operation: str) -> Any:
        operand, trust = self._wall.operand, self._wall.trust
        value = said_by(self, self._wall.owner.do(operation, self))
        return as_operand(value, trust) if operand else value

    def __round__(self, digits: int | None = None) -> Any:
        return said_by(self, self._wall.owner.do("round", self, digits))


def _has_content(handle: StandIn, operation: str) -> bool:
    """Whether an operation is on what an object holds, and not a change of the object."""
    content = content_of(handle)
    in_place = operation[0] == "i" and operation[1:] in IN_PLACE
    return content is not NONE and (type(content) in FIXED or not in_place)


def _is_data(handle: StandIn) -> bool:
    return not handle._wall.operand and _holds_numbers(handle)


def _holds_numbers(handle: StandIn) -> bool:
    """Whether an object is data to NumPy: it holds such, or has elements by number."""
    return content_of(handle) is not NONE or {*"lg"} <= {*handle._wall.traits}


def _held(value: Any) -> Any:
    content = _as_content(value)
    return list(islice(value, len(value))) if content is NONE else content


def _as_content(value: Any) -> Any:
    return content_of(value) if isinstance(value, StandIn) else value


def _are_plain(*handles: StandIn) -> bool:
    """Whether these extend numbers, texts or tuples, and none of them is an object that the check made."""
    return not any(handle._wall.operand or FIXED_TRAITS.isdisjoint(handle._wall.traits) for handle in handles)


def _arithmetic(operation: str, own: StandIn, *operands: Any) -> Any:
    """The value of an operation on objects; a number comes only of objects that the check itself made."""
    handles = [operand for operand in operands if isinstance(operand, StandIn)]
    made_here = [handle._wall.trust for handle in handles if handle._wall.operand]
    if not made_here and len(handles) < len(operands) and _has_content(own, operation):
        operate = divmod if operation == "divmod" else getattr(operator, operation)
        return operate(*map(_as_content, operands))
    value = own._wall.owner.do(operation, *operands)
    if made_here:
        return as_operand(value, made_here[0])
    if len(handles) < len(operands):
        if not isinstance(value, StandIn):
            raise NotANumber(f"your code returned {kind_of(own)}, where a number was wanted")
        value._wall.told = True
    for handle in handles:
        value = told_as(handle, value)
    return value


def _binary(operation: str, reflected: bool) -> Callable[[Computing, Any], Any]:
    def forward(self: Computing, other: Any) -> Any:
        return _arithmetic(operation, self, self, other)

    def backward(self: Computing, other: Any) -> Any:
        return _arithmetic(operation, self, other, self)

    return backward if reflected else forward


def _are_apart(operation: str, own: StandIn, other: Any) -> bool:
    """Whether an object and plain data are not equal, whatever the object would say."""
    traits = own._wall.traits
    # None, a function, a mark such as NumPy's for "no value": equal to nothing else; so is an iterator.
    alone = type(other).__eq__ in (object.__eq__, type(None).__eq__) or "n" in traits
    # Libraries take a word in a function's place. Of a number an error says more than False: it was expected.
    return alone or (EQUAL_TO_ITSELF in traits and (operation == "ne" or type(other) is str))


def _comparison(operation: str) -> Callable[[Computing, Any], Any]:
    def compare(self: Computing, other: Any) -> Any:
        if isinstance(other, type) and issubclass(other, StandIn) and operation in ("eq", "ne"):
            # type(x) == Dog, of which only the name is known here
            same = "T" in self._wall.traits and other.__name__ == self._wall.own_name
            return same == (operation == "eq")
        believed = self._wall.made_by_check if operation in ("eq", "ne") else self._wall.operand
        if believed or (isinstance(other, StandIn) and not _are_plain(self, other)):
            return self._wall.owner.do(operation, self, other)
        if operation in ("eq", "ne") and _are_apart(operation, self, other):
            return operation == "ne"
        if (content := content_of(self)) is not NONE:
            return getattr(operator, operation)(content, _as_content(other))
        raise NotANumber(f"{kind_of(self)} cannot be compared; a number was expected")

    return compare


for _name in ARITHMETIC:
    setattr(Computing, f"__{_name}__", _binary(_name, reflected=False))
    setattr(Computing, f"__r{_name}__", _binary(_name, reflected=True))
for _name in BITWISE:
    setattr(Computing, f"__{_name}__", _binary(_name if _name == "xor" else f"{_name}_", reflected=False))
    setattr(Computing, f"__r{_name}__", _binary(_name if _name == "xor" else f"{_name}_", reflected=True))
for _name in IN_PLACE:
    setattr(Computing, f"__i{_name}__", _binary(f"i{_name}", reflected=False))
for _name in COMPARISONS:
    setattr(Computing, f"__{_name}__", _comparison(_name))
