"""A loss and its gradients that both hand on to one flat function, as two lambdas around it do."""

import inspect
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from course_lib.gradcheck.lines.api import answer
from course_lib.gradcheck.lines.called import inside_of
from course_lib.gradcheck.lines.calls_another import with_another
from course_lib.gradcheck.lines.question import Question, question
from course_lib.gradcheck.lines.result import WrongLine
from course_lib.gradcheck.pairs import LossOfParameters, ScalarWithGradient


def flat_line(
    pair: LossOfParameters | ScalarWithGradient,
    gradients: Callable[..., Any],
    inputs: Mapping[str, Any],
    wrong: Collection[str],
) -> WrongLine | None:
    """Return the first wrong line of the one function that both hand on to; None where there is none such.

    It has to get the wrong inputs as they are, and to return the loss and the gradients that are checked.
    """
    function = inside_of(gradients)
    if function is None or inside_of(pair.function) != function:
        return None
    with suppress(Exception):
        asked = _asked(pair, gradients, function, inputs, wrong)
        return None if asked is None else answer(asked)
    return None


def _asked(
    pair: LossOfParameters | ScalarWithGradient,
    gradients: Callable[..., Any],
    function: Callable[..., Any],
    inputs: Mapping[str, Any],
    wrong: Collection[str],
) -> Question | None:
    calls: list[dict[str, Any]] = []

    def noted(*args: Any, **kwargs: Any) -> Any:
        calls.append(dict(inspect.signature(function).bind(*args, **kwargs).arguments))
        return function(*args, **kwargs)

    values = list(inputs.values())
    other = pair.with_functions(pair.function, with_another(gradients, function, noted))
    returned: Any = other.backward(1.0, values)
    if len(calls) != 1:
        return None
    taken = {name: [k for k, x in calls[0].items() if x is value] for name, value in inputs.items()}
    if any(len(places) > 1 or not (places or name not in wrong) for name, places in taken.items()):
        return None
    own = {name: places[0] for name, places in taken.items() if places}
    asked = question(function, (calls[0],), None, 0, asked=tuple(own.values()))
    found, loss = asked.search.base.gradients, asked.search.here
    checked = dict(zip(inputs, returned, strict=True))
    same = all(
        (gradient := found[own[name]]) is not None and np.array_equal(gradient, checked[name])
        for name in wrong
    )
    return asked if same and loss == pair.forward(values)[0] else None
