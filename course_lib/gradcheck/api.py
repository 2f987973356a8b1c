"""The public checks and their `assert_` twins."""

import inspect
from collections.abc import Callable, Mapping, Sequence, Sized
from contextlib import suppress
from functools import partial
from types import FunctionType
from typing import Any

import numpy as np

from course_lib.gradcheck.arguments import is_data, is_list, is_number, may_be_data
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.dependence import with_dependence, with_ignored
from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.outputs import joined
from course_lib.gradcheck.pairs import (
    CachedPair,
    GatePair,
    LossOfParameters,
    Pair,
    ScalarWithGradient,
)
from course_lib.gradcheck.problem import Problem
from course_lib.gradcheck.results import GradientCheck, GradientMismatch
from course_lib.gradcheck.text import function_name, parameter_names, printable
from course_lib.gradcheck.trees import is_branch, leaves
from course_lib.gradcheck.usage import (
    argument_name,
    as_names,
    refuse_gate,
    require_callable,
    require_inputs,
    require_order,
    require_seed,
)
from course_lib.gradcheck.with_line import with_line, with_line_of_gradients


def check_gradient(
    f: Callable[..., Any], x: Any, grad: Any, *, seed: int = 0, name: str | None = None
) -> GradientCheck:
    """Check the gradient of a scalar function of one argument.

    `f(x)` returns a number, or a tuple that starts with it. `grad` is the gradient at `x`, of the shape of
    `x`, or a function that returns it; given a function, the checker can also measure its rounding noise.
    `name` is what the report calls the argument. Raises TypeError or ValueError for an `x` that has no
    gradient (empty, not numeric, nan).
    """
    require_callable(f, "f", "check_gradient(f, x, grad)")
    if isinstance(x, Mapping) or is_branch(x):
        raise TypeError(
            f"x is a {printable(type(x).__name__)}; check_parameters checks dicts and lists of arrays"
        )
    called = None if name is None else argument_name(name)
    names = (called,) if called else parameter_names(f, 1)
    pair = ScalarWithGradient(f, grad)
    check = _run(pair, [x], names, function_name(f, "f"), seed, dout=1.0, scalar=True)
    check = with_dependence(check, f, pair, {names[0]: x})
    return with_line_of_gradients(check, pair, grad, {names[0]: x}, {names[0]: x})


def check_vjp(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *inputs: Any,
    dout: Any = None,
    seed: int = 0,
    names: Sequence[str] | None = None,
    **keywords: Any,
) -> GradientCheck:
    """Check a backward pass: the vector-Jacobian product of a forward pass.

    `forward(*inputs, **keywords)` returns out, or (out, cache); `backward(dout, cache)` returns the gradient
    of <dout, out> with respect to each input, a tuple unless there is only one. A forward without a cache
    hands backward its inputs; a backward with one argument gets `dout` alone. Where out is a tuple of
    outputs, so is `dout`; a `backward(dout1, dout2, cache)` gets each by itself, and where these are named
    d... or grad..., its forward may return (out1, out2, cache), too. `dout` is drawn from the seed unless
    given; `names` are what the report calls the inputs. Labels, masks, texts and None are data: they are
    handed on, and have no gradient (backward may leave theirs out, or return None). Where a backward of the
    check's own is written around another function, which is its attribute `around`, the first wrong line of
    that function is named; where a forward only calls a rule, a function that returns its value and its
    pullback, and has it as its attribute `rule`, that of the rule. Raises TypeError or ValueError for inputs
    that have no gradient (none, empty, not numeric, nan), TypeError for a backward of other arguments.
    """
    usage = "check_vjp(forward, backward, *inputs)"
    refuse_gate(forward, "forward")
    require_callable(forward, "forward", usage)
    require_callable(backward, "backward", usage)
    require_inputs([*inputs, *keywords.values()])
    require_order(forward, backward)
    names = as_names(names, inputs) if names is not None else parameter_names(forward, len(inputs))
    called = _with_keywords(forward, len(inputs), tuple(keywords)) if keywords else forward
    pair, dout = CachedPair(called, backward), joined(dout)
    check = _run(
        pair,
        [*inputs, *keywords.values()],
        (*names, *map(argument_name, keywords)),
        function_name(backward, "backward"),
        seed,
        dout=dout,
        settings=len(inputs),
    )
    rule = getattr(forward, "rule", None) if isinstance(forward, FunctionType) else None
    if not keywords:
        check = with_ignored(check, forward, pair, dict(zip(names, inputs, strict=True)), "forward")
    elif rule is not None or any(argument.name in keywords for argument in check.arguments):
        return check
    if rule is not None:
        with suppress(TypeError):  # it returns what was made elsewhere
            return with_line(check, rule, (), names, inputs, dout=dout, seed=seed)
        return check
    forward = partial(forward, **keywords) if keywords else forward
    return with_line(check, forward, (backward,), names, inputs, dout=dout, seed=seed, names=names)


def check_gate(gate: Any, *inputs: Any, seed: int = 0) -> GradientCheck:
    """Check an object with `forward(*inputs) -> out` and `backward(dout)`, which keeps its own cache.

    `backward` returns the gradient with respect to each input, a tuple unless there is only one. A gate whose
    forward returns a tuple of outputs is called as `backward(*douts)`. Labels, masks, texts and None are
    data, as in `check_vjp`.
    """
    if inspect.isclass(gate):
        name = printable(gate.__name__)
        raise TypeError(f"{name} is a class: pass an instance of it, as check_gate({name}(), x)")
    for method in ("forward", "backward"):
        if not callable(getattr(gate, method, None)):
            kind = printable(type(gate).__name__)
            raise TypeError(
                f"{kind} has no method {method}; a gate has forward and backward, both inside its class"
            )
    require_inputs(inputs)
    names = parameter_names(gate.forward, len(inputs))
    pair = GatePair(gate)
    check = _run(pair, inputs, names, printable(type(gate).__name__), seed)
    check = with_ignored(check, gate.forward, pair, dict(zip(names, inputs, strict=True)), "forward")
    return with_line(check, gate, (), names, inputs, seed=seed)


def check_parameters(
    loss: Callable[..., Any], params: Mapping[str, Any] | Sequence[Any], grads: Any, *, seed: int = 0
) -> GradientCheck:
    """Check the gradients of a loss with respect to its parameters, as a net keeps them.

    `params` is a dict of arrays, or a list, or dicts and lists one inside the other; what is no variable in
    it (a text, None, a mask) is handed on. `loss(params)` returns a number, or a tuple that starts with it.
    `grads` has the form of `params`, or is a function of such params that returns it (or the loss and it).
    Where `grads` wraps a flat function of these parameters (it has it as `__wrapped__`, as `functools.wraps`
    puts it there), the first wrong line of that function is named.
    """
    require_callable(loss, "loss", "check_parameters(loss, params, grads)")
    if not (isinstance(params, Mapping) or is_branch(params)) or not params:
        kind = printable(type(params).__name__)
        empty = isinstance(params, Sized) and not isinstance(params, np.ndarray) and not len(params)
        found = f"it is an empty {kind}" if empty else f"it is of type {kind}"
        raise TypeError(f"params is not a dict or a list of arrays with at least one entry: {found}")
    flat = list(leaves(params))
    names = tuple(argument_name(name) for name, _ in flat)
    pair = LossOfParameters(loss, params, grads, lambda leaf: not is_data(leaf))
    values = [value for _, value in flat]
    check = _run(pair, values, names, function_name(loss, "loss"), seed, dout=1.0, scalar=True)
    variables = dict(zip(names, values, strict=True))
    check = with_dependence(check, loss, pair, variables)
    inputs = dict(params) if isinstance(params, Mapping) else {}
    return with_line_of_gradients(check, pair, grads, inputs, variables)


def assert_gradient(
    f: Callable[..., Any], x: Any, grad: Any, *, seed: int = 0, name: str | None = None
) -> None:
    """Raise GradientMismatch unless `check_gradient` passes."""
    __tracebackhide__ = True
    _require(check_gradient(f, x, grad, seed=seed, name=name))


def assert_vjp(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *inputs: Any,
    dout: Any = None,
    seed: int = 0,
    names: Sequence[str] | None = None,
    **keywords: Any,
) -> None:
    """Raise GradientMismatch unless `check_vjp` passes."""
    __tracebackhide__ = True
    _require(check_vjp(forward, backward, *inputs, dout=dout, seed=seed, names=names, **keywords))


def assert_gate(gate: Any, *inputs: Any, seed: int = 0) -> None:
    """Raise GradientMismatch unless `check_gate` passes."""
    __tracebackhide__ = True
    _require(check_gate(gate, *inputs, seed=seed))


def assert_parameters(
    loss: Callable[..., Any], params: Mapping[str, Any] | Sequence[Any], grads: Any, *, seed: int = 0
) -> None:
    """Raise GradientMismatch unless `check_parameters` passes."""
    __tracebackhide__ = True
    _require(check_parameters(loss, params, grads, seed=seed))


def _require(check: GradientCheck) -> None:
    __tracebackhide__ = True  # pytest shows the line of the test, not ours
    if not check.passed:
        raise GradientMismatch(check)


def _with_keywords(function: Callable[..., Any], count: int, keywords: tuple[str, ...]) -> Callable[..., Any]:
    """Return a function of positional arguments alone: after `count`, those with these names."""

    def called(*values: Any) -> Any:
        return function(*values[:count], **dict(zip(keywords, values[count:], strict=True)))

    called.__name__ = function_name(function, "forward")
    return called


def _run(
    pair: Pair,
    values: Sequence[Any],
    names: Sequence[str],
    function: str,
    seed: int,
    *,
    dout: Any = None,
    scalar: bool = False,
    settings: int | None = None,
) -> GradientCheck:
    """Check, by what is loaded at the first check: most of what importing the library would cost.

    Whole numbers may be a variable or data, and so may plain numbers given by name (eps=1e-5), which come
    from the position `settings` on. They are taken for a variable first, in float64; where the functions
    cannot be called like that, or return no gradient for it, they are data; where all are whole numbers, the
    first stays a variable. Lists are taken for arrays first; where the gradient is then not right, they are
    the lists that plain Python works with, and forward may return one.
    """
    from course_lib.gradcheck.check import run

    require_seed(seed)

    def read(data: frozenset[int], lists: bool = False) -> GradientCheck:
        return run(Problem(pair, values, names, function, data, lists=lists), dout, seed, scalar)

    data = frozenset(k for k, value in enumerate(values) if is_data(value))
    with np.errstate(all="ignore"):  # who has NumPy warn or raise does not mean what happens in here
        check = read(data)
        doubtful = data | {k for k, value in enumerate(values) if may_be_data(value)}
        if settings is not None:
            doubtful |= {k for k in range(settings, len(values)) if is_number(values[k])}
        if len(doubtful) == len(values) and _stopped_in_forward(check):  # something has to be a variable
            doubtful -= {min(doubtful - data, default=0)}
        if not _compared(check) and len(doubtful) not in (len(data), len(values)):
            again = read(doubtful)
            if _compared(again) or _says_more(again, check):
                check, data = again, doubtful
        if check.passed or not any(is_list(value) for k, value in enumerate(values) if k not in data):
            return check
        again = read(data, lists=True)
    return again if again.passed or (_compared(again) and not _compared(check)) else check


def _compared(check: GradientCheck) -> bool:
    """Whether the values of every gradient were compared, so that nothing in the call was amiss."""
    return bool(check.arguments) and all(argument.checked for argument in check.arguments)


def _says_more(again: GradientCheck, check: GradientCheck) -> bool:
    """Whether the second attempt came further: the first one stopped in forward."""
    return _stopped_in_forward(check) and not _stopped_in_forward(again)


def _stopped_in_forward(check: GradientCheck) -> bool:
    return any(one.name == "forward" and one.diagnosis is Cause.RAISED for one in check.arguments)


def find_line(
    function: Any, *rest: Any, dout: Any = None, seed: int = 0, names: Sequence[str] = ()
) -> WrongLine:
    """Return the first wrong line of a hand-written backward pass, or the reason why none is named.

    `find_line(forward, backward, *inputs)`: as for `check_vjp`. `find_line(gate, *inputs)`: as for
    `check_gate`. `find_line(rule, *inputs)`: a function that returns its value and its pullback, a function
    inside of it. `find_line(function, inputs)`: a flat function, which returns its value and a dict of
    gradients (or the gradients one after the other), with its arguments by name. `names` are as for
    `check_vjp`.

    The gradient of every intermediate is measured and compared with the variable that claims to be it. A line
    is named only if the measured gradient, put in the place of what the line computes, makes right what the
    function returns. Raises TypeError for arguments of another form.
    """
    from course_lib.gradcheck.lines.api import find_line as find

    require_seed(seed)
    return find(function, *rest, dout=joined(dout), seed=seed, names=names)
