"""What forward ignores, all of its arguments or one: no gradient of that is right but zero."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from course_lib.gradcheck.arguments import is_data
from course_lib.gradcheck.causes import Cause
from course_lib.gradcheck.pairs import Pair
from course_lib.gradcheck.results import GradientCheck
from course_lib.gradcheck.text import function_name


def with_dependence(
    check: GradientCheck, function: Any, pair: Pair, inputs: Mapping[str, Any]
) -> GradientCheck:
    """Return a check that says so where a loss stays the same, to the last bit, wherever its arguments are.

    `function` is the loss, and `inputs` are its arguments by name.
    """
    wrong = [argument for argument in check.arguments if argument.wrong]
    if (
        not wrong
        or any(argument.numerical != 0 for argument in check.arguments)
        or not _ignores(pair, list(inputs.values()))
    ):
        return with_ignored(check, function, pair, inputs)
    what = function_name(function, "the loss")
    names = [argument.name for argument in check.arguments]
    listed = ", ".join(names[:4] + ["..."] * (len(names) > 4))
    sentence = (
        f"{what} does not depend on {listed}: does it use what it is given, or read variables of the same "
        f"names from outside?"
    )
    arguments = tuple(
        replace(argument, diagnosis=Cause.NO_DEPENDENCE, explanation=sentence) if argument.wrong else argument
        for argument in check.arguments
    )
    return replace(check, arguments=arguments)


def with_ignored(
    check: GradientCheck, function: Any, pair: Pair, inputs: Mapping[str, Any], usual: str = "the loss"
) -> GradientCheck:
    """The same of single arguments, of what returns arrays too, where no other cause is known."""
    what = function_name(function, usual)
    places = {name: k for k, name in enumerate(inputs)}
    arguments = list(check.arguments)
    for k, argument in enumerate(arguments):
        unknown = argument.diagnosis is Cause.LOCAL_DERIVATIVE and argument.numerical == 0
        if unknown and _ignores(pair, list(inputs.values()), places[argument.name]):
            said = f"{what} does not depend on {argument.name}: is it used on the way forward?"
            arguments[k] = replace(argument, diagnosis=Cause.NO_DEPENDENCE, explanation=said)
    return replace(check, arguments=tuple(arguments))


def _ignores(pair: Pair, values: Sequence[Any], only: int | None = None) -> bool:
    """Whether forward returns the same at points far away from each other, in one argument or in all.

    In one argument, that is tried beside several values of the others: zeros among them hide much.
    """
    rng = np.random.default_rng(0)

    def way() -> list[Any]:
        return [0.0 if is_data(value) else rng.normal(size=np.shape(value)) for value in values]

    def moved(at: Sequence[Any], scale: float, along: Sequence[Any], which: int | None) -> list[Any]:
        return [
            value if is_data(value) or which not in (None, k) else np.asarray(value) + scale * along[k]
            for k, value in enumerate(at)
        ]

    for beside in (0.0,) if only is None else (0.0, 0.1, 1.0):
        at, found = moved(values, beside, way(), None), set()
        near, far = way(), way()
        for scale, along in ((0.0, near), (1.0, near), (1e3, far), (-1e3, far)):
            try:
                with np.errstate(all="ignore"):
                    out = np.asarray(pair.forward(moved(at, scale, along, only))[0], dtype=np.float64)
                found.add((out.shape, out.tobytes()))
            except Exception:  # what fails elsewhere looks at its argument
                return False
        if len(found) > 1:
            return False
    return True
