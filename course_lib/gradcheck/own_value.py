"""The value that a flat function returns beside its gradients, where that is not the value of the loss.

A check may take the loss from elsewhere, as a graded cell takes it from the solution. Gradients that are
right for the function's own value are then no fault of the backward pass.
"""

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.results import GradientCheck
from course_lib.gradcheck.text import told_apart

#: Values that differ by less, relative to the larger one, may be the same but for rounding.
SAME = 1e-9

#: The search for a line calls gradients right that differ by less than a tenth of this.
GROSS = 1e-4

NO_NUMBER = "its value has shape {}, where one number is wanted: look at the forward pass"

ANOTHER = (
    "your gradients are right for the value that your function returns, {}, and that value is wrong: "
    "it should be {}, so look at the forward pass"
)


def with_own_value(
    check: GradientCheck, function: Callable[..., Any], inputs: Mapping[str, Any], loss: Callable[[], Any]
) -> GradientCheck:
    """Return a failed check with what is wrong about the function's own value, if that is measured.

    `function(**inputs)` returns its value first; `loss` returns the value that the gradients should belong
    to. It is said as the cause where no other is known, else as a note.
    """
    if check.line is None or check.line.line is not None:
        return check
    sentence = _sentence(check, function, inputs, loss)
    if not sentence:
        return check
    known = [
        argument for argument in check.arguments if argument.wrong and not _is_unknown(argument.diagnosis)
    ]
    arguments = tuple(
        replace(argument, diagnosis=Cause.OTHER_VALUE, explanation=sentence)
        if argument.wrong and _is_unknown(argument.diagnosis)
        else argument
        for argument in check.arguments
    )
    notes = (*check.notes, sentence) if known else check.notes
    return replace(check, arguments=arguments, notes=notes)


def _is_unknown(cause: Cause | None) -> bool:
    return cause is None or cause is Cause.LOCAL_DERIVATIVE


def _sentence(
    check: GradientCheck, function: Callable[..., Any], inputs: Mapping[str, Any], loss: Callable[[], Any]
) -> str:
    try:
        result = function(**copy.deepcopy(dict(inputs)))
        own = np.asarray(result[0] if isinstance(result, tuple) else result, dtype=np.float64)
        wanted = float(loss())
    except Exception:  # nothing can be said of a value that is none
        return ""
    if own.size != 1:
        return NO_NUMBER.format(own.shape)
    yours = own.item()
    gross = any(argument.wrong and (argument.relative_error or 0) > GROSS for argument in check.arguments)
    right = check.line is not None and check.line.right
    if not (right and gross) or math.isclose(yours, wanted, rel_tol=SAME):
        return ""
    return ANOTHER.format(*told_apart(yours, wanted))
