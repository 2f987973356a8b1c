"""Tensors that take notes: what was computed with them can be computed again, by rules one can trust.

A check of a function that computes *with* tensors should not charge it for a slip in their rules. So it
hands the function tensors that note each operation, reads the notes as plain data, and replays them: with
arrays for the value, with exact tensors for the gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

#: One operation: its name, its operands, its settings. An operand is ("note", the number of an earlier one)
#: or ("constant", its value).
Note = tuple[str, list[tuple[str, Any]], dict[str, Any]]

_PLAIN: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "truediv": lambda x, y: x / y,
    "matmul": lambda x, y: x @ y,
    "neg": lambda x: -x,
    "pow": lambda x, exponent: x**exponent,
    "sin": np.sin,
    "exp": np.exp,
    "log": np.log,
    "relu": lambda x: np.maximum(x, 0),
    "sum": lambda x, axis, keepdims: np.sum(x, axis=axis, keepdims=keepdims),
}
METHODS = ("sin", "exp", "log", "relu", "sum")


class ForeignRule(Exception):  # noqa: N818 - what was met, not what went wrong
    """The notes hold an operation by a rule of the student's own, which nothing here can replay."""


def take_notes(
    tensor: type, function: Callable[..., Any], inputs: Mapping[str, Any] | Sequence[Any], *others: Any
) -> list[Note]:
    """Return what ``function`` does with ``inputs`` as noting tensors: one note an operation, plain data.

    ``tensor`` is the class of tensors that the notes stand in for, as in exercise 5.2: it has ``data`` and
    ``inputs``. A mapping of inputs is handed over as one dict, a sequence as one argument each, and
    ``others`` after them as they are. Noted are ``+ - * / @ **`` and the methods sin, exp, log, relu, sum.

    What is computed has NumPy's values. An operand that is no noting tensor is a constant; one that
    ``tensor`` recorded from a noting one, by a rule of its own, is noted as "foreign". The last note is
    "result". Whatever ``function`` raises is passed on; AssertionError is raised if it calls ``backward``.
    """
    notes: list[Note] = []
    kind = _noting(tensor, notes)
    if isinstance(inputs, Mapping):
        named = {name: kind(data) for name, data in inputs.items()}
        made = list(named.values())
        result = function(named, *others)
    else:
        made = [kind(data) for data in inputs]
        result = function(*made, *others)
    if any(each.grad is not None for each in made):
        raise AssertionError("your function calls `backward` itself: leave that to whoever calls it")
    return [*notes, ("result", [_operand(result, tensor, kind)], {})]


def replay(notes: Sequence[Any], inputs: Sequence[Any]) -> Any:
    """Return the result of ``notes``, computed from ``inputs`` instead: arrays, or tensors of another class.

    Raises ForeignRule for notes of a rule of one's own.
    """
    values: list[Any] = []
    given = iter(inputs)
    for name, operands, settings in notes:
        used = [values[operand] if kind == "note" else operand for kind, operand in operands]
        if any(kind == "foreign" for kind, _ in operands):
            raise ForeignRule(name)
        if name == "input":
            values.append(next(given))
        elif name == "result":
            return used[0]
        elif name in METHODS and hasattr(used[0], "backward"):
            values.append(getattr(used[0], name)(**settings))
        else:
            values.append(_PLAIN[name](*used, **settings))
    raise ValueError("the notes have no result")


def _noting(tensor: Any, notes: list[Note]) -> type:
    """A subclass of ``tensor`` whose operations are NumPy's, and appended to ``notes``."""

    class Noting(tensor):  # type: ignore[misc]
        __array_ufunc__ = None

        def __init__(self, data: Any, note: Note = ("input", [], {})) -> None:
            self.data = np.array(data, dtype=float)
            self.grad, self.inputs, self.pullback, self.op, self.name = None, (), None, "", ""
            self.number = len(notes)
            notes.append(note)

        def __pow__(self, exponent: Any) -> Any:
            return noted("pow", self, exponent=exponent)

        def __neg__(self) -> Any:
            return noted("neg", self)

        def sin(self) -> Any:
            return noted("sin", self)

        def exp(self) -> Any:
            return noted("exp", self)

        def log(self) -> Any:
            return noted("log", self)

        def relu(self) -> Any:
            return noted("relu", self)

        def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
            return noted("sum", self, axis=axis, keepdims=keepdims)

    def noted(name: str, *operands: Any, **settings: Any) -> Any:
        values = [operand.data if isinstance(operand, tensor) else operand for operand in operands]
        note = (name, [_operand(operand, tensor, Noting) for operand in operands], settings)
        return Noting(_PLAIN[name](*values, **settings), note)

    for name in ("add", "sub", "mul", "truediv", "matmul"):
        setattr(Noting, f"__{name}__", lambda self, other, name=name: noted(name, self, other))
        setattr(Noting, f"__r{name}__", lambda self, other, name=name: noted(name, other, self))
    Noting.__name__ = Noting.__qualname__ = "Tensor"  # which messages name: float() of one, for instance
    return Noting


def _operand(operand: Any, tensor: Any, kind: Any) -> tuple[str, Any]:
    if isinstance(operand, kind):
        return "note", operand.number
    if not isinstance(operand, tensor):
        return "constant", operand
    return ("foreign", None) if _leads_to(operand, kind) else ("constant", operand.data)


def _leads_to(operand: Any, kind: type) -> bool:
    """Whether a tensor of the student's was computed from a noting one."""
    reached, seen = [operand], {id(operand)}
    while reached:
        tensor = reached.pop()
        if isinstance(tensor, kind):
            return True
        fresh = [source for source in getattr(tensor, "inputs", ()) if id(source) not in seen]
        seen.update(map(id, fresh))
        reached.extend(fresh)
    return False
