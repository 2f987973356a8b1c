"""Handles: the student's functions, classes and objects, as a graded cell sees them.

A handle does what the object would do, by asking for it. What comes back is plain data or another handle. Two
things are not asked for, because the answer would be the student's to choose: whether an object is true, and
how an object that a call returned compares with a number. A check looks at numbers, never at what an object
says about them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from autograder.grader_side import line_search
from autograder.grader_side.errors import NotANumber
from course_lib.gradcheck.lines.result import WrongLine

MAX_ITERATIONS = 1_000_000
MOST_CLASSES = 256
BOUND = ("method", "builtin_function_or_method")
COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")
OPERATORS = {
    "add": "__radd__",
    "subtract": "__rsub__",
    "multiply": "__rmul__",
    "divide": "__rtruediv__",
    "floor_divide": "__rfloordiv__",
    "remainder": "__rmod__",
    "power": "__rpow__",
    "matmul": "__rmatmul__",
    "less": "__gt__",
    "less_equal": "__ge__",
    "greater": "__lt__",
    "greater_equal": "__le__",
    "equal": "__eq__",
    "not_equal": "__ne__",
}
ARITHMETIC = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")


class Owner(Protocol):
    """Where handles live: the link to the child that holds their objects."""

    def do(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """The value of an operation on the student's side."""

    def release(self, number: int, generation: int) -> None:
        """Take note that nobody holds this handle any more."""

    def methods_of(self, kind: str) -> set[str]:
        """The names found to be methods of objects of this class: they need not be asked for again."""

    def search_line(self, function: Any, rest: list[Any], dout: Any, seed: int) -> str:
        """What the student's process finds of a wrong line, as JSON; "" for nothing."""


class Reference:
    """What a handle stands for: an object's number in one generation of the child, and what was said of it.

    ``name`` is the student's global name that it was found under, or "": a named object can be found again
    after the child was replaced. ``operand`` tells that the check made the object itself, by calling a name
    that it writes as a class's (with a capital), by arithmetic on such objects, or in a function of its own
    that student code calls with it: such objects may be compared.
    """

    __slots__ = (
        *("owner", "number", "generation", "own_name", "callable"),
        *("name", "operand", "renewed"),
    )

    def __init__(self, owner: Owner, number: int, generation: int, own_name: str, callable: bool) -> None:
        self.owner = owner
        self.number = number
        self.generation = generation
        self.own_name = own_name
        self.callable = callable
        self.name = ""
        self.operand = False
        self.renewed: Reference | None = None

    def __del__(self) -> None:
        self.owner.release(self.number, self.generation)


class Handle:
    """An object of the student's. Its class carries the name of the student's class, for messages."""

    __slots__ = ("_wall",)

    _wall: Reference

    def __init__(self, reference: Reference) -> None:
        object.__setattr__(self, "_wall", reference)

    def __repr__(self) -> str:
        return f"<the student's {self._wall.own_name or type(self).__name__}>"

    def __getattr__(self, name: str) -> Any:
        wall = self._wall
        if name == "__name__" or name == "__qualname__":
            if wall.own_name:
                return wall.own_name
            raise AttributeError(name)
        if name == "__signature__" and wall.callable:
            return _signature(self)
        if name.startswith(("__", "_repr_", "_ipython_")):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        known = wall.owner.methods_of(type(self).__name__)
        if name not in known:
            value = wall.owner.do("getattr", self, name)
            if not (isinstance(value, Handle) and type(value).__name__ in BOUND):
                return value
            known.add(name)
        return Method(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._wall.owner.methods_of(type(self).__name__).discard(name)
        self._wall.owner.do("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        self._wall.owner.methods_of(type(self).__name__).discard(name)
        self._wall.owner.do("delattr", self, name)

    def __bool__(self) -> bool:
        raise NotANumber(f"your code returned {_kind_of(self)}, where its truth value was asked for")

    def __hash__(self) -> int:
        raise NotANumber(f"your code returned {_kind_of(self)}, where a key of a dict was wanted")

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotANumber(f"your code returned {_kind_of(self)}, where numbers were wanted")

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """What an array on the left of an operator asks for: it leaves the operation to us."""
        name = OPERATORS.get(function.__name__, "")
        if not name or method != "__call__" or len(inputs) != 2 or options or isinstance(inputs[0], Handle):
            raise NotANumber(f"your code returned {_kind_of(self)}, where numbers were wanted")
        return getattr(self, name)(inputs[0])

    def __len__(self) -> int:
        return int(self._plain("len", int))

    def __float__(self) -> float:
        return float(self._plain("float", float))

    def __int__(self) -> int:
        return int(self._plain("int", int))

    def __index__(self) -> int:
        return int(self._plain("index", int))

    def __iter__(self) -> Iterator[Any]:
        iterator = self._wall.owner.do("iter", self)
        for _ in range(MAX_ITERATIONS):
            try:
                item = self._wall.owner.do("next", iterator)
            except StopIteration:
                return
            yield item
        raise NotANumber(f"{_kind_of(self)} has more than {MAX_ITERATIONS} items")

    def __getitem__(self, key: Any) -> Any:
        return self._wall.owner.do("getitem", self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._wall.owner.do("setitem", self, key, value)

    def __delitem__(self, key: Any) -> None:
        self._wall.owner.do("delitem", self, key)

    def __neg__(self) -> Any:
        return _arithmetic("neg", self)

    def __pos__(self) -> Any:
        return _arithmetic("pos", self)

    def __abs__(self) -> Any:
        return _arithmetic("abs", self)

    def __round__(self, digits: int | None = None) -> Any:
        return self._wall.owner.do("round", self, digits)

    def __find_line__(self, rest: Sequence[Any], dout: Any, seed: int) -> WrongLine:
        return line_search.asked(self._wall.owner.search_line, self, rest, dout=dout, seed=seed)

    def __copy__(self) -> Any:
        return self._wall.owner.do("copy", self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self._wall.owner.do("deepcopy", self)

    def _plain(self, operation: str, kind: type, *args: Any) -> Any:
        value = self._wall.owner.do(operation, self, *args)
        if type(value) is not kind:
            raise NotANumber(f"{operation}() of {_kind_of(self)} is no {kind.__name__}")
        return value


def _kind_of(handle: Handle) -> str:
    return f"an object ({type(handle).__name__})"


class CallableHandle(Handle):
    """A function, a class, or an object that can be called."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 (Python's contract, like its kin)
        value = self._wall.owner.do("call", self, *args, **kwargs)
        return as_operand(value) if self._wall.name[:1].isupper() else value


def as_operand(value: Any) -> Any:
    """The same value; when it is a handle, one that may be compared from now on."""
    if isinstance(value, Handle):
        value._wall.operand = True
    return value


def _arithmetic(operation: str, owner: Handle, *operands: Any) -> Any:
    value = owner._wall.owner.do(operation, *(operands or (owner,)))
    return as_operand(value) if owner._wall.operand else value


def _binary(operation: str, reflected: bool) -> Callable[[Handle, Any], Any]:
    def forward(self: Handle, other: Any) -> Any:
        return _arithmetic(operation, self, self, other)

    def backward(self: Handle, other: Any) -> Any:
        return _arithmetic(operation, self, other, self)

    return backward if reflected else forward


def _comparison(operation: str) -> Callable[[Handle, Any], Any]:
    def compare(self: Handle, other: Any) -> Any:
        if not self._wall.operand:
            raise NotANumber(f"{_kind_of(self)} cannot be compared; a number was expected")
        return self._wall.owner.do(operation, self, other)

    return compare


for _name in ARITHMETIC:
    setattr(Handle, f"__{_name}__", _binary(_name, reflected=False))
    setattr(Handle, f"__r{_name}__", _binary(_name, reflected=True))
for _name in COMPARISONS:
    setattr(Handle, f"__{_name}__", _comparison(_name))


class Method:
    """A bound method of the student's, called by name: one message for each call."""

    def __init__(self, handle: Handle, name: str) -> None:
        self._handle = handle
        self.__name__ = name
        self.__qualname__ = f"{type(handle).__name__}.{name}"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 (Python's contract)
        return self._handle._wall.owner.do("method", self._handle, self.__name__, *args, **kwargs)

    def __find_line__(self, rest: Sequence[Any], dout: Any, seed: int) -> WrongLine:
        search, method = self._handle._wall.owner.search_line, [self._handle, self.__name__]
        return line_search.asked(search, method, rest, dout=dout, seed=seed)

    @property
    def __signature__(self) -> inspect.Signature:
        return _signature(self._handle, self.__name__)


def _signature(handle: Handle, *method: str) -> inspect.Signature:
    described = handle._wall.owner.do("signature", handle, *method)
    try:
        parameters = [
            inspect.Parameter(name, inspect._ParameterKind(kind), default=None if default else inspect._empty)
            for name, kind, default in described
        ]
        return inspect.Signature(parameters)
    except (TypeError, ValueError) as error:
        raise AttributeError(f"the signature is not one: {error}") from None


class HandleClasses:
    """The classes of one notebook's handles, by what is said of the objects' own."""

    def __init__(self) -> None:
        self._classes: dict[tuple[str, bool, bool], type[Handle]] = {}

    def find(self, kind: str, callable: bool, mapping: bool) -> type[Handle]:
        """The class for handles of objects whose class is called ``kind``."""
        key = (kind if kind.isprintable() else "object", callable, mapping)
        if key not in self._classes and len(self._classes) >= MOST_CLASSES:
            key = ("object", callable, mapping)
        if key not in self._classes:
            base = CallableHandle if callable else Handle
            self._classes[key] = type(key[0], (base,), {"__slots__": ()})
            if mapping:
                Mapping.register(self._classes[key])
        return self._classes[key]
