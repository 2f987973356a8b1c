"""A function that calls another one where it, or a function inside of it, calls a certain one."""

from functools import partial, update_wrapper
from types import CellType, FunctionType, MethodType
from typing import Any

from course_lib.gradcheck.lines.source import NotFollowed

#: How deep closures may lie in each other.
DEEPEST = 5


def with_another(function: Any, old: Any, new: Any) -> Any:
    """Return a function that calls `new` where it, or a function of the check inside of it, calls `old`.

    Nothing is changed: globals and closures that hold `old` are copied. Raises NotFollowed where `old` is not
    found.
    """
    if isinstance(new, partial):
        update_wrapper(new, old)  # a decorator may ask for its name
    changed = _with_another(function, old, new, 0)
    if changed is function:
        raise NotFollowed("the check does not call it")
    return changed


def _with_another(function: Any, old: Any, new: Any, depth: int) -> Any:
    if function is old:
        return new
    if type(old) is MethodType and function is old.__self__:
        return _With(function, old.__name__, new)
    if type(function) is tuple and depth <= DEEPEST:
        parts = tuple(_with_another(part, old, new, depth + 1) for part in function)
        return function if all(a is b for a, b in zip(parts, function, strict=True)) else parts
    if type(function) is not FunctionType or depth > DEEPEST:
        return function
    named = {name: function.__globals__.get(name) for name in function.__code__.co_names}
    names = {name: _with_another(value, old, new, depth + 1) for name, value in named.items()}
    moved = {name: value for name, value in names.items() if value is not named[name]}
    cells = [_cell(cell, old, new, depth + 1) for cell in function.__closure__ or ()]
    if not moved and all(a is b for a, b in zip(cells, function.__closure__ or (), strict=True)):
        return function
    space = {**function.__globals__, **moved}
    made = FunctionType(function.__code__, space, function.__name__, function.__defaults__, tuple(cells))
    made.__kwdefaults__ = function.__kwdefaults__
    made.__dict__.update(function.__dict__)
    return made


class _With:
    """An object with another method."""

    def __init__(self, whole: Any, name: str, method: Any) -> None:
        self.__dict__.update({"_whole": whole, name: method})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


def _cell(cell: CellType, old: Any, new: Any, depth: int) -> CellType:
    try:
        value = cell.cell_contents
    except ValueError:  # it is still empty
        return cell
    changed = _with_another(value, old, new, depth)
    return cell if changed is value else CellType(changed)
