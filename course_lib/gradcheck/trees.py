"""Parameters as nets keep them: nested dicts and lists of arrays, as a list of leaves."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from course_lib.gradcheck.causes import Cause, ContractError
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
            yield from leaves(value, f"{name}[{k}]", depth + 1)
    else:
        yield name, tree


def is_branch(value: Any) -> bool:
    """Whether a list or tuple holds parameters, rather than the numbers of one."""
    if not isinstance(value, list | tuple) or not value:
        return False
    return not all(isinstance(item, int | float | list | tuple) for item in value) or any(
        is_branch(item) for item in value
    )


def rebuilt(tree: Any, values: Iterator[Any]) -> Any:
    """Return a tree of the same form with other leaves, in order."""
    if isinstance(tree, Mapping):
        return {key: rebuilt(value, values) for key, value in tree.items()}
    if is_branch(tree):
        return [rebuilt(value, values) for value in tree]
    return next(values)


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
                raise ContractError(Cause.WRONG_COUNT, f"grads has no entry {key!r}", below)
    elif is_branch(tree):
        if not isinstance(grads, Sequence) or len(grads) != len(tree):
            raise ContractError(Cause.WRONG_TYPE, _form(name, grads, f"a list of {len(tree)}, like params"))
        for k, value in enumerate(tree):
            yield from gradients_like(value, grads[k], wanted, f"{name}[{k}]")
    elif wanted(tree):
        yield grads


def _form(name: str, grads: Any, expected: str) -> str:
    of = f" of {name}" if name else ""
    return f"grads{of} is of type {printable(type(grads).__name__)}; expected {expected}"
