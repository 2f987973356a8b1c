"""Parameters as nets keep them: nested dicts and lists of arrays, as a list of leaves."""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from course_lib.gradcheck.arguments import is_data, numbers_of
from course_lib.gradcheck.causes import Cause, ContractError
from course_lib.gradcheck.frameworks import as_numpy
from course_lib.gradcheck.text import printable

#: Parameters nested deeper are refused.
DEEPEST = 20


def leaves(tree: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested dicts and lists with their names: `w`, `layer1.w`, `layers[0].w`.

    Raises ValueError for what is nested deeper than DEEPEST.
    """
    if depth > DEEPEST:
        raise ValueError(f"params are nested more than {DEEPEST} deep")
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            text = printable(key)
            yield from leaves(value, f"{name}.{text}" if name else text, depth + 1)
    elif is_branch(tree):
        for k, value in enumerate(tree):
            yield from leaves(value, _below(tree, k, name), depth + 1)
    else:
        yield name, tree


def is_branch(value: Any) -> bool:
    """Whether a list or tuple holds parameters, rather than the numbers of one."""
    if not isinstance(value, list | tuple) or not value:
        return False
    if _fields(value):
        return True
    return not all(isinstance(item, int | float | list | tuple) for item in value) or any(
        is_branch(item) for item in value
    )


def rebuilt(tree: Any, values: Iterator[Any]) -> Any:
    """Return a tree of the same form and the same kinds of dicts and tuples, with other leaves, in order."""
    if isinstance(tree, Mapping):
        made = copy.copy(tree) if isinstance(tree, dict) else {}
        made.update({key: rebuilt(value, values) for key, value in tree.items()})
        return made
    if is_branch(tree):
        parts = [rebuilt(value, values) for value in tree]
        return type(tree)(*parts) if _fields(tree) else tuple(parts) if isinstance(tree, tuple) else parts
    return next(values)


def has_form(tree: Any, grads: Any) -> bool:
    """Whether gradients have the form of a tree, down to the shapes of its variables."""
    if isinstance(tree, Mapping):
        return isinstance(grads, Mapping)
    if is_branch(tree):
        parts = grads if isinstance(grads, Sequence) and len(grads) == len(tree) else ()
        return len(parts) > 0 and all(map(has_form, tree, parts))
    numbers = numbers_of(as_numpy(grads))
    return is_data(tree) or (numbers is not None and numbers.shape == np.shape(tree))


def gradients_like(tree: Any, grads: Any, wanted: Callable[[Any], bool], name: str = "") -> Iterator[Any]:
    """Yield the gradient of each leaf that is wanted, looked up in grads of the same form.

    Raises ContractError where an entry is missing or has another form.
    """
    if isinstance(tree, Mapping):
        if not isinstance(grads, Mapping):
            raise ContractError(Cause.WRONG_TYPE, _form(name, grads, "a dict of arrays named like params"))
        for key, value in tree.items():
            text = printable(key)
            below = f"{name}.{text}" if name else text
            if key in grads:
                yield from gradients_like(value, grads[key], wanted, below)
            elif any(wanted(leaf) for _, leaf in leaves(value)):
                listed = ", ".join(repr(printable(entry)) for entry in list(grads)[:8])
                said = (
                    f"grads has no entry {key!r}; {f'its entries are {listed}' if listed else 'it is empty'}"
                )
                raise ContractError(Cause.WRONG_COUNT, said, below)
    elif is_branch(tree):
        if not isinstance(grads, Sequence) or len(grads) != len(tree):
            raise ContractError(Cause.WRONG_TYPE, _form(name, grads, f"a list of {len(tree)}, like params"))
        for k, value in enumerate(tree):
            yield from gradients_like(value, grads[k], wanted, _below(tree, k, name))
    elif wanted(tree):
        yield grads


def _fields(tree: Any) -> tuple[str, ...]:
    """Return the names that a namedtuple gives its parts, none for other lists and tuples."""
    return tuple(map(printable, getattr(tree, "_fields", ())))


def _below(tree: Any, k: int, name: str) -> str:
    """Return the name of a part of a list or tuple: `layers[0]`, or `layer.w` of a namedtuple."""
    fields = _fields(tree)
    return f"{name}[{k}]" if not fields else f"{name}.{fields[k]}" if name else fields[k]


def _form(name: str, grads: Any, expected: str) -> str:
    of = f" of {name}" if name else ""
    return f"grads{of} is of type {printable(type(grads).__name__)}; expected {expected}"
