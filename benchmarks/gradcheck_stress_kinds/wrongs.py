"""Wrong variants that any kind of point shares."""

from collections.abc import Callable
from typing import Any

import numpy as np
from gradcheck_catalogue.case import Backward, Case

from course_lib import Cause


def add_relative(case: Case, *names: str) -> Case:
    """Add a wrong sign, a factor of 2 and one entry off by 1e-3 and 1e-5, for each argument named.

    An argument whose gradient is zero, or rounding, has no such mistakes.
    """
    gradients = dict(zip(case.inputs, case.backward(case.dout, *case.inputs.values()), strict=True))
    for name in names or tuple(case.inputs):
        if np.abs(gradients[name]).max() <= 1e-12 * _largest(gradients, case):
            continue
        _add_wrong(case, name, gradients[name], np.ones(np.shape(gradients[name]), dtype=bool))
    return case


def add_off_kinks(case: Case) -> Case:
    """Add the same mistakes in entries that do not sit on kinks: on one, they may be right."""
    gradients = dict(zip(case.inputs, case.backward(case.dout, *case.inputs.values()), strict=True))
    for name in case.inputs:
        smooth = np.reshape(
            [_smooth(case, name, i) for i in range(np.size(case.inputs[name]))], np.shape(case.inputs[name])
        )
        if np.any(np.where(smooth, gradients[name], 0.0)):
            _add_wrong(case, name, gradients[name], smooth)
    return case


def _largest(gradients: dict[str, Any], case: Case) -> float:
    return max(float(np.max(np.abs(g))) for g in gradients.values()) * (1.0 if len(gradients) > 1 else 0.0)


def _add_wrong(case: Case, name: str, gradient: Any, where: np.ndarray) -> None:
    case.add_changed(f"sign of d{name}", Cause.SIGN, name, lambda g: np.where(where, -np.asarray(g), g))
    case.add_changed(
        f"d{name} doubled", Cause.FACTOR_2, name, lambda g: np.where(where, 2 * np.asarray(g), g)
    )
    size = np.where(where, np.abs(gradient), 0.0).ravel()
    nonzero = np.flatnonzero(size)
    index = nonzero[np.argsort(size[nonzero])[len(nonzero) // 2]]
    for error in (1e-3, 1e-5):
        label = f"one entry of d{name} off by {error:.0e}"
        case.add_changed(label, Cause.ONE_ENTRY, name, lambda g, error=error: _changed(g, index, error))


def _changed(gradient: Any, index: int, error: float) -> np.ndarray:
    changed = np.array(gradient, dtype=float)
    changed.flat[index] *= 1 + error
    return changed


def _smooth(case: Case, name: str, index: int) -> bool:
    """Whether an entry has one slope, as far as steps of 1e-10 can tell."""
    ends = []
    for step in (-1e-10, 0.0, 1e-10):
        moved = {key: np.array(x, dtype=float) for key, x in case.inputs.items()}
        moved[name].flat[index] += step
        ends.append(float(np.sum(case.dout * case.forward(*moved.values()))))
    left, right = ends[1] - ends[0], ends[2] - ends[1]
    return abs(right - left) <= 1e-2 * max(abs(left), abs(right))


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
