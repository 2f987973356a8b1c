"""Checks that found wrong values, with the first wrong line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any

import numpy as np

from course_lib.gradcheck.arguments import promoted
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.pairs import LossOfParameters, ScalarWithGradient
from course_lib.gradcheck.results import GradientCheck
from course_lib.gradcheck.text import function_name


def with_line(
    check: GradientCheck,
    function: Any,
    backward: tuple[Any, ...],
    called: Sequence[str],
    inputs: Sequence[Any],
    **options: Any,
) -> GradientCheck:
    """Add the first wrong line to a check that found wrong values."""
    if not _has_wrong_line(check):
        return check
    from course_lib.gradcheck.lines.api import find_line

    return replace(check, line=find_line(function, *backward, *_as_checked(check, called, inputs), **options))


def with_line_of_gradients(
    check: GradientCheck,
    pair: ScalarWithGradient | LossOfParameters,
    gradients: Any,
    arguments: Mapping[str, Any],
    inputs: Mapping[str, Any],
) -> GradientCheck:
    """Add the first wrong line of a function of gradients to a check that found wrong values.

    One that hands on what a flat function of `arguments` returns has it as its `__wrapped__`, and the line is
    one of that. Only functions of this process are asked: what stands for one in another would be asked over
    there. `inputs` are what `pair` is called with.
    """
    if not _has_wrong_line(check):
        return check
    flat = getattr(gradients, "__wrapped__", None) if isinstance(gradients, FunctionType) else None
    if flat is not None:
        check = _with_flat_line(check, flat, arguments, lambda: pair.forward(list(inputs.values()))[0])
    elif not pair.given:
        from course_lib.gradcheck.lines.handed import flat_line

        wrong = [argument.name for argument in check.arguments if argument.wrong]
        values = dict(zip(inputs, _as_checked(check, inputs, inputs.values()), strict=True))
        found = flat_line(pair, gradients, values, wrong)
        if found is not None:
            return replace(check, line=found)
    if check.line is not None and (check.line.line is not None or check.line.right):
        return check
    from course_lib.gradcheck.lines.called import inside_of, stands_alone

    inside = inside_of(gradients) or gradients
    if pair.given or not stands_alone(inside):
        return check
    forward, backward = _as_pair(pair, gradients)
    forward.around = inside_of(pair.function) or pair.function  # type: ignore[attr-defined]
    backward.around = inside  # type: ignore[attr-defined]
    names = tuple(inputs)
    return with_line(check, forward, (backward,), names, list(inputs.values()), dout=1.0, names=names)


def _as_pair(
    pair: ScalarWithGradient | LossOfParameters, gradients: Any
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return a forward that calls a function, and a backward that calls what computes its gradients."""
    function = pair.function

    def forward(*values: Any) -> Any:
        return pair.with_functions(function, gradients).forward(values)

    def backward(dout: Any, token: Any) -> Any:
        found: Any = pair.with_functions(function, gradients).backward(dout, token)
        return tuple(None if gradient is None else dout * np.asarray(gradient) for gradient in found)

    backward.__name__ = function_name(gradients, "gradients")
    return forward, backward


def _has_wrong_line(check: GradientCheck) -> bool:
    """Whether a line of the gradients is wrong: where forward ignores an argument, forward is."""
    return any(
        argument.wrong and argument.diagnosis is not Cause.NO_DEPENDENCE for argument in check.arguments
    )


def _as_checked(check: GradientCheck, names: Iterable[str], inputs: Iterable[Any]) -> list[Any]:
    """Return the inputs; whole numbers that were taken for a variable, and no labels, as floats."""
    variables = {argument.name for argument in check.arguments}
    return [promoted(x) if name in variables else x for name, x in zip(names, inputs, strict=True)]


def _with_flat_line(
    check: GradientCheck, function: Any, inputs: Mapping[str, Any], loss: Callable[[], Any]
) -> GradientCheck:
    """Add the first wrong line of a flat function, or that its gradients are right for another value."""
    from course_lib.gradcheck.lines.api import find_line

    values = dict(zip(inputs, _as_checked(check, inputs, inputs.values()), strict=True))
    found = replace(check, line=find_line(function, values))
    if found.line is None or found.line.line is not None:
        return found
    from course_lib.gradcheck.own_value import with_own_value

    return with_own_value(found, function, inputs, loss)
