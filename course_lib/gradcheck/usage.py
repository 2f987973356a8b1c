"""What is refused before any function is called: things in each other's place, by their kinds and names."""

import inspect
import operator
from collections.abc import Callable, Sequence
from typing import Any

from course_lib.gradcheck.text import function_name, parameter_names, printable

#: What a cache is called.
_CACHES = {"cache", "caches", "ctx", "context", "saved", "cached"}

#: How the names of upstream gradients begin.
_UPSTREAM = ("dout", "dy", "grad", "upstream")


def require_callable(function: Any, name: str, usage: str) -> None:
    """Refuse what cannot be called in a function's place; `usage` is how the check is called."""
    if not callable(function):
        raise TypeError(
            f"{name} is not callable: it is of type {printable(type(function).__name__)}; call {usage}"
        )


def refuse_gate(forward: Any, name: str) -> None:
    """Refuse an object with a forward and a backward, or its class, where the function forward belongs."""
    is_gate = callable(getattr(forward, "forward", None)) and callable(getattr(forward, "backward", None))
    if inspect.isclass(forward) and is_gate:
        kind = printable(forward.__name__)
        raise TypeError(f"{name} is the class {kind}: pass an instance of it, as check_gate({kind}(), x)")
    if is_gate and not callable(forward):
        kind = printable(type(forward).__name__)
        raise TypeError(f"{name} is a {kind}, with a forward and a backward of its own: call check_gate")


def require_inputs(inputs: Sequence[Any]) -> None:
    """Refuse a call without a point."""
    if not inputs:
        raise TypeError("no inputs were given: pass the point at which to check")


def require_seed(seed: Any) -> None:
    """Refuse what is no seed of a random generator: all that is not a whole number from 0 on."""
    try:
        if operator.index(seed) >= 0:
            return
    except TypeError:
        kind = printable(type(seed).__name__)
        raise TypeError(f"seed is of type {kind}; it is a whole number from 0 on") from None
    raise ValueError(f"seed is {printable(seed)}; it is a whole number from 0 on")


def require_order(forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
    """Refuse functions and parameters that stand in each other's place, as far as their names tell."""
    there, back = function_name(forward, ""), function_name(backward, "")
    if "backward" in there and "forward" in back:
        raise TypeError(f"{there} and {back} are exchanged: call check_vjp({back}, {there}, *inputs)")
    names, taken = parameter_names(backward, 2), parameter_names(forward, 2)
    upstream = taken[0].lower().startswith(_UPSTREAM)
    if upstream and taken[1].lower() in _CACHES and names[1].lower() not in _CACHES:
        raise TypeError(
            f"forward and backward are exchanged: the parameters of {there or 'forward'} are "
            f"({', '.join(taken)}), which backward takes"
        )
    if names[0].lower() in _CACHES and names[1].lower() not in _CACHES:
        given = f"({', '.join(names)})"
        raise TypeError(
            f"backward is called as (dout, cache), but the parameters of "
            f"{back or 'backward'} are {given}: exchange them"
        )


def as_names(names: Sequence[str], inputs: Sequence[Any]) -> tuple[str, ...]:
    """Return what the caller calls the inputs, safe to print. Raises TypeError or ValueError for others."""
    if isinstance(names, str):
        raise ValueError("names is a text; pass a list with one name for each input")
    if not isinstance(names, Sequence):
        kind = printable(type(names).__name__)
        raise TypeError(f"names is of type {kind}; pass a list with one name for each input")
    if len(names) != len(inputs):
        raise ValueError(f"names has {len(names)} entries for {len(inputs)} inputs")
    return tuple(argument_name(name) for name in names)


def argument_name(name: object) -> str:
    """Return a name of any type as a text that is safe to print."""
    return printable(name)
