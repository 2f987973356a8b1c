"""The public checks and their `assert_` twins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.pairs import CachedPair, GatePair, LossOfParameters, ScalarWithGradient
from course_lib.gradcheck.problem import Problem
from course_lib.gradcheck.results import GradientCheck, GradientMismatch
from course_lib.gradcheck.text import function_name, parameter_names, printable


def check_gradient(
    f: Callable[..., Any], x: Any, grad: Any, *, seed: int = 0, name: str | None = None
) -> GradientCheck:
    """Check the gradient of a scalar function of one argument.

    `f(x)` returns a number. `grad` is the gradient at `x`, of the shape of `x`, or a function that returns
    it; given a function, the checker can also measure its rounding noise. `name` is what the report calls the
    argument. Raises TypeError or ValueError for an `x` that has no gradient (empty, not numeric, nan).
    """
    _require_callable(f, "f")
    names = (_argument_name(name),) if name else parameter_names(f, 1)
    problem = Problem(ScalarWithGradient(f, grad), [x], names, function_name(f, "f"))
    check = _run(problem, 1.0, seed, scalar=True)
    return _with_line(check, _flat(grad), lambda: [{names[0]: x}])


def check_vjp(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *inputs: Any,
    dout: Any = None,
    seed: int = 0,
    names: Sequence[str] | None = None,
) -> GradientCheck:
    """Check a backward pass: the vector-Jacobian product of a forward pass.

    `forward(*inputs)` returns out, or (out, cache); `backward(dout, cache)` returns the gradient of <dout,
    out> with respect to each input, a tuple unless there is only one. A forward without a cache hands
    backward its inputs. `dout` is drawn from the seed unless given; `names` are what the report calls the
    inputs. Raises TypeError or ValueError for inputs that have no gradient (none, empty, not numeric, nan).
    """
    _require_callable(forward, "forward")
    _require_callable(backward, "backward")
    _require_inputs(inputs)
    names = _names(names, inputs) if names is not None else parameter_names(forward, len(inputs))
    problem = Problem(CachedPair(forward, backward), inputs, names, function_name(backward, "backward"))
    check = _run(problem, dout, seed)
    return _with_line(check, forward, lambda: [backward, *inputs], dout=dout)


def check_gate(gate: Any, *inputs: Any, seed: int = 0) -> GradientCheck:
    """Check an object with `forward(*inputs) -> out` and `backward(dout)`, which keeps its own cache.

    `backward` returns the gradient with respect to each input, a tuple unless there is only one. A gate whose
    forward returns a tuple of outputs is called as `backward(*douts)`.
    """
    for method in ("forward", "backward"):
        _require_callable(getattr(gate, method, None), f"gate.{method}")
    _require_inputs(inputs)
    names = parameter_names(gate.forward, len(inputs))
    problem = Problem(GatePair(gate), inputs, names, printable(type(gate).__name__))
    check = _run(problem, None, seed)
    return _with_line(check, gate, lambda: list(inputs))


def check_parameters(
    loss: Callable[..., Any], params: Mapping[str, Any], grads: Any, *, seed: int = 0
) -> GradientCheck:
    """Check the gradients of a loss with respect to a dict of parameters, as a net keeps them.

    `loss(params)` returns a number, or a tuple that starts with it, for any dict of arrays like `params`.
    `grads` is a dict with an array for each parameter, or a function of such a dict that returns one. Where
    `grads` wraps a flat function of these parameters (it has it as `__wrapped__`, as `functools.wraps` puts
    it there), the first wrong line of that function is named.
    """
    _require_callable(loss, "loss")
    if not isinstance(params, Mapping) or not params:
        raise TypeError("params is not a dict of arrays with at least one entry")
    names = tuple(_argument_name(name) for name in params)
    problem = Problem(
        LossOfParameters(loss, tuple(params), grads),
        list(params.values()),
        names,
        function_name(loss, "loss"),
    )
    check = _run(problem, 1.0, seed, scalar=True)
    return _with_line(check, _flat(grads), lambda: [dict(params)])


def assert_gradient(
    f: Callable[..., Any], x: Any, grad: Any, *, seed: int = 0, name: str | None = None
) -> None:
    """Raise GradientMismatch unless `check_gradient` passes."""
    _require(check_gradient(f, x, grad, seed=seed, name=name))


def assert_vjp(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *inputs: Any,
    dout: Any = None,
    seed: int = 0,
    names: Sequence[str] | None = None,
) -> None:
    """Raise GradientMismatch unless `check_vjp` passes."""
    _require(check_vjp(forward, backward, *inputs, dout=dout, seed=seed, names=names))


def assert_gate(gate: Any, *inputs: Any, seed: int = 0) -> None:
    """Raise GradientMismatch unless `check_gate` passes."""
    _require(check_gate(gate, *inputs, seed=seed))


def assert_parameters(
    loss: Callable[..., Any], params: Mapping[str, Any], grads: Any, *, seed: int = 0
) -> None:
    """Raise GradientMismatch unless `check_parameters` passes."""
    _require(check_parameters(loss, params, grads, seed=seed))


def _require(check: GradientCheck) -> None:
    if not check.passed:
        raise GradientMismatch(check)


def _require_callable(function: Any, name: str) -> None:
    if not callable(function):
        raise TypeError(f"{name} is not callable: it is of type {printable(type(function).__name__)}")


def _require_inputs(inputs: Sequence[Any]) -> None:
    if not inputs:
        raise TypeError("no inputs were given: pass the point at which to check")


def _names(names: Sequence[str], inputs: Sequence[Any]) -> tuple[str, ...]:
    if isinstance(names, str) or len(names) != len(inputs):
        raise ValueError(f"names has {len(names)} entries for {len(inputs)} inputs")
    return tuple(_argument_name(name) for name in names)


def _argument_name(name: object) -> str:
    return printable(np.str_(name))


def _run(problem: Problem, dout: Any, seed: int, *, scalar: bool = False) -> GradientCheck:
    """Check, by what is loaded at the first check: most of what importing the library would cost."""
    from course_lib.gradcheck.check import run

    return run(problem, dout, seed, scalar)


def _flat(gradients: Any) -> Any:
    """Return the function whose value and gradients a function of gradients only hands on, or None."""
    return getattr(gradients, "__wrapped__", None)


def find_line(function: Any, *rest: Any, dout: Any = None) -> WrongLine:
    """Return the first wrong line of a hand-written backward pass, or the reason why none is named.

    `find_line(forward, backward, *inputs)`: as for `check_vjp`. `find_line(gate, *inputs)`: as for
    `check_gate`. `find_line(function, inputs)`: a flat function, which returns its value and a dict of
    gradients (or the gradients one after the other), with its arguments by name.

    The gradient of every intermediate is measured and compared with the variable that claims to be it. A line
    is named only if the measured gradient, put in the place of what the line computes, makes right what the
    function returns. Raises TypeError for arguments of another form.
    """
    from course_lib.gradcheck.lines.api import find_line as find

    return find(function, *rest, dout=dout)


def _with_line(
    check: GradientCheck, function: Any, rest: Callable[[], list[Any]], **options: Any
) -> GradientCheck:
    """Add the first wrong line to a check that found wrong values."""
    if function is None or not any(argument.wrong for argument in check.arguments):
        return check
    return replace(check, line=find_line(function, *rest(), **options))
