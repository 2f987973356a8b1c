"""Wrong variants that any kind of point shares."""

from collections.abc import Callable
from typing import Any

import numpy as np
from gradcheck_catalogue.case import Backward, Case

from course_lib import Cause


def add_relative(case: Case, *names: str) -> Case:
    """Add a wrong sign, a factor of 2 and one entry off by 1e-3 and 1e-5, for each argument named.

    An argument whose gradient is zero has no such mistakes.
    """
    gradients = dict(zip(case.inputs, case.backward(case.dout, *case.inputs.values()), strict=True))
    for name in names or tuple(case.inputs):
        if not np.any(gradients[name]):
            continue
        case.add_changed(f"sign of d{name}", Cause.SIGN, name, np.negative)
        case.add_changed(f"d{name} doubled", Cause.FACTOR_2, name, lambda gradient: 2 * gradient)
        for error in (1e-3, 1e-5):
            change = case._one_entry(name, error)
            case.add_changed(f"one entry of d{name} off by {error:.0e}", Cause.ONE_ENTRY, name, change)
    return case


def add_absolute(case: Case, unit: float, *names: str, proportional: bool = True) -> Case:
    """Add 1e-3 and 1e-6 of a unit to one entry: what is wrong where the right gradient is zero.

    Proportional to the upstream gradient, or the same whatever it is.
    """
    for name in names or tuple(case.inputs):
        for error in (1e-3, 1e-6):
            label = f"{error:.0e} of a unit added to d{name}".replace("1e-06", "1e-05 (1e-06)")
            case.add(label, Cause.LOCAL_DERIVATIVE, _shifted(case, name, error * unit, proportional))
    return case


def _shifted(case: Case, name: str, amount: float, proportional: bool) -> Backward:
    position = list(case.inputs).index(name)

    def backward(dout: Any, *inputs: Any) -> tuple[Any, ...]:
        gradients = list(case.backward(dout, *inputs))
        gradient = np.array(gradients[position], dtype=float)
        upstream = float(np.ravel(dout)[0] / np.ravel(case.dout)[0]) if proportional else 1.0
        gradient.flat[0] += amount * upstream
        gradients[position] = gradient
        return tuple(gradients)

    return backward


def scalar_loss(
    name: str, function: Callable[..., Any], gradient: Callable[..., Any], inputs: dict[str, Any]
) -> Case:
    """Make a case of a scalar function of one or more arguments and its gradient."""

    def backward(dout: Any, *arguments: Any) -> tuple[Any, ...]:
        found = gradient(*arguments)
        return tuple(dout * part for part in (found if isinstance(found, tuple) else (found,)))

    return Case(name, function, backward, inputs, 1.0)
